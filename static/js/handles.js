/** The two handles of a passage: where they stand, and how one is drawn along the text.

    They lie in a layer above the page, take no room and hold no text: nothing moves and no offset changes. */

import { home } from "./words.js";

const EDGE = 56; // px at the top and bottom of the window in which drawing scrolls the page
const RTL = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;
const text = document.getElementById("text");

let layer;
const handles = {};

/** Puts the layer into the page. `act` does what is meant by it: begin(id) answers {words, start, end} or null,
    draw(edge, [node, offset], letters), end(), cancel(), and tap(id) where a mouse only clicked. */
export function install(act) {
  layer = document.createElement("div");
  layer.className = "handles";
  layer.setAttribute("aria-hidden", "true"); // the same can be done by keyboard on the passage's reference
  for (const edge of ["start", "end"]) {
    const handle = document.createElement("div");
    handle.className = `handle handle-${edge}`;
    handle.hidden = true;
    handle.addEventListener("pointerdown", (event) => grab(event, edge, act));
    handles[edge] = handle;
    layer.append(handle);
  }
  document.getElementById("leaf").append(layer);
}

/** Shows them at the ends of [start, end), or takes them away where there is no `id`. */
export function show(id, colour, words, start, end) {
  for (const [edge, handle] of Object.entries(handles)) {
    const at = id && place(words, start, end, edge);
    handle.hidden = !at;
    if (!at) continue;
    const origin = layer.getBoundingClientRect();
    Object.assign(handle.dataset, { h: id, c: colour });
    const y = edge === "start" ? at.top : at.bottom;
    handle.style.translate = `${at.x - origin.left}px ${y - origin.top}px`;
    handle.style.setProperty("--line", `${at.bottom - at.top}px`);
  }
}

/** Brings an end that was moved out of the window back into it. */
export const reveal = (edge) => handles[edge].scrollIntoView({ block: "nearest", inline: "nearest" });

/** The edge in the window: at the first or last letter, on the side where the text comes from or goes on to. */
function place(words, start, end, edge) {
  const letter = words.letter(start, end, edge);
  const boxes = [...words.range(...letter).getClientRects()].filter((box) => box.height > 0);
  const box = boxes.at(edge === "end" ? -1 : 0);
  if (!box) return null;
  const element = home(words.point(letter[0], "start")[0]);
  const letters = words.text.slice(...letter);
  const plain = getComputedStyle(element).direction === "rtl";
  const rtl = RTL.test(letters) || (plain && !/\p{L}/u.test(letters));
  const x = (edge === "start") === rtl ? box.right : box.left;
  const around = element.closest("pre, table")?.getBoundingClientRect(); // these scroll sideways on their own
  if (around && (x < around.left - 1 || x > around.right + 1)) return null;
  return { x, top: box.top, bottom: box.bottom };
}

let drawn = null; // what the pointer is doing

function grab(event, edge, act) {
  if (event.button || drawn) return;
  event.preventDefault(); // the focus and the selection stay where they are
  const handle = handles[edge];
  const now = act.begin(handle.dataset.h);
  const at = now && place(now.words, now.start, now.end, edge);
  if (!at) return;
  handle.setPointerCapture(event.pointerId);
  const aim = { x: at.x - event.clientX, y: (at.top + at.bottom) / 2 - event.clientY };
  const over = new AbortController();
  drawn = { edge, act, aim, over, x: event.clientX, y: event.clientY, moved: false, letters: false, id: event.pointerId };
  const on = (name, listener) => handle.addEventListener(name, listener, { signal: over.signal });
  on("pointermove", move);
  on("pointerup", () => {
    const { moved } = drawn;
    release(handle);
    if (moved) act.end();
    else act.cancel();
    if (!moved && event.pointerType === "mouse") act.tap(handle.dataset.h);
  });
  on("pointercancel", () => {
    release(handle);
    act.cancel();
  });
}

function release(handle) {
  drawn.over.abort();
  if (handle.hasPointerCapture(drawn.id)) handle.releasePointerCapture(drawn.id);
  layer.classList.remove("is-drawing");
  drawn = null;
}

function move(event) {
  const far = Math.hypot(event.clientX - drawn.x, event.clientY - drawn.y);
  if (!drawn.moved && far < 3) return;
  if (!drawn.moved) requestAnimationFrame(scrollAlong);
  drawn.moved = true;
  layer.classList.add("is-drawing");
  Object.assign(drawn, { x: event.clientX, y: event.clientY, letters: event.altKey });
  draw();
}

function draw() {
  const at = under(drawn.x + drawn.aim.x, drawn.y + drawn.aim.y);
  if (at) drawn.act.draw(drawn.edge, at, drawn.letters);
}

/** The place in the text that is nearest to a point of the window, as [node, offset]. */
function under(x, y) {
  const box = text.getBoundingClientRect();
  const within = (value, low, high) => Math.max(low, Math.min(high, value));
  const point = [within(x, box.left + 1, box.right - 1), within(y, box.top + 1, box.bottom - 1)];
  const caret = document.caretPositionFromPoint?.(...point) ?? document.caretRangeFromPoint?.(...point);
  const node = caret && (caret.offsetNode ?? caret.startContainer);
  return text.contains(node) ? [node, caret.offset ?? caret.startOffset] : null;
}

function scrollAlong() {
  if (!drawn) return;
  const top = document.querySelector(".bar")?.getBoundingClientRect().bottom ?? 0;
  const by = drawn.y > innerHeight - EDGE ? 8 : drawn.y < top + EDGE / 2 ? -8 : 0;
  if (by) {
    scrollBy(0, by);
    draw();
  }
  requestAnimationFrame(scrollAlong);
}

// Before all others: Escape lets go of the handle, and of nothing else.
document.addEventListener(
  "keydown",
  (event) => {
    if (event.key !== "Escape" || !drawn) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const { act, edge } = drawn;
    release(handles[edge]);
    act.cancel();
  },
  { capture: true },
);
