"""Canonical HTML -> its text, and where each run of it lies in the HTML.

Promise: the text is what `textContent` gives in a browser, and every offset is a code point into it.
Limits: reads only the HTML our own serialiser writes: lower-case tags, double-quoted attributes, no comments.
Reading time knows no word borders inside Thai, Lao, Khmer and Burmese: a phrase counts as one word there.
"""

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import lru_cache
from html import unescape
from math import ceil

import regex

WORDS_A_MINUTE = 230
IDEOGRAPHS_A_MINUTE = 400


@dataclass(frozen=True, slots=True)
class Run:
    """Words that may be marked: code points [start, end) of the text lie in html[html_start:html_end],
    all in one text node (entities possible) of the top-level block numbered `block`."""

    start: int
    end: int
    html_start: int
    html_end: int
    block: int


@dataclass(frozen=True, slots=True)
class Block:
    """A top-level element: its text is [start, end), its HTML html[html_start:html_end], its name `tag`."""

    start: int
    end: int
    html_start: int
    html_end: int
    tag: str


@dataclass(frozen=True, slots=True)
class Layout:
    """A text with its runs and blocks in order, and the columns that make looking things up quick.

    White space that only separates elements is in `text`, but in no run: it is never marked.
    """

    text: str
    runs: tuple[Run, ...]
    blocks: tuple[Block, ...]
    run_starts: tuple[int, ...]
    run_ends: tuple[int, ...]
    run_shifts: tuple[int | None, ...]  # how far its HTML lies from its text; None where it has entities
    run_links: tuple[int | None, ...]  # where in the HTML the link around it ends; None outside links
    entities: tuple[int, ...]  # text offsets where the HTML has more characters than the text
    surplus: tuple[int, ...]  # how many more, added up: surplus[i] before entities[i]

    def markable(self, start: int, end: int) -> tuple[int, int] | None:
        """[start, end) without what lies in no run at its ends; None when it covers no run at all.

        Takes any two integers; what is outside the text is cut off.
        """
        first = bisect_right(self.run_ends, start)
        last = bisect_left(self.run_starts, end, first) - 1
        if first > last:
            return None
        first_word, last_word = self.run_starts[first], self.run_ends[last]
        start = first_word if start < first_word else start  # on 200 marks, min() and max() are a tenth of weaving
        end = last_word if end > last_word else end
        return (start, end) if start < end else None

    def runs_in(self, start: int, end: int) -> range:
        """The numbers of the runs that [start, end) shares characters with."""
        return range(bisect_right(self.run_ends, start), bisect_left(self.run_starts, end))

    def html_at(self, number: int, offset: int) -> int:
        """The place in the HTML of a text offset within the run of that number, its end included."""
        shift = self.run_shifts[number]
        if shift is not None:
            return offset + shift
        run = self.runs[number]
        before = bisect_left(self.entities, run.start)
        extra = self.surplus[bisect_left(self.entities, offset, before)] - self.surplus[before]
        return run.html_start + offset - run.start + extra

    def blocks_in(self, start: int, end: int) -> range:
        """The numbers of the blocks from the first to the last that [start, end) touches."""
        if start >= end:
            return range(0)
        first = bisect_right(self.blocks, start, key=lambda block: block.end)
        return range(first, bisect_left(self.blocks, end, key=lambda block: block.start))


def text_of(html: str) -> str:
    """The text of canonical HTML. Reads it once and remembers nothing: use it where HTML is new."""
    return _ENTITY.sub(lambda entity: _decoded(entity[0]), _TAG.sub("", html))


@lru_cache(maxsize=128)
def layout(html: str) -> Layout:
    """The text of canonical HTML with its runs and blocks. The last 128 are remembered."""
    return _Reader(html).read()


def words(text: str, language: str) -> int:
    """How many words a reader reads: each ideograph or kana is one, and so is each word of other scripts.

    `language` is a BCP 47 tag or "": in Korean, ideographs belong to the words they stand in.
    """
    ideographs, spaced = _counted(text, language)
    return ideographs + spaced


def minutes(text: str, language: str) -> int:
    """Reading time in whole minutes, rounded up, at least 1; mixed scripts are added up."""
    ideographs, spaced = _counted(text, language)
    return max(1, ceil(ideographs / IDEOGRAPHS_A_MINUTE + spaced / WORDS_A_MINUTE))


