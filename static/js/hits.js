/** The words of a search in the article that it found: painted outside of its elements, so that no offset moves and
    nothing is taken for a reader's own mark. The server says where they stand, in code points of the text. */

import { _ } from "./i18n.js";
import { keys } from "./keys.js";
import { cursor } from "./margin.js";
import { wordsNow } from "./words.js";

const bar = document.getElementById("hits");
const text = document.getElementById("text");
const told = document.getElementById("told");
const calm = matchMedia("(prefers-reduced-motion: reduce)");
const paint = globalThis.Highlight && CSS.highlights;

let spans = []; // [start, end] in UTF-16 units
let words = ""; // the text that they are about
let now = -1;

/** The server's code points as UTF-16 units of `text`. */
function units(text, pairs) {
  if (!/[\ud800-\udfff]/.test(text)) return pairs;
  const wanted = pairs.flat();
  const found = new Map();
  let [point, unit, next] = [0, 0, 0];
  for (const letter of text) {
    while (wanted[next] === point) found.set(wanted[next++], unit);
    point += 1;
    unit += letter.length;
  }
  while (next < wanted.length) found.set(wanted[next++], unit);
  return pairs.map((pair) => pair.map((offset) => found.get(offset)));
}

const rangeOf = ([start, end]) => wordsNow().range(start, end);

function draw() {
  if (!paint) return;
  const there = spans.map(rangeOf);
  CSS.highlights.set("hit-now", new Highlight(...there.splice(now, now < 0 ? 0 : 1)));
  CSS.highlights.set("hit", new Highlight(...there));
}

const where = () => (now < 0 ? document.getElementById("hits-at").textContent : _("{n} of {count}", { n: now + 1, count: spans.length }));

/** The words around a hit, for who doesn't see it. */
function around([start, end]) {
  const [from, to] = wordsNow().line(start);
  const [before, after] = [words.slice(Math.max(from, start - 60), start), words.slice(end, Math.min(to, end + 60))];
  const whole = [start - 60 > from ? before.replace(/^\S*\s/, "") : before, words.slice(start, end), end + 60 < to ? after.replace(/\s\S*$/, "") : after];
  return whole.join("").replace(/\s+/g, " ");
}

/** To a hit; at once where the page has just opened. */
function go(number, { opened = false } = {}) {
  now = number;
  text.dataset.going = "";
  draw();
  document.getElementById("hits-at").textContent = where();
  const box = rangeOf(spans[now]).getBoundingClientRect();
  const top = document.querySelector(".bar").getBoundingClientRect().bottom + 24;
  if (box.top < top || box.bottom > innerHeight - 112) {
    scrollBy({ top: box.top - innerHeight * 0.38, behavior: opened || calm.matches ? "instant" : "smooth" });
  }
  // In a table or code that scrolls by itself.
  rangeOf(spans[now]).startContainer.parentElement.scrollIntoView({ block: "nearest", inline: "nearest", behavior: "instant" });
  told.textContent = `${_("Hit {n} of {count}.", { n: now + 1, count: spans.length })} ${around(spans[now])}`;
}

/** The first hit below the top of the window, or the last one above it. */
function near(by) {
  const top = document.querySelector(".bar").getBoundingClientRect().bottom;
  const below = spans.findIndex((span) => rangeOf(span).getBoundingClientRect().bottom > top);
  return by > 0 ? Math.max(0, below) : (below < 0 ? spans.length : below) - 1;
}

function step(by) {
  const next = now < 0 ? near(by) : now + by;
  go((next + spans.length) % spans.length);
}

function close() {
  for (const name of ["hit", "hit-now"]) paint?.delete(name);
  const focused = bar.contains(document.activeElement);
  bar.remove();
  delete text.dataset.going;
  edits.disconnect();
  const address = new URL(location);
  address.searchParams.delete("q");
  history.replaceState(history.state, "", address);
  if (focused) text.focus({ preventScroll: true });
}

/** Elements of the article were changed: hits stay on their words; where those are others now, there is nothing to show. */
function changed() {
  if (wordsNow().text !== words) close();
  else draw();
}
const edits = new MutationObserver(changed);

/** Where the address leads: the passage that was found, else the hit that the search showed. */
function land() {
  const id = location.hash.match(/^#h-([a-z0-9]+)$/)?.[1];
  const mark = id && text.querySelector(`mark[data-first~="${id}"]`);
  for (const toast of document.querySelectorAll("#toasts [data-toast]")) {
    if (toast.textContent.startsWith(_("You left off here."))) toast.remove(); // one does not stay there
  }
  if (!mark) return go(Number(bar.dataset.best), { opened: true });
  const start = wordsNow().offset(mark, 0);
  const last = [...text.querySelectorAll(`mark[data-h~="${id}"]`)].at(-1);
  const end = wordsNow().offset(last, last.childNodes.length);
  now = spans.findIndex((span) => span[1] > start && span[0] < end); // the passage is shown, with the hit in it if it has one
  draw();
  document.getElementById("hits-at").textContent = where();
}

/** Whether keys are the bar's: not while words are selected, passage mode has its cursor on some, or something is open. */
const free = () => bar.isConnected && getSelection().isCollapsed && !cursor.range() && !document.querySelector("details.menu[open], :popover-open");
const command = (act, ...more) => () => (free() ? act(...more) : false);

// Where one was taken to is not yet read: it is once one goes on from there by oneself (progress.js).
for (const type of ["wheel", "touchmove", "pointerdown", "keydown"]) {
  addEventListener(type, ({ target, key }) => !bar.contains(target) && !/^[np]$/i.test(key) && delete text.dataset.going, { passive: true });
}

function start() {
  // A page that is kept for when there is no network may be of another visit.
  if (!new URLSearchParams(location.search).get("q")) return close();
  words = wordsNow().text;
  spans = units(words, bar.dataset.spans.split(" ").map((span) => span.split("-").map(Number)));
  for (const button of bar.querySelectorAll("[data-by]")) {
    button.hidden = false;
    button.addEventListener("click", () => step(Number(button.dataset.by)));
  }
  bar.querySelector("[data-close]").addEventListener("click", (event) => {
    event.preventDefault();
    close();
  });
  edits.observe(text, { childList: true, subtree: true });
  keys({ n: command(step, 1), p: command(step, -1), Escape: command(close) });
  document.fonts.ready.then(land);
}

start();
