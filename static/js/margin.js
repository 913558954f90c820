/** Notes beside their passages on a wide screen, in a sheet on a narrow one. */

import { forget, keep, recall } from "./drafts.js";
import { _ } from "./i18n.js";
import { codePoints } from "./offsets.js";
import { say } from "./toasts.js";

const GAP = 24;
const wide = matchMedia("(min-width: 72rem)");
const text = document.getElementById("text");
const aside = document.getElementById("notes");
const list = document.getElementById("notes-list");
const sheet = document.getElementById("sheet");

const noteOf = (id) => document.getElementById(`n-${id}`);
const refOf = (id) => document.getElementById(`h-${id}`);
const segments = (id) => text.querySelectorAll(`[data-h~="${CSS.escape(id)}"]`);
const idOf = (element) => element.dataset.h.split(" ").at(-1); // the innermost passage has the last word

/** The cursor of passage mode, once it is there (cursor.js): what it is on, and the way back to it. */
export const cursor = { range: () => null, resume: () => false };

/** Puts each note level with the first line of its passage, pushed down where it would lie on another. */
export function place() {
  if (!list) return;
  aside.classList.toggle("is-placed", wide.matches);
  const notes = [...list.querySelectorAll(".note")];
  if (!wide.matches) {
    for (const note of notes) note.style.translate = "";
    aside.style.minBlockSize = "";
    return;
  }
  const top = list.getBoundingClientRect().top;
  const first = new Map();
  for (const segment of text.querySelectorAll("mark[data-first]")) {
    for (const id of segment.dataset.first.split(" ")) first.set(id, segment);
  }
  const measured = notes.map((note) => ({
    note,
    line: first.get(note.dataset.h)?.getClientRects()[0]?.top ?? top,
    height: note.offsetHeight,
  }));
  let floor = 0;
  for (const { note, line, height } of measured) {
    const y = Math.max(Math.round(line - top), floor);
    note.style.translate = `0 ${y}px`;
    floor = y + height + GAP;
  }
  aside.style.minBlockSize = `${top - aside.getBoundingClientRect().top + floor}px`; // what was lost stands above
}

/** The same before the next frame, once for all that asks for it until then. */
let asked = 0;
export function placeSoon() {
  asked ||= requestAnimationFrame(() => {
    asked = 0;
    place();
  });
}

/** A passage and its note light up together. */
export function light(id) {
  for (const element of document.querySelectorAll(".is-active")) element.classList.remove("is-active");
  if (!id) return;
  for (const element of segments(id)) element.classList.add("is-active");
  noteOf(id)?.classList.add("is-active");
}

/** The place of a passage's note, made where there is none yet. */
function shellOf(id) {
  const note = document.createElement("article");
  note.className = "note";
  note.id = `n-${id}`;
  note.setAttribute("aria-label", _("Note"));
  const segment = segments(id)[0];
  const before = document.createRange();
  before.setStart(text, 0);
  before.setEndBefore(segment);
  Object.assign(note.dataset, { h: id, c: refOf(id).dataset.c, url: refOf(id).href, start: codePoints(before.toString()) });
  list.append(note);
  settle(id);
  return note;
}

let loading = ""; // the passage whose form is on its way into the sheet

/** Opens the form of a passage, with the cursor in `field` ("note" or "tags"). */
export async function open(id, field = "note") {
  // A sheet that was just closed still holds its form until the browser says so.
  if (!refOf(id) || document.getElementById(`edit-${id}`)?.checkVisibility()) return;
  const note = noteOf(id) ?? shellOf(id);
  const target = wide.matches ? note : document.getElementById("sheet-body");
  const swap = wide.matches ? "beforeend" : "innerHTML";
  const tags = import("./tags.js"); // a form has a field of them
  loading = id;
  const select = wide.matches ? ".composer" : ".changed, .composer"; // on a wide screen the note has its sign already
  await window.htmx.ajax("GET", note.dataset.url, { source: note, target, swap, select });
  const form = document.getElementById(`edit-${id}`);
  if (!form) {
    loading = "";
    return note.childElementCount || note.remove();
  }
  (await tags).tagFields(form);
  recall(form);
  light(id);
  if (wide.matches) {
    note.classList.add("is-editing");
    place();
  } else if (!sheet.open) {
    sheet.showModal();
  }
  loading = "";
  if (wide.matches || field === "tags") {
    const focus = field === "tags" ? form.querySelector(".tag-input > input") : form.elements.note;
    focus?.focus({ preventScroll: true });
    if (wide.matches) note.scrollIntoView({ block: "nearest" });
    if (field === "tags") focus?.dispatchEvent(new Event("first"));
  }
}

/** Takes the form away; what was written stays as a draft. */
function close(form) {
  const id = form.dataset.keeps;
  const note = noteOf(id);
  form.remove();
  if (sheet.open) sheet.close();
  if (note) {
    note.classList.remove("is-editing");
    if (!note.querySelector(".note-read")) note.remove();
  }
  place();
  back(id);
}

/** Focus goes back to the cursor, else to where the passage is. */
export function back(id) {
  if (cursor.resume()) return;
  (noteOf(id)?.querySelector("summary") ?? refOf(id))?.focus({ preventScroll: true });
}

