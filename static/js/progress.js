/** How far one has read: shown in the bar's own line, and remembered as an offset into the text. */

import { _ } from "./i18n.js";
import { codePoints } from "./offsets.js";
import { say } from "./toasts.js";

const EVERY = 10_000;
const text = document.getElementById("text");
const url = text?.dataset.positionUrl;
const kept = Number(document.getElementById("state")?.dataset.position) || 0;
let furthest = 0; // in parts of the height
let sent = kept;
let finished = false;

function show() {
  const box = text.getBoundingClientRect();
  const part = Math.min(1, Math.max(0, (innerHeight - box.top) / (box.height || 1)));
  text.dataset.going ?? (furthest = Math.max(furthest, part)); // who is taken to a hit (hits.js) has not read up to it
  const line = document.querySelector("#trace .t-read");
  line?.setAttribute("width", `${((url ? furthest : part) * 100).toFixed(1)}%`);
}

/** Each node at the top of the text with where it begins and how long it is, in code points. */
function* pieces() {
  let start = 0;
  for (const node of text.childNodes) {
    const length = codePoints(node.textContent);
    if (node.nodeType === Node.ELEMENT_NODE) yield { box: node.getBoundingClientRect(), start, length };
    start += length;
  }
}

const between = (part) => Math.min(1, Math.max(0, part));

/** The furthest point that has been in the window, as code points into the text: within a block, in proportion. */
function position() {
  const all = text.getBoundingClientRect();
  const limit = all.top + all.height * furthest + 1;
  if (furthest === 1) return codePoints(text.textContent);
  let reached = 0;
  for (const { box, start, length } of pieces()) {
    if (box.top > limit) break;
    reached = start + Math.floor(length * between((limit - box.top) / (box.height || 1)));
  }
  return reached;
}

/** Where in the window the text has come to `offset`; the inverse of `position`. */
function heightOf(offset) {
  let y = text.getBoundingClientRect().top;
  for (const { box, start, length } of pieces()) {
    if (start > offset) break;
    y = box.top + box.height * between((offset - start) / (length || 1));
  }
  return y;
}

/** Opens the article as it was left, unless the address or the browser names another place. */
function open() {
  const entry = performance.getEntriesByType("navigation")[0];
  const y = heightOf(kept);
  const box = text.getBoundingClientRect();
  furthest = Math.min(1, Math.max(furthest, (y - box.top) / (box.height || 1)));
  finished = kept >= 0.97 * codePoints(text.textContent);
  // A text fragment is not in `location`, but in the name of the entry.
  const named = location.hash || entry?.name.includes("#") || entry?.type !== "navigate" || scrollY > 0;
  if (named || finished || y < 1.25 * innerHeight) return;
  scrollTo({ top: y - innerHeight, behavior: "instant" });
  const top = Object.assign(document.createElement("button"), { type: "button", textContent: _("Back to the top") });
  top.addEventListener("click", () => {
    top.closest("[data-toast]").remove();
    text.focus({ preventScroll: true });
    scrollTo({ top: 0 });
  });
  say(_("You left off here."), top);
}

/** The end was reached by reading on: said once, and kept at once. */
function finish() {
  if (finished || furthest < 1) return;
  finished = true;
  send();
  document.getElementById("finished")?.classList.add("is-finished");
  const told = document.getElementById("told");
  if (told) told.textContent = _("Read to the end.");
}

function send() {
  const reached = position();
  if (reached <= sent) return;
  const before = sent;
  sent = reached;
  const headers = JSON.parse(document.body.getAttribute("hx-headers"));
  const body = new URLSearchParams({ position: reached });
  // keepalive: it goes out although the page is being left. What fails is sent again with the next one.
  fetch(url, { method: "POST", headers, body, keepalive: true }).catch(() => (sent = before));
}

/** The flags of the trace, one where each passage begins. A changed block brings its marks, and they follow from those. */
function flags() {
  const trace = document.getElementById("trace");
  for (const flag of trace.querySelectorAll(".t-flag")) flag.remove();
  const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
  const length = text.textContent.length || 1;
  for (let before = 0; walker.nextNode(); before += walker.currentNode.data.length) {
    const segment = walker.currentNode.parentElement;
    if (!segment.dataset.first || walker.currentNode.previousSibling) continue;
    for (const id of segment.dataset.first.split(" ")) {
      const flag = document.createElementNS("http://www.w3.org/2000/svg", "rect");
      const place = { class: "t-flag", x: `${((100 * before) / length).toFixed(1)}%`, width: 6, height: 9, rx: 1 };
      for (const [name, value] of Object.entries(place)) flag.setAttribute(name, value);
      flag.dataset.c = document.getElementById(`h-${id}`)?.dataset.c ?? segment.dataset.c;
      trace.append(flag);
    }
  }
}

if (text) {
  if (url && kept) open();
  show();
  addEventListener("scroll", show, { passive: true });
  addEventListener("resize", show);
  let waiting = 0;
  document.addEventListener("htmx:oobAfterSwap", () => {
    cancelAnimationFrame(waiting);
    waiting = requestAnimationFrame(() => setTimeout(() => (show(), flags()))); // once the marks themselves are painted
  });
}
if (url) {
  addEventListener("scroll", finish, { passive: true });
  setInterval(send, EVERY);
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && send());
}
