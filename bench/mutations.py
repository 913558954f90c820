"""Edits of a text whose outcome is known by construction, to measure anchoring with.

Every mutation takes a case (random numbers, text, passage, words to use) and answers the text before, the text
after and where the passage is after: None when it is gone. `EXISTING` leave it in the text, `GONE` do not.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

Range = tuple[int, int]
Edit = tuple[int, int, str]


@dataclass(frozen=True, slots=True)
class Case:
    """A text with a passage in it; `words` and `sentences` come from other texts."""

    rng: Random
    text: str
    start: int
    end: int
    words: list[str]
    sentences: list[str]


@dataclass(frozen=True, slots=True)
class Mutated:
    """The text before with the passage in it, and after with where it is (None: gone)."""

    old: str
    span: Range
    new: str
    truth: Range | None


Mutation = Callable[[Case], Mutated | None]


def apply(text: str, edits: list[Edit]) -> str:
    """The text with the ranges replaced; they may not overlap."""
    parts, last = [], 0
    for start, end, put in sorted(edits):
        parts += [text[last:start], put]
        last = end
    return "".join([*parts, text[last:]])


def edited(case: Case, edits: list[Edit]) -> Mutated | None:
    """The outcome when the passage is where its ends went. An edit at an end belongs to the passage."""
    if not edits:
        return None
    start, end = case.start, case.end
    for a, b, _ in edits:
        if a == b and a == start:  # put in before the passage
            continue
        if a < start < b or a < end < b:
            return None
    new = apply(case.text, edits)
    new_start = start + sum(len(p) - (b - a) for a, b, p in edits if b <= start)
    new_end = end + sum(len(p) - (b - a) for a, b, p in edits if b <= end and not (a == b == end))
    while new_start < new_end and new[new_start].isspace():
        new_start += 1
    while new_end > new_start and new[new_end - 1].isspace():
        new_end -= 1
    return Mutated(case.text, (start, end), new, (new_start, new_end))


# --- helpers that cut a text -------------------------------------------------------------------------------


def word_ranges(text: str, start: int, end: int) -> list[Range]:
    """The words that lie in the range as a whole."""
    low = max(0, start - 40)
    found = [(m.start() + low, m.end() + low) for m in re.finditer(r"\w+(?:['’]\w+)?", text[low : end + 40])]
    return [(a, b) for a, b in found if start <= a and b <= end]


def sentence_ranges(text: str) -> list[Range]:
    """The sentences, roughly: up to a full stop before white space, or to the end of a paragraph."""
    ranges = []
    for found in re.finditer(r"\S[^\n]*?(?:[.!?][”\"')]*(?=\s|$)|(?=\n|$))", text):
        ranges.append(found.span())
    return ranges


def paragraph_ranges(text: str) -> list[Range]:
    return [found.span() for found in re.finditer(r"\S[^\n]*(?:\n(?!\n)[^\n]+)*", text)]


def around(ranges: list[Range], start: int, end: int) -> Range | None:
    """The one of the ranges in which the passage lies as a whole."""
    return next(((a, b) for a, b in ranges if a <= start and end <= b), None)


def other_word(case: Case, word: str) -> str:
    """A word from other texts of about the same length and with the same capital."""
    for _ in range(50):
        found = case.rng.choice(case.words)
        if abs(len(found) - len(word)) <= 3 and found.lower() != word.lower():
            return found.capitalize() if word[0].isupper() else found.lower()
    return "otherwise"


def reworded(case: Case, start: int, end: int, share: float, *, least: int = 1) -> list[Edit]:
    """Edits that replace a share of the words of the range."""
    ranges = word_ranges(case.text, start, end)
    count = min(len(ranges), max(least, round(share * len(ranges))))
    return [(a, b, other_word(case, case.text[a:b])) for a, b in case.rng.sample(ranges, count)]


# --- the passage exists afterwards -------------------------------------------------------------------------


def word_swapped(case: Case) -> Mutated | None:
    """One word of the passage is another."""
    return edited(case, reworded(case, case.start, case.end, 0.0))


def lightly_reworded(case: Case) -> Mutated | None:
    """One word in six of the passage is another."""
    return edited(case, reworded(case, case.start, case.end, 1 / 6))


def typos(case: Case) -> Mutated | None:
    """One letter in fifteen of the passage is another, missing or doubled."""
    edits: list[Edit] = []
    for place in sorted(case.rng.sample(range(case.start, case.end), max(1, (case.end - case.start) // 15))):
        letter = case.text[place]
        if letter.isalpha():
            put = case.rng.choice(["", letter * 2, case.rng.choice("aeinorst")])
            edits.append((place, place + 1, put))
    return edited(case, edits)


def sentence_before(case: Case) -> Mutated | None:
    """A new sentence directly before the passage."""
    return edited(case, [(case.start, case.start, case.rng.choice(case.sentences) + " ")])


def sentence_inside(case: Case) -> Mutated | None:
    """A new sentence after one that ends inside of the passage."""
    ends = [b for a, b in sentence_ranges(case.text) if case.start + 20 < b < case.end - 20]
    if not ends:
        return None
    place = case.rng.choice(ends)
    return edited(case, [(place, place, " " + case.rng.choice(case.sentences))])


def shortened(case: Case) -> Mutated | None:
    """A quarter of the words, in one stretch inside of the passage, is deleted."""
    ranges = word_ranges(case.text, case.start, case.end)
    if len(ranges) < 8:
        return None
    first = case.rng.randrange(2, len(ranges) - len(ranges) // 4 - 1)
    return edited(case, [(ranges[first][0], ranges[first + len(ranges) // 4][0], "")])


def context_rewritten(case: Case) -> Mutated | None:
    """The passage is untouched, the words on both sides are others."""
    edits = reworded(case, max(0, case.start - 120), case.start, 0.8)
    edits += reworded(case, case.end, min(len(case.text), case.end + 120), 0.8)
    return edited(case, edits)


def whole_text_edited(case: Case) -> Mutated | None:
    """One word in eight of the whole text is another, the passage's too."""
    return edited(case, reworded(case, 0, len(case.text), 1 / 8))


