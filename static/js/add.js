/** Adding to the shelf: the page that the bookmarklet hands over, and files that go one by one and say how far. */

import { _ } from "./i18n.js";
import { say } from "./toasts.js";

const size = (bytes) => {
  const [unit, number] = bytes < 1e6 ? ["kilobyte", bytes / 1e3] : ["megabyte", bytes / 1e6];
  const rounded = Math.max(number < 10 ? Number(number.toFixed(1)) : Math.round(number), 0.1);
  return rounded.toLocaleString(document.documentElement.lang || "en", { style: "unit", unit });
};

// The list of what was saved last begins with the first row.
new MutationObserver(() => {
  const list = document.getElementById("added");
  list.closest("section").hidden = !list.children.length;
}).observe(document.getElementById("added"), { childList: true });

// What is saved again stands in the list once: where it is newest.
document.addEventListener("htmx:oobAfterSwap", ({ detail }) => {
  if (detail.target.id !== "added") return;
  const seen = new Set();
  for (const row of detail.target.querySelectorAll(".row")) {
    if (seen.has(row.id)) row.closest("li").remove();
    seen.add(row.id);
  }
});

document.addEventListener("htmx:afterSettle", ({ detail }) => {
  if (detail.target?.id === "add-address" && !detail.xhr?.status.toString().startsWith("4")) document.getElementById("url")?.focus();
});

// Handed over. Only the window that opened this one is asked, only at the site of the address that came along, and only
// its answer is taken: as the text of a field that its reader sends or doesn't.

const box = document.getElementById("handed");
const origin = (address) => {
  try {
    return new URL(address).origin;
  } catch {
    return "null";
  }
};

if (box && window.opener) {
  const from = origin(document.getElementById("url").value);
  const field = box.querySelector("textarea");
  const ticked = box.querySelector("input");
  let html = "";
  addEventListener("message", ({ source, origin: sender, data }) => {
    if (source !== window.opener || sender !== from || data?.newsreader !== 1 || typeof data.html !== "string") return;
    const bytes = new Blob([data.html]).size;
    if (!bytes || html) return;
    if (bytes > Number(box.dataset.most)) {
      say(_("The page is too large to be handed over: its address alone is saved."));
      return;
    }
    html = data.html;
    if (origin(data.url) === from) document.getElementById("url").value = data.url;
    field.value = html;
    box.querySelector("[data-size]").textContent = `(${size(bytes)})`;
    box.hidden = false;
  });
  ticked.addEventListener("change", () => (field.value = ticked.checked ? html : ""));
  if (from !== "null") window.opener.postMessage("newsreader:ready", from);
}

document.getElementById("bookmarklet").addEventListener("click", (event) => {
  event.preventDefault();
  document.getElementById("bookmarklet-hint").textContent = _("Drag it to the bookmarks bar: pressed here it does nothing.");
});
document.getElementById("bookmarklet-code").addEventListener("focus", (event) => event.target.select());

// Files

const form = document.getElementById("add-files");
const chosen = form.querySelector("input[type=file]");
const list = document.getElementById("sent");
const drop = form.querySelector(".drop");
let turn = Promise.resolve();

form.querySelector(".add-acts").hidden = true; // what is chosen or dropped goes at once

function line(name) {
  const item = document.createElement("li");
  const words = Object.assign(document.createElement("span"), { className: "going" });
  const bar = Object.assign(document.createElement("progress"), { max: 1, value: 0 });
  words.append(Object.assign(document.createElement("bdi"), { className: "name", textContent: name }), bar);
  bar.setAttribute("aria-label", name);
  item.append(words);
  list.prepend(item);
  return [item, bar];
}

function refuse(item, name, why) {
  item.className = "not-taken";
  item.replaceChildren(Object.assign(document.createElement("bdi"), { className: "name", textContent: name }), ` ${why}`);
}

/** Sends one file; its line in the list is its progress, then what became of it. */
function send(file, [item, bar]) {
  if (file.size > Number(form.dataset.most)) return refuse(item, file.name, form.dataset.tooLarge);
  const body = new FormData();
  body.append("sent", file);
  const request = new XMLHttpRequest();
  request.upload.addEventListener("progress", ({ loaded, total }) => {
    if (loaded < total) bar.value = loaded / total;
    else bar.removeAttribute("value"); // it is being read
  });
  return new Promise((done) => {
    request.addEventListener("loadend", () => {
      if (request.status === 200 || (request.status === 422 && request.responseText)) {
        htmx.swap(item, request.responseText, { swapStyle: "outerHTML" });
      } else if (request.status === 401) refuse(item, file.name, _("Your session has ended. Sign in again, then add it."));
      else if (request.status === 413) refuse(item, file.name, _("That is more than the server takes at once."));
      else refuse(item, file.name, request.status ? _("The server could not do that. Try again in a moment.") : _("No connection."));
      done();
    });
    request.open("POST", form.action);
    request.setRequestHeader("HX-Request", "true");
    request.setRequestHeader("HX-Current-URL", location.href);
    request.setRequestHeader("X-CSRFToken", form.elements.csrfmiddlewaretoken.value);
    request.send(body);
  });
}

function take(files) {
  for (const file of [...files]) {
    const at = line(file.name);
    turn = turn.then(() => send(file, at));
  }
}

chosen.addEventListener("change", () => {
  take(chosen.files);
  form.reset();
});

// Dropped anywhere on the page: a file that misses the box must not take the page's place.
const withFiles = (event) => event.dataTransfer?.types.includes("Files");
addEventListener("dragover", (event) => {
  if (!withFiles(event)) return;
  event.preventDefault();
  form.closest("details").open = true;
  drop.classList.add("over");
});
addEventListener("dragleave", (event) => event.relatedTarget ?? drop.classList.remove("over"));
addEventListener("drop", (event) => {
  if (!withFiles(event)) return;
  event.preventDefault();
  drop.classList.remove("over");
  take(event.dataTransfer.files);
});
