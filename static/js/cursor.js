/** Passage mode: a cursor that goes through the article by sentence and paragraph, so that words are marked by keys.

    It is painted outside the article's elements, so nothing moves and no offset changes. The focus stands on a bar in
    the gutter beside its words; each step is said once, in the status region. */

import { _, ngettext } from "./i18n.js";
import { keys } from "./keys.js";
import { cursor, light } from "./margin.js";
import { offer } from "./select.js";
import { home, wordsNow } from "./words.js";

const text = document.getElementById("text");
const told = document.getElementById("told");
const hint = document.getElementById("cursor-hint");
const calm = matchMedia("(prefers-reduced-motion: reduce)");
const bar = Object.assign(document.createElement("div"), { className: "cursor", tabIndex: -1, hidden: true });
const ink = globalThis.Highlight && new Highlight();

// {start, end, words}: what the cursor is on, `whole` where that is a paragraph; `from` and `head` are the first and
// last sentence of what was extended.
let at = null;
let hurry = 0; // when a key was last pressed: who holds one down doesn't wait for scrolling

const range = () => at && wordsNow().range(at.start, at.end);
const sentencesOf = (paragraph) => (paragraph.sentences ??= wordsNow().sentencesIn(paragraph.start, paragraph.end));
const span = ([start, end]) => ({ start, end });

/** The first sentence from `offset` on (`by` 1), or the last one before it (-1). */
function sentence(offset, by) {
  const words = wordsNow();
  for (let i = words.paragraphAt(offset); i >= 0 && i < words.paragraphs.length; i += by) {
    const all = sentencesOf(words.paragraphs[i]);
    const found = by > 0 ? all.find(([start]) => start >= offset) : all.findLast(([, end]) => end <= offset);
    if (found) return span(found);
  }
  return null;
}

