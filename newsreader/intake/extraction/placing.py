"""Where the words that a tool chose stand in the page. Pure.

Tools give back text without its place, and drop or join what they like. Long runs are sought as a whole, rare first;
short ones only count between their neighbours; of runs that were chosen in part, half the words are enough.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict

from newsreader.intake.extraction.runs import Run, letters

_LONG = 24
_SAMPLE, _STEP = 12, 5


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
        for folded in sorted(alike, key=len, reverse=True):
            if len(alike[folded]) > 1:
                self._place_one_of(alike[folded], folded)

    def _place_one_of(self, numbers: list[int], folded: str) -> None:
        """Of several that say the same, those nearest to what stands before the words in the chosen text."""
        rest = list(numbers)
        while rest and (at := self._find(folded)) >= 0:
            before = max(((start, number) for number, start in self._starts.items() if start < at), default=None)
            nearest = min(rest, key=lambda number: abs(number - before[1] - 1)) if before else rest[0]
            rest.remove(nearest)
            self._place(nearest, at)

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
        left = "".join(letter if not taken else " " for letter, taken in zip(self.chosen, self._taken, strict=True))
        if not left.strip():
            return
        for run in self.runs:
            if run.number not in self.kept and len(run.folded) >= _LONG:
                samples = range(0, len(run.folded) - _SAMPLE + 1, _STEP)
                found = sum(run.folded[at : at + _SAMPLE] in left for at in samples)
                if found * 2 > len(samples):
                    self.kept.add(run.number)

    def _find(self, folded: str) -> int:
        """The first free place of the words in the chosen text, or -1."""
        at = self.chosen.find(folded)
        while at >= 0 and self._taken.find(1, at, at + len(folded)) >= 0:
            at = self.chosen.find(folded, at + 1)
        return at

    def _place(self, number: int, at: int) -> None:
        if at >= 0:
            size = len(self.runs[number].folded)
            self.kept.add(number)
            self._starts[number] = at
            self._taken[at : at + size] = b"\1" * size
