/** Addresses that stand in a field beside a button: copied, or, where the browser allows no such thing, shown to be. */

import { _ } from "./i18n.js";
import { say } from "./toasts.js";

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const field = document.getElementById(button.dataset.copy);
  try {
    await navigator.clipboard.writeText(field.value);
    say(_("Address copied."));
  } catch {
    const menu = field.closest("details");
    if (menu) menu.open = true;
    field.focus();
    field.select();
    say(_("Copy the address from its field."));
  }
});
