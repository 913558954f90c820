/** What goes wrong between the page and the server, in words. Nothing that was written is dropped. */

import "./offline.js";
import { _ } from "./i18n.js";
import { put, WAITING } from "./queue.js";
import { say } from "./toasts.js";

const dialog = document.getElementById("sign-in-again");
const waiting = new Set(); // forms to send again once there is a session
const retried = new WeakSet(); // forms that were refused although there is one

const WORDS = {
  0: _("No connection. Nothing is lost: try again when you are back online."),
  403: _("This page is older than your session. Reload it to go on."),
  404: _("That is no longer there."),
  413: _("That is more than the server takes at once."),
  429: _("Too many tries. Wait a few minutes."),
  503: _("The library is busy just now. Try again in a moment."),
};
const broken = _("The server could not do that. Try again in a moment.");

/** The form behind a request that failed, if what it holds must not be lost. */
const kept = (element) => element.closest?.("form[data-keeps], form[data-pending]");

function failed(event) {
  const { elt: element, xhr } = event.detail;
  if (element.matches?.("[data-quiet]")) return; // nobody asked for it just now
  const form = kept(element);
  // 403: somebody signed in again in another window, and this page still has the token of before.
  const again = dialog && (xhr.status === 401 || (xhr.status === 403 && form && !retried.has(form)));
  if (again) {
    if (form) waiting.add(form);
    if (form && xhr.status === 403) retried.add(form);
    if (!dialog.open) dialog.showModal();
  }
  const words = again ? _("Your session has ended. Sign in again to save this.") : (WORDS[xhr.status] ?? broken);
  const wait = form === element && xhr.status === 0 && put(form);
  const detail = { words, waiting: wait, told: wait ? WAITING : `${_("Not saved.")} ${words}` };
  form?.querySelector(".not-saved")?.classList.toggle("error-text", !wait);
  if (form) form.dispatchEvent(new CustomEvent("not-saved", { bubbles: true, detail }));
  else if (!again) say(words);
}

document.addEventListener("htmx:responseError", failed);
document.addEventListener("htmx:sendError", failed);
document.addEventListener("htmx:timeout", failed);

/** What is sent from now on is sent under this token. */
function take(token) {
  document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": token }));
  for (const field of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) field.value = token;
}
document.addEventListener("token", ({ detail }) => take(detail));

// Signed in again: the session has a new token, and what was waiting goes out under it.
function renew(signedIn) {
  if (signedIn.dataset.reader !== document.body.dataset.reader) {
    location.reload();
    return;
  }
  take(signedIn.dataset.csrf);
  signedIn.remove();
  dialog.close();
  for (const form of waiting) if (form.isConnected) form.requestSubmit();
  waiting.clear();
}

document.addEventListener("htmx:afterSwap", () => {
  const signedIn = dialog?.querySelector("#signed-in");
  if (signedIn) renew(signedIn);
});

// "Too many attempts" has to be read where the form stands: behind an open dialog no message can be reached.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr, target } = event.detail;
  if (target?.id === "sign-in-body" && xhr.status === 429) {
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  }
});

for (const close of dialog?.querySelectorAll("[data-close]") ?? []) {
  close.addEventListener("click", () => dialog.close());
}

// A pressed control says that it is working once that takes longer than an eye blinks, and words do when it takes long.
document.addEventListener("htmx:beforeRequest", (event) => {
  const { elt, requestConfig } = event.detail;
  if (elt.matches("[data-quiet]")) return;
  const control = requestConfig.triggeringEvent?.submitter ?? elt.querySelector?.(":scope:is(form) .btn-primary") ?? elt;
  let told;
  const busy = setTimeout(() => control.setAttribute("aria-busy", "true"), 400);
  const long = setTimeout(() => (told = say(_("Still trying."))), 8_000);
  event.detail.xhr.addEventListener("loadend", () => {
    clearTimeout(busy);
    clearTimeout(long);
    control.removeAttribute("aria-busy");
    told?.remove();
  });
});