def names_replaced(case: Case) -> Mutated | None:
    """Every capitalised word inside of sentences is another, the same one each time."""
    names: dict[str, str] = {}
    edits = []
    for found in re.finditer(r"(?<=[a-z,;] )[A-Z]\w+", case.text):
        put = names.setdefault(found[0], other_word(case, found[0]))
        edits.append((found.start(), found.end(), put))
    if not any(case.start <= a and b <= case.end for a, b, _ in edits):
        return None
    return edited(case, edits)


def punctuation_modernised(case: Case) -> Mutated | None:
    """Typographic quotation marks, apostrophes, dashes and dots everywhere."""
    text = case.text
    edits: list[Edit] = []
    rules = [
        (r"(?<=\w)'(?=\w)", "’"),
        (r'(?<=\s)"(?=\S)', "“"),
        (r'(?<=\S)"', "”"),
        (r" - | -- ", " — "),
        (r"\.\.\.", "…"),
        (r"“", "«"),
        (r"”", "»"),
        (r"’", "'"),
        (r"–|—", " - "),
    ]
    taken = -1
    marks = sorted((m.start(), m.end(), put) for rule, put in rules for m in re.finditer(rule, text))
    for start, end, put in marks:
        if start >= taken:
            edits.append((start, end, put))
            taken = end
    if not any(case.start <= a and b <= case.end for a, b, _ in edits):
        return None
    return edited(case, edits)


def whitespace(case: Case) -> Mutated | None:
    """Spaces doubled, non-breaking or line breaks, at random; paragraph breaks single."""
    edits: list[Edit] = []
    for found in re.finditer(r"\s+", case.text):
        if found[0] == " " and case.rng.random() < 0.2:
            edits.append((found.start(), found.end(), case.rng.choice(["  ", "\u00a0", "\n"])))
        elif found[0] == "\n\n":
            edits.append((found.start(), found.end(), "\n"))
    return edited(case, edits)


def case_changed(case: Case) -> Mutated | None:
    """The passage's sentence in capitals."""
    return edited(case, [(case.start, case.end, case.text[case.start : case.end].upper())])


def paragraph_split(case: Case) -> Mutated | None:
    """A paragraph break before and inside of the passage's paragraph, wherever a sentence ends."""
    paragraph = around(paragraph_ranges(case.text), case.start, case.end)
    if not paragraph:
        return None
    edits: list[Edit] = []
    for found in re.finditer(r"(?<=[.!?]) (?=[A-Z])", case.text[paragraph[0] : paragraph[1]]):
        edits.append((paragraph[0] + found.start(), paragraph[0] + found.end(), "\n\n"))
    return edited(case, edits)


def paragraphs_merged(case: Case) -> Mutated | None:
    """No paragraph breaks in the neighbourhood."""
    low, high = case.start - 800, case.end + 800
    edits = [
        (found.start(), found.end(), " ")
        for found in re.finditer(r"\n\s*", case.text)
        if low < found.start() and found.end() < high
    ]
    return edited(case, edits)


