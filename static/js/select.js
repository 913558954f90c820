/** Selected words, and the small bar that says what may be done with them. */

import { _ } from "./i18n.js";
import { keys } from "./keys.js";
import { cursor, open } from "./margin.js";
import { mark } from "./marking.js";
import { inside, quoteOf } from "./offsets.js";
import { say } from "./toasts.js";

const text = document.getElementById("text");
const bar = document.getElementById("select-pop");
const touch = matchMedia("(pointer: coarse), (max-width: 40rem)");
const REST = 250; // ms that a selection by touch stands still before the bar comes

let chosen = null; // the Range that the bar is about; kept, since focus may take the selection away
let pressed = false;
let used = 0; // when a button of the bar was last pressed

function current() {
  const selection = getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return null;
  const range = inside(selection.getRangeAt(0), text);
  return range && [...range.toString().matchAll(/[\p{L}\p{N}]/gu)].length >= 2 ? range : null;
}

/** Shows the bar for `range`, or for what is selected. */
export function offer(range = current(), { focus = false } = {}) {
  if (!range) {
    if (!bar.contains(document.activeElement)) hide();
    return;
  }
  chosen = range;
  if (!bar.matches(":popover-open")) bar.showPopover();
  place(range);
  if (focus) intoBar();
}

/** Above the words, below them where there is no room; by touch the stylesheet docks it. */
function place(range) {
  bar.style.top = bar.style.left = "";
  if (touch.matches) return;
  const words = range.getBoundingClientRect();
  const above = words.top - bar.offsetHeight - 10;
  const below = Math.min(words.bottom + 10, innerHeight - bar.offsetHeight - 8);
  const middle = words.left + words.width / 2 - bar.offsetWidth / 2;
  bar.style.top = `${above < 64 ? below : above}px`;
  bar.style.left = `${Math.max(8, Math.min(innerWidth - bar.offsetWidth - 8, middle))}px`;
}

function hide() {
  chosen = null;
  if (bar.matches(":popover-open")) bar.hidePopover();
}

/** What is selected may be newer than what the bar came for. */
const latest = () => (chosen &&= current() ?? chosen);

const intoBar = () => bar.querySelector(choosing() ? "[data-use]" : "[name=colour]").focus();
const choosing = () => document.body.classList.contains("is-choosing");
const lastColour = () => localStorage.getItem("colour") ?? "yellow";

/** What a command is about: selected words, the passage that has the focus, or what the cursor is on; {range, id}. */
function subject() {
  if (latest()) return { range: chosen, id: passageOf(chosen) };
  const id = document.activeElement.closest("#text a.hl-ref, .note[data-h]")?.dataset.h;
  if (id) return { id };
  const range = cursor.range();
  return range && { range, id: passageOf(range) };
}

/** The passage that has just the words of `range`. */
function passageOf(range) {
  const [first, last] = [range.startContainer.parentElement.closest("mark"), range.endContainer.parentElement.closest("mark")];
  if (!first || range.startOffset || range.endOffset < range.endContainer.data.length) return undefined;
  const ends = last?.dataset.last?.split(" ") ?? [];
  return first.dataset.first?.split(" ").find((id) => ends.includes(id));
}

/** Marks them in this colour, and opens the field `then`. What is marked already gets the colour, or its form opens. */
async function use(colour, then) {
  const about = subject();
  if (!about) return passages();
  used = performance.now();
  if (chosen) done();
  localStorage.setItem("colour", colour);
  if (!about.id) mark(about.range, quoteOf(about.range, text), colour, then);
  else if (then) open(about.id, then);
  else (await import("./recolour.js")).recolour(about.id, colour);
}

const highlight = () => (subject()?.id ? say(_("These words are marked already.")) : use(lastColour()));

/** The bar goes away, and nothing is selected any more. */
function done() {
  const inBar = bar.contains(document.activeElement);
  hide();
  getSelection().removeAllRanges();
  if (inBar && !cursor.resume()) text.focus({ preventScroll: true });
}

const passages = async () => (await import("./cursor.js")).enter();

async function copyOf(what) {
  const about = subject();
  const { copyLink, copyQuotation, fragment, permalink, wordsOf } = await import("./links.js");
  if (about?.id && !text.querySelector(`[data-h~="${about.id}"]`)) return; // a passage that is lost
  const link = about?.id ? permalink(about.id) : about ? fragment(about.range.toString()) : location.href.split("#")[0];
  if (what === "link") copyLink(link);
  else if (about) copyQuotation({ words: about.id ? wordsOf(about.id) : about.range.toString(), link }, what);
  else return passages();
  hide();
}

/** For the passage that gets other words (changed.js). */
function give() {
  const range = latest();
  if (!range) return;
  const quote = quoteOf(range, text);
  hide();
  getSelection().removeAllRanges();
  document.dispatchEvent(new CustomEvent("words-selected", { detail: { range, quote } }));
}

function onKey(event) {
  if (!bar.matches(":popover-open") || !chosen) return;
  if (event.key === "Escape") {
    event.stopImmediatePropagation();
    if (!getSelection().isCollapsed) getSelection().collapseToEnd();
    hide();
    if (!cursor.resume()) text.focus({ preventScroll: true });
  } else if (event.key === "Tab" && !event.shiftKey && !bar.contains(event.target)) {
    event.preventDefault();
    intoBar();
  } else if (bar.contains(event.target) && /^Arrow(Left|Right)$/.test(event.key)) {
    const buttons = [...bar.querySelectorAll("button, summary")].filter((button) => button.checkVisibility());
    const step = (event.key === "ArrowRight") === (getComputedStyle(bar).direction === "ltr") ? 1 : -1;
    buttons.at((buttons.indexOf(event.target) + step) % buttons.length).focus();
  }
}

/** A command, unless other words are being chosen for a passage. */
const command = (act, ...more) => () => (choosing() ? false : void act(...more));

if (bar && text) {
  document.addEventListener("pointerdown", (event) => {
    pressed = !bar.contains(event.target);
  });
  // The second click of a double click falls on what is behind the bar, and must select nothing there.
  document.addEventListener("mousedown", (event) => event.detail > 1 && performance.now() - used < 500 && event.preventDefault());
  document.addEventListener("pointerup", (event) => {
    pressed = false;
    if (!bar.contains(event.target)) setTimeout(() => offer());
  });
  // Android fires no pointerup at the end of a selection, and keys none at all.
  let rest;
  document.addEventListener("selectionchange", () => {
    clearTimeout(rest);
    rest = setTimeout(() => pressed || offer(), REST);
  });
  addEventListener("resize", () => chosen && place(chosen));
  bar.addEventListener("pointerdown", (event) => event.preventDefault()); // the selection stays while a button is pressed
  bar.addEventListener("submit", (event) => {
    event.preventDefault();
    event.stopPropagation();
    use(event.submitter.value);
  });
  bar.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button?.dataset.then) use(lastColour(), button.dataset.then);
    else if (button?.dataset.copy) copyOf(button.dataset.copy);
    else if (button && "use" in button.dataset) give();
  });
  document.addEventListener("keydown", onKey);
  const colours = [...bar.querySelectorAll("[name=colour]")].map((button, index) => [index + 1, command(use, button.value)]);
  keys({
    ...Object.fromEntries(colours),
    h: command(highlight),
    n: command(() => use(lastColour(), "note")),
    t: command(() => use(lastColour(), "tags")),
    c: command(copyOf, "link"),
    q: command(copyOf, "plain"),
  });
}
