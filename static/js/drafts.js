/** What is written and not yet saved, kept in this browser under its account's own name. */

import { _ } from "./i18n.js";

const nameOf = (form) => `draft/${document.body.dataset.account}/${form.dataset.keeps}`;
const written = ({ elements: { note, tags, colour } }) => ({ note: note.value, tags: tags.value, colour: colour.value });

export function keep(form) {
  localStorage.setItem(nameOf(form), JSON.stringify(written(form)));
}

export function forget(form) {
  if (form?.dataset?.keeps) localStorage.removeItem(nameOf(form));
}

/** Puts a draft back into its form, and says so. */
export function recall(form) {
  const kept = JSON.parse(localStorage.getItem(nameOf(form)) ?? "null");
  if (!kept) return;
  if (Object.entries(written(form)).every(([name, value]) => kept[name] === value)) return forget(form);
  const { note, tags, colour } = form.elements;
  note.value = kept.note;
  tags.value = kept.tags;
  if (kept.colour) colour.value = kept.colour;
  tags.dispatchEvent(new Event("draft"));
  const told = form.querySelector(".not-saved");
  told.textContent = _("This was written earlier and is not saved yet.");
  told.hidden = false;
}