def sentence_moved(case: Case) -> Mutated | None:
    """The passage's sentence is in another paragraph."""
    home = around(sentence_ranges(case.text), case.start, case.end)
    return _moved(case, home, sentence_ranges(case.text), " ")


def paragraph_moved(case: Case) -> Mutated | None:
    """The passage's paragraph is elsewhere."""
    home = around(paragraph_ranges(case.text), case.start, case.end)
    return _moved(case, home, paragraph_ranges(case.text), "\n\n")


def moved_and_edited(case: Case) -> Mutated | None:
    """The passage's paragraph is elsewhere, and one word in ten of it is another."""
    home = around(paragraph_ranges(case.text), case.start, case.end)
    if not home or not _long_enough(case, home):
        return None
    changed = edited(case, reworded(case, home[0], home[1], 0.1))
    if not changed or not changed.truth:
        return None
    inner = Case(case.rng, changed.new, *changed.truth, case.words, case.sentences)
    home = around(paragraph_ranges(inner.text), inner.start, inner.end)
    moved = _moved(inner, home, paragraph_ranges(inner.text), "\n\n")
    return Mutated(case.text, changed.span, moved.new, moved.truth) if moved else None


def pull_quote(case: Case) -> Mutated | None:
    """The passage is repeated as a paragraph of its own before or after its paragraph, and the original edited."""
    return _pulled(case, (case.start, case.end))


def sentence_pull_quote(case: Case) -> Mutated | None:
    """The passage's sentence is repeated so, with whatever context the passage has in it."""
    sentence = around(sentence_ranges(case.text), case.start, case.end)
    return _pulled(case, sentence) if sentence and sentence != (case.start, case.end) else None


def _pulled(case: Case, quoted: Range) -> Mutated | None:
    paragraph = around(paragraph_ranges(case.text), case.start, case.end)
    if not paragraph or quoted[0] == paragraph[0] or quoted[1] == paragraph[1]:
        return None
    edits = reworded(case, case.start, case.end, 0.15)
    copy = case.text[quoted[0] : quoted[1]]
    later = case.rng.random() < 0.5
    place = paragraph[1] if later else paragraph[0]
    edits.append((place, place, f"\n\n{copy}" if later else f"{copy}\n\n"))
    return edited(case, edits)


def copied_elsewhere(case: Case) -> Mutated | None:
    """The passage's paragraph stays, and a copy of it is put in elsewhere."""
    ranges = paragraph_ranges(case.text)
    home = around(ranges, case.start, case.end)
    others = [one for one in ranges if one != home]
    if not home or len(others) < 4:
        return None
    place = case.rng.choice(others)[0]
    if abs(place - home[1]) <= 2:
        return None
    return edited(case, [(place, place, case.text[home[0] : home[1]] + "\n\n")])


def far_text_added(case: Case) -> Mutated | None:
    """Thirty sentences at the beginning of the text."""
    return edited(case, [(0, 0, " ".join(case.rng.sample(case.sentences, 30)) + "\n\n")])


def _long_enough(case: Case, home: Range) -> bool:
    return len(word_ranges(case.text, *home)) >= 6


def _moved(case: Case, home: Range | None, ranges: list[Range], gap: str) -> Mutated | None:
    """Cut the range out and put it before another one of the ranges that isn't its neighbour."""
    if not home or not _long_enough(case, home):
        return None
    here = ranges.index(home)
    far = [one for index, one in enumerate(ranges) if abs(index - here) > 2]
    if not far:
        return None
    goal = case.rng.choice(far)[0]
    words = case.text[home[0] : home[1]]
    cut_end = home[1]
    while cut_end < len(case.text) and case.text[cut_end].isspace():
        cut_end += 1
    new = apply(case.text, [(home[0], cut_end, ""), (goal, goal, words + gap)])
    start = goal - (cut_end - home[0] if goal > home[0] else 0) + case.start - home[0]
    return Mutated(case.text, (case.start, case.end), new, (start, start + case.end - case.start))


# --- the passage is gone afterwards ------------------------------------------------------------------------


def deleted(case: Case) -> Mutated | None:
    """The passage's sentences are deleted."""
    touched = [(a, b) for a, b in sentence_ranges(case.text) if a < case.end and b > case.start]
    if not touched:
        return None
    return _without(case, case.text, touched[0][0], touched[-1][1])


