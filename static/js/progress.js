/** How far one has read: shown in the bar's own line, and remembered as an offset into the text. */

import { codePoints } from "./offsets.js";

const EVERY = 10_000;
const text = document.getElementById("text");
const url = text?.dataset.positionUrl;
let furthest = 0;
let sent = 0;

function show() {
  const line = document.querySelector("#trace .t-read");
  const box = text.getBoundingClientRect();
  const part = Math.min(1, Math.max(0, (innerHeight - box.top) / (box.height || 1)));
  line?.setAttribute("width", `${(part * 100).toFixed(1)}%`);
  furthest = Math.max(furthest, part);
}

/** The furthest block whose end has been in the window, as code points into the text. */
function position() {
  const limit = text.getBoundingClientRect().height * furthest;
  const top = text.getBoundingClientRect().top;
  const range = document.createRange();
  range.setStart(text, 0);
  range.setEnd(text, 0);
  for (const block of text.children) {
    if (block.getBoundingClientRect().bottom - top > limit + 1) break;
    range.setEndAfter(block);
  }
  return codePoints(range.toString());
}

function send() {
  const reached = position();
  if (reached <= sent) return;
  sent = reached;
  const headers = JSON.parse(document.body.getAttribute("hx-headers"));
  const body = new URLSearchParams({ position: reached });
  // keepalive: it goes out although the page is being left. What fails is sent again with the next one.
  fetch(url, { method: "POST", headers, body, keepalive: true }).catch(() => (sent = 0));
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
  show();
  addEventListener("scroll", show, { passive: true });
  addEventListener("resize", show);
  let waiting = 0;
  document.addEventListener("htmx:oobAfterSwap", () => {
    cancelAnimationFrame(waiting);
    waiting = requestAnimationFrame(() => (show(), flags()));
  });
}
if (url) {
  setInterval(send, EVERY);
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && send());
}