/** The paragraph that stands first in the window; the selection or the focus, where it is in the text, comes before. */
function here() {
  const words = wordsNow();
  const focus = document.activeElement.closest("#text a");
  const selection = getSelection();
  if (focus) return words.paragraphAt(words.offset(focus, 0));
  if (!selection.isCollapsed && text.contains(selection.anchorNode)) return words.paragraphAt(words.offset(selection.anchorNode, selection.anchorOffset));
  const top = document.querySelector(".bar")?.getBoundingClientRect().bottom ?? 0;
  let [low, high] = [0, words.paragraphs.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    const { start, end } = words.paragraphs[middle];
    if (words.range(start, end).getBoundingClientRect().bottom > top + 24) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Whether it is in the window, so that one goes on with it. */
function seen() {
  const box = at && range().getBoundingClientRect();
  return box && box.bottom > 0 && box.top < innerHeight;
}

function put(next, say) {
  at = { ...next, words: wordsNow().text.slice(next.start, next.end) };
  paint();
  scroll();
  tell(say);
  bar.focus({ preventScroll: true });
}

/** Paints what it is on, and puts the bar beside it. */
function paint() {
  ink?.clear();
  for (const element of [bar, hint]) element.hidden = !at;
  if (!at) return;
  const now = range();
  ink?.add(now);
  const element = home(now.startContainer).closest("p, li, pre, table, blockquote, #text > *") ?? text;
  const [around, box, block] = [bar.offsetParent.getBoundingClientRect(), now.getBoundingClientRect(), element.getBoundingClientRect()];
  const rtl = getComputedStyle(element).direction === "rtl";
  bar.style.translate = `${(rtl ? block.right + 10 : block.left - 13) - around.left}px ${box.top - around.top}px`;
  bar.style.blockSize = `${box.height}px`;
}

function scroll() {
  const box = range().getBoundingClientRect();
  const top = (document.querySelector(".bar")?.getBoundingClientRect().bottom ?? 0) + 24;
  const bottom = innerHeight - 96;
  if (box.top >= top && box.bottom <= bottom) return;
  // What is taller than the window shows its beginning.
  const by = box.top < top || box.height > bottom - top ? box.top - top : box.bottom - bottom + Math.min(160, bottom - top - box.height);
  const now = performance.now();
  scrollBy({ top: by, behavior: calm.matches || now - hurry < 250 ? "instant" : "smooth" });
  hurry = now;
}

const counted = (count) => ngettext("{count} word.", "{count} words.", { count });

function tell(say) {
  const start = wordsNow().point(at.start, "start")[0].parentElement;
  const marked = start.closest("mark") ? ` ${_("Marked.")}` : "";
  told.textContent = `${say}${marked} ${at.words.replace(/\s+/g, " ")}`;
}

export function paragraph(by) {
  const words = wordsNow();
  const next = seen() ? words.paragraphAt(by > 0 ? at.end - 1 : at.start) + by : here();
  if (!words.paragraphs[next]) return edge(by);
  const { start, end } = words.paragraphs[next];
  put({ start, end, whole: true }, _("Paragraph {n} of {count}.", { n: next + 1, count: words.paragraphs.length }));
}

function say(where) {
  const all = sentencesOf(wordsNow().paragraphs[wordsNow().paragraphAt(where.start)]);
  return _("Sentence {n} of {count}.", { n: all.findIndex(([start]) => start === where.start) + 1, count: all.length });
}

function step(by) {
  const next = sentence(by > 0 && !at.whole ? at.end : at.start, by);
  if (!next) return edge(by);
  put(next, say(next));
}

function edge(by) {
  told.textContent = by > 0 ? _("The end of the article.") : _("The beginning of the article.");
}

function extend(by) {
  const from = at.from ?? { start: at.start, end: at.end };
  const last = at.head ?? from;
  const head = sentence(by > 0 ? last.end : last.start, by);
  if (!head) return edge(by);
  const next = { start: Math.min(from.start, head.start), end: Math.max(from.end, head.end), from, head };
  put(next, counted(wordsNow().count(next.start, next.end)));
}

/** The end of it, a word to the left or the right as it is seen. */
function word(right) {
  const words = wordsNow();
  const ltr = getComputedStyle(home(words.point(at.end, "end")[0])).direction === "ltr";
  const end = words.step(at.end, "end", right === ltr ? 1 : -1);
  if (end === null || end < words.step(at.start, "end", 1)) return;
  put({ start: at.start, end }, counted(words.count(at.start, end)));
}

/** To a passage, all of it. */
export function to(id, say) {
  const marks = text.querySelectorAll(`mark[data-h~="${CSS.escape(id)}"]`);
  const last = marks[marks.length - 1];
  const [start, end] = [wordsNow().offset(marks[0], 0), wordsNow().offset(last, last.childNodes.length)];
  put({ start, end }, say);
  light(id);
}

/** Into passage mode, on the sentence where one is; there it says so and does nothing else. */
export function enter() {
  if (at && seen()) return void bar.focus({ preventScroll: true });
  const first = wordsNow().paragraphs[here()];
  const next = first && sentence(first.start, 1);
  if (next) put(next, say(next));
}

export function leave() {
  at = null;
  paint();
  told.textContent = _("Passage mode is off.");
  text.focus({ preventScroll: true });
}

/** The page's elements were changed: it stays on its words, wherever they are now. */
function changed() {
  if (!at) return;
  const words = wordsNow();
  if (words.text.slice(at.start, at.end) !== at.words) {
    const start = [words.text.indexOf(at.words, at.start), words.text.lastIndexOf(at.words, at.start)].find((place) => place >= 0);
    const next = start === undefined ? words.paragraphs[words.paragraphAt(at.start)] : { start, end: start + at.words.length };
    at = next ? { start: next.start, end: next.end, words: words.text.slice(next.start, next.end) } : null;
  }
  paint();
}

const focused = () => at !== null && document.activeElement === bar;
const ltr = () => getComputedStyle(text).direction === "ltr";
const on = (act, ...more) => () => (focused() ? act(...more) : false);

/** Tab goes to the next link or passage from where the cursor is, as it would from a caret. */
function tab(by) {
  if (!focused()) return false;
  const links = [...text.querySelectorAll("a[href]")];
  const now = range();
  const next = by > 0 ? links.find((link) => now.comparePoint(link, 0) >= 0) : links.findLast((link) => now.comparePoint(link, 0) < 0);
  if (!next) return false;
  next.focus();
}

bar.setAttribute("role", "application"); // so that screen readers pass the keys on
bar.setAttribute("aria-label", _("Passage mode. The question mark lists its keys."));
text.parentElement.append(bar);
if (ink) {
  ink.priority = 1;
  CSS.highlights.set("cursor", ink);
}
Object.assign(cursor, { range, resume: () => at && (bar.focus({ preventScroll: true }), true), to });
keys({
  j: () => paragraph(1),
  k: () => paragraph(-1),
  ArrowDown: on(step, 1),
  ArrowUp: on(step, -1),
  ArrowRight: () => on(step, ltr() ? 1 : -1)(),
  ArrowLeft: () => on(step, ltr() ? -1 : 1)(),
  "Shift+ArrowDown": on(extend, 1),
  "Shift+ArrowUp": on(extend, -1),
  "Shift+ArrowRight": () => on(extend, ltr() ? 1 : -1)(),
  "Shift+ArrowLeft": () => on(extend, ltr() ? -1 : 1)(),
  Tab: () => tab(1),
  "Shift+Tab": () => tab(-1),
  Enter: on(() => (document.getElementById("select-pop") ? offer(range(), { focus: true }) : false)),
  Escape: () => (at && (focused() || document.activeElement === document.body) ? leave() : false),
});
document.addEventListener("keydown", (event) => {
  const arrow = event.key.match(/^Arrow(Left|Right)$/)?.[1];
  if (!focused() || !arrow || !event.shiftKey || !(event.ctrlKey || event.altKey)) return;
  event.preventDefault();
  word(arrow === "Right");
});
text.addEventListener("pointerdown", () => at && ((at = null), paint())); // the mouse takes over
new MutationObserver(changed).observe(text, { childList: true, subtree: true });
new ResizeObserver(paint).observe(text);
document.fonts.ready.then(paint);
