/** The passages of the page, one after the other: jumped to by keys, listed in a menu, shown and hidden. */

import { _ } from "./i18n.js";
import { keys } from "./keys.js";
import { wordsOf } from "./links.js";
import { cursor, light } from "./margin.js";

const SHOWN = 80; // letters of a passage in the list
const text = document.getElementById("text");
const told = document.getElementById("told");
const calm = matchMedia("(prefers-reduced-motion: reduce)");

const menuNow = () => document.getElementById("passages"); // the bar is swapped with the state of the article
const refOf = (id) => document.getElementById(`h-${id}`);

/** Where each passage begins, in the order of the text: [id, its first segment]. */
const all = () => [...text.querySelectorAll("mark[data-first]")].flatMap((mark) => mark.dataset.first.split(" ").map((id) => [id, mark]));

/** To a passage: in passage mode with the cursor, else with the focus on its reference. */
function go(id, mark, where) {
  mark.scrollIntoView({ block: "center", behavior: calm.matches ? "instant" : "smooth" });
  if (cursor.range()) return cursor.to(id, where);
  told.textContent = where;
  refOf(id).focus({ preventScroll: true });
  light(id);
}

/** To the next passage after the one with the focus or the cursor, else after the top of the window; or back. */
export function jump(by) {
  const passages = all();
  if (!passages.length) return void (told.textContent = _("No passages in this article yet."));
  show(true);
  const id = document.activeElement.closest("#text a.hl-ref, .note[data-h]")?.dataset.h;
  const at = passages.findIndex(([one]) => one === id);
  const range = cursor.range();
  const behind = ([, mark]) => (range ? range.comparePoint(mark, 0) > 0 : mark.getBoundingClientRect().top > 64);
  const before = ([, mark]) => (range ? range.comparePoint(mark, 0) < 0 : mark.getBoundingClientRect().top < 64);
  const next = at >= 0 ? at + by : by > 0 ? passages.findIndex(behind) : passages.findLastIndex(before);
  if (!passages[next]) return void (told.textContent = by > 0 ? _("That was the last passage.") : _("That was the first passage."));
  go(...passages[next], _("Passage {n} of {count}.", { n: next + 1, count: passages.length }));
}

/** Marks shown or not, here and on the pages to come: the server reads the cookie, so nothing blinks. */
function show(shown) {
  if (shown === !document.body.hasAttribute("data-unmarked")) return;
  document.body.toggleAttribute("data-unmarked", !shown);
  document.cookie = `marks=${shown ? "on" : "off"}; path=/; max-age=31536000; samesite=lax`;
  draw();
}

function toggle() {
  const shown = document.body.hasAttribute("data-unmarked");
  show(shown);
  told.textContent = shown ? _("Marks are shown.") : _("Marks are hidden.");
}

function item([id, mark]) {
  const [entry, link] = [document.createElement("li"), document.createElement("a")];
  const words = wordsOf(id).replace(/\s+/g, " ").trim();
  Object.assign(link, { href: `#h-${id}`, dir: "auto", textContent: words.length > SHOWN ? `${words.slice(0, SHOWN)}…` : words });
  link.dataset.c = refOf(id)?.dataset.c ?? mark.dataset.c;
  link.addEventListener("click", (event) => {
    event.preventDefault();
    show(true);
    go(id, mark, "");
  });
  entry.append(link);
  return entry;
}

/** What the open menu says. */
function draw() {
  const menu = menuNow();
  if (!menu?.open) return;
  const passages = all();
  menu.querySelector("ol").replaceChildren(...passages.map(item));
  menu.querySelector("[data-none]").hidden = passages.length > 0;
  for (const button of menu.querySelectorAll("[data-jump]")) button.disabled = !passages.length;
}

if (menuNow() && text) {
  document.addEventListener("toggle", (event) => event.target.id === "passages" && draw(), { capture: true });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("#passages button");
    if (button?.dataset.jump) jump(Number(button.dataset.jump));
    else if (button?.dataset.key === "v") toggle();
  });
  document.addEventListener("highlighted", () => show(true)); // what was just marked is to be seen
  keys({ "Shift+j": () => jump(1), "Shift+k": () => jump(-1) });
}
