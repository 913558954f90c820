"""The fields of the search language, and what each may be. Pure.

Dates stay as they were typed (a saved search for `after:-2w` moves on): see `core.dates`.
"""

import re
from collections.abc import Callable

from newsreader.core.asked import WORD
from newsreader.core.dates import days

SORTS = ("relevance", "newest", "oldest", "longest", "passages")
STATES = ("unread", "read", "later", "archived", "favourite", "changed", "lost")
THINGS = ("passages", "note", "tags")
COLOURS = ("yellow", "green", "blue", "rose", "violet")
TEXT_FIELDS = ("title", "text", "note", "quote")

_ALIASES = {"color": "colour", "language": "lang", "by": "author", "site": "source", "label": "tag"}
_SPELLINGS = {"favorite": "favourite", "archive": "archived", "notes": "note", "highlights": "passages", "tag": "tags"}


def field_named(typed: str) -> str:
    """A field's own name for what was typed, whether or not there is such a field."""
    return _ALIASES.get(typed.lower(), typed.lower())


def value_of(name: str, typed: str) -> str | None:
    """The plain spelling of a filter's value; None for what the filter can't be, or where it is no filter."""
    return _VALUES[name](typed) if name in _VALUES else None


def _one_of(values: tuple[str, ...]) -> Callable[[str], str | None]:
    def plain(value: str) -> str | None:
        value = _SPELLINGS.get(value.lower(), value.lower())
        return value if value in values else None

    return plain


def _minutes(value: str) -> str | None:
    return value if re.fullmatch(r"(?:[<>]=?)?\d{1,4}|\d{1,4}-\d{1,4}", value, re.ASCII) else None


def _label(value: str) -> str | None:
    return value if WORD.search(value) else None


def _language(value: str) -> str | None:
    return value.lower() if re.fullmatch(r"[a-z]{2,3}(-[a-z0-9]{2,8})*", value, re.ASCII | re.IGNORECASE) else None


def _date(value: str) -> str | None:
    return value.lower() if days(value.lower()) else None


# The functions answer the plain spelling, or None for what the filter can't be.
_VALUES: dict[str, Callable[[str], str | None]] = {
    "is": _one_of(STATES),
    "has": _one_of(THINGS),
    "colour": _one_of(COLOURS),
    "lang": _language,
    "minutes": _minutes,
    "before": _date,
    "after": _date,
    "on": _date,
    **dict.fromkeys(("author", "source", "topic", "tag", "in"), _label),
}
FILTERS = (*TEXT_FIELDS, *_VALUES, "sort")
