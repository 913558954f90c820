/** The library as a list: keys, several articles at once, filters in a sheet, and the place one left it at. */

import { _, ngettext } from "./i18n.js";
import { keys } from "./keys.js";

const list = document.getElementById("rows");
const form = document.getElementById("selected");
const sheet = () => document.getElementById("filters");
const rows = () => [...(list?.querySelectorAll(".row") ?? [])];
const title = (row) => row?.querySelector("h3 a");
const box = (row) => row.querySelector(".row-pick input");
const picked = () => rows().filter((row) => box(row)?.checked);
const here = () => document.activeElement?.closest?.("#rows .row") ?? null;

// Keys

/** To the row `step` further; from nowhere, to the first that is in the window. */
function move(step) {
  const all = rows();
  const at = all.indexOf(here());
  const seen = all.findIndex((row) => row.getBoundingClientRect().top > 0);
  const next = at < 0 ? all[Math.max(0, seen)] : all[at + step];
  if (next) title(next).focus();
  else if (step > 0) document.querySelector("[data-more]")?.focus();
  else if (at < 0) return false;
}

/** Presses a button for what is selected, else that of the row at hand. `name` and `value` as the buttons have them. */
function act(name, value) {
  if (form && picked().length) {
    const button = form.querySelector(`[name="${name}"][value="${value(picked()[0])}"]`);
    return button ? void button.click() : false;
  }
  const row = here();
  const button = row?.querySelector(`.row-actions [name="${name}"][value="${value(row)}"]`);
  if (!button) return false;
  button.click();
}

const opposite = (name) => (row) => row.querySelector(`[name="${name}"]:not([value="${row.dataset.state === "unread"}"])`)?.value;

if (list) {
  keys({
    j: () => move(1),
    k: () => move(-1),
    o: () => (here() ? void title(here()).click() : false),
    e: () => act("place", (row) => (row.dataset.place === "archive" ? "inbox" : "archive")),
    l: () => act("place", (row) => (row.dataset.place === "later" ? "inbox" : "later")),
    s: () => act("favourite", (row) => row.querySelector(".menu-panel [name=favourite]").value),
    m: () => act("unread", opposite("unread")),
    "#": () => act("removed", () => "true"),
    x: () => (here() && form ? void box(here()).click() : false),
  });
}

// Several at once

let last = null; // the box that a press with Shift goes on from

function tell() {
  const count = picked().length;
  document.getElementById("how-many").textContent = count ? _("{count} selected", { count }) : "";
  const all = form.querySelector(".select-all input");
  all.checked = count > 0 && count === rows().length;
  all.indeterminate = count > 0 && !all.checked;
}

if (form) {
  form.querySelector(".select-all").hidden = false;
  list.addEventListener("click", (event) => {
    const mine = event.target.closest?.(".row-pick input");
    if (!mine) return;
    const all = rows().map(box);
    if (event.shiftKey && last?.isConnected) {
      const [from, to] = [all.indexOf(last), all.indexOf(mine)].sort((a, b) => a - b);
      for (const one of all.slice(from, to + 1)) one.checked = mine.checked;
    }
    last = mine;
    tell();
  });
  form.querySelector(".select-all").addEventListener("change", (event) => {
    for (const row of rows()) box(row).checked = event.target.checked;
    tell();
  });
  document.getElementById("selecting")?.addEventListener("change", (event) => {
    if (!event.target.checked) for (const row of rows()) box(row).checked = false;
    tell();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented || !picked().length) return;
    for (const row of rows()) box(row).checked = false;
    tell();
  });
}

/** The last row is gone: the page says what now, and the way back that was just offered stays. */
async function cleared() {
  if (document.querySelector("[data-more]")) return location.reload();
  await htmx.ajax("GET", location.pathname + location.search, { target: "#main", select: "#main", swap: "outerHTML" });
  document.getElementById("main").focus();
}

// After an answer: the focus goes to the same row, or the one that took its place; a group without rows goes.

