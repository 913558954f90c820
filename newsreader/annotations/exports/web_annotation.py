"""W3C Web Annotation (JSON-LD): a collection with one page. An annotation's id is the address of the passage's page.

The quote and the position always select the same words: of the present text where the passage is as it was marked,
else of the text of the day it was marked, which a TimeState names. Positions are code points (Data Model 4.2.5); they
count from the beginning of the article's text, not of its page, so they refine a selector of the element that holds it.
"""

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

from newsreader.annotations.exports.plain import joined
from newsreader.annotations.exports.values import About, Passage

CONTEXT = "http://www.w3.org/ns/anno.jsonld"
TEXT = "#text"  # the element of an article's page whose text content is the article's text
STYLE = " ".join(
    f".{name} {{ background: {fill} }}"
    for name, fill in {
        "yellow": "#fde986",
        "green": "#afefbf",
        "blue": "#add7f4",
        "rose": "#f8adb3",
        "violet": "#c8ade8",
    }.items()
)


def web_annotation(passages: Iterable[Passage], about: About) -> Iterator[str]:
    head = {
        "@context": CONTEXT,
        "id": about.address,
        "type": "AnnotationCollection",
        "label": about.title,
        "created": _moment(about.made),
        "generator": {"type": "Software", "name": "Newsreader"},
        "total": about.total,
    }
    page = {"id": f"{about.address}#page-1", "type": "AnnotationPage", "partOf": about.address, "startIndex": 0}
    if not about.total:  # an empty collection has no page
        yield json.dumps(head, ensure_ascii=False) + "\n"
        return
    yield f'{json.dumps(head, ensure_ascii=False)[:-1]}, "first": '
    yield f'{json.dumps(page, ensure_ascii=False)[:-1]}, "items": ['
    yield from joined(map(annotation, passages))
    yield "]}}\n"


def annotation(passage: Passage) -> dict[str, Any]:
    return {
        "id": passage.link,
        "type": "Annotation",
        "motivation": "highlighting",
        "created": _moment(passage.created),
        "modified": _moment(passage.updated),
        **({"body": body} if (body := _body(passage)) else {}),
        "stylesheet": {"type": "CssStylesheet", "value": STYLE},
        "target": _target(passage),
    }


def _body(passage: Passage) -> list[dict[str, str]]:
    body = [{"type": "TextualBody", "purpose": "tagging", "value": name} for name in passage.tags]
    if passage.note:
        note = {"type": "TextualBody", "purpose": "commenting", "value": passage.note, "format": "text/markdown"}
        body.insert(0, note)
    return body


def _target(passage: Passage) -> dict[str, Any]:
    kept = passage.status == "kept" and passage.start is not None
    start, end = (passage.start, passage.end) if kept else (passage.made_start, passage.made_end)
    source: dict[str, Any] = {"id": passage.article, "type": "Text", "format": "text/html", "dc:title": passage.title}
    if passage.language:
        source["language"] = passage.language
    if passage.original:
        source["dcterms:source"] = {"id": passage.original}
    quote = {"type": "TextQuoteSelector", "exact": passage.exact}
    quote |= {name: words for name in ("prefix", "suffix") if (words := getattr(passage, name))}
    position = {"type": "TextPositionSelector", "start": start, "end": end}
    target: dict[str, Any] = {
        "type": "SpecificResource",
        "source": source,
        "styleClass": passage.colour,
        "selector": [quote, {"type": "CssSelector", "value": TEXT, "refinedBy": position}],
    }
    if not kept:
        target["state"] = {"type": "TimeState", "sourceDate": _moment(passage.revised)}
    return target


def _moment(when: datetime) -> str:
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
