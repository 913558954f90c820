/** Where words, sentences and letters of the article begin and end (UAX 29, by Intl.Segmenter).

    Offsets are UTF-16 units of the text. The words are read once, and again after a change of the page's elements. */

const REACH = 4_000; // units on both sides that are looked at: a paragraph may be as long as a book
const SYMBOL = /[\p{Extended_Pictographic}\p{S}]/u; // what is worth marking without being a word
const OPENING = /[“‘„«‹"'([{¿¡「『《〈（]/u;
const CLOSING = /[.!?…。！？۔؟।”’»›"')\]}」』》〉）]/u;

// Blocks whose words are one thing to read. The innermost one counts.
const BLOCKS = "p, li, h1, h2, h3, h4, h5, h6, pre, td, th, caption, figcaption, dt, dd, blockquote";
// A full stop that ends a title or an initial, and no sentence.
const SHORT = /(?:^|[\s("“‘«„])(?:\p{Lu}|Mrs?|Ms|Dr|Drs|Prof|Rev|Gen|Col|Capt|Lt|Sgt|Sen|Rep|Gov|St|Mt|Sr|Jr|vs|No|Nr|Mme|Mlle|z\. ?B|bzw|ca)\.\s*$/u;

/** The element whose words these are: its language and direction count. */
export const home = (node) => (node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement);

/** After <br> the text has a newline that divides no sentence. */
function afterBreak(node) {
  const before = node.previousSibling ?? (node.parentElement.matches("mark") ? node.parentElement.previousSibling : null);
  return before?.nodeName === "BR" && node.data.startsWith("\n");
}

function segmenter(language, granularity) {
  try {
    return new Intl.Segmenter(language || undefined, { granularity });
  } catch {
    return new Intl.Segmenter(undefined, { granularity }); // a language tag that is none
  }
}

export class Words {
  constructor(root) {
    this.root = root;
    this.nodes = [];
    this.starts = [];
    const parts = [];
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    let length = 0;
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      this.nodes.push(node);
      this.starts.push(length);
      parts.push(afterBreak(node) ? ` ${node.data.slice(1)}` : node.data);
      length += node.data.length;
    }
    this.text = parts.join("");
  }

  /** What is read as one block, in order: {start, end}, without the white space around it. */
  get paragraphs() {
    if (this.blocks) return this.blocks;
    this.blocks = [];
    let last;
    this.nodes.forEach((node, index) => {
      if (!node.data.trim()) return;
      const home = node.parentElement.closest(BLOCKS) ?? this.root;
      const end = this.starts[index] + node.data.trimEnd().length;
      if (home === last && home !== this.root) this.blocks.at(-1).end = end;
      else this.blocks.push({ start: this.starts[index] + node.data.length - node.data.trimStart().length, end });
      last = home;
    });
    return this.blocks;
  }

  /** Which paragraph has `offset` in it or is the last one before it. */
  paragraphAt(offset) {
    return Math.max(0, this.paragraphs.findLastIndex(({ start }) => start <= offset));
  }

  /** The node with the unit before (`edge` "end") or after `offset`, and the offset in it. */
  point(offset, edge) {
    let [low, high] = [0, this.starts.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (edge === "end" ? this.starts[middle] < offset : this.starts[middle] <= offset) low = middle;
      else high = middle - 1;
    }
    return [this.nodes[low], offset - this.starts[low]];
  }

  range(start, end) {
    const range = document.createRange();
    range.setStart(...this.point(start, "start"));
    range.setEnd(...this.point(end, "end"));
    return range;
  }

  /** The offset of a place in the DOM. */
  offset(node, at) {
    if (node.nodeType !== Node.TEXT_NODE) {
      const range = document.createRange();
      range.setStart(node, at);
      [node, at] = [range, 0];
    }
    // The first text node that begins at or behind it; in a text node, that one.
    const behind = (one) => (node.nodeType ? one === node || node.compareDocumentPosition(one) & 4 : node.comparePoint(one, 0) >= 0);
    let [low, high] = [0, this.nodes.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (behind(this.nodes[middle])) high = middle;
      else low = middle + 1;
    }
    return (this.starts[low] ?? this.text.length) + at;
  }

  /** The first or last letter of [start, end), whole as a person sees it. */
  letter(start, end, edge) {
    const part = edge === "end" ? [Math.max(start, end - 64), end] : [start, Math.min(end, start + 64)];
    const letters = [...segmenter("", "grapheme").segment(this.text.slice(...part))];
    const { index, segment } = letters.at(edge === "end" ? -1 : 0);
    return [part[0] + index, part[0] + index + segment.length];
  }

  /** The line of text around `offset`: a paragraph, a list item, a cell, a line of code. */
  line(offset) {
    const from = offset ? this.text.lastIndexOf("\n", offset - 1) + 1 : 0;
    const to = this.text.indexOf("\n", offset);
    return [Math.max(from, offset - REACH), Math.min(to < 0 ? this.text.length : to, offset + REACH)];
  }

  /** Where a passage may begin or end in the line around `offset`, in order; `letters`: between any two of them. */
  stops(offset, edge, letters = false) {
    const [from, to] = this.line(offset);
    const line = this.text.slice(from, to);
    const stops = new Set();
    for (const { index, segment, isWordLike } of this.segments(from, to, letters ? "grapheme" : "word")) {
      if (letters ? !segment.trim() : !isWordLike && !SYMBOL.test(segment)) continue;
      if (edge === "start") {
        const before = line.slice(Math.max(0, index - 8), index).match(/(?:^|(?<=\s))[^\s\p{L}\p{N}]+$/u)?.[0];
        if (before && OPENING.test(before)) stops.add(from + index - before.length);
        stops.add(from + index);
      } else {
        const end = index + segment.length;
        const behind = line.slice(end, end + 8).match(/^(?:[。！？」』》〉）]+|[^\s\p{L}\p{N}]+(?=\s|$))/u)?.[0];
        stops.add(from + end);
        if (behind && CLOSING.test(behind)) stops.add(from + end + behind.length);
      }
    }
    return [...stops].sort((one, other) => one - other);
  }

  /** The next stop after `offset` (`by` 1) or before it (-1), in this line or one further on; null where there is none. */
  step(offset, edge, by) {
    for (let at = offset; at >= 0 && at <= this.text.length; ) {
      const [from, to] = this.line(at);
      const stops = this.stops(at, edge);
      const next = by > 0 ? stops.find((stop) => stop > offset) : stops.findLast((stop) => stop < offset);
      if (next !== undefined) return next;
      at = by > 0 ? Math.max(to, at) + 1 : from - 1;
    }
    return null;
  }

  /** The stop that is nearest to `offset`; null in a line without words. */
  nearest(offset, edge, letters) {
    let best = null;
    for (const stop of this.stops(offset, edge, letters)) {
      if (best === null || Math.abs(stop - offset) < Math.abs(best - offset)) best = stop;
    }
    return best;
  }

  /** [start, end) widened to the sentences in which it begins and ends. */
  sentences(start, end) {
    return [this.#sentence(start)[0], this.#sentence(end - 1)[1]];
  }

  #sentence(offset) {
    return this.sentencesIn(...this.line(offset)).find(([, end]) => end > offset) ?? [offset, offset + 1];
  }

  /** The sentences of [from, to), each [start, end) without the white space around it. */
  sentencesIn(from, to) {
    const found = [];
    let open = false; // the last one goes on
    for (const { index, segment } of this.segments(from, to, "sentence")) {
      const [start, end] = [from + index + segment.length - segment.trimStart().length, from + index + segment.trimEnd().length];
      if (start >= end) continue;
      if (found.length && (open || !/[\p{L}\p{N}\p{S}]/u.test(segment))) found.at(-1)[1] = end;
      else found.push([start, end]);
      open = SHORT.test(segment);
    }
    return found;
  }

  /** How many words [start, end) has. */
  count(start, end) {
    return this.segments(start, end, "word").filter(({ isWordLike }) => isWordLike).length;
  }

  segments(from, to, granularity) {
    const language = home(this.point(from, "start")[0]).closest("[lang]")?.lang;
    return [...segmenter(language, granularity).segment(this.text.slice(from, to))];
  }
}

const text = document.getElementById("text");
let cache = null;
const edits = new MutationObserver(() => (cache = null));
if (text) edits.observe(text, { childList: true, subtree: true });

/** The article's words as they are now. */
export function wordsNow() {
  if (edits.takeRecords().length) cache = null;
  return (cache ??= new Words(text));
}
