/** The reader page: selecting, the margin, how far one has read. What is not asked for on every visit comes when it is. */

import "./select.js";
import "./margin.js";
import "./progress.js";
import { keys } from "./keys.js";

/** A module that waits until something happens that it is about, `{type: selector}`: then it is fetched, and what happened
    meanwhile happens once more, for it. Gives the way to fetch it at another occasion. */
function later(load, about) {
  const missed = [];
  let module;

  const get = () =>
    (module ??= load().then((loaded) => {
      for (const type in about) document.removeEventListener(type, take, true);
      return loaded;
    }));

  async function take(event) {
    if (!event.target.closest?.(about[event.type]) || missed.push(event) > 1) return;
    await get();
    for (const one of missed) {
      if (!one.defaultPrevented) one.target.dispatchEvent(new one.constructor(one.type, one));
    }
  }

  for (const type in about) document.addEventListener(type, take, true);
  return get;
}

/** A picture that does not come leaves its words and a line that says so. */
function missing(image) {
  image.closest(".picture").classList.add("is-missing");
  image.nextElementSibling.hidden = false;
}
const image = document.querySelector(".picture img");
if (image?.complete && !image.naturalWidth) missing(image);
image?.addEventListener("error", () => missing(image));

const text = document.getElementById("text");
const passageMode = (act) => import("./cursor.js").then(act); // then it has these keys itself
const copies = () => import("./links.js");
const passages = later(() => import("./passages.js"), { toggle: "#passages", click: "#passages button" });
const changed = () => document.querySelector("[data-choose], .changed") && import("./changed.js");

later(() => import("./typography.js"), { toggle: "#type-panel", input: "#type-panel", click: "#type-panel button[type=button]" });
if (text) {
  keys({
    j: () => void passageMode(({ paragraph }) => paragraph(1)),
    k: () => void passageMode(({ paragraph }) => paragraph(-1)),
    "Shift+j": () => void passages().then(({ jump }) => jump(1)),
    "Shift+k": () => void passages().then(({ jump }) => jump(-1)),
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-passage-mode]")) passageMode(({ enter }) => enter());
    const link = event.target.closest("a[data-copy-link]");
    const quote = event.target.closest("button[data-quote]");
    if (!link && !quote) return;
    event.preventDefault();
    const { h, keeps } = (link ?? quote).closest("form[data-keeps], [data-h]").dataset;
    copies().then(({ copyLink, copyPassage }) => (link ? copyLink(link.href) : copyPassage(keeps ?? h, quote.dataset.quote)));
    document.getElementById("sheet")?.close(); // what is said of it stands behind
  });
  if ("unmarked" in document.body.dataset) passages();
  const marked = "#text [data-h], .note, #sheet";
  later(() => import("./range.js"), { pointerover: marked, focusin: marked, keydown: marked, click: "button[data-range]" });
  changed();
  document.addEventListener("htmx:load", changed);
}
