/** The notebook by keys, several passages at once, and notes edited where they stand. */

import { forget, keep, recall } from "./drafts.js";
import { _ } from "./i18n.js";
import { keys } from "./keys.js";
import { say } from "./toasts.js";

const passages = () => [...document.querySelectorAll(".passage")];
const here = () => document.activeElement?.closest(".passage");
const ticked = () => document.querySelectorAll("input[form=many]:checked");
const within = (selector) => (passage) => passage?.querySelector(selector) ?? false;

/** Focus goes to the passage `step` further on. */
function move(step) {
  const all = passages();
  const at = all.indexOf(here());
  const next = all[at < 0 ? (step > 0 ? 0 : all.length - 1) : at + step];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
  return next !== undefined;
}

function press(selector) {
  const control = within(selector)(here());
  if (!control) return false;
  control.click();
}

keys({
  j: () => move(1),
  k: () => move(-1),
  x: () => press("input[form=many]"),
  o: () => press("[data-open]"),
  n: () => press("[data-edit]"),
});

// Several at once

const boxes = () => [...document.querySelectorAll("input[form=many]")];
const many = document.getElementById("many");
let last = null; // the box that a press with Shift goes on from

function tell() {
  const number = ticked().length;
  many.querySelector("[data-count]").textContent = number ? _("{count} selected", { count: number }) : "";
  const all = many.querySelector(".select-all input");
  all.checked = number > 0 && number === boxes().length;
  all.indeterminate = number > 0 && !all.checked;
}

function tick(chosen, checked) {
  for (const one of chosen) one.checked = checked;
  tell();
}

if (many) {
  many.querySelector(".select-all").hidden = false;
  many.querySelector(".select-all").addEventListener("change", ({ target }) => tick(boxes(), target.checked));
  document.getElementById("selecting")?.addEventListener("change", ({ target }) => tick(target.checked ? [] : boxes(), false));
  many.addEventListener("reset", () => setTimeout(() => tick(boxes(), false)));
  document.addEventListener("click", ({ target, shiftKey }) => {
    if (!target.matches("input[form=many]")) return;
    const all = boxes();
    const range = [all.indexOf(shiftKey && last?.isConnected ? last : target), all.indexOf(target)].sort((a, b) => a - b);
    last = target;
    tick(all.slice(range[0], range[1] + 1), target.checked);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.defaultPrevented && ticked().length) tick(boxes(), false);
  });
  tell();
}

// After an answer: what was ticked still is, what became empty goes, and where a passage went with the focus, the next
// one gets it.
let following = [];
let chosen = new Set();
document.addEventListener("htmx:beforeSwap", () => {
  chosen = new Set([...ticked()].map(({ value }) => value));
  const from = here() ?? ticked()[0]?.closest(".passage");
  const all = passages();
  following = from ? [...all.slice(all.indexOf(from)), ...all.slice(0, all.indexOf(from)).reverse()].map(({ id }) => id) : [];
});
// Before it stands on the page: else what can be done to them would be gone for a moment, and the focus with it.
document.addEventListener("htmx:oobBeforeSwap", ({ detail: { fragment } }) => {
  const box = fragment.querySelector("input[form=many]");
  if (box) box.checked = chosen.has(box.value);
});
document.addEventListener("htmx:afterSettle", ({ detail }) => {
  for (const item of document.querySelectorAll("#books > section > ol > li:not(:has(.passage)), #books > section:not(:has(.passage))")) item.remove();
  if (document.getElementById("books")?.dataset.start && !passages().length) return location.reload();
  const form = detail.requestConfig?.elt;
  if (!many || !form || detail.xhr.status !== 200) return;
  if (form === many) {
    many.elements.tags.value = "";
    many.elements.tags.dispatchEvent(new Event("draft"));
  }
  tick(boxes().filter(({ value }) => chosen.has(value)), true);
  if (document.activeElement === document.body || !document.activeElement.checkVisibility()) {
    document.getElementById(following.find((id) => document.getElementById(id)))?.focus();
  }
});
// A passage that comes back to a place where there is none by now: the page is asked for again.
document.addEventListener("htmx:oobErrorNoTarget", () => location.reload());

// More: as many passages may be gone from the page as are gone from the notebook, so the next ones begin where these end.
document.addEventListener("htmx:configRequest", ({ detail }) => {
  if (!detail.elt.matches("[data-more]")) return;
  const start = Number(document.getElementById("books").dataset.start) + passages().length;
  detail.path = detail.path.replace(/([?&])page=\d+/, `$1start=${start}`);
});

// Edited where it stands: the form goes into the passage, and the passage comes back in its place.
function close(form) {
  const passage = form.closest(".passage");
  form.remove();
  passage.classList.remove("is-editing");
  passage.querySelector("[data-edit]")?.focus();
}

document.addEventListener("htmx:beforeRequest", (event) => {
  const form = event.target.closest("[data-edit]")?.closest(".passage").querySelector(".composer");
  if (!form) return;
  event.preventDefault(); // it is open already
  form.elements.note.focus();
});

document.addEventListener("htmx:load", ({ detail: { elt } }) => {
  if (elt.matches(".composer.here") && elt.closest(".passage")) {
    elt.closest(".passage").classList.add("is-editing");
    recall(elt);
    elt.elements.note.dispatchEvent(new Event("draft"));
    elt.elements.note.focus();
  }
});

document.addEventListener("htmx:afterSettle", ({ detail: { requestConfig, xhr } }) => {
  const form = requestConfig?.elt;
  if (xhr?.status !== 200 || !form?.matches("form.composer.here")) return;
  forget(form);
  document.querySelector(`#p-${form.dataset.keeps} [data-edit]`)?.focus();
  say(_("Saved."));
});

// What was refused: the form comes again in place of itself, not of its passage.
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const form = detail.requestConfig.elt;
  if (![409, 422].includes(detail.xhr.status) || !form.matches(".composer.here")) return;
  detail.target = form;
  detail.swapOverride = "outerHTML";
});

document.addEventListener("input", (event) => {
  const form = event.target.closest("form.here");
  if (form) keep(form);
});

document.addEventListener("not-saved", (event) => {
  const told = event.target.querySelector(".not-saved");
  if (!told) return;
  told.textContent = event.detail.told;
  told.hidden = false;
});

document.addEventListener("keydown", (event) => {
  const form = event.target.closest?.("form.here");
  if (!form || event.defaultPrevented) return;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    form.requestSubmit();
  } else if (event.key === "Escape") {
    event.preventDefault();
    event.stopImmediatePropagation();
    close(form);
  }
});

document.addEventListener("click", (event) => {
  const cancel = event.target.closest("a[data-cancel]");
  const form = cancel?.closest("form.here");
  if (!form) return;
  event.preventDefault();
  forget(form);
  close(form);
});

// In its sheet the filter waits for its button; in a line each choice takes effect at once.
const filters = document.getElementById("filters");
filters?.addEventListener("toggle", (event) => filters.toggleAttribute("data-at-once", event.newState !== "open"));
