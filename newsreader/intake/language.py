"""A small guess at a text's language: from its script, English by its commonest words, else ""."""

from __future__ import annotations

import re
from collections import Counter

_SAMPLE = 5_000
# Scripts that (nearly) one language alone is written in. A script of many languages is told apart by letters
# that only one of them has, or not at all: a wrong voice in a screen reader is worse than none.
_SCRIPTS = (
    ("he", "\u0590", "\u05ff"),
    ("ar", "\u0600", "\u06ff"),
    ("el", "\u0370", "\u03ff"),
    ("cyrillic", "\u0400", "\u04ff"),
    ("ja", "\u3040", "\u30ff"),
    ("zh", "\u4e00", "\u9fff"),
    ("ko", "\uac00", "\ud7a3"),
    ("th", "\u0e00", "\u0e7f"),
    ("hi", "\u0900", "\u097f"),
    ("", "a", "z"),
    ("", "\u00c0", "\u024f"),
)
_ENGLISH = frozenset({"the", "of", "and", "that", "is", "was", "with", "for"})


def guess_language(text: str) -> str:
    """A BCP 47 language tag for `text`, or "" where the script does not say."""
    sample = text[:_SAMPLE].casefold()
    counts: Counter[str] = Counter()
    for char in sample:
        counts.update(language for language, first, last in _SCRIPTS if first <= char <= last)
    if counts["ja"] * 10 > counts["zh"]:  # Japanese mixes kana into its Han characters, Chinese has none
        counts["ja"] += counts.pop("zh", 0)
    language, most = max(counts.items(), key=lambda item: item[1], default=("", 0))
    if most * 2 <= counts.total():
        return ""
    if language == "cyrillic":
        return _cyrillic(sample)
    if language == "ar":
        return "ur" if re.search("[ٹڈڑں]", sample) else "fa" if re.search("[پچژگ]", sample) else "ar"
    return language or _english(sample)


def _cyrillic(sample: str) -> str:
    if re.search("[іїєґ]", sample):
        return "uk" if "ї" in sample or "є" in sample else ""
    return "ru" if re.search("[ыэё]", sample) else ""


def _english(sample: str) -> str:
    words = re.findall(r"[^\W\d_]+", sample)
    return "en" if len(words) >= 12 and sum(word in _ENGLISH for word in words) * 8 >= len(words) else ""
