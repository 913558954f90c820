/** Without a network: the worker that keeps pages, the strip that says so, and nothing of one account for another. */

import { _, ngettext } from "./i18n.js";
import { card, entries, flush, formOf, retry } from "./queue.js";
import { say } from "./toasts.js";

const { account, kept, reader } = document.body.dataset;
const strip = document.getElementById("offline");
const title = document.title;

// What comes back out of the browser's memory may be the page of somebody who has signed out since.
function leave() {
  document.documentElement.hidden = true;
  location.reload();
}
const gone = () => account && account !== (localStorage.getItem("account") ?? account);
const [arrival] = performance.getEntriesByType("navigation");
if (arrival?.type === "back_forward" && gone()) leave();
else if (account) localStorage.setItem("account", account);
addEventListener("pageshow", (event) => event.persisted && gone() && leave());
// In other windows: a session that ran out leaves what is being written there; who signs out takes it all along.
addEventListener("storage", ({ key, newValue, oldValue }) => {
  if (key === "account" && newValue && gone() && (newValue !== "visitor" || !oldValue)) leave();
});
// A form that the browser sends itself would leave the page for nothing: without a network it says why it can't.
let reached; // a form that may go: the server answers, whatever the browser says of the network
document.addEventListener("submit", async (event) => {
  const { target: form, submitter } = event;
  if (navigator.onLine || event.defaultPrevented || form.method !== "post" || form === reached) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  try {
    await fetch("/robots.txt", { method: "HEAD", cache: "no-store" });
    reached = form;
    form.requestSubmit(submitter);
  } catch {
    say(_("No connection. Nothing is lost: try again when you are back online."));
  }
});
document.addEventListener("submit", ({ target }) => {
  if (new URL(target.action).pathname === "/accounts/sign-out/") localStorage.setItem("account", "");
});

async function show() {
  const saved = navigator.onLine ? [] : await import("./kept.js").then(async ({ articles }) => (await articles())[1]).catch(() => []);
  const waiting = entries();
  const refused = waiting.filter((entry) => entry.refused && !formOf(entry.name));
  const [off, count, left] = [!navigator.onLine, saved.length, waiting.filter((entry) => !entry.refused).length];
  const words = [];
  if (off) words.push(_("You are offline."));
  if (off && count) words.push(ngettext("One saved article is readable.", "{count} saved articles are readable.", { count }));
  if (off && reader) words.push(_("Notes you write are kept and sent later."));
  if (kept) {
    const when = new Date(kept).toLocaleString(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
    words.push(_("This is the page as it was on {when}.", { when }));
  }
  if (left) words.push(ngettext("One note waits to be sent.", "{count} notes wait to be sent.", { count: left }));
  strip.querySelector("span").textContent = words.join(" ");
  strip.querySelector("button").hidden = off || !kept;
  strip.hidden = !words.length;
  document.title = off || kept ? _("(offline) {title}", { title }) : title;
  const cards = refused.map((entry) => {
    const form = card(entry);
    const link = Object.assign(document.createElement("a"), { className: "btn btn-quiet", href: entry.page });
    link.textContent = _("Go to its page");
    form.querySelector(".row-flex").append(link);
    form.addEventListener("submit", (event) => (event.preventDefault(), retry(entry.name)));
    return form;
  });
  document.getElementById("refused")?.replaceChildren(...cards);
}

if (strip) {
  strip.querySelector("button").addEventListener("click", () => location.reload());
  show();
  for (const change of ["online", "offline"]) addEventListener(change, show);
  document.addEventListener("waiting", show);
  addEventListener("online", flush);
  flush();
}

const register = () => navigator.serviceWorker?.register("/sw.js").catch(() => {}); // without one, only the network
if (document.readyState === "complete") register();
else addEventListener("load", () => setTimeout(register, 2_000));
