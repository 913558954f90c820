/** What just happened, said once: it stays ten seconds, and waits while it is pointed at or focused. */

import { keys } from "./keys.js";

const STAYS = 10_000;
const toasts = document.getElementById("toasts");

/** Says `words`, with buttons behind them if there are any; nothing else of the page changes. Gives the toast. */
export function say(words, ...buttons) {
  const toast = document.createElement("div");
  toast.className = "toast";
  toast.dataset.toast = "";
  const text = document.createElement("span");
  text.textContent = words;
  toast.append(text, ...buttons);
  toasts.replaceChildren(toast);
  return toast;
}

function start(toast) {
  let timer;
  const wait = () => clearTimeout(timer);
  const go = () => {
    wait();
    timer = setTimeout(() => toast.remove(), STAYS);
  };
  toast.addEventListener("pointerenter", wait);
  toast.addEventListener("pointerleave", go);
  toast.addEventListener("focusin", wait);
  toast.addEventListener("focusout", go);
  toast.querySelector("[data-close]")?.removeAttribute("hidden");
  go();
}

toasts.querySelectorAll("[data-toast]").forEach(start);
new MutationObserver((changes) => {
  for (const change of changes) {
    for (const node of change.addedNodes) if (node.matches?.("[data-toast]")) start(node);
  }
}).observe(toasts, { childList: true });

toasts.addEventListener("click", (event) => {
  if (event.target.closest("[data-close]")) event.target.closest("[data-toast]").remove();
});
toasts.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.successful) event.target.closest("[data-toast]")?.remove();
});

keys({
  z() {
    const undo = toasts.querySelector("[data-undo]");
    if (!undo) return false;
    undo.click();
  },
});
