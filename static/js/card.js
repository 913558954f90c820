/** A card for what is not saved yet: the words, what was written, why, and what can be done. */

import { _ } from "./i18n.js";

const make = (tag, values, ...children) => {
  const element = Object.assign(document.createElement(tag), values);
  element.append(...children);
  return element;
};

/** Turns `form` into such a card. One that waits for a network takes a note, which goes out with its passage. */
export function tell(form, words, colour, why, waiting = false) {
  const written = form.elements.note?.value ?? "";
  if (form.elements.key) form.elements.note?.remove();
  form.querySelector(":scope > .told")?.remove();
  form.hidden = false;
  form.className = "unsaved-card";
  form.toggleAttribute("data-waiting", waiting);
  const reason = make("p", { className: waiting ? "waiting-text" : "error-text", textContent: why });
  reason.setAttribute("role", waiting ? "status" : "alert");
  const quote = make("blockquote", { className: "quote", dir: "auto" }, make("p", { textContent: words }));
  quote.dataset.c = colour;
  const told = make("div", { className: "told" }, reason, quote);
  if (form.elements.key && (waiting || written)) {
    const note = make("textarea", { className: "input", name: "note", rows: 3, dir: "auto", value: written });
    told.append(make("label", { className: "label" }, _("Your note"), note));
  } else if (written) {
    told.append(make("p", { className: "mine", dir: "auto", textContent: written }));
  }
  const again = make("button", { className: "btn", textContent: waiting ? _("Send now") : _("Try again") });
  const drop = make("button", { className: "btn btn-quiet", type: "button", textContent: _("Discard") });
  drop.dataset.discard = "";
  told.append(make("div", { className: "row-flex" }, again, drop));
  form.append(told);
}

document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-discard]")) return;
  const form = event.target.closest("form");
  form.dispatchEvent(new CustomEvent("discard", { bubbles: true }));
  form.remove();
});
