/** Links to words: copied where the browser allows it, shown to be copied where it doesn't. */

import { say } from "./toasts.js";

/** The address of this article with a text fragment for `words` (WICG, Scroll to Text Fragment). */
export function fragment(words) {
  const encode = (part) => encodeURIComponent(part).replaceAll("-", "%2D");
  const clean = words.trim().replace(/\s+/g, " ");
  const parts = clean.split(" ");
  const text = parts.length > 8 ? [parts.slice(0, 4), parts.slice(-4)].map((p) => encode(p.join(" "))).join(",") : encode(clean);
  return `${location.origin}${location.pathname}#:~:text=${text}`;
}

export async function copy(address) {
  try {
    await navigator.clipboard.writeText(address);
    say("Link copied.");
  } catch {
    say(address); // not a secure page, or not allowed: it can be copied by hand
  }
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-copy-link]");
  if (!link) return;
  event.preventDefault();
  copy(link.href);
});
