/** Selected words, and the small bar that says what may be done with them. */

import { copy, fragment } from "./links.js";
import { typing } from "./keys.js";
import { mark } from "./marking.js";
import { inside, quoteOf } from "./offsets.js";

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

function offer() {
  const range = current();
  if (!range) {
    if (!bar.contains(document.activeElement)) hide();
    return;
  }
  chosen = range;
  if (!bar.matches(":popover-open")) bar.showPopover();
  place(range);
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

const choosing = () => document.body.classList.contains("is-choosing");
const lastColour = () => localStorage.getItem("colour") ?? "yellow";

function use(colour, then) {
  const range = chosen;
  if (!range) return;
  used = performance.now();
  hide();
  getSelection().removeAllRanges();
  localStorage.setItem("colour", colour);
  mark(range, quoteOf(range, text), colour, then);
}

function copyLink() {
  if (chosen) copy(fragment(chosen.toString()));
  hide();
}

/** For the passage that gets other words (changed.js). */
function give() {
  const range = chosen;
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
    text.focus({ preventScroll: true });
    getSelection().collapseToEnd();
    hide();
  } else if (event.key === "Tab" && !event.shiftKey && !bar.contains(event.target)) {
    event.preventDefault();
    bar.querySelector(choosing() ? "[data-use]" : "[name=colour]").focus();
  } else if (bar.contains(event.target) && /^Arrow(Left|Right)$/.test(event.key)) {
    const buttons = [...bar.querySelectorAll("button")].filter((button) => button.checkVisibility());
    const step = (event.key === "ArrowRight") === (getComputedStyle(bar).direction === "ltr") ? 1 : -1;
    buttons.at((buttons.indexOf(event.target) + step) % buttons.length).focus();
  } else if (!typing(event) && !choosing()) {
    command(event);
  }
}

function command(event) {
  const colours = [...bar.querySelectorAll("[name=colour]")].map((button) => button.value);
  const key = event.key.toLowerCase();
  if (key === "h") use(lastColour());
  else if (colours[Number(key) - 1]) use(colours[Number(key) - 1]);
  else if (key === "n") use(lastColour(), "note");
  else if (key === "t") use(lastColour(), "tags");
  else if (key === "c" && !event.shiftKey) copyLink();
  else return;
  event.preventDefault();
}

if (bar && text) {
  document.addEventListener("pointerdown", (event) => {
    pressed = !bar.contains(event.target);
  });
  // The second click of a double click falls on what is behind the bar, and must select nothing there.
  document.addEventListener("mousedown", (event) => event.detail > 1 && performance.now() - used < 500 && event.preventDefault());
  document.addEventListener("pointerup", (event) => {
    pressed = false;
    if (!bar.contains(event.target)) setTimeout(offer);
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
    else if (button && "copy" in button.dataset) copyLink();
    else if (button && "use" in button.dataset) give();
  });
  document.addEventListener("keydown", onKey);
}
