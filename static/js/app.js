/** What every page has: toasts, menus, the session, and the keys that work everywhere. */

import "./session.js";
import "./toasts.js";
import { keys } from "./keys.js";

const help = async () => (await import("./help.js")).show();

keys({
  // To the search field; where a page has none, its link to search has this key.
  "/"() {
    const field = document.querySelector("input[type=search]");
    if (!field?.checkVisibility()) return false;
    field.focus();
    field.select();
  },
  "?": () => void help(),
  // Lists have it as a link; a page without one (the reader) has the panel.
  ","() {
    const panel = document.getElementById("type-panel");
    if (!panel?.togglePopover) return false;
    panel.togglePopover();
    panel.querySelector("input:checked")?.focus();
  },
});

document.addEventListener("click", (event) => {
  if (!event.target.closest("a[data-help]") || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  help();
});

// A filter takes effect when it is chosen; without script its form has a button.
document.addEventListener("change", (event) => {
  event.target.closest("form[data-at-once]")?.requestSubmit();
});

// Fields of tags mostly stand in forms that are opened: their script comes with the first one that is seen.
const tags = () => {
  const fields = [...document.querySelectorAll("input[data-tags]:not([type=hidden])")];
  if (fields.some((field) => field.checkVisibility())) import("./tags.js");
};
tags();
document.addEventListener("htmx:load", tags);
document.addEventListener("toggle", tags, { capture: true });

// Menus are <details>, so they open without script; with it, Escape and a click elsewhere close them.
const menus = () => document.querySelectorAll("details.menu[open]");

document.addEventListener("click", (event) => {
  for (const menu of menus()) {
    const inside = menu.contains(event.target);
    if (!inside || event.target.closest(".menu-panel :is(a, button)")) menu.open = false;
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = [...menus()].at(-1);
  if (!menu) return;
  event.stopImmediatePropagation();
  menu.open = false;
  menu.querySelector("summary").focus();
});
