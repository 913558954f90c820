/** Links to words, and the words with where they are from: copied where the browser allows it, else shown to be copied. */

import { _ } from "./i18n.js";
import { say } from "./toasts.js";

const text = document.getElementById("text");
const here = `${location.origin}${location.pathname}`;

/** The address of this article with a text fragment for `words` (WICG, Scroll to Text Fragment). */
export function fragment(words) {
  const encode = (part) => encodeURIComponent(part).replaceAll("-", "%2D");
  const clean = words.trim().replace(/\s+/g, " ");
  const parts = clean.split(" ");
  const short = parts.length > 8 ? [parts.slice(0, 4), parts.slice(-4)].map((p) => encode(p.join(" "))).join(",") : encode(clean);
  return `${here}#:~:text=${short}`;
}

/** The address of a passage in this article. */
export const permalink = (id) => `${here}#h-${id}`;

/** The words of a passage of this page. */
export function wordsOf(id) {
  const marks = text.querySelectorAll(`mark[data-h~="${CSS.escape(id)}"]`);
  const range = document.createRange();
  range.setStart(marks[0], 0);
  range.setEndAfter(marks[marks.length - 1]);
  return range.toString();
}

const escaped = (words) => words.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

/** The words of an article with source, date and link: {plain, md, html}. */
export function quotation({ words, link }) {
  const title = document.querySelector(".leaf-head h1").textContent.trim();
  const from = text.dataset.from;
  const lines = words.trim().split(/\s*\n\s*/);
  const plain = (line) => line.replace(/[\\`*_[\]<>]/g, "\\$&").replace(/^(?=[#+-]|\d+[.)])/, "\\"); // no Markdown of its own
  const to = link.replace(/[()]/g, (sign) => (sign === "(" ? "%28" : "%29"));
  return {
    plain: `“${lines.join("\n")}”\n${[title, from].filter(Boolean).join(", ")}\n${link}`,
    md: `${lines.map((line) => `> ${plain(line)}`).join("\n>\n")}\n>\n> — ${[`[${plain(title)}](${to})`, from && plain(from)].filter(Boolean).join(", ")}\n`,
    html: `<blockquote>${lines.map((line) => `<p>${escaped(line)}</p>`).join("")}</blockquote><p>— <a href="${escaped(link)}">${escaped(title)}</a>${from ? `, ${escaped(from)}` : ""}</p>`,
  };
}

async function copy(plain, html) {
  try {
    const items = { "text/plain": plain, ...(html && { "text/html": html }) };
    const blobs = Object.entries(items).map(([type, words]) => [type, new Blob([words], { type })]);
    if (html && globalThis.ClipboardItem) await navigator.clipboard.write([new ClipboardItem(Object.fromEntries(blobs))]);
    else await navigator.clipboard.writeText(plain);
    say(_("Copied."));
  } catch {
    byHand(plain); // not a secure page, or not allowed
  }
}

/** Shows what could not be copied, selected. */
function byHand(words) {
  const dialog = document.getElementById("by-hand");
  const field = dialog.querySelector("textarea");
  field.value = words;
  dialog.showModal();
  field.select();
}

export const copyLink = (address) => copy(address);

/** Copies a quotation: as text that a rich editor takes with its link, or as Markdown ("md"). */
export function copyQuotation(of, as) {
  const { plain, md, html } = quotation(of);
  return as === "md" ? copy(md) : copy(plain, html);
}

/** Copies a passage of this page as a quotation. */
export const copyPassage = (id, as) => copyQuotation({ words: wordsOf(id), link: permalink(id) }, as);

document.addEventListener("click", (event) => {
  if (event.target.closest("#by-hand [data-close]")) document.getElementById("by-hand").close();
});
