/** The ends of a passage moved: by its handles, by keys on its reference, or out to the sentence.

    What is seen is painted at once and saved behind; a refusal puts the old ends back and says why. */

import { install, reveal, show } from "./handles.js";
import { _, ngettext } from "./i18n.js";
import { keys } from "./keys.js";
import { holdFocus, open } from "./margin.js";
import { hiddenForm, ink } from "./marking.js";
import { quoteOf } from "./offsets.js";
import { say } from "./toasts.js";
import { home, wordsNow } from "./words.js";

const LINGERS = 250; // ms that the handles stay after the mouse has left
const REST = 400; // ms without a key after which the change is saved
const KEYS = "Shift+ArrowLeft Shift+ArrowRight Alt+Shift+ArrowLeft Alt+Shift+ArrowRight S";
const MEANWHILE = _("This passage was changed in another window. It is shown as it is there now.");
const AS_BEFORE = _("Its ends are as they were.");
const REFUSED = _("These words are not in the article as it is now. Reload the page to see what it says.");

const text = document.getElementById("text");
const bar = document.getElementById("select-pop"); // where there is one, passages may be made and changed
const shelf = document.getElementById("unsaved");
const signIn = document.getElementById("sign-in-again");
const told = document.getElementById("told");

const refOf = (id) => document.getElementById(`h-${id}`);
const segments = (id) => [...text.querySelectorAll(`mark[data-h~="${CSS.escape(id)}"]`)];
const innermost = (element) => element.dataset.h.split(" ").at(-1);
const versionOf = (id) => refOf(id).hash.slice("#v".length); // of what is shown
const same = (one, other) => one.start === other.start && one.end === other.end;

let hovered = null; // the passage under the mouse
let draft = null; // {id, words, start, end, was: {start, end}}: a passage whose ends are being moved
let sent = null; // {id, start, end, form, …}: what is on its way
let rest; // a timer: how long no key was pressed
let leaving; // a timer: how long the mouse is on no passage
let painted = null; // the Range of the draft
let before = null; // the draft when a handle was taken

/** The page's elements were changed: here or by another passage's answer. Handles alone can come after what is read. */
const edits = new MutationObserver(() => (draft ? refresh() : setTimeout(place)));

function refresh() {
  if (draft && !refOf(draft.id)) draft = null;
  if (draft) draft.words = wordsNow();
  paint();
}

/** The passage that has the handles. */
function active() {
  const focus = document.activeElement?.closest("#text a.hl-ref, .note[data-h]");
  const editing = document.querySelector(".note.is-editing");
  return draft?.id ?? hovered ?? focus?.dataset.h ?? editing?.dataset.h ?? null;
}

/** Where a passage stands now: {words, start, end}, or null where it doesn't. */
function read(id) {
  const marks = segments(id);
  if (!marks.length) return null;
  const words = wordsNow();
  const last = marks.at(-1);
  return { words, start: words.offset(marks[0], 0), end: words.offset(last, last.childNodes.length) };
}

/** The draft of a passage; that of another one is saved first. */
function begin(id) {
  if (draft?.id === id) return draft;
  keep();
  const now = read(id);
  draft = now && { id, ...now, was: { start: now.start, end: now.end } };
  return draft;
}

/** Shows the draft as it is, and the handles where they belong. */
function paint() {
  if (painted) ink.take(painted);
  for (const mark of text.querySelectorAll(".is-moving")) mark.classList.remove("is-moving");
  painted = null;
  if (draft && !same(draft, draft.was) && CSS.highlights) {
    painted = draft.words.range(draft.start, draft.end);
    ink.put(`pending-${refOf(draft.id).dataset.c}`, painted);
    for (const mark of segments(draft.id)) mark.classList.add("is-moving");
  }
  place();
}

function place() {
  const id = active();
  const now = id && (draft ?? read(id));
  if (now) show(id, refOf(id).dataset.c, now.words, now.start, now.end);
  else show(null);
}

function drop() {
  clearTimeout(rest);
  draft = null;
  paint();
}

/** Saves the draft; while one is on its way it waits, since it needs the version that the other makes. */
function keep() {
  clearTimeout(rest);
  if (!draft || sent) return;
  if (same(draft, draft.was)) drop();
  else send(draft);
}

function soon() {
  clearTimeout(rest);
  rest = setTimeout(keep, REST);
}

function send({ id, words, start, end }) {
  const address = `${new URL(refOf(id).href).pathname}words/`;
  const form = hiddenForm(address, { ...quoteOf(words.range(start, end), text), version: versionOf(id) });
  sent = { id, start, end, form, refocus: holdFocus(id), count: words.count(start, end) };
  listen(form);
  form.requestSubmit();
}

function listen(form) {
  form.addEventListener("chosen", (event) => {
    event.stopPropagation();
    arrived();
  });
  form.addEventListener("stale", (event) => {
    event.stopPropagation();
    failed(MEANWHILE);
  });
  form.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.xhr.status === 422) failed(REFUSED);
  });
  form.addEventListener("htmx:beforeRequest", () => (form.dataset.pending = "sent"));
  form.addEventListener("not-saved", (event) => {
    form.dataset.pending = "";
    if (!signIn?.open) return failed(`${AS_BEFORE} ${event.detail.words}`);
    // It goes out once there is a session; without one, the old ends come back.
    signIn.addEventListener("close", () => form.dataset.pending || failed(AS_BEFORE), { once: true });
  });
}

