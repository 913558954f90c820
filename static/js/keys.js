/** When a single key is a command, and when it is a letter that somebody types. */

/** Whether this key press belongs to a field, a dialog or the browser. */
export function typing(event) {
  return (
    event.ctrlKey ||
    event.metaKey ||
    event.altKey ||
    event.isComposing ||
    event.target.closest?.("input, textarea, select, [contenteditable], dialog[open]") != null
  );
}
