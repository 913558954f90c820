/** The service worker: the shell and the pages last read, for when there is no network.
 *
 * Pages are kept for one account at a time, in the one cache `pages/<account>`; the server says in X-Account whose a page
 * is. A page of somebody else empties it, and so does every form sent to /accounts/: to sign out or in begins anew.
 * Nothing is kept of POSTs, of the desk, or of the pages of accounts.
 */

const { version, files, static: STATIC, offline: OFFLINE } = self.SHELL;
const SHELL = `shell/${version}`;
const PAGES = "pages/";
const PATIENCE = 4_000; // ms that the network gets where there is a copy
const HASHED = /\.[0-9a-f]{12}\./; // such a name never has other contents
// What is kept, and how many of each: the newest.
const KEPT = [
  [/^\/articles\/[^/]+\/$/, 50],
  [/^\/highlights\/[^/]+\/$/, 50], // the form of a note that was opened
  [/^\/(notebook\/)?$/, 10],
];

const kindOf = ({ pathname }) => KEPT.find(([pattern]) => pattern.test(pathname));
const nameOf = (url) => (/^\/(articles|highlights)\//.test(url.pathname) ? url.pathname : url.pathname + url.search);

let work = Promise.resolve(); // what changes the pages that are kept: one after the other
let asked = 0; // grows with each change of account: what was asked for before it is kept no more
let whose; // the account of the newest page

const inTurn = (task) => (work = work.then(task, task));
const pagesNow = async () => (await caches.keys()).find((name) => name.startsWith(PAGES));

async function forget(but) {
  for (const name of await caches.keys()) if (name.startsWith(PAGES) && name !== but) await caches.delete(name);
}

async function install() {
  const shell = await caches.open(SHELL);
  await shell.addAll(files);
  await shell.put(OFFLINE, await fetch(OFFLINE, { credentials: "omit", cache: "no-store" }));
  await self.skipWaiting();
}

async function activate() {
  // The shell before this one stays: the pages that are kept were made for it.
  const shells = (await caches.keys()).filter((name) => name.startsWith("shell/") && name !== SHELL);
  for (const name of shells.slice(0, -1)) await caches.delete(name);
  await self.clients.claim();
  // The pages that are open came without this worker.
  for (const { url } of await self.clients.matchAll({ type: "window" })) {
    const page = new URL(url);
    const [then, response] = [asked, kindOf(page) && (await fetch(page, { cache: "no-store" }).catch(() => null))];
    if (response?.ok) await inTurn(() => keep(page, response, then));
  }
}

/** Keeps a page that has come, where nobody else has come meanwhile. */
async function keep(url, response, then) {
  const account = response.headers.get("X-Account");
  if (!account || then !== asked) return;
  if (account !== whose) asked += 1;
  whose = account;
  await forget(PAGES + account);
  const kind = kindOf(url);
  // A picture that was shown once is not shown by the copy, which nobody has asked for it.
  // Nor is what is still on its way, which is another page soon.
  const brief = response.headers.get("Cache-Control")?.includes("no-store");
  if (!kind || url.searchParams.has("picture") || brief) return;
  const pages = await caches.open(PAGES + account);
  const headers = new Headers(response.headers);
  headers.set("X-Kept", new Date().toISOString());
  await pages.delete(nameOf(url)); // the newest stands last
  await pages.put(nameOf(url), new Response(await response.blob(), { headers }));
  const alike = (await pages.keys()).filter((request) => kind[0].test(new URL(request.url).pathname));
  for (const old of alike.slice(0, -kind[1])) await pages.delete(old);
}

/** The copy of a page, if there is one and it is of the account that is here. */
async function copy(url) {
  await work;
  const name = await pagesNow();
  const found = name && kindOf(url) && (await (await caches.open(name)).match(nameOf(url)));
  if (!found || PAGES + found.headers.get("X-Account") !== name) return undefined;
  const page = (await found.text()).replace("<body", `<body data-kept="${found.headers.get("X-Kept")}"`);
  return new Response(page, { headers: found.headers });
}

async function online(event, url) {
  const then = asked;
  const response = await fetch(event.request, { cache: "no-store" });
  if (response.ok) {
    const twin = response.clone();
    event.waitUntil(inTurn(() => keep(url, twin, then)));
  }
  return response;
}

/** The network first; a copy where it fails, or takes too long. */
async function page(event, url) {
  const network = online(event, url);
  const late = new Promise((wake) => setTimeout(wake, PATIENCE)).then(() => copy(url)).then((found) => found ?? network);
  event.waitUntil(late.catch(() => {}));
  try {
    const response = await Promise.race([network, late]);
    // A server that is not there, behind a proxy that is.
    return response.status >= 502 && response.status <= 504 ? ((await copy(url)) ?? response) : response;
  } catch (error) {
    const found = await copy(url);
    if (found) return found;
    if (event.request.mode !== "navigate") throw error;
    return (await caches.match(OFFLINE)) ?? Response.error();
  }
}

/** A file: from the shell where its name says what is in it, else from the network first. */
async function file(request) {
  const known = await caches.match(request, { ignoreVary: true });
  if (known && HASHED.test(request.url)) return known;
  try {
    const response = await fetch(request);
    if (response.status === 200) await (await caches.open(SHELL)).put(request, response.clone());
    return response;
  } catch (error) {
    if (known) return known;
    throw error;
  }
}

addEventListener("install", (event) => event.waitUntil(install()));
addEventListener("activate", (event) => event.waitUntil(activate()));
addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== location.origin) return;
  const inPlace = request.headers.has("HX-Request");
  if (request.method !== "GET") {
    if (url.pathname.startsWith("/accounts/") && !url.pathname.endsWith("/preferences/")) {
      asked += 1;
      whose = undefined;
      event.waitUntil(inTurn(() => forget()));
    } else if (url.pathname.startsWith("/highlights/")) {
      // What is kept of its form is old now.
      const form = url.pathname.split("/").slice(0, 3).join("/") + "/";
      event.waitUntil(inTurn(async () => {
        const name = await pagesNow();
        if (name) await (await caches.open(name)).delete(form);
      }));
    }
  } else if (url.pathname.startsWith(STATIC)) {
    event.respondWith(file(request));
  } else if (request.mode === "navigate" || (inPlace && url.pathname.startsWith("/highlights/"))) {
    event.respondWith(page(event, url));
  }
});
