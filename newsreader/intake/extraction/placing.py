"""Where the words that a tool chose stand in the page. Pure.

Tools give back text without its place, and drop or join what they like. Long runs are sought as a whole, rare first;
short ones only count between their neighbours; of runs that were chosen in part, half the words are enough.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict

from newsreader.intake.extraction.runs import Run, letters

_LONG = 24
_SAMPLE, _STEP = 12, 5
_MOST_LEFT = 200_000


def placed(runs: list[Run], text: str) -> tuple[set[int], float]:
    """The numbers of the runs that are in `text`, and how much of it they are, from 0 to 1."""
    place = _Placing(runs, letters(text))
    place.long_runs()
    place.short_runs()
    place.partial_runs()
    found = sum(len(runs[number].folded) for number in place.kept)
    return place.kept, min(1.0, found / max(1, len(place.chosen)))


class _Placing:
    def __init__(self, runs: list[Run], chosen: str) -> None:
        self.runs = runs
        self.chosen = chosen
        self.kept: set[int] = set()
        self._starts: dict[int, int] = {}  # of each placed run, where it stands in `chosen`
        self._taken = bytearray(len(chosen))  # letters of `chosen` that a run has been found for

    def long_runs(self) -> None:
        """Longest first, so that a quotation of a paragraph doesn't take the paragraph's place."""
        alike: dict[str, list[int]] = defaultdict(list)
        for run in self.runs:
            if len(run.folded) >= _LONG:
                alike[run.folded].append(run.number)
        for numbers in alike.values():  # what is shown counts before a copy that waits for a click or a wider window
            shown = [number for number in numbers if not self.runs[number].is_hidden]
            numbers[:] = shown or numbers
        for folded in sorted(alike, key=len, reverse=True):
            numbers = alike[folded]
            if len(numbers) == 1:
                self._place(numbers[0], self._find(folded))
        anchors = sorted((start, number) for number, start in self._starts.items())
        for folded in sorted(alike, key=len, reverse=True):
            if len(alike[folded]) > 1:
                self._place_each(alike[folded], folded, anchors)

    def _place_each(self, numbers: list[int], folded: str, anchors: list[tuple[int, int]]) -> None:
        """Of several that say the same, those nearest to what stands before the words in the chosen text."""
        at = -1
        while numbers and (at := self._find(folded, at + 1)) >= 0:
            before = bisect_left(anchors, (at, 0)) - 1
            wanted = anchors[before][1] if before >= 0 else 0
            place = bisect_left(numbers, wanted)
            around = [near for near in (place - 1, place) if 0 <= near < len(numbers)]
            nearest = min(around, key=lambda near: abs(numbers[near] - wanted))
            self._place(numbers.pop(nearest), at)

    def short_runs(self) -> None:
        """Those between two placed runs that stand in the chosen text between the same two."""
        placed_runs = sorted(self._starts)
        for place in range(len(placed_runs) + 1):
            first = placed_runs[place - 1] if place else -1
            last = placed_runs[place] if place < len(placed_runs) else len(self.runs)
            start = self._starts[first] + len(self.runs[first].folded) if first >= 0 else 0
            end = self._starts[last] if last < len(self.runs) else len(self.chosen)
            for number in range(first + 1, last):
                folded = self.runs[number].folded
                if not folded or len(folded) >= _LONG or start >= end:
                    continue
                if self.chosen.startswith(folded, start, end):
                    self._place(number, start)
                    start += len(folded)

    def partial_runs(self) -> None:
        """Long runs of which the tool left something out."""
        left = "".join(letter for letter, taken in zip(self.chosen, self._taken, strict=True) if not taken)
        pieces = {left[at : at + _SAMPLE] for at in range(min(len(left), _MOST_LEFT) - _SAMPLE + 1)}
        if not pieces:
            return
        for run in self.runs:
            if run.number not in self.kept and len(run.folded) >= _LONG:
                samples = range(0, len(run.folded) - _SAMPLE + 1, _STEP)
                found = sum(run.folded[at : at + _SAMPLE] in pieces for at in samples)
                if found * 2 > len(samples):
                    self.kept.add(run.number)

    def _find(self, folded: str, start: int = 0) -> int:
        """The first free place of the words in the chosen text, or -1."""
        at = self.chosen.find(folded, start)
        while at >= 0 and self._taken.find(1, at, at + len(folded)) >= 0:
            at = self.chosen.find(folded, at + 1)
        return at

    def _place(self, number: int, at: int) -> None:
        if at >= 0:
            size = len(self.runs[number].folded)
            self.kept.add(number)
            self._starts[number] = at
            self._taken[at : at + size] = b"\1" * size
