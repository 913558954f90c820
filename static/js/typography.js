/** How pages look: chosen in a form[data-typography], at once an attribute on <html>, and a moment later saved.
    Without it the form has a button. `margin.js` hears of other sizes by itself. */

const root = document.documentElement;
const PAUSE = 400; // ms without another choice

let timer;
let changed; // the form whose choice is not saved

/** The browser's own frame and first paint go with the theme. */
function frame(theme) {
  const sample = (name) => getComputedStyle(root).getPropertyValue(`--sample-${name}`).trim();
  for (const meta of document.querySelectorAll("meta[name=theme-color]")) {
    meta.content = sample(theme === "auto" ? meta.media.match(/light|dark/)[0] : theme);
  }
  document.querySelector("meta[name=color-scheme]").content =
    theme === "auto" ? "light dark" : theme === "dark" ? "dark" : "light";
}

function show(form) {
  const chosen = Object.fromEntries(new FormData(form));
  for (const name of ["font", "size", "width", "leading", "theme", "justify"]) root.dataset[name] = chosen[name];
  frame(chosen.theme);
}

async function save() {
  const form = changed;
  clearTimeout(timer);
  changed = null;
  if (!form) return;
  const headers = { "HX-Request": "true" };
  const sent = fetch(form.action, { method: "POST", body: new FormData(form), headers, keepalive: true });
  const saved = await sent.then((response) => response.ok, () => false);
  form.querySelector("[data-refused]").hidden = saved;
}

function choose(form) {
  show(form);
  changed = form;
  clearTimeout(timer);
  timer = setTimeout(save, PAUSE);
}

for (const form of document.querySelectorAll("form[data-typography]")) {
  form.addEventListener("input", () => choose(form));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    save();
  });
  form.querySelector("[data-reset]").addEventListener("click", () => {
    for (const input of form.querySelectorAll("[data-default]")) {
      if (input.type === "radio") input.checked = true;
      else input.value = input.dataset.default;
    }
    form.querySelector("[type=checkbox]").checked = false;
    choose(form);
  });
  form.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-step]");
    if (!button) return;
    const size = form.elements.size;
    size.stepUp(Number(button.dataset.step));
    choose(form);
  });
}
addEventListener("pagehide", save);
