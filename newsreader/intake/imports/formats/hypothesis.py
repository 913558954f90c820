"""Hypothesis: the JSON that its client exports, or that its API answers. One item for each page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from newsreader.core.quotes import CONTEXT
from newsreader.core.sentence import Sentence
from newsreader.intake.imports.opened import ROWS, Opened, too_many
from newsreader.intake.imports.shape import Item, Marked, Unread, entry
from newsreader.intake.imports.words import TITLE, address_of, context_of, lines_of, moment, tags_of, words_of

KIND, NAME = "hypothesis", "Hypothesis"


def claims(file: Opened) -> bool:
    first = next(iter(_annotations(file.json)), None)
    return isinstance(first, dict) and "uri" in first and "target" in first


def read(file: Opened) -> Iterator[Item | Unread]:
    pages: dict[str, tuple[int, str, list[Marked]]] = {}
    for number, one in enumerate(_annotations(file.json), 1):
        if number > ROWS:
            raise too_many()
        if not isinstance(one, dict) or not (address := address_of(one.get("uri"))):
            yield Unread(entry(number), Sentence("it is on no page of the web"))
        elif one.get("references"):
            yield Unread(entry(number), Sentence("it answers another annotation: it marks no words"))
        elif not (mark := _mark(one)):
            yield Unread(entry(number), Sentence("it has neither words nor a note"))
        else:
            _, _, marks = pages.setdefault(address, (number, _title(one), []))
            marks.append(mark)
    for address, (number, title, marks) in pages.items():
        yield Item(entry(number), address=address, title=title, marked=tuple(marks))


def _annotations(json: Any) -> list[Any]:
    found = json.get("annotations", json.get("rows")) if isinstance(json, dict) else json
    return found if isinstance(found, list) else []


def _title(one: dict[str, Any]) -> str:
    document = one.get("document")
    title = document.get("title") if isinstance(document, dict) else ""
    return words_of(title[0] if isinstance(title, list) and title else title, TITLE)


def _mark(one: dict[str, Any]) -> Marked | None:
    quote: dict[str, Any] = {}
    for target in one.get("target") or ():
        selectors = target.get("selector") if isinstance(target, dict) else None
        for selector in selectors if isinstance(selectors, list) else ():
            if isinstance(selector, dict) and selector.get("type") == "TextQuoteSelector":
                quote = quote or selector
    words, note = lines_of(quote.get("exact")), lines_of(one.get("text"))
    if not words and not note:
        return None
    return Marked(
        words,
        prefix=context_of(quote.get("prefix"))[-CONTEXT:],
        suffix=context_of(quote.get("suffix"))[:CONTEXT],
        note=note,
        tags=tags_of(one.get("tags") or ()),
        made=moment(one.get("created")),
    )
