"""What else belongs to the words that were chosen: captions, the rest of lists and tables, headings, footnotes. Pure.

The tools judge words; these rules look at the elements around them. Nothing is ever taken away here.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterator

from lxml.html import HtmlElement

from newsreader.intake.extraction.runs import Run

_WHOLE = ("table", "ul", "ol", "dl", "pre")
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_BESIDE = ("aside", "nav", "footer", "form")
_NOTE = 2_000  # letters of the longest footnote


def completed(runs: list[Run], kept: set[int], rules: str = "cwghn") -> set[int]:
    """The numbers of all runs that belong to the article of which `kept` were chosen."""
    if not kept:
        return kept
    article = _Article(runs, set(kept))
    if "w" in rules: article.whole_tables_and_lists()
    if "g" in rules: article.gaps()
    if "h" in rules: article.headings()
    if "c" in rules: article.captions()
    if "n" in rules: article.notes()
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
                if there * 2 >= size and there or (self._is_between(element) and _is_text(inside)):
                    self._keep(inside)

    def gaps(self) -> None:
        """Paragraphs between two chosen ones that are their siblings and look the same."""
        numbers = sorted(self.kept)
        for before, after in zip(numbers, numbers[1:]):
            missing = self.runs[before + 1 : after]
            first = self.runs[before].block
            if 0 < len(missing) <= 6 and first.getparent() is self.runs[after].block.getparent():
                for run in missing:
                    if run.block.getparent() is first.getparent() and run.block.tag == first.tag and run.block.get("class") == first.get("class") and _is_text([run]):
                        self._keep([run])

    def headings(self) -> None:
        """A heading right before a chosen run."""
        for number in sorted(self.kept, reverse=True):
            if number and number - 1 not in self.kept:
                before = self.runs[number - 1]
                if before.block.tag in _HEADINGS and before.number > min(self.kept):
                    self._keep([before])

    def captions(self) -> None:
        """Captions of pictures that stand in the article."""
        first, last = min(self.kept), max(self.kept)
        for run in self.runs[max(0, first - 8) : last + 1]:
            if run.number not in self.kept and not run.is_hidden and (found := caption_of(run.block)) is not None:
                if next(found.iterancestors(*_BESIDE), None) is None and run.linked * 2 <= len(run.folded):
                    if run.number > first:
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
                inner.get(key) for inner in element.iter("a", "sup", "span") for key in ("id", "name") if element.tag in ("p", "li", "dd")
            }
            if marks & names:
                inside = self._within[element]
                if sum(len(run.folded) for run in inside) <= _NOTE:
                    self._keep(inside)

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


def _is_text(runs: list[Run]) -> bool:
    size = sum(len(run.folded) for run in runs)
    return size > 0 and sum(run.linked for run in runs) * 2 <= size
