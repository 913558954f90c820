"""Our own JSON: all that there is of a passage. Offsets are code points in the article's present text."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from newsreader.annotations.exports.values import About, Passage


def plain(passages: Iterable[Passage], about: About) -> Iterator[str]:
    head = {
        "title": about.title,
        "address": about.address,
        "filters": about.filters,
        "exported": about.made.isoformat(),
        "total": about.total,
    }
    yield f'{json.dumps(head, ensure_ascii=False)[:-1]}, "passages": ['
    yield from joined(map(_item, passages))
    yield "]}\n"


def joined(items: Iterable[dict[str, Any]]) -> Iterator[str]:
    """The items of a JSON list, a line for each."""
    for number, item in enumerate(items):
        yield (",\n" if number else "\n") + json.dumps(item, ensure_ascii=False)


def _item(passage: Passage) -> dict[str, Any]:
    return {
        "id": passage.id,
        "link": passage.link,
        "exact": passage.exact,
        "prefix": passage.prefix,
        "suffix": passage.suffix,
        "start": passage.start,
        "end": passage.end,
        "status": passage.status,
        "colour": passage.colour,
        "note": passage.note,
        "tags": list(passage.tags),
        "created": passage.created.isoformat(),
        "updated": passage.updated.isoformat(),
        "article": {
            "title": passage.title,
            "link": passage.article,
            "original": passage.original,
            "sources": list(passage.sources),
            "published": passage.published.isoformat(),
            "language": passage.language,
        },
    }
