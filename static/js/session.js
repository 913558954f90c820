/** What goes wrong between the page and the server, in words. Nothing that was written is dropped. */

import { say } from "./toasts.js";

const dialog = document.getElementById("sign-in-again");
const waiting = new Set(); // forms to send again once there is a session
const retried = new WeakSet(); // forms that were refused although there is one

const WORDS = {
  0: "No connection. Nothing is lost: try again when you are back online.",
  403: "This page is older than your session. Reload it to go on.",
  404: "That is no longer there.",
  413: "That is more than the server takes at once.",
  429: "Too many tries. Wait a few minutes.",
};
const broken = "The server could not do that. Try again in a moment.";

/** The form behind a request that failed, if what it holds must not be lost. */
const kept = (element) => element.closest?.("form[data-keeps], form[data-pending]");

function failed(event) {
  const { elt: element, xhr } = event.detail;
  const form = kept(element);
  // 403: somebody signed in again in another window, and this page still has the token of before.
  const again = dialog && (xhr.status === 401 || (xhr.status === 403 && form && !retried.has(form)));
  if (again) {
    if (form) waiting.add(form);
    if (form && xhr.status === 403) retried.add(form);
    if (!dialog.open) dialog.showModal();
  }
  const words = again ? "Your session has ended. Sign in again to save this." : (WORDS[xhr.status] ?? broken);
  if (form) form.dispatchEvent(new CustomEvent("not-saved", { bubbles: true, detail: { words } }));
  else if (!again) say(words);
}

document.addEventListener("htmx:responseError", failed);
document.addEventListener("htmx:sendError", failed);
document.addEventListener("htmx:timeout", failed);

// Signed in again: the session has a new token, and what was waiting goes out under it.
function renew(signedIn) {
  if (signedIn.dataset.reader !== document.body.dataset.reader) {
    location.reload();
    return;
  }
  const token = signedIn.dataset.csrf;
  signedIn.remove();
  document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": token }));
  for (const field of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) field.value = token;
  dialog.close();
  for (const form of waiting) if (form.isConnected) form.requestSubmit();
  waiting.clear();
}

document.addEventListener("htmx:afterSwap", () => {
  const signedIn = dialog?.querySelector("#signed-in");
  if (signedIn) renew(signedIn);
});

for (const close of dialog?.querySelectorAll("[data-close]") ?? []) {
  close.addEventListener("click", () => dialog.close());
}

// A pressed control says that it is working once that takes longer than an eye blinks.
document.addEventListener("htmx:beforeRequest", (event) => {
  const control = event.detail.requestConfig.triggeringEvent?.submitter ?? event.detail.elt;
  const timer = setTimeout(() => control.setAttribute("aria-busy", "true"), 400);
  event.detail.xhr.addEventListener("loadend", () => {
    clearTimeout(timer);
    control.removeAttribute("aria-busy");
  });
});