/** Before a passage and its note are swapped: the way to put the focus back on the one of them that has it. */
export function holdFocus(id) {
  const { activeElement } = document;
  const where = activeElement === refOf(id) ? refOf : activeElement?.closest(`#n-${id} .note-read`) && (() => noteOf(id)?.querySelector("summary"));
  return () => where && where(id)?.focus({ preventScroll: true });
}

/** The newest note came at the end of the list: it replaces the one there was, and goes where its passage is. */
export function settle(id, { keepWriting = false } = {}) {
  const [twin, note] = [list.querySelector(`:scope > #n-${id}`), list.querySelector(`:scope > .note:last-child[data-h="${id}"]`)];
  if (twin && twin !== note) {
    if (keepWriting && twin.querySelector("form[data-keeps]")) return note?.remove();
    if (note) note.style.translate = twin.style.translate; // it doesn't come flying from the top
    twin.remove();
  }
  if (!note) return;
  const later = [...list.children].find((other) => other !== note && Number(other.dataset.start) > Number(note.dataset.start));
  if (later) later.before(note);
}

function onClick(event) {
  const edit = event.target.closest("a[data-edit]");
  const cancel = event.target.closest("a[data-cancel]");
  const passage = event.target.closest("#text .hl, #text .hl-ref");
  if (cancel?.closest("form[data-keeps]")) {
    event.preventDefault();
    forget(cancel.closest("form"));
    close(cancel.closest("form"));
  } else if (edit) {
    event.preventDefault();
    open(edit.closest(".note").dataset.h);
  } else if (passage && (passage.matches(".hl-ref") || getSelection().isCollapsed) && !event.target.closest("a:not(.hl-ref)")) {
    event.preventDefault();
    open(idOf(passage));
  }
}

function onKey(event) {
  const form = event.target.closest?.("form[data-keeps]");
  if (!form) return;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    form.requestSubmit();
  } else if (event.key === "Escape") {
    event.preventDefault();
    event.stopImmediatePropagation();
    close(form);
  }
}

if (list && sheet) {
  document.addEventListener("click", onClick);
  document.addEventListener("keydown", onKey);
  document.addEventListener("pointerover", (event) => {
    const element = event.target.closest?.("#text [data-h], .note[data-h], .handle[data-h]");
    if (event.pointerType === "mouse") light(element && idOf(element));
  });
  document.addEventListener("focusin", (event) => {
    const element = event.target.closest("#text [data-h], .note[data-h]");
    if (element) light(idOf(element));
  });
  document.addEventListener("input", (event) => {
    const form = event.target.closest("form[data-keeps]");
    if (form) keep(form);
    if (form && wide.matches) placeSoon();
  });
  sheet.addEventListener("click", (event) => {
    if (event.target.closest("[data-close]") || event.target === sheet) sheet.close();
  });
  // The browser says so with its next frame: by then the next form may be there.
  sheet.addEventListener("close", () => sheet.open || loading || document.getElementById("sheet-body").replaceChildren());

  // On the way down: the note has its place before whoever marked it opens it.
  document.addEventListener("highlighted", (event) => (settle(event.detail.id, { keepWriting: true }), placeSoon()), { capture: true });
  document.addEventListener("ends-moved", (event) => (settle(event.detail.id, { keepWriting: true }), placeSoon()));
  document.addEventListener("restored", (event) => {
    settle(event.detail.id);
    place();
    back(event.detail.id);
    say(_("It is back."));
  });
  document.addEventListener("saved", (event) => {
    forget(event.detail.elt);
    if (sheet.open) sheet.close();
    settle(event.detail.id);
    place();
    back(event.detail.id);
    say(_("Saved."));
  });
  document.addEventListener("not-saved", (event) => {
    const told = event.target.querySelector(".not-saved");
    if (!told) return;
    told.textContent = event.detail.told;
    told.hidden = false;
    place();
  });
  // The server says which text its offsets are about; where the page is older, the answer brings all of it.
  document.addEventListener("htmx:configRequest", (event) => {
    event.detail.headers["X-Article-Text"] = text.dataset.text;
  });
  document.addEventListener("revised", (event) => {
    text.dataset.text = event.detail.text;
    place();
    say(_("The article was edited meanwhile. This is its text now."));
  });
  document.addEventListener("deleted", (event) => {
    const next = noteOf(event.detail.id)?.nextElementSibling?.querySelector("summary");
    noteOf(event.detail.id)?.remove();
    if (sheet.open) sheet.close();
    place();
    if (!cursor.resume()) (next ?? text).focus({ preventScroll: true });
  });

  place();
  document.fonts.ready.then(placeSoon);
  addEventListener("resize", placeSoon);
  new ResizeObserver(placeSoon).observe(text);
}

// On paper notes stand at the end: the passage and its note have the same number.
addEventListener("beforeprint", () => {
  for (const old of document.querySelectorAll(".article [data-n], .note[data-n]")) delete old.dataset.n;
  list?.querySelectorAll(".note").forEach((note, index) => {
    note.dataset.n = index + 1;
    const passage = refOf(note.dataset.h);
    if (passage) passage.dataset.n = index + 1;
  });
});

// A link to a passage names its reference, which stands after its words: show where they begin.
function land() {
  const id = location.hash.match(/^#h-([a-z0-9]+)$/)?.[1];
  const first = id && text?.querySelector(`mark[data-first~="${id}"]`);
  if (!first) return;
  first.scrollIntoView({ block: "center" });
  light(id);
}
addEventListener("hashchange", land);
document.fonts.ready.then(land);
