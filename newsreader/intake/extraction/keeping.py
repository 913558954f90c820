"""What else belongs to the words that were chosen: captions, the rest of lists and tables, headings, footnotes. Pure.

The tools judge words; these rules look at the elements around them. All that they take away is a heading at the end.
"""

from __future__ import annotations

import re
from collections import defaultdict

from lxml.html import HtmlElement

from newsreader.intake.extraction.runs import Run

_WHOLE = ("table", "ul", "ol", "dl", "pre")
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_BESIDE = ("aside", "nav", "footer", "form")
_CREDIT = re.compile(
    r"^\W*(?:©|\(c\)|(?:photo|foto|image|bild|picture|credit|crédit|source|quelle|courtesy)\w*\b(?!\s+(?:caption|of|von|de|montre)))|/(?:Getty|AFP|AP|Reuters|dpa)\b[^.]*$",
    re.IGNORECASE,
)
_CREDIT_LENGTH = 60
_NOTE = 2_000  # letters of the longest footnote


def completed(runs: list[Run], kept: set[int]) -> set[int]:
    """The numbers of all runs that belong to the article of which `kept` were chosen."""
    if not kept:
        return kept
    article = _Article(runs, set(kept))
    article.whole_tables_and_lists()
    article.headings()
    article.captions()
    article.notes()
    article.end()
    return article.kept


class _Article:
    def __init__(self, runs: list[Run], kept: set[int]) -> None:
        self.runs = runs
        self.kept = kept
        self._within: dict[HtmlElement, list[Run]] = defaultdict(list)
        for run in runs:
            self._within[run.block].append(run)
            for element in run.block.iterancestors():
                self._within[element].append(run)

    def whole_tables_and_lists(self) -> None:
        """Tables, lists and code of which at least half was chosen, or which stand between chosen paragraphs."""
        for element in list(self._within):
            if element.tag in _WHOLE:
                inside = self._within[element]
                size = sum(len(run.folded) for run in inside)
                there = sum(len(run.folded) for run in inside if run.number in self.kept)
                if (there and there * 2 >= size) or (self._is_between(element) and _is_text(inside)):
                    self._keep(inside)

    def headings(self) -> None:
        """A heading right before a chosen run."""
        for number in sorted(self.kept, reverse=True):
            if number and number - 1 not in self.kept:
                before = self.runs[number - 1]
                if before.block.tag in _HEADINGS and before.number > min(self.kept):
                    self._keep([before])

    def captions(self) -> None:
        """Captions of pictures that stand in the article, beside its text."""
        first, last = min(self.kept), max(self.kept)
        captions = [run for run in self.runs[first:last] if run.number not in self.kept and _is_caption(run)]
        numbers = {run.number for run in captions}
        for run in captions:
            before, after = run.number - 1, run.number + 1
            while before in numbers:
                before -= 1
            while after in numbers:
                after += 1
            if self.kept & {before - 1, before, after, after + 1}:
                self._keep([run])

    def notes(self) -> None:
        """Footnotes: what the article points to in its own page by a number or a sign."""
        marks = {
            (link.get("href") or "")[1:]
            for number in list(self.kept)
            for link in self.runs[number].block.iter("a")
            if (link.get("href") or "").startswith("#") and len(link.text_content().strip()) <= 5
        } - {""}
        if not marks:
            return
        for element in list(self._within):
            names = {element.get("id"), element.get("name")} | {
                inner.get(key)
                for inner in element.iter("a", "sup", "span")
                for key in ("id", "name")
                if element.tag in ("p", "li", "dd")
            }
            if marks & names:
                inside = self._within[element]
                if sum(len(run.folded) for run in inside) <= _NOTE:
                    self._keep(inside)

    def end(self) -> None:
        """A heading at the end has lost what it was for: comments, mostly, whose name may stand under it again."""
        numbers = sorted(self.kept)
        while len(numbers) > 1:
            last, before = self.runs[numbers[-1]], self.runs[numbers[-2]]
            if last.block.tag not in _HEADINGS and not (before.block.tag in _HEADINGS and last.folded == before.folded):
                return
            self.kept.discard(numbers.pop())

    def _is_between(self, element: HtmlElement) -> bool:
        parent = element.getparent()
        inside = self._within[element]
        around = self._within[parent] if parent is not None else []
        return any(run.number in self.kept for run in around if run.number < inside[0].number) and any(
            run.number in self.kept for run in around if run.number > inside[-1].number
        )

    def _keep(self, runs: list[Run]) -> None:
        self.kept.update(run.number for run in runs if not run.is_hidden)


def caption_of(block: HtmlElement) -> HtmlElement | None:
    """The element that is a picture's caption and holds this block."""
    for element in (block, *block.iterancestors()):
        if element.tag == "figcaption":
            return element
        if "caption" in (element.get("class") or "").lower():
            around = element.getparent()
            if around is not None and next(around.iter("img", "picture", "amp-img"), None) is not None:
                return element
        if element.tag in ("body", "article", "main", "section", "figure"):
            return None
    return None


def _is_caption(run: Run) -> bool:
    """Whether it says something of a picture: more than who took it, which is of use beside the picture only."""
    found = caption_of(run.block)
    return (
        found is not None
        and next(found.iterancestors(*_BESIDE), None) is None
        and run.linked * 2 <= len(run.folded)
        and not (len(run.text) <= _CREDIT_LENGTH and _CREDIT.search(run.text))
    )


def _is_text(runs: list[Run]) -> bool:
    size = sum(len(run.folded) for run in runs)
    return size > 0 and sum(run.linked for run in runs) * 2 <= size
