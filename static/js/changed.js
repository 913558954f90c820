/** What a reader decides about passages whose words changed, and the mode in which other words are chosen for one. */

import { _ } from "./i18n.js";
import { back, place, settle } from "./margin.js";
import { markInstead } from "./marking.js";
import { say } from "./toasts.js";

const text = document.getElementById("text");
const list = document.getElementById("notes-list");
const sheet = document.getElementById("sheet");
const strip = document.getElementById("choosing");
const ANSWER = /\/highlights\/([a-z0-9]+)\/(?:accept|undo-move|words)\/$/;

const SAID = {
  accepted: _("Accepted. These are its words from now on."),
  undone: _("It is under “No longer in the text” now, with its former words."),
  chosen: _("Its words are these now."),
  stale: _("This changed meanwhile in another window, or with the article. This is how it stands now."),
};

let passage = null; // {id, url, version, colour, opener}: the one that other words are chosen for

/** The words that were marked, without what is around them. */
function wordsOf(home) {
  const exact = home.querySelector(".exact");
  const then = [...(home.querySelector(".diff")?.childNodes ?? [])].filter((node) => node.nodeName !== "INS");
  return exact ? exact.textContent : then.map((node) => node.textContent).join("");
}

function start(opener) {
  const home = opener.closest("[data-url][data-version]");
  const { h, lost, url, version } = home.dataset;
  const words = wordsOf(home).trim();
  passage = { id: lost ?? h, url, version, colour: opener.closest("[data-c]")?.dataset.c ?? "yellow", opener };
  strip.querySelector("b").textContent = words.length > 90 ? `${words.slice(0, 89)}…` : words;
  strip.querySelector("a").href = opener.href;
  if (sheet.open) sheet.close();
  strip.hidden = false;
  document.body.classList.add("is-choosing");
  getSelection().removeAllRanges();
  text.focus({ preventScroll: true });
  const { top, bottom } = text.getBoundingClientRect();
  if (bottom < 0 || top > innerHeight) text.scrollIntoView({ block: "start" });
}

function leave({ focus = true } = {}) {
  if (!passage) return;
  const { opener } = passage;
  passage = null;
  strip.hidden = true;
  document.body.classList.remove("is-choosing");
  if (focus && opener.isConnected) opener.focus({ preventScroll: true });
}

/** The note that a decision replaces; a passage without note and tags has none any more once it is decided. */
function replace(id) {
  const former = list.querySelector(`:scope > [data-former][data-h="${id}"]`);
  const writing = former?.querySelector("form[data-keeps]");
  if (writing && document.getElementById(`h-${id}`)) {
    former.querySelector(":scope > .changed")?.remove();
    writing.elements.version.value = document.getElementById(`h-${id}`).hash.slice("#v".length);
    delete former.dataset.former;
  } else if (!list.querySelector(`:scope > .note:last-child[data-h="${id}"]:not([data-former])`)) {
    former?.remove();
  }
  settle(id, { keepWriting: true });
  place();
}

function told(name, id) {
  if (sheet.open) sheet.close();
  leave({ focus: false });
  say(SAID[name]);
  const lost = document.querySelector(`[data-lost="${id}"] [data-choose]`);
  if (lost) lost.focus({ preventScroll: name !== "undone" });
  else back(id);
  if (name === "chosen") text.querySelector(`mark[data-first~="${id}"]`)?.scrollIntoView({ block: "nearest" });
}

if (list && sheet && strip) {
  document.addEventListener("htmx:beforeRequest", (event) => {
    const id = event.detail.pathInfo.requestPath.match(ANSWER)?.[1];
    if (id) list.querySelector(`:scope > [data-h="${id}"]`)?.setAttribute("data-former", "");
  });
  for (const name of Object.keys(SAID)) {
    // On the way down: the notes are in order before whoever decided goes on.
    document.addEventListener(name, (event) => replace(event.detail.id), { capture: true });
    document.addEventListener(name, (event) => told(name, event.detail.id));
  }
  document.addEventListener("toggle", (event) => event.target.closest?.(".notes") && place(), { capture: true });
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("a[data-choose]");
    if (opener) {
      event.preventDefault();
      start(opener);
    } else if (event.target.closest("#choosing [data-leave]")) {
      leave();
    }
  });
  document.addEventListener("words-selected", ({ detail: { range, quote } }) => {
    if (!passage) return;
    markInstead(range, quote, passage);
    leave({ focus: false });
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !passage) return;
    event.stopImmediatePropagation();
    leave();
  });
}
