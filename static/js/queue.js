/** What was written without a network: it waits in this browser under its account's name, and is sent once.

    A passage has its key, an edit the version that it was made on: what arrives twice changes nothing the second time. */

import { tell } from "./card.js";
import { forget } from "./drafts.js";
import { _, ngettext } from "./i18n.js";
import { say } from "./toasts.js";

export const WAITING = _("Waiting to send. It goes out when you are back online.");
const FINAL = [400, 404, 409, 413, 422]; // what another try would not change
const { account } = document.body.dataset;
const prefix = `waiting/${account}/`;
const shelf = document.getElementById("unsaved");

/** What a form waits as; nothing for one that can't. */
const nameOf = (form) => form?.elements?.key?.value || (form?.dataset?.keeps && new URL(form.action).pathname);
const entryOf = (name) => JSON.parse((name && localStorage.getItem(prefix + name)) || "null");
export const formOf = (name) => [...document.forms].find((form) => nameOf(form) === name && form.hasAttribute("hx-post"));

/** All that waits here, the oldest first. */
export function entries() {
  const names = Object.keys(localStorage).filter((key) => account && key.startsWith(prefix));
  return names.map((key) => entryOf(key.slice(prefix.length))).sort((one, other) => one.at - other.at);
}

function write(entry) {
  localStorage.setItem(prefix + entry.name, JSON.stringify(entry));
  document.dispatchEvent(new Event("waiting"));
}

function drop(name) {
  if (!entryOf(name)) return;
  localStorage.removeItem(prefix + name);
  document.dispatchEvent(new Event("waiting"));
}

/** Lets a form wait for the network; false for one that can't. */
export function put(form) {
  const name = nameOf(form);
  if (!name) return false;
  const fields = [...new FormData(form)].filter(([field]) => field !== "csrfmiddlewaretoken");
  const words = form.elements.exact?.value ?? form.querySelector(".quote p")?.textContent ?? "";
  const [action, page] = [new URL(form.action).pathname, location.pathname];
  write({ name, action, page, fields, words, keeps: form.dataset.keeps, at: Date.now() });
  return true;
}

/** A form of what waits: a card that says so, or why it was refused. */
export function card({ name, action, fields, keeps, words, refused }) {
  const form = Object.assign(document.createElement("form"), { method: "post", action });
  if (keeps) form.dataset.keeps = keeps;
  else form.dataset.pending = "";
  form.dataset.name = name;
  for (const [field, value] of fields) {
    form.append(Object.assign(document.createElement("input"), { type: "hidden", name: field, value }));
  }
  tell(form, words, form.elements.colour.value, refused ?? WAITING, !refused);
  return form;
}

/** Who is signed in now: the token to send with, if it is still the one whose page this is. */
async function token() {
  const body = document.getElementById("sign-in-body");
  if (!body) return null;
  const answer = await fetch(body.getAttribute("hx-get"), { headers: { "HX-Request": "true" }, cache: "no-store" });
  if (answer.headers.get("X-Account") !== account) return null;
  return (await answer.text()).match(/data-csrf="(\w+)"/)?.[1] ?? null;
}

async function reason(answer) {
  if (answer.status === 404) return _("The article or the passage is no longer there.");
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return page.querySelector(".error-text")?.textContent.trim() || _("The server does not take it.");
}

/** Sends one; true once it has arrived, false when it never will, nothing where another try makes sense. */
async function send(entry, token) {
  const headers = { "X-CSRFToken": token, "HX-Request": "true" };
  const answer = await fetch(entry.action, { method: "POST", headers, body: new URLSearchParams(entry.fields) });
  if (answer.ok) {
    drop(entry.name);
    forget({ dataset: entry });
    return true;
  }
  if (!FINAL.includes(answer.status)) return undefined;
  write({ ...entry, refused: `${_("Not saved.")} ${await reason(answer)}` });
  return false;
}

async function sendAll() {
  const now = await token();
  if (!now) return;
  document.dispatchEvent(new CustomEvent("token", { detail: now }));
  let sent = 0;
  for (const entry of entries().filter(({ refused }) => !refused)) {
    const form = formOf(entry.name);
    if (form?.querySelector("textarea:focus") && !form.dataset.keeps) continue; // somebody is writing the note
    if (form) form.requestSubmit(); // its answer changes the page
    else if (await send(entry, now)) sent += 1;
  }
  if (sent) say(ngettext("What you wrote offline is saved.", "{count} notes written offline are saved.", { count: sent }));
}

/** Sends what waits. Of several windows one does it. */
export async function flush() {
  if (!navigator.onLine || !entries().some(({ refused }) => !refused)) return;
  const once = (lock) => lock && sendAll().catch(() => {}); // the network is gone again: it waits on
  await (navigator.locks ? navigator.locks.request(prefix, { ifAvailable: true }, once) : once(true));
}

/** A refused one is tried again when its reader says so. */
export function retry(name) {
  const { refused, ...entry } = entryOf(name);
  write(entry);
  return flush();
}

document.addEventListener("htmx:afterRequest", ({ detail: { elt, xhr } }) => {
  const entry = entryOf(nameOf(elt));
  if (!entry) return;
  if (xhr.status >= 200 && xhr.status < 300) drop(entry.name);
  else if (FINAL.includes(xhr.status)) write({ ...entry, refused: _("Not saved. The server did not take it.") });
});
document.addEventListener("discard", ({ target }) => drop(target.dataset.name ?? nameOf(target)));
// A note on a card waits with its passage; one that is written on in its own form waits to be saved again.
document.addEventListener("input", ({ target }) => {
  const form = target.closest("form");
  if (form?.matches("[data-waiting]")) return put(form);
  if (!form?.dataset.keeps || !entryOf(nameOf(form))) return undefined;
  drop(nameOf(form));
  form.querySelector(".not-saved").hidden = true;
  return undefined;
});
document.addEventListener("focusout", ({ target }) => target.closest("[data-waiting]") && flush());

for (const entry of shelf ? entries().filter(({ page }) => page === location.pathname) : []) {
  const form = card(entry);
  for (const [name, value] of [["hx-post", entry.action], ["hx-target", "this"], ["hx-swap", "outerHTML"]]) form.setAttribute(name, value);
  form.addEventListener("not-saved", ({ detail }) => tell(form, entry.words, form.elements.colour.value, detail.told, detail.waiting));
  shelf.append(form);
  window.htmx.process(form);
}
for (const answer of ["highlighted", "saved"]) shelf?.addEventListener(answer, ({ target }) => target.closest("form")?.remove());
