"""The keyboard map as a page shows it. What the keys do is in static/js; a test holds both together."""

import json
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Key(NamedTuple):
    """What some keys do. `keys` are written as static/js/keys.js names them, `shown` as a keyboard has them."""

    does: Promise
    keys: tuple[str, ...]
    shown: tuple[tuple[str, ...], ...]  # alternatives, each one or more <kbd>

    @property
    def data(self) -> str:
        return json.dumps(self.keys)


class Group(NamedTuple):
    """Keys that belong together; on a page that has nothing `on` it (a selector) they do something else, or nothing."""

    title: Promise
    rows: tuple[Key, ...]
    on: str = "body"


def _key(does: Promise, *keys: str, shown: tuple[tuple[str, ...], ...] = ()) -> Key:
    return Key(does, keys, shown or tuple(_caps(key) for key in keys))


LIST, NOTEBOOK, SEARCH, HITS = "body:not(:has(#text, .passage, #search))", ".passage", "#search", "#hits"
READER, MARKABLE = "#text", "#text[data-markable]"
CAPS = {"ArrowDown": "↓", "ArrowUp": "↑", "ArrowLeft": "←", "ArrowRight": "→", "Escape": "Esc"}


def _caps(key: str) -> tuple[str, ...]:
    """“Shift+J” is two keys pressed together, “g l” two pressed one after the other."""
    parts = key.replace("+", " ").split(" ") if len(key) > 1 else [key]
    return tuple(CAPS.get(part, part.upper() if len(part) == 1 else part) for part in parts)


GROUPS = (
    Group(
        _("Everywhere"),
        (
            _key(_("Search"), "/"),
            _key(_("Add to your shelf"), "a"),
            _key(_("Go to the library"), "g l"),
            _key(_("Go to the notebook"), "g n"),
            _key(_("Go to tags"), "g t"),
            _key(_("Undo"), "z"),
            _key(_("These keys"), "?"),
        ),
    ),
    Group(
        _("Lists"),
        (
            _key(_("Next, previous article"), "j", "k"),
            _key(_("Open"), "o"),
            _key(_("Select"), "x"),
            _key(_("Archive"), "e"),
            _key(_("Read later"), "l"),
            _key(_("Favourite"), "s"),
            _key(_("Read or unread"), "m"),
            _key(_("Remove what I saved"), "#"),
        ),
        on=LIST,
    ),
    Group(
        _("Search"),
        (
            _key(_("Next, previous result"), "j", "k", shown=(("J",), ("K",), ("↓",), ("↑",))),
            _key(_("Open"), "o"),
            _key(_("Back to the box; in it, clear it"), "Escape"),
        ),
        on=SEARCH,
    ),
    Group(
        _("Notebook"),
        (
            _key(_("Next, previous passage"), "j", "k"),
            _key(_("Go to the text"), "o"),
            _key(_("Select"), "x"),
            _key(_("Write a note"), "n"),
        ),
        on=NOTEBOOK,
    ),
    Group(
        _("Hits of a search"),
        (
            _key(_("Next, previous hit"), "n", "p"),
            _key(_("Leave the hits"), "Escape"),
        ),
        on=HITS,
    ),
    Group(
        _("Passages"),
        (
            _key(_("Next, previous paragraph"), "j", "k"),
            _key(_("Next, previous sentence"), "ArrowDown", "ArrowUp"),
            _key(_("Extend by a sentence"), "Shift+ArrowDown", "Shift+ArrowUp"),
            _key(_("Extend by a word"), "Shift+ArrowRight", shown=(("Ctrl", "Shift", "→"), ("Ctrl", "Shift", "←"))),
            _key(_("Highlight in the last colour"), "h"),
            _key(_("Highlight in that colour"), "1", "2", "3", "4", "5"),
            _key(_("Write a note"), "n"),
            _key(_("Tag"), "t"),
            _key(_("Copy the link"), "c"),
            _key(_("Copy the quotation"), "q"),
            _key(_("All that can be done with these words"), "Enter"),
            _key(_("Leave"), "Escape"),
        ),
        on=MARKABLE,
    ),
    Group(
        _("Article"),
        (
            _key(_("Next, previous passage"), "Shift+j", "Shift+k"),
            _key(_("Show or hide marks"), "v"),
            _key(_("Previous, next article"), "[", "]"),
            _key(_("Archive"), "e"),
            _key(_("Read later"), "l"),
            _key(_("Favourite"), "s"),
            _key(_("Read or unread"), "m"),
            _key(_("Remove what I saved"), "#"),
            _key(_("Typeface, size and colours"), ","),
        ),
        on=READER,
    ),
)
