/** Words and numbers in the reader's language. English stands in the code; js/words/<language>.js comes with the page. */

const { words = {}, plural = (n) => Number(n !== 1) } = globalThis.wording ?? {};
const number = new Intl.NumberFormat(document.documentElement.lang || "en");

const filled = (text, values) =>
  text.replace(/\{(\w+)\}/g, (whole, name) => (typeof values[name] === "number" ? number.format(values[name]) : values[name] ?? whole));

/** The words, with each {name} filled in: `_("Remove tag {name}", { name })`. */
export const _ = (text, values = {}) => filled(words[text] ?? text, values);

/** The same of one or of several: `ngettext("{count} note waits.", "{count} notes wait.", { count })`. */
export const ngettext = (one, many, values) => filled((words[one] ?? [one, many])[plural(values.count)], values);