_ATTRIBUTES = r'[^<>"]*+(?:"[^"]*+"[^<>"]*+)*+>'
# The parser of a browser drops a newline right after <pre>, so here it is part of the tag.
_TAG = re.compile(rf"<(?:(pre)(?=[\s>]){_ATTRIBUTES}\n?|(/?[a-z][a-z0-9-]*+){_ATTRIBUTES})")
_ENTITY = re.compile(r"(&(?:#[0-9]++|#[xX][0-9a-fA-F]++|[a-zA-Z][a-zA-Z0-9]*+);)")
_CHARACTERS = {"&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"'}  # what our own serialiser writes
_SPACE = " \t\n\r\f"  # not the non-breaking space: an author put that there

_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
# No text belongs straight into these, and no mark either.
_HOLDERS = {"colgroup", "dl", "ol", "table", "tbody", "tfoot", "thead", "tr", "ul"}
# White space beside these is layout: a browser shows nothing of it.
_BLOCKS = _HOLDERS | {
    *("address", "article", "aside", "blockquote", "br", "caption", "col", "dd", "details", "div", "dt"),
    *("figcaption", "figure", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main"),
    *("nav", "p", "pre", "section", "summary", "td", "th"),
}
_BLOCK_TAGS = _BLOCKS | {f"/{tag}" for tag in _BLOCKS}

_IDEOGRAPH = r"\p{Han}\p{Hiragana}\p{Katakana}ーｰ"
_IDEOGRAPHS = regex.compile(rf"[{_IDEOGRAPH}]")
_SPACED = regex.compile(rf"[\w--[{_IDEOGRAPH}]]++(?:['’‑‐-][\w--[{_IDEOGRAPH}]]++)*+", regex.V1)
_ANY_WORD = regex.compile(r"\w++(?:['’‑‐-]\w++)*+")


class _Reader:
    """One pass over the tags; the text between two tags is judged when the second one is known."""

    def __init__(self, html: str) -> None:
        self.html = html
        self.pieces: list[str] = []
        self.length = 0  # of the text so far
        self.stack: list[str] = []
        self.preformatted = 0  # how many <pre> are open
        self.opened = (0, 0, "")  # the top-level element at hand: text start, HTML start, tag
        self.link = 0  # the number of the first run in the link at hand
        self.runs: list[Run] = []
        self.blocks: list[Block] = []
        self.run_links: list[int | None] = []
        self.entities: list[int] = []
        self.surplus = [0]

    def read(self) -> Layout:
        before, at = "", 0
        for match in _TAG.finditer(self.html):
            tag, start = match[match.lastindex or 0], match.start()
            if start > at:
                self._text(at, start, before, tag)
            before, at = tag, match.end()
            if tag[0] == "/":
                self._close(tag, at)
            else:
                self._open(tag, start, at)
        if at < len(self.html):
            self._text(at, len(self.html), before, "")
        if self.stack:  # not canonical: what is left open ends with the HTML
            self.stack.clear()
            self._end_block(len(self.html))
        return Layout(
            text="".join(self.pieces),
            runs=tuple(self.runs),
            blocks=tuple(self.blocks),
            run_starts=tuple([run.start for run in self.runs]),
            run_ends=tuple([run.end for run in self.runs]),
            run_shifts=tuple([_shift(run) for run in self.runs]),
            run_links=tuple(self.run_links),
            entities=tuple(self.entities),
            surplus=tuple(self.surplus),
        )

    def _open(self, tag: str, html_start: int, html_end: int) -> None:
        if not self.stack:
            self.opened = (self.length, html_start, tag)
        if tag in _VOID:
            self._end_block(html_end)
            return
        self.stack.append(tag)
        if tag == "a":
            self.link = len(self.runs)
        elif tag == "pre":
            self.preformatted += 1

    def _close(self, tag: str, html_end: int) -> None:
        if not self.stack:
            return
        self.stack.pop()
        if tag == "/a":
            self.run_links[self.link :] = [html_end] * (len(self.runs) - self.link)
        elif tag == "/pre":
            self.preformatted -= 1
        self._end_block(html_end)

    def _end_block(self, html_end: int) -> None:
        if not self.stack:
            start, html_start, tag = self.opened
            self.blocks.append(Block(start, self.length, html_start, html_end, tag))

    def _text(self, html_start: int, html_end: int, before: str, after: str) -> None:
        raw = self.html[html_start:html_end]
        start = self.length
        text = self._decode(raw) if "&" in raw else raw
        self.pieces.append(text)
        self.length += len(text)
        if not self.stack or self.stack[-1] in _HOLDERS:
            return
        end = self.length
        if not self.preformatted:
            if before in _BLOCK_TAGS:
                cut = len(raw) - len(raw.lstrip(_SPACE))
                start, html_start = start + cut, html_start + cut
            if after in _BLOCK_TAGS and start < end:
                cut = len(raw) - len(raw.rstrip(_SPACE))
                end, html_end = end - cut, html_end - cut
        if start < end:
            self.runs.append(Run(start, end, html_start, html_end, len(self.blocks)))
            self.run_links.append(None)

    def _decode(self, raw: str) -> str:
        pieces = _ENTITY.split(raw)  # words, entity, words, entity … words
        offset, surplus = self.length, self.surplus[-1]
        for i in range(1, len(pieces), 2):
            entity = pieces[i]
            characters = pieces[i] = _decoded(entity)
            offset += len(pieces[i - 1])
            # Nothing can be put inside an entity: every offset past its first character is its end.
            surplus += len(entity)
            for _ in characters:
                surplus -= 1
                self.entities.append(offset)
                self.surplus.append(surplus)
                offset += 1
        return "".join(pieces)


def _shift(run: Run) -> int | None:
    return run.html_start - run.start if run.html_end - run.html_start == run.end - run.start else None


def _decoded(entity: str) -> str:
    return _CHARACTERS.get(entity) or unescape(entity)


def _counted(text: str, language: str) -> tuple[int, int]:
    """Ideographs and kana, words of scripts with spaces."""
    if language.lower().split("-")[0] == "ko":
        return 0, sum(1 for _ in _ANY_WORD.finditer(text))
    return sum(1 for _ in _IDEOGRAPHS.finditer(text)), sum(1 for _ in _SPACED.finditer(text))
