"""Writing without spaces between words (Chinese, Japanese, Thai…): what of a search is looked for as it stands.

SQLite's splitter takes a whole run of such characters for one word, so a part of it is looked for as a stretch of
text. Korean has spaces, but writes endings on to its words, and is treated alike. Pure.
"""

import re
from collections.abc import Iterable, Iterator
from unicodedata import category

from newsreader.core.asked import All, Any, Node, Not, Words
from newsreader.search.snippets import CLOSE, OPEN

# Thai and Lao, Burmese, Khmer; kana, Han, Hangul and what lies between; Han for old encodings, narrow kana; rare Han.
_LETTER = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\ud7af\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff]"
)
# How these begin in UTF-8, and few others do: what SQLite can look for fast. Not so the rare Han, which never stands
# in a text without the others.
BYTES = (
    *("E0B8", "E0B9", "E0BA", "E0BB", "E180", "E181", "E182", "E19E", "E19F"),
    *("E3", "E4", "E5", "E6", "E7", "E8", "E9", "EA", "EB", "EC", "ED", "EFBD", "EFBE"),
)


def is_unspaced(words: Words | str) -> bool:
    """Whether it holds a character of such writing."""
    return bool(_LETTER.search(words if isinstance(words, str) else words.text))


def runs(words: Words) -> tuple[str, ...]:
    """What must stand in a text as it is, in small letters: a phrase as a whole, else its pieces between signs."""
    text = words.text.lower()
    if words.phrase:
        places = [place for place, one in enumerate(text) if _belongs(one)]
        return (text[places[0] : places[-1] + 1],)
    return tuple(dict.fromkeys("".join(one if _belongs(one) else " " for one in text).split()))


def wanted_runs(node: Node | None) -> tuple[str, ...]:
    """The runs that a query looks for, in order, without those that must not occur."""
    return tuple(dict.fromkeys(_wanted(node)))


def with_marks(text: str, stretches: Iterable[str]) -> str:
    """The text with its stretches between OPEN and CLOSE; hits that it has already stay as they are."""
    found = re.compile("|".join(map(re.escape, sorted(stretches, key=len, reverse=True))), re.IGNORECASE)
    if not found.pattern:
        return text
    # What stands between OPEN and CLOSE is every second part.
    parts = re.split(f"({OPEN}[^{CLOSE}]*{CLOSE})", text)
    parts[::2] = [found.sub(lambda hit: f"{OPEN}{hit[0]}{CLOSE}", part) for part in parts[::2]]
    return "".join(parts)


def _wanted(node: Node | None) -> Iterator[str]:
    match node:
        case Words() if is_unspaced(node):
            yield from runs(node)
        case All(nodes) | Any(nodes):
            for inner in nodes:
                yield from _wanted(inner)
        case Not():
            return


def _belongs(character: str) -> bool:
    """A letter, a digit, or a mark on one: Thai writes vowels as marks."""
    return category(character)[0] in "LMN"
