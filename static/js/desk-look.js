/** The article beside its form as readers will see it, and what saving it would do to their highlights. While somebody
    types the server is asked at most once at a time, the less often the longer it takes; the latest text wins. */
import { _ } from "./i18n.js";

const SOONEST = 350;
const LATEST = 6000;
const SLOW = 1000;

/** Shows it; answers a function that asks anew. */
export function look(form, section) {
  const frame = Object.assign(document.createElement("iframe"), { title: _("As readers will see it"), src: section.dataset.frame });
  const state = section.querySelector("#look-state");
  const foreseen = section.querySelector("#foreseen");
  let asking, waiting, patience, wait = SOONEST;

  const say = (words) => {
    if (state.textContent !== words) state.textContent = words;
  };

  async function ask() {
    clearTimeout(waiting);
    asking?.abort();
    const mine = (asking = new AbortController());
    const begun = performance.now();
    clearTimeout(patience);
    patience = setTimeout(() => say(_("The preview is being made …")), SLOW);
    try {
      const sent = new FormData(form);
      sent.set("_look", "1");
      const answer = await fetch(section.dataset.look, { method: "POST", body: sent, signal: mine.signal, redirect: "error" });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (!page.getElementById("looked")) throw new Error(answer.status);
      if (mine !== asking) return;
      show(page);
      const took = performance.now() - begun;
      wait = Math.min(LATEST, Math.max(SOONEST, 1.5 * took));
      say(took < SLOW ? "" : _("A text of this length takes {n} s to be shown. Typing does not wait for it.", { n: Math.round(took / 100) / 10 }));
    } catch (error) {
      if (mine !== asking || error.name === "AbortError") return;
      say(_("The preview can’t be made just now. Nothing that you typed is lost; it is tried again."));
      waiting = setTimeout(ask, LATEST);
    } finally {
      if (mine === asking) clearTimeout(patience);
    }
  }

  function show(page) {
    const leaf = page.getElementById("leaf");
    if (leaf) patch(frame.contentDocument, leaf);
    const said = page.getElementById("foreseen");
    foreseen.className = `desk-foreseen ${said.className}`;
    if (said.textContent.trim() !== foreseen.textContent.trim()) foreseen.replaceChildren(...said.childNodes);
  }

  const soon = () => {
    clearTimeout(waiting);
    waiting = setTimeout(ask, wait);
  };

  frame.addEventListener("load", () => {
    frame.contentDocument.addEventListener("click", stay);
    ask();
  });
  form.addEventListener("input", soon);
  form.addEventListener("change", soon);
  globalThis.django?.jQuery?.(form).on("change", soon); // what its lists of suggestions tell nobody else
  section.append(frame);
  section.hidden = false;
  sides(section);
  return ask;
}

/** A link in the preview leads nowhere but to its own notes. */
function stay(event) {
  const link = event.target.closest?.("a[href]");
  if (!link) return;
  event.preventDefault();
  if (link.hash && link.getAttribute("href").startsWith("#")) link.ownerDocument.getElementById(link.hash.slice(1))?.scrollIntoView();
}

/** Puts the new article in the place of the old one, but for the blocks that are the same: the page stays where it was
    scrolled to, and a long text costs no more than what changed in it. */
function patch(there, leaf) {
  const here = there.getElementById("leaf");
  const [was, now] = [here.querySelector("#text"), leaf.querySelector("#text")];
  for (const block of now.children) block.removeAttribute("id"); // its number, which moves with every block before it
  if (!was) return here.replaceWith(there.adoptNode(leaf));
  const [wasHead, nowHead] = [here, leaf].map((one) => one.querySelector(".leaf-head"));
  if (!wasHead.isEqualNode(nowHead)) wasHead.replaceWith(there.adoptNode(nowHead));
  was.lang = now.lang;
  const [old, fresh] = [[...was.children], [...now.children]];
  const most = Math.min(old.length, fresh.length);
  let start = 0;
  while (start < most && old[start].isEqualNode(fresh[start])) start += 1;
  let end = 0;
  while (end < most - start && old.at(-1 - end).isEqualNode(fresh.at(-1 - end))) end += 1;
  const behind = old[old.length - end] ?? null;
  for (const block of old.slice(start, old.length - end)) block.remove();
  for (const block of fresh.slice(start, fresh.length - end)) was.insertBefore(there.adoptNode(block), behind);
}

/** Where there is no room for both, a button shows the one or the other. */
function sides(section) {
  const desk = section.parentElement;
  const bar = Object.assign(document.createElement("div"), { className: "desk-sides" });
  bar.setAttribute("role", "group");
  bar.setAttribute("aria-label", _("What is shown"));
  for (const [side, words] of [["write", _("Write")], ["read", _("Read")]]) {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: words });
    button.addEventListener("click", () => {
      turn(side);
      desk.scrollIntoView({ block: "start" });
    });
    button.dataset.side = side;
    bar.append(button);
  }
  const turn = (to) => {
    desk.dataset.side = to;
    for (const button of bar.children) button.setAttribute("aria-pressed", String(button.dataset.side === to));
  };
  turn("write");
  desk.prepend(bar);
}
