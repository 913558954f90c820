/** Another colour for a passage that is marked already: one edit that leaves note and tags alone, and the way back. */

import { _ } from "./i18n.js";
import { holdFocus, open, placeSoon, settle } from "./margin.js";
import { DONE, hiddenForm } from "./marking.js";
import { say } from "./toasts.js";

const signIn = document.getElementById("sign-in-again");

export function recolour(id, colour) {
  const ref = document.getElementById(`h-${id}`);
  const former = ref?.dataset.c;
  if (!ref) return;
  if (former === colour) return say(_("These words are marked already."));
  const refocus = holdFocus(id);
  const form = hiddenForm(new URL(ref.href).pathname, { colour, version: ref.hash.slice("#v".length) });
  form.addEventListener("saved", (event) => {
    event.stopPropagation();
    form.remove();
    settle(id, { keepWriting: true });
    placeSoon();
    refocus();
    const undo = Object.assign(document.createElement("button"), { type: "button", textContent: _("Undo") });
    undo.dataset.undo = "";
    undo.addEventListener("click", () => recolour(id, former));
    say(DONE[colour], undo);
  });
  form.addEventListener("htmx:beforeSwap", ({ detail }) => {
    if (detail.xhr.status !== 409) return;
    form.remove();
    say(_("This passage was changed in another window. It is shown as it is there now."));
    open(id);
  });
  form.addEventListener("not-saved", ({ detail }) => {
    if (signIn?.open) return; // it goes out once there is a session
    form.remove();
    say(detail.told);
  });
  form.requestSubmit();
}
