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

if (text) {
  show();
  addEventListener("scroll", show, { passive: true });
  addEventListener("resize", show);
  document.addEventListener("htmx:oobAfterSwap", show);
}
if (url) {
  setInterval(send, EVERY);
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && send());
}