/** Saved, and the page shows it: a later change goes out on the new version. */
function arrived() {
  const { id, start, end, count } = sent;
  const form = document.getElementById(`edit-${id}`);
  if (form) {
    form.elements.version.value = versionOf(id);
    form.querySelector(".quote p").textContent = wordsNow().range(start, end).toString();
  }
  if (draft?.id === id) Object.assign(draft, { words: wordsNow(), was: { start, end } });
  finish();
  told.textContent = ngettext("Now: {count} word.", "Now: {count} words.", { count });
  if (draft && same(draft, draft.was)) drop();
  else if (draft) soon();
}

function failed(words) {
  drop();
  finish();
  say(words);
}

/** Nothing is on its way any more; whoever reads the page goes on where they were. */
function finish() {
  const { id, form, refocus } = sent;
  sent = null;
  form.remove();
  document.dispatchEvent(new CustomEvent("ends-moved", { detail: { id } })); // its note goes to its place
  refocus();
}

/** One end of a passage, a word to the left or to the right as it is seen. */
function step(id, edge, right) {
  if (!begin(id)) return;
  const { words, start, end } = draft;
  const ltr = getComputedStyle(home(words.point(draft[edge], edge)[0])).direction === "ltr";
  const next = words.step(draft[edge], edge, right === ltr ? 1 : -1);
  const crosses = edge === "end" ? next < words.step(start, "end", 1) : next > words.step(end, "start", -1);
  if (next !== null && !crosses) draft[edge] = next;
  paint();
  reveal(edge);
  soon();
}

/** Out to the sentences in which it begins and ends. */
function extend(id) {
  if (!begin(id)) return;
  const [start, end] = draft.words.sentences(draft.start, draft.end);
  if (start >= draft.start && end <= draft.end) say(_("It is whole sentences already."));
  Object.assign(draft, { start: Math.min(start, draft.start), end: Math.max(end, draft.end) });
  paint();
  keep();
}

/** What the handles do. */
const drawing = {
  begin(id) {
    clearTimeout(rest);
    before = begin(id) && { start: draft.start, end: draft.end };
    return draft;
  },
  draw(edge, [node, at], letters) {
    const { words, start, end } = draft;
    const stop = words.nearest(words.offset(node, at), edge, letters);
    if (stop === null) return;
    // An end stays on its side of the other one, with a word between.
    if (edge === "end") draft.end = stop > start ? stop : (words.step(start, "end", 1) ?? end);
    else draft.start = stop < end ? stop : (words.step(end, "start", -1) ?? start);
    paint();
  },
  end: keep,
  cancel() {
    Object.assign(draft ?? {}, before);
    paint();
    keep();
  },
  tap: (id) => open(id),
};

function onKey(event) {
  const ref = event.target.closest?.("#text a.hl-ref");
  // With words selected, the arrows are about those.
  if (!ref || event.ctrlKey || event.metaKey || event.isComposing || !getSelection().isCollapsed) return;
  const arrow = event.key.match(/^Arrow(Left|Right)$/)?.[1];
  if (event.shiftKey && arrow) {
    step(ref.dataset.h, event.altKey ? "start" : "end", arrow === "Right");
  } else if (event.key === "Escape" && draft && !sent) {
    drop();
  } else {
    return;
  }
  event.preventDefault();
}

/** `S` on the reference of a passage; elsewhere it is another command. */
function onS(event) {
  const ref = event.target.closest?.("#text a.hl-ref");
  if (!ref) return false;
  extend(ref.dataset.h);
}

function onClick(event) {
  const button = event.target.closest("button[data-range]");
  const id = button?.closest("form[data-keeps]")?.dataset.keeps ?? button?.closest("[data-h]")?.dataset.h;
  if (!id) return;
  if (button.dataset.range === "sentence") return extend(id);
  document.getElementById("sheet").close();
  segments(id)[0]?.scrollIntoView({ block: "center" });
  refOf(id)?.focus({ preventScroll: true });
}

function onOver(event) {
  if (event.pointerType !== "mouse" || event.buttons) return;
  const element = event.target.closest?.("#text [data-h], .note[data-h], .handle[data-h]");
  clearTimeout(leaving);
  const to = (id) => {
    hovered = id;
    place();
  };
  if (!element) leaving = setTimeout(to, LINGERS, null);
  else if (innermost(element) !== hovered) to(innermost(element));
}

function onFocus(event) {
  const ref = event.target.closest?.("#text a.hl-ref");
  if (event.type === "focusin") ref?.setAttribute("aria-keyshortcuts", KEYS);
  else if (ref && rest) keep();
  setTimeout(place);
}

if (bar && text && shelf) {
  install(drawing);
  edits.observe(text, { childList: true, subtree: true });
  document.addEventListener("keydown", onKey);
  keys({ s: onS });
  document.addEventListener("click", onClick);
  document.addEventListener("pointerover", onOver);
  document.addEventListener("focusin", onFocus);
  document.addEventListener("focusout", onFocus);
  document.addEventListener("revised", drop, { capture: true }); // its offsets were about another text
  text.addEventListener("scroll", place, { capture: true, passive: true }); // wide tables and code
  addEventListener("resize", place);
  document.fonts.ready.then(place);
  new ResizeObserver(place).observe(text);
}
