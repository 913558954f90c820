/** A passage on its way to the server. It is painted at once, sent behind, and kept until it is saved. */

import { tell } from "./card.js";
import { _ } from "./i18n.js";
import { open } from "./margin.js";
import { say } from "./toasts.js";

const bar = document.getElementById("select-pop");
const shelf = document.getElementById("unsaved");
export const DONE = {
  yellow: _("Highlighted in yellow."),
  green: _("Highlighted in green."),
  blue: _("Highlighted in blue."),
  rose: _("Highlighted in rose."),
  violet: _("Highlighted in violet."),
};

/** Ink that is not in the DOM (CSS Custom Highlight API), so that nothing moves and no offset changes. */
export const ink = {
  put(name, range) {
    if (!CSS.highlights) return;
    if (!CSS.highlights.has(name)) CSS.highlights.set(name, new Highlight());
    CSS.highlights.get(name).add(range);
  },
  take(range) {
    for (const highlight of CSS.highlights?.values() ?? []) highlight.delete(range);
  },
};

/** A form on the shelf with `values`, to be sent by htmx; session.js keeps it where it can't be sent. */
export function hiddenForm(address, values, swap = "none") {
  const form = Object.assign(document.createElement("form"), { method: "post", action: address, hidden: true });
  form.dataset.pending = "";
  form.setAttribute("hx-post", address);
  form.setAttribute("hx-swap", swap);
  const csrfmiddlewaretoken = document.querySelector("#act [name=csrfmiddlewaretoken]").value;
  for (const [name, value] of Object.entries({ csrfmiddlewaretoken, ...values })) {
    form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
  }
  shelf.append(form);
  window.htmx.process(form);
  return form;
}

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
    say(DONE[event.detail.colour]);
    if (then && !form.dataset.waited) open(event.detail.id, then);
  });
  form.addEventListener("not-saved", ({ detail }) => {
    if (!detail.waiting) return;
    form.dataset.waited = ""; // its note is written on its card, where it may be sent at any time
    if (then) form.elements.note.focus();
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
  const form = hiddenForm(address, values, "outerHTML"); // a refusal is a card in its place
  ink.put(`pending-${colour}`, range);
  form.addEventListener("not-saved", (event) => {
    ink.take(range);
    ink.put(event.detail.waiting ? `pending-${colour}` : "unsaved", range);
    tell(form, values.exact, colour, event.detail.told, event.detail.waiting);
  });
  form.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.xhr.status === 422) ink.take(range); // the answer is a card that says why
  });
  form.addEventListener("discard", () => ink.take(range));
  return form;
}

// A card that the server wrote goes when it is saved at last.
for (const answer of ["highlighted", "chosen", "stale"]) {
  shelf?.addEventListener(answer, (event) => event.target.closest("form")?.remove());
}

// Leaving the page would drop what waits here; the browser asks.
addEventListener("beforeunload", (event) => {
  if (shelf?.querySelector("form:not([data-waiting])")) event.preventDefault();
});