def paragraph_deleted(case: Case) -> Mutated | None:
    """The passage's paragraphs are deleted."""
    touched = [(a, b) for a, b in paragraph_ranges(case.text) if a < case.end and b > case.start]
    return _without(case, case.text, touched[0][0], touched[-1][1]) if touched else None


def deleted_with_lookalike(case: Case) -> Mutated | None:
    """The paragraph is deleted; one that says it with a third other words stood elsewhere and stays."""
    ranges = paragraph_ranges(case.text)
    home = around(ranges, case.start, case.end)
    if not home or not _long_enough(case, home) or len(ranges) < 6:
        return None
    edits = reworded(case, home[0], home[1], 1 / 3, least=2)
    if not any(case.start <= a and b <= case.end for a, b, _ in edits):
        return None
    shifted_edits = [(a - home[0], b - home[0], put) for a, b, put in edits]
    lookalike = apply(case.text[home[0] : home[1]], shifted_edits)
    here = ranges.index(home)
    far = [one for index, one in enumerate(ranges) if abs(index - here) > 1]
    place = case.rng.choice(far)[0]
    old = apply(case.text, [(place, place, lookalike + "\n\n")])
    by = len(lookalike) + 2 if place <= case.start else 0
    inner = Case(case.rng, old, case.start + by, case.end + by, case.words, case.sentences)
    return _without(inner, old, home[0] + by, home[1] + by)


def rewritten(case: Case) -> Mutated | None:
    """The passage's paragraphs are replaced by sentences of another text."""
    touched = [(a, b) for a, b in paragraph_ranges(case.text) if a < case.end and b > case.start]
    if not touched:
        return None
    count = max(1, (touched[-1][1] - touched[0][0]) // 120)
    new = " ".join(case.rng.sample(case.sentences, min(count, 20)))
    whole = apply(case.text, [(touched[0][0], touched[-1][1], new)])
    return Mutated(case.text, (case.start, case.end), whole, None)


def rewritten_alike(case: Case) -> Mutated | None:
    """Most long words of the passage's paragraph are others; the small words stay where they were."""
    paragraph = around(paragraph_ranges(case.text), case.start, case.end)
    if not paragraph:
        return None
    edits: list[Edit] = [
        (a, b, other_word(case, case.text[a:b])) for a, b in word_ranges(case.text, *paragraph) if b - a > 3
    ]
    inside = [edit for edit in edits if case.start <= edit[0] and edit[1] <= case.end]
    if len(inside) < 0.6 * len(word_ranges(case.text, case.start, case.end)):
        return None
    return Mutated(case.text, (case.start, case.end), apply(case.text, edits), None)


def whole_rewrite(case: Case) -> Mutated | None:
    """Another article in the place of this one."""
    paragraphs = [" ".join(case.rng.sample(case.sentences, 5)) for _ in range(8)]
    return Mutated(case.text, (case.start, case.end), "\n\n".join(paragraphs), None)


def _without(case: Case, old: str, start: int, end: int) -> Mutated | None:
    new = apply(old, [(start, end, "")])
    exact = " ".join(old[case.start : case.end].split())
    if exact.lower() in " ".join(new.split()).lower():
        return None  # the same words stand elsewhere: not gone
    return Mutated(old, (case.start, case.end), new, None)


EXISTING: dict[str, Mutation] = {
    "word swapped": word_swapped,
    "lightly reworded": lightly_reworded,
    "typing errors": typos,
    "shortened": shortened,
    "sentence inserted before": sentence_before,
    "sentence inserted inside": sentence_inside,
    "context rewritten": context_rewritten,
    "whole text edited": whole_text_edited,
    "names replaced": names_replaced,
    "punctuation modernised": punctuation_modernised,
    "white space": whitespace,
    "case": case_changed,
    "paragraph split": paragraph_split,
    "paragraphs merged": paragraphs_merged,
    "sentence moved": sentence_moved,
    "paragraph moved": paragraph_moved,
    "moved and edited": moved_and_edited,
    "pull quote": pull_quote,
    "pull quote of its sentence": sentence_pull_quote,
    "copied elsewhere": copied_elsewhere,
    "text added far away": far_text_added,
}
GONE: dict[str, Mutation] = {
    "deleted": deleted,
    "paragraph deleted": paragraph_deleted,
    "deleted, lookalike stays": deleted_with_lookalike,
    "rewritten": rewritten,
    "rewritten, small words stay": rewritten_alike,
    "whole rewrite": whole_rewrite,
}
