/** A passage on its way to the server. It is painted at once, sent behind, and kept until it is saved. */

import { say } from "./toasts.js";
import { open } from "./margin.js";

const bar = document.getElementById("select-pop");
const shelf = document.getElementById("unsaved");

/** Ink that is not in the DOM (CSS Custom Highlight API), so that nothing moves and no offset changes. */
const ink = {
  put(name, range) {
    if (!CSS.highlights) return;
    if (!CSS.highlights.has(name)) CSS.highlights.set(name, new Highlight());
    CSS.highlights.get(name).add(range);
  },
  take(range) {
    for (const highlight of CSS.highlights?.values() ?? []) highlight.delete(range);
  },
};

/** A name for this passage that no other one has: a retry of it stays one highlight. */
function newKey() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Sends a passage, and opens its note afterwards where `then` names a field. */
export function mark(range, quote, colour, then) {
  const form = waiting(bar.action, { ...quote, colour, key: newKey() }, range, colour);
  form.addEventListener("highlighted", (event) => {
    ink.take(range);
    form.remove();
    say(`Highlighted in ${event.detail.colour}.`);
    if (then) open(event.detail.id, then);
  });
  form.requestSubmit();
}

/** Sends other words for a passage that there is. */
export function markInstead(range, quote, { url, version, colour }) {
  const form = waiting(`${url}words/`, { ...quote, version }, range, colour);
  for (const answer of ["chosen", "stale"]) {
    form.addEventListener(answer, () => {
      ink.take(range);
      form.remove();
    });
  }
  form.requestSubmit();
}

/** A form on the shelf with the words of `range`, which are painted until it is answered. */
function waiting(address, values, range, colour) {
  const form = document.createElement("form");
  form.method = "post";
  form.action = address;
  form.dataset.pending = "";
  form.hidden = true;
  for (const [name, value] of Object.entries({ "hx-post": address, "hx-target": "this", "hx-swap": "outerHTML" })) {
    form.setAttribute(name, value);
  }
  const token = bar.elements.csrfmiddlewaretoken.value;
  for (const [name, value] of Object.entries({ csrfmiddlewaretoken: token, ...values })) {
    const field = document.createElement("input");
    field.type = "hidden";
    field.name = name;
    field.value = value;
    form.append(field);
  }
  ink.put(`pending-${colour}`, range);
  form.addEventListener("not-saved", (event) => {
    ink.take(range);
    ink.put("unsaved", range);
    tell(form, values.exact, colour, event.detail.words);
  });
  form.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.xhr.status === 422) ink.take(range); // the answer is a card that says why
  });
  form.addEventListener("discard", () => ink.take(range));
  shelf.append(form);
  window.htmx.process(form);
  return form;
}

/** Turns the waiting form into a card: the words, what went wrong, and what can be done. */
function tell(form, words, colour, why) {
  form.hidden = false;
  form.className = "unsaved-card";
  form.querySelector(".told")?.remove();
  const told = document.createElement("div");
  told.className = "told";
  const reason = Object.assign(document.createElement("p"), { className: "error-text", textContent: `Not saved. ${why}` });
  reason.setAttribute("role", "alert");
  const quote = Object.assign(document.createElement("blockquote"), { className: "quote", dir: "auto" });
  quote.dataset.c = colour;
  quote.append(Object.assign(document.createElement("p"), { textContent: words }));
  const acts = Object.assign(document.createElement("div"), { className: "row-flex" });
  const again = Object.assign(document.createElement("button"), { className: "btn", textContent: "Try again" });
  const drop = Object.assign(document.createElement("button"), { className: "btn btn-quiet", type: "button", textContent: "Discard" });
  drop.dataset.discard = "";
  acts.append(again, drop);
  told.append(reason, quote, acts);
  form.append(told);
}

document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-discard]")) return;
  const form = event.target.closest("form");
  form.dispatchEvent(new CustomEvent("discard"));
  form.remove();
});
// A card that the server wrote goes when it is saved at last.
for (const answer of ["highlighted", "chosen", "stale"]) {
  shelf?.addEventListener(answer, (event) => event.target.closest("form")?.remove());
}

// Leaving the page would drop what waits here; the browser asks.
addEventListener("beforeunload", (event) => {
  if (shelf?.querySelector("form")) event.preventDefault();
});
