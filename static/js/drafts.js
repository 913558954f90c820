/** What is written and not yet saved, kept in this browser under its reader's own name. */

const nameOf = (form) => `draft/${document.body.dataset.reader}/${form.dataset.keeps}`;

export function keep(form) {
  const { note, tags } = form.elements;
  localStorage.setItem(nameOf(form), JSON.stringify({ note: note.value, tags: tags.value }));
}

export function forget(form) {
  if (form?.dataset?.keeps) localStorage.removeItem(nameOf(form));
}

/** Puts a draft back into its form, and says so. */
export function recall(form) {
  const kept = JSON.parse(localStorage.getItem(nameOf(form)) ?? "null");
  if (!kept) return;
  const { note, tags } = form.elements;
  if (kept.note === note.value && kept.tags === tags.value) return forget(form);
  note.value = kept.note;
  tags.value = kept.tags;
  tags.dispatchEvent(new Event("draft"));
  const told = form.querySelector(".not-saved");
  told.textContent = "This was written earlier and is not saved yet.";
  told.hidden = false;
}
