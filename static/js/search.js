/** The search page: answers while one types. What is done with them is in results.js.

    What is found for the newest words is shown, never what comes late for older ones. The address is always the search
    that is shown; the history gets an entry for each rest of whoever types, not for each letter. */

import { _ } from "./i18n.js";
import { back, focusOn, remember, titles } from "./results.js";
import { say } from "./toasts.js";

const PAUSE = 150; // ms without a letter, then it is asked
const REST = 1_500; // ms without a letter, then the next one begins a new entry of the history
const SAID = 900; // ms without a letter, then a screen reader is told
const PATIENCE = 8_000;

const form = document.getElementById("search");
const box = form.elements.q;
const failure = document.getElementById("not-searched");
const answer = () => document.getElementById("answer");

/** The search that the form stands for, as the part of an address behind its path. */
function wanted() {
  const { q, kind } = form.elements;
  const asked = new URLSearchParams();
  if (q.value.trim()) asked.set("q", q.value.trim());
  if (q.value.trim() && !kind.disabled) asked.set("kind", kind.value);
  return asked.size ? `?${asked}` : "";
}

/** The same of an address, without what only says how far one has read on. */
function searchOf(address) {
  const { searchParams } = new URL(address, location);
  const asked = new URLSearchParams();
  for (const name of ["q", "kind"]) if (searchParams.get(name)?.trim()) asked.set(name, searchParams.get(name).trim());
  return asked.size ? `?${asked}` : "";
}

function fill(search) {
  const asked = new URLSearchParams(search);
  const { q, kind } = form.elements;
  if (q.value.trim() !== (asked.get("q") ?? "")) q.value = asked.get("q") ?? "";
  kind.value = asked.get("kind") ?? "all";
  kind.disabled = !asked.get("kind");
}

// The history

let fresh = false; // the newest entry is still being written: the next answer takes its place
let rest;

export const settle = () => void (clearTimeout(rest), (fresh = false));

function note(search) {
  if (!fresh) remember({ y: scrollY });
  history[fresh ? "replaceState" : "pushState"]({ search: true }, "", form.action + search);
  fresh = true;
  clearTimeout(rest);
  rest = setTimeout(settle, REST);
}

// Asking

let shown = searchOf(location);
let asking; // what is on its way, and what to do once it is shown
let failed = null; // what had no answer

function busy(is) {
  answer().setAttribute("aria-busy", is);
  form.classList.toggle("is-busy", is);
}

/** Asks for a search and shows its answer, unless another one was asked for meanwhile. */
async function ask(search, { entry = true, then } = {}) {
  asking?.abort();
  const mine = (asking = Object.assign(new AbortController(), { shown: then }));
  failed = null;
  busy(true);
  const long = setTimeout(() => say(_("Still trying.")), PATIENCE);
  mine.signal.addEventListener("abort", () => clearTimeout(long));
  let page;
  let status = 0;
  try {
    const response = await fetch(form.dataset.found + search, { signal: mine.signal });
    if (response.redirected) return void location.assign(form.action + search); // the way to sign in
    status = response.status;
    page = response.ok ? await response.text() : null;
  } catch {
    page = null;
  }
  clearTimeout(long);
  if (asking !== mine) return;
  asking = undefined;
  busy(false);
  if (page === null) return fail(search, status);
  failure.replaceChildren();
  shown = search;
  if (entry) note(search);
  window.htmx.swap(answer(), page, { swapStyle: "outerHTML", swapDelay: 0, settleDelay: 0 }, { select: "#answer" });
  tell();
  mine.shown?.();
}

const WORDS = {
  0: _("No connection. What you typed stays; it is searched for once you are back online."),
  429: _("Too many tries. Wait a few minutes."),
  503: _("The library is busy just now. Try again in a moment."),
};

function fail(search, status) {
  failed = search;
  const words = Object.assign(document.createElement("p"), { className: "error-text", textContent: WORDS[status] ?? _("The server could not do that. Try again in a moment.") });
  const again = Object.assign(document.createElement("button"), { type: "button", className: "btn", textContent: _("Try again") });
  again.addEventListener("click", () => ask(wanted()));
  failure.replaceChildren(words, again);
}
addEventListener("online", () => failed !== null && ask(wanted()));

let telling;
function tell() {
  clearTimeout(telling);
  telling = setTimeout(() => (document.getElementById("said").textContent = answer().dataset.said), SAID);
}

/** Asks for what the form says now, if that is not what is shown or on its way. */
let waiting;
let coming = "";
function look(options) {
  clearTimeout(waiting);
  const search = wanted();
  if (search === shown) return stay();
  if (asking && search === coming) return void (asking.shown = options?.then ?? asking.shown);
  coming = search;
  ask(search, options);
}

/** What is shown is what is wanted again: nothing is on its way, and nothing has failed. */
function stay() {
  asking?.abort();
  asking = undefined;
  failed = null;
  busy(false);
  failure.replaceChildren();
}

// Typing

box.addEventListener("input", (event) => {
  clearTimeout(waiting);
  clearTimeout(rest); // who types does not rest
  if (fresh) rest = setTimeout(settle, REST);
  clearTimeout(telling);
  if (!event.isComposing) waiting = setTimeout(look, PAUSE);
});
box.addEventListener("compositionend", () => {
  clearTimeout(waiting);
  waiting = setTimeout(look, PAUSE);
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  look({ then: settle });
  if (!asking) settle();
  if (matchMedia("(pointer: coarse)").matches) box.blur(); // the keyboard gives way to the results
});

// Links that ask differently

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[data-again]");
  if (!link || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  again(link.href, link.closest(".menu")?.querySelector("summary").id);
});

/** Another search of one's own choice: an entry of the history for itself. Its link may be gone then, and so may the focus:
    it goes to what has the id `from`, else to the results. */
function again(address, from) {
  settle();
  const search = searchOf(address);
  fill(search);
  coming = search;
  ask(search, {
    then() {
      settle();
      if (document.activeElement === document.body) document.getElementById(from || "main").focus({ preventScroll: true });
      if (answer().getBoundingClientRect().top < 0) answer().scrollIntoView();
    },
  });
}

addEventListener("popstate", () => {
  const search = searchOf(location);
  settle();
  if (search === shown && !asking) return;
  clearTimeout(waiting);
  fill(search);
  const { y, at } = history.state ?? {};
  coming = search;
  ask(search, { entry: false, then: () => back(y, at) });
});

box.addEventListener("keydown", (event) => {
  // An open list of suggestions has these keys first.
  if (event.defaultPrevented || event.isComposing || box.getAttribute("aria-expanded") === "true") return;
  if (event.key === "ArrowDown" && titles().length && !event.altKey && !event.shiftKey) {
    event.preventDefault();
    focusOn(titles()[0]);
  } else if (event.key === "Escape" && box.value) {
    event.preventDefault();
    box.value = "";
    box.dispatchEvent(new Event("input", { bubbles: true }));
  }
});

// A browser may fill in what was typed before the page was left; the address says what is shown.
addEventListener("pageshow", () => fill(searchOf(location)));
