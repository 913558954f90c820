/** Password fields that can be looked at. Pages work without it. */

import { _ } from "./i18n.js";

for (const field of document.querySelectorAll('input[type="password"][autocomplete="new-password"]')) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "link-btn";
  const label = () => {
    const shown = field.type === "text";
    button.textContent = shown ? _("Hide the password") : _("Show the password");
  };
  button.addEventListener("click", () => {
    field.type = field.type === "text" ? "password" : "text";
    label();
  });
  // A browser offers to save what was a password when the form leaves.
  field.form?.addEventListener("submit", () => { field.type = "password"; });
  label();
  field.after(button);
}