let following = []; // the row that had the focus and those behind it, by id
document.addEventListener("htmx:beforeSwap", () => {
  const row = here() ?? (form?.contains(document.activeElement) ? picked()[0] : null);
  following = row ? rows().slice(rows().indexOf(row)).map(({ id }) => id) : [];
});
document.addEventListener("htmx:afterSettle", () => {
  if (!list?.isConnected) return;
  for (const item of [...list.children].reverse()) {
    if (item.querySelector(".row")) continue;
    const next = item.nextElementSibling;
    if (!item.querySelector(".group-name") || !next || next.querySelector(".group-name")) item.remove();
  }
  if (form) tell();
  if (!rows().length) {
    list.remove();
    return void cleared();
  }
  if (!following.length || here()) return;
  const id = following.find((one) => document.getElementById(one));
  title(id ? document.getElementById(id) : rows().at(-1)).focus();
  following = [];
});

// More: as many rows may be gone from the list as are gone from the page, so the next ones begin where these end.

let restoring = false;
document.addEventListener("htmx:configRequest", ({ detail }) => {
  if (!detail.elt.matches("[data-more]")) return;
  const start = Number(list.dataset.start) + rows().length;
  detail.path = detail.path.replace(/([?&])page=\d+/, `$1start=${start}`);
});
document.addEventListener("htmx:afterSwap", ({ detail }) => {
  if (!detail.requestConfig?.elt.matches("[data-more]")) return;
  const start = Number(new URLSearchParams(detail.pathInfo.requestPath.split("?")[1]).get("start"));
  const added = rows().slice(start - Number(list.dataset.start));
  if (restoring) return;
  title(added[0])?.focus();
  document.getElementById("told").textContent = ngettext("One more article", "{count} more articles", { count: added.length });
});

// Filters

document.addEventListener("click", (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (event.target.closest("[data-filters]")) {
    event.preventDefault();
    sheet().close();
    sheet().showModal();
  } else if (event.target.closest("#filters [data-close]") || event.target === sheet()) {
    event.preventDefault();
    sheet().close();
  }
});
// Choices that say nothing stay out of the address.
document.addEventListener("submit", ({ target }) => {
  if (!target.closest("#filters")) return;
  for (const field of target.elements) if (field.name && (!field.value || (field.name === "sort" && field.value === "newest"))) field.disabled = true;
});

// Where one left: so many rows, so far down, that row. Kept for this window only.

const place = `library${location.search}`;
const kind = performance.getEntriesByType("navigation")[0]?.type;

addEventListener("pagehide", () => {
  sessionStorage.setItem(place, JSON.stringify({ count: rows().length, y: scrollY, row: here()?.id }));
});

/** Loads as many rows as there were, then goes where one was. */
function restore({ count, y, row }) {
  const more = document.querySelector("[data-more]");
  if (more && rows().length < count) {
    restoring = true;
    more.addEventListener("htmx:afterRequest", ({ detail }) => setTimeout(() => detail.successful && restore({ count, y, row })), { once: true });
    more.click();
    return;
  }
  restoring = false;
  title(document.getElementById(row))?.focus({ preventScroll: true });
  scrollTo(0, y);
}

const undone = sessionStorage.getItem("library-undone") === place;
sessionStorage.removeItem("library-undone");
document.addEventListener("submit", ({ target }) => {
  if (target.querySelector("[name=former]")) sessionStorage.setItem("library-undone", place);
});
const kept = sessionStorage.getItem(place);
if (list && kept && (undone || kind === "back_forward" || kind === "reload")) {
  history.scrollRestoration = "manual";
  addEventListener("load", () => restore(JSON.parse(kept)), { once: true });
}

// The browser kept the whole page: only the row that was opened may be another one by now.
addEventListener("pageshow", ({ persisted }) => {
  const row = here();
  if (!persisted || !row) return;
  const at = Number(list.dataset.start) + rows().indexOf(row);
  const address = new URL(location);
  if (at) address.searchParams.set("start", at);
  const swap = { target: `#${row.id}`, select: `#${row.id}`, swap: "outerHTML" };
  htmx.ajax("GET", address.pathname + address.search, swap);
});
