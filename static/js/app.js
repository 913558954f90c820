/** What every page has: toasts, menus, the session, tag fields, and the key that goes to search. */

import "./session.js";
import "./toasts.js";
import "./menus.js";
import "./tags.js";
import { typing } from "./keys.js";

document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || typing(event)) return;
  const field = document.querySelector("input[type=search]");
  if (!field) return;
  event.preventDefault();
  field.focus();
  field.select();
});

// A filter takes effect when it is chosen; without script its form has a button.
document.addEventListener("change", (event) => {
  event.target.closest("form[data-at-once]")?.requestSubmit();
});
