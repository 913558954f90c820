/** Single keys as commands. A control names its key in `data-key`, and the key does what a click on it does:

      <a data-key="g n" href="/notebook/">   <button data-key="e">

    What no control stands for, a page registers: `keys({ j: next, "Shift+K": last, "g l": library })`. The youngest
    map is asked first; a command that answers `false` did nothing, and the next one is asked. Symbols ("?", "#") and
    named keys ("ArrowDown") are written as the browser names them, letters in lower case with "Shift+" before them. */

const maps = [];
const PAUSE = 1200; // ms between the two keys of a sequence

let first = ""; // a key that others may follow
let since = 0; // when it was pressed, whenever the page came to hear of it

export const keys = (map) => void maps.unshift(map);

function control(name) {
  const all = [...document.querySelectorAll(`[data-key="${CSS.escape(name)}"]`)];
  return all.find((element) => element.checkVisibility()) ?? all[0];
}

/** Whether `name` does anything on this page. */
export const known = (name) => maps.some((map) => name in map) || control(name) !== undefined;

const FIELD = "input:not([type=checkbox]), textarea, select, [role=textbox], form[data-keeps], dialog[open]";

/** Whether this key press belongs to a field, a dialog or the browser. */
export function typing(event) {
  const { target } = event;
  return (
    event.ctrlKey ||
    event.metaKey ||
    event.altKey ||
    event.isComposing ||
    (event.key.length === 1 && document.documentElement.dataset.keys === "off") ||
    target.isContentEditable ||
    target.closest?.(FIELD) != null ||
    document.querySelector("dialog:modal") != null
  );
}

/** The key as maps write it. Where the keyboard types no Latin letters, the place of the key counts. */
function nameOf(event) {
  const letter = /^\p{L}$/u.test(event.key) && (/^[a-z]$/i.test(event.key) ? event.key : event.code.match(/^Key(.)$/)?.[1]);
  const key = letter ? letter.toLowerCase() : event.key;
  return event.shiftKey && (letter || key.length > 1) ? `Shift+${key}` : key;
}

function run(name, event) {
  for (const map of maps) if (name in map && map[name](event) !== false) return true;
  const element = control(name);
  if (element) element.click();
  return element !== undefined;
}

const leads = (name) =>
  document.querySelector(`[data-key^="${CSS.escape(name)} "]`) ||
  maps.some((map) => Object.keys(map).some((key) => key.startsWith(`${name} `)));

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || typing(event) || /^(Shift|Control|Alt|Meta)$/.test(event.key)) return;
  const name = nameOf(event);
  const whole = first && event.timeStamp - since < PAUSE ? `${first} ${name}` : name;
  first = "";
  if (run(whole, event)) event.preventDefault();
  else if (whole === name && leads(name)) {
    first = name;
    since = event.timeStamp;
  }
});
