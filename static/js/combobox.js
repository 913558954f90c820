/** Suggestions under a search box (WAI-ARIA APG: combobox with a list). The server decides what stands at the caret
    and what the text is once one was taken. Nothing is chosen until an arrow key says so: Enter searches as before.

    Alt and the arrow down ask for all that can stand here. */

import { _ } from "./i18n.js";
import { codePoints } from "./offsets.js";

const PAUSE = 120; // ms without a letter, then it is asked

function combobox(field, list) {
  for (const [name, value] of Object.entries({ role: "combobox", "aria-expanded": "false", "aria-controls": list.id, "aria-autocomplete": "list", "aria-haspopup": "listbox" })) {
    field.setAttribute(name, value);
  }
  list.setAttribute("aria-label", _("Suggestions"));

  let waiting;
  let asking;
  const options = () => [...list.children];
  const active = () => list.querySelector("[aria-selected=true]");

  function choose(option) {
    active()?.setAttribute("aria-selected", "false");
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) field.setAttribute("aria-activedescendant", option.id);
    else field.removeAttribute("aria-activedescendant");
  }

  function close() {
    clearTimeout(waiting);
    asking?.abort();
    choose(null);
    list.hidden = true;
    list.replaceChildren();
    field.setAttribute("aria-expanded", "false");
  }

  /** Shows what fits at the caret, unless something else was typed meanwhile. */
  async function ask(open = false) {
    clearTimeout(waiting);
    asking?.abort();
    const mine = (asking = new AbortController());
    const { value, selectionStart: caret } = field;
    const asked = new URLSearchParams({ q: value, at: codePoints(value.slice(0, caret)), ...(open && { open: 1 }) });
    const answer = await fetch(`${list.dataset.suggest}?${asked}`, { signal: mine.signal }).catch(() => null);
    const found = answer?.ok && !answer.redirected ? await answer.text().catch(() => "") : "";
    if (asking !== mine || field.value !== value || field.selectionStart !== caret || document.activeElement !== field) return;
    const taken = active()?.textContent; // since the letters that this is the answer to
    list.replaceChildren(...new DOMParser().parseFromString(found, "text/html").body.children);
    list.hidden = !list.children.length;
    field.setAttribute("aria-expanded", String(!list.hidden));
    choose(options().find(({ textContent }) => textContent === taken));
  }

  function later() {
    choose(null);
    clearTimeout(waiting);
    waiting = setTimeout(ask, PAUSE);
  }

  function take({ dataset: { text, caret } }) {
    close();
    field.value = text;
    const at = [...text].slice(0, caret).join("").length;
    field.focus();
    field.setSelectionRange(at, at);
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  field.addEventListener("input", (event) => {
    if (!event.isComposing) later();
  });
  field.addEventListener("compositionend", later);
  field.addEventListener("blur", close);
  field.form.addEventListener("submit", close);
  // The caret moved: what was offered is for another place.
  field.addEventListener("click", () => !list.hidden && later());
  field.addEventListener("keyup", ({ key }) => /^(ArrowLeft|ArrowRight|Home|End)$/.test(key) && !list.hidden && later());

  field.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (list.hidden) {
      if (event.key === "ArrowDown" && event.altKey) {
        event.preventDefault();
        ask(true);
      }
      return;
    }
    const [all, chosen] = [options(), active()];
    if (/^Arrow(Up|Down)$/.test(event.key)) {
      const step = event.key === "ArrowDown" ? 1 : -1;
      const at = all.indexOf(chosen);
      // Between the last and the first is the text itself, with nothing chosen.
      choose(at < 0 ? all.at(step > 0 ? 0 : -1) : all[at + step] ?? null);
    } else if ((event.key === "Enter" || event.key === "Tab") && chosen && !event.shiftKey && !event.ctrlKey && !event.metaKey) {
      take(chosen);
    } else if (event.key === "Escape") {
      close();
      event.stopPropagation();
    } else return;
    event.preventDefault();
  });

  list.addEventListener("pointerdown", (event) => event.preventDefault()); // the focus stays in the field
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) take(option);
  });
}

for (const list of document.querySelectorAll("[data-suggest]")) combobox(list.closest("form").elements.q, list);
