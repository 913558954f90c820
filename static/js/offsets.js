/** Offsets are code points, as W3C selectors and Python count them; the DOM counts UTF-16 units. */

const CONTEXT = 32;

export const codePoints = (text) => {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
};

/** `range` cut to what lies inside `root`, or null where they don't meet. */
export function inside(range, root) {
  if (!range.intersectsNode(root)) return null;
  const cut = range.cloneRange();
  if (!root.contains(cut.startContainer)) cut.setStart(root, 0);
  if (!root.contains(cut.endContainer)) cut.setEnd(root, root.childNodes.length);
  return cut.collapsed ? null : cut;
}

/** The words of `range`, what is before and after them, and where they begin (W3C TextQuoteSelector, TextPositionSelector). */
export function quoteOf(range, root) {
  const head = document.createRange();
  head.setStart(root, 0);
  head.setEnd(range.startContainer, range.startOffset);
  const tail = document.createRange();
  tail.setStart(range.endContainer, range.endOffset);
  tail.setEnd(root, root.childNodes.length);
  const left = head.toString();
  return {
    exact: range.toString(),
    before: [...left.slice(-2 * CONTEXT)].slice(-CONTEXT).join(""),
    after: [...tail.toString().slice(0, 2 * CONTEXT)].slice(0, CONTEXT).join(""),
    hint: codePoints(left),
  };
}
