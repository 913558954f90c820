/** The keys that do something on this page, in a dialog over it: taken from the page that lists them all. */

import { _ } from "./i18n.js";
import { known } from "./keys.js";

let making;

async function made() {
  if (document.getElementById("text")) await import("./cursor.js"); // it has keys of its own
  const address = document.querySelector("link[rel=help]").href;
  const page = new DOMParser().parseFromString(await (await fetch(address)).text(), "text/html");
  const found = page.getElementById("keys-help");
  for (const row of found.querySelectorAll("[data-keys]")) if (!JSON.parse(row.dataset.keys).some(known)) row.remove();
  for (const group of found.querySelectorAll("section")) {
    if (!document.querySelector(group.dataset.on) || !group.querySelector("[data-keys]")) group.remove();
  }
  const box = Object.assign(document.createElement("dialog"), { className: "dialog keys-dialog", id: "keys-dialog" });
  box.setAttribute("aria-labelledby", "keys-dialog-h");
  const title = Object.assign(document.createElement("h2"), { id: "keys-dialog-h", textContent: page.querySelector("h1").textContent });
  const close = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-quiet", textContent: _("Close") });
  const head = Object.assign(document.createElement("div"), { className: "dialog-head" });
  head.append(title, close);
  box.append(head, found);
  box.addEventListener("click", (event) => (event.target === box || event.target === close) && box.close());
  document.body.append(box);
  return box;
}

export async function show() {
  making ??= made().catch((error) => {
    making = undefined; // the next press tries again
    throw error;
  });
  const dialog = await making;
  if (!dialog.open) dialog.showModal();
}
