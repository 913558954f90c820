"""Headlines: is a line one, which of two lines is the whole one, and where its publisher's name begins.

Works by the look of the words, so a publisher behind a dash is only believed when it looks like a name.
"""

from __future__ import annotations

import re
import unicodedata

from newsreader.intake.names import KINDS, PRESS, SMALL

_LONGEST = 220
_CERTAIN = 120
_SITE = re.compile(r"(?:[\w-]+\.)+[a-z]{2,10}", re.IGNORECASE)
_PAPER = re.compile(r"(?:zeitung|blatt|news)$")
_STOP = re.compile(r"[.。।؟]['\"’”»)]*$")
_SEPARATOR = re.compile(r"\s+(?:[–—|‖·]|-{1,2}|::)\s+")


def fold(text: str) -> str:
    """The letters and digits of `text` alone, without case, accents, spaces and punctuation."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in plain if char.isalnum())


def is_headline(paragraph: str) -> bool:
    """Whether it may be a headline: short, or of middle length and not a sentence with a full stop."""
    if len(paragraph) > _LONGEST:
        return False
    return len(paragraph) <= _CERTAIN or not (
        _STOP.search(paragraph) or re.search(r"[^\W\d_]{3,}[.!?]\s+\w", paragraph)
    )


def whole_of(first: str, second: str) -> str | None:
    """The fuller of two lines where one repeats or cuts off the other; None where they are two things.

    A text may begin with its headline's words: what ends as a sentence does is no fuller headline.
    """
    one, two = fold(first), fold(second)
    if not one or not two:
        return None
    if one == two:
        return second
    short, long, whole = (one, two, second) if len(one) < len(two) else (two, one, first)
    if len(short) < 8 or not long.startswith(short) or _STOP.search(whole):
        return None
    cut_late = len(short) >= 40 or 2 * len(short) >= len(long)
    return whole if cut_late or split_publisher(whole)[1] else None


def split_publisher(headline: str, *, from_feed: bool = False) -> tuple[str, str]:
    """Return (title, publisher); the publisher is "" where the tail does not look like one.

    `from_feed`: something else says that the headline came with its publisher's name, as in news feeds.
    """
    separators = list(_SEPARATOR.finditer(headline))
    if not separators:
        return headline, ""
    last = separators[-1]
    title, tail = headline[: last.start()].strip(), headline[last.end() :].strip()
    bar = last[0].strip() in ("|", "‖", "::")
    return (title, tail) if _is_publisher(tail, title, bar=bar, from_feed=from_feed) else (headline, "")


def _is_publisher(tail: str, title: str, *, bar: bool, from_feed: bool) -> bool:
    words = tail.split()
    if not title or not _is_name(tail, words):
        return False
    if bar or _SITE.fullmatch(tail):
        return True
    known = from_feed or any(word in PRESS or _PAPER.search(word) for word in map(str.casefold, words))
    if len(title.split()) < (2 if known else 3):
        return False
    if known or _uncased(tail):
        return known or len(words) <= 2
    # Behind a headline in sentence case a few capitals are a name; in title case they may be its own clause.
    return len(words) <= 4 and _in_sentence_case(title)


def _is_name(tail: str, words: list[str]) -> bool:
    """Whether it is written as a name is: a few words with capitals (if the script has any), no sentence."""
    if not 0 < len(words) <= 6 or len(tail) > 60 or re.search(r"[?!:;,“”\"«»‘]|\.$", tail):
        return False
    if words[0].casefold() in KINDS or sum(word.isdigit() for word in words) > 1:
        return False
    return _uncased(tail) or bool(_SITE.fullmatch(tail)) or all(_capital(word) or word in SMALL for word in words)


def _capital(word: str) -> bool:
    first = word.lstrip("(")[:1]
    return first.isupper() or first.isdigit() or (word[:1].islower() and word[1:2].isupper())


def _uncased(text: str) -> bool:
    return text.upper() == text.lower()


def _in_sentence_case(title: str) -> bool:
    words = [word for word in title.split()[1:] if len(word) > 3 and word[0].isalpha()]
    return sum(word[0].islower() for word in words) * 2 >= max(len(words), 1)
