/** A field of tags: tokens that can be removed, and completion from the reader's own, recent ones first.
    The field itself stays the truth. */

import { _ } from "./i18n.js";

const SHOWN = 5; // as many suggestions at a time
const split = (value) => value.split(",").map((name) => name.trim()).filter(Boolean);
const folded = (name) => name.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
let made = 0;

function enhance(field) {
  const box = document.createElement("div");
  box.className = "tag-input";
  const typed = document.createElement("input");
  const known = document.getElementById(field.getAttribute("list"));
  const list = Object.assign(document.createElement("ul"), { className: "tag-list", id: `tag-list-${(made += 1)}`, hidden: true });
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", _("Suggestions"));
  typed.id = field.id;
  for (const [name, value] of Object.entries({ role: "combobox", "aria-expanded": "false", "aria-controls": list.id, "aria-autocomplete": "list" })) {
    typed.setAttribute(name, value);
  }
  typed.autocomplete = "off";
  typed.autocapitalize = "none";
  typed.placeholder = field.placeholder;
  typed.enterKeyHint = "done";
  if (field.hasAttribute("aria-describedby")) typed.setAttribute("aria-describedby", field.getAttribute("aria-describedby"));
  field.removeAttribute("id");
  field.type = "hidden";
  field.before(box);
  box.append(typed, list);

  const names = () => split(field.value);
  const store = (tags) => {
    field.value = [...new Set(tags)].join(", ");
    field.dispatchEvent(new Event("input", { bubbles: true }));
    draw();
  };

  function draw() {
    for (const chip of box.querySelectorAll(".chip")) chip.remove();
    for (const name of names()) {
      const chip = document.createElement("span");
      chip.className = "chip";
      const remove = document.createElement("button");
      remove.type = "button";
      remove.textContent = "×";
      remove.setAttribute("aria-label", _("Remove tag {name}", { name }));
      remove.addEventListener("click", () => {
        store(names().filter((other) => other !== name));
        typed.focus();
      });
      chip.append(name, remove);
      typed.before(chip);
    }
  }

  const take = (value = typed.value) => {
    const taken = split(value.replaceAll("#", ""));
    if (!taken.length) return false;
    store([...names(), ...taken]);
    for (const name of taken) remember(name);
    typed.value = "";
    suggest();
    return true;
  };

  /** It was used just now: it comes first the next time. */
  function remember(name) {
    const option = [...(known?.options ?? [])].find(({ value }) => value === name) ?? new Option(name, name);
    known?.prepend(option);
  }

  // Completion. The option that Enter takes is `aria-selected`; it is one that was asked for by letters or arrows.
  const options = () => [...list.children];
  const active = () => list.querySelector("[aria-selected=true]");

  function choose(option) {
    active()?.setAttribute("aria-selected", "false");
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) typed.setAttribute("aria-activedescendant", option.id);
    else typed.removeAttribute("aria-activedescendant");
  }

  function show(open) {
    list.hidden = !open;
    typed.setAttribute("aria-expanded", String(open));
    if (!open) choose(null);
  }

  function suggest({ first = false } = {}) {
    const has = new Set(names());
    const begun = folded(typed.value.trim().replace(/^#/, ""));
    const all = [...(known?.options ?? [])].map(({ value }) => value).filter((name) => !has.has(name) && folded(name).includes(begun));
    // What begins with the letters comes before what only has them; both in the order of the list.
    const found = [...all.filter((name) => folded(name).startsWith(begun)), ...all.filter((name) => !folded(name).startsWith(begun))].slice(0, SHOWN);
    list.replaceChildren(
      ...found.map((name, index) => {
        const option = Object.assign(document.createElement("li"), { id: `${list.id}-${index}`, textContent: name });
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        return option;
      }),
    );
    show(found.length > 0 && document.activeElement === typed);
    if (!list.hidden && (begun ? folded(found[0]).startsWith(begun) : first)) choose(list.firstElementChild);
  }

  function onKey(event) {
    if ((event.key === "Enter" && !event.ctrlKey && !event.metaKey) || event.key === ",") {
      const chosen = event.key === "Enter" && active()?.textContent;
      if (event.isComposing) return;
      if (take(chosen || typed.value) || event.key === ",") event.preventDefault();
    } else if (event.key === "Backspace" && !typed.value) {
      box.querySelector(".chip:last-of-type button")?.focus();
    } else if (/^Arrow(Up|Down)$/.test(event.key)) {
      if (list.hidden) suggest();
      const [all, step] = [options(), event.key === "ArrowDown" ? 1 : -1];
      const from = all.indexOf(active());
      if (all.length) choose(all.at(from < 0 ? Math.min(step, 0) || 0 : (from + step) % all.length));
      event.preventDefault();
    } else if (event.key === "Escape" && !list.hidden) {
      show(false);
      event.stopPropagation();
      event.preventDefault();
    }
  }

  typed.addEventListener("keydown", onKey);
  typed.addEventListener("input", () => suggest());
  typed.addEventListener("focus", () => suggest());
  typed.addEventListener("blur", () => show(false));
  typed.addEventListener("first", () => suggest({ first: true })); // a key has asked for a tag: Enter takes the latest
  typed.addEventListener("change", () => take());
  list.addEventListener("pointerdown", (event) => event.preventDefault()); // the focus stays in the field
  list.addEventListener("click", (event) => take(event.target.closest("[role=option]")?.textContent ?? ""));
  box.addEventListener("keydown", (event) => {
    if (event.key === "Backspace" && event.target.matches(".chip button")) event.target.click();
  });
  // What stands in the field when the form goes out belongs to it.
  field.form?.addEventListener("submit", () => take(), { capture: true });
  field.addEventListener("draft", draw);
  draw();
}

export function tagFields(root) {
  for (const field of root.querySelectorAll("input[data-tags]:not([type=hidden])")) enhance(field);
}
tagFields(document);
document.addEventListener("htmx:load", (event) => tagFields(event.detail.elt.parentElement ?? event.detail.elt));
