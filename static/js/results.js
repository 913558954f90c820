/** What a search has found: results by keyboard, more of them, and the way back to the one that was opened. */

import { ngettext } from "./i18n.js";
import { keys } from "./keys.js";
import { settle } from "./search.js";

const box = document.getElementById("q");

/** Puts something into the history's entry of this search. */
export const remember = (more) => history.replaceState({ ...history.state, ...more }, "");

export const titles = () => [...document.querySelectorAll("#results h2[id]")].map((title) => title.querySelector("a") ?? title);
const here = () => titles().indexOf(document.activeElement.closest?.("#results article")?.querySelector("h2 a, h2[tabindex]"));

function move(by) {
  const all = titles();
  const at = here();
  const more = document.querySelector("[data-more]");
  if (!all.length) return false;
  let next = at + by;
  if (document.activeElement === more && more) next = by < 0 ? all.length - 1 : all.length;
  else if (at < 0) next = Math.max(0, all.findIndex((title) => title.getBoundingClientRect().bottom > 0));
  if (next < 0) return toBox();
  if (all[next]) focusOn(all[next]);
  else if (document.activeElement !== more) more?.focus();
}

export function focusOn(title) {
  title.focus({ preventScroll: true });
  title.closest("article").scrollIntoView({ block: "nearest" });
}

function toBox() {
  box.focus();
  box.scrollIntoView({ block: "nearest" });
}

const inside = () => document.activeElement.closest?.("#results") != null;
keys({
  j: () => move(1),
  k: () => move(-1),
  o: () => (here() < 0 ? false : void titles()[here()].click()),
  ArrowDown: () => (inside() ? move(1) : false),
  ArrowUp: () => (inside() ? move(-1) : false),
  Escape: () => (inside() || document.activeElement === document.body ? toBox() : false),
});

// More

document.addEventListener("htmx:afterSwap", ({ detail }) => {
  const more = detail.requestConfig?.elt;
  if (!more?.matches?.("[data-more]") || !more.dataset.shown) return;
  const all = titles();
  const before = Number(more.dataset.shown);
  more.dataset.shown = ""; // said once, though each new row says that it has come
  const rows = Math.ceil(all.length / 20) * 20;
  const address = new URL(location);
  address.searchParams.set("rows", rows); // whoever comes back finds as many
  history.replaceState(history.state, "", address);
  settle();
  if (restoring) return;
  if (all[before]) focusOn(all[before]);
  const count = all.length - before;
  document.getElementById("said").textContent = ngettext("One more result", "{count} more results", { count });
});
document.addEventListener("htmx:beforeRequest", ({ detail }) => {
  if (detail.elt.matches("[data-more]")) detail.elt.dataset.shown = titles().length;
});

// Back: to the result that was opened, as far down as one was.

let restoring = false;

document.addEventListener("click", (event) => {
  const title = event.target.closest?.("#results h2 a");
  if (title) remember({ at: title.parentElement.id });
});
addEventListener("pagehide", () => remember({ y: scrollY, count: titles().length }));

export function back(y, at) {
  document.getElementById(at)?.querySelector("a")?.focus({ preventScroll: true });
  if (y !== undefined) scrollTo(0, y);
}

/** As many results as there were, where an address can't ask for so many at once. */
function restore({ count = 0, y, at }) {
  const more = document.querySelector("[data-more]");
  restoring = Boolean(more) && titles().length < count;
  if (!restoring) return back(y, at);
  more.addEventListener("htmx:afterRequest", ({ detail }) => setTimeout(() => detail.successful && restore({ count, y, at })), { once: true });
  more.click();
}

const kind = performance.getEntriesByType("navigation")[0]?.type;
if (kind === "back_forward" && history.state) {
  history.scrollRestoration = "manual";
  addEventListener("load", () => restore(history.state), { once: true });
}
