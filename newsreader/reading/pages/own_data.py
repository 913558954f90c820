"""Everything of one reader's as one JSON file, in pieces: a shelf of long articles is never in memory whole.

Only what is theirs: of the library's articles it has title and address, of their own articles the text as well.
"""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Prefetch
from django.urls import reverse

from newsreader.accounts.models import User
from newsreader.annotations.models import Highlight, Tag
from newsreader.articles.models import Article, Reading
from newsreader.search.models import SavedSearch

AT_ONCE = 100


def pieces(user: User, *, site: str) -> Iterator[str]:
    """The file; `site` is what addresses begin with."""
    yield f'{{\n"account": {_json(_account(user))}'
    parts: dict[str, Iterable[dict[str, Any]]] = {
        "tags": _tags(user),
        "highlights": _highlights(user, site),
        "readings": _readings(user, site),
        "saved_searches": _saved_searches(user),
        "articles": _articles(user, site),
    }
    for name, rows in parts.items():
        yield f',\n"{name}": ['
        for number, row in enumerate(rows):
            yield f"{',' if number else ''}\n{_json(row)}"
        yield "\n]"
    yield "\n}\n"


def _json(value: object) -> str:
    return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False)


def _account(user: User) -> dict[str, Any]:
    return {
        "username": user.username,
        "name": user.get_full_name(),
        "email": user.email,
        "joined": user.date_joined,
        "language": user.language,
        "preferences": user.preferences.kept,
        "pictures_from": list(user.pictures_from.order_by("source__name").values_list("source__name", flat=True)),
    }


def _tags(user: User) -> Iterator[dict[str, Any]]:
    for tag in Tag.objects.filter(reader=user).order_by("name", "pk").iterator(AT_ONCE):
        yield {"name": tag.name, "deleted": tag.deleted}


def _highlights(user: User, site: str) -> Iterator[dict[str, Any]]:
    tags = Prefetch("tags", Tag.objects.filter(deleted=None).order_by("name"), to_attr="kept_tags")
    rows = Highlight.objects.filter(reader=user).order_by("pk").select_related("article").prefetch_related(tags)
    for row in rows.defer("article__html", "article__text", "note_html").iterator(AT_ONCE):
        yield {
            "id": row.public_id,
            "article": _named(row.article, site),
            "quote": {"exact": row.exact, "prefix": row.prefix, "suffix": row.suffix},
            "position": None if row.span is None else {"start": row.start, "end": row.end},
            "status": row.status,
            "colour": row.colour,
            "note": row.note,
            "tags": [tag.name for tag in row.kept_tags],
            "created": row.created,
            "updated": row.updated,
            "deleted": row.deleted,
        }


def _readings(user: User, site: str) -> Iterator[dict[str, Any]]:
    rows = Reading.objects.filter(reader=user).order_by("pk").select_related("article")
    for row in rows.defer("article__html", "article__text").iterator(AT_ONCE):
        yield {
            "article": _named(row.article, site),
            "place": row.place,
            "unread": row.unread,
            "favourite": row.favourite,
            "position": row.position,
            "changed": row.changed,
        }


def _saved_searches(user: User) -> Iterator[dict[str, Any]]:
    """Without the addresses of their feeds: whoever had the file could read along."""
    for row in SavedSearch.objects.filter(reader=user).order_by("position", "pk"):
        yield {
            "name": row.name,
            "query": row.query,
            "kind": row.kind,
            "on_the_library_page": row.pinned,
            "made": row.made,
            "deleted": row.deleted,
        }


def _articles(user: User, site: str) -> Iterator[dict[str, Any]]:
    """One by one: each may be a megabyte."""
    for row in Article.objects.filter(owner=user).select_related("proposal").order_by("pk").iterator(1):
        more = {"byline": row.byline, "published": row.published, "added": row.added, "language": row.language}
        proposal = getattr(row, "proposal", None)
        said = {name: getattr(proposal, name) for name in ("made", "word", "state", "answer")} if proposal else None
        yield _named(row, site) | more | {"picture": row.picture, "proposal": said, "html": row.html}


def _named(article: Article, site: str) -> dict[str, Any]:
    here = site + reverse("reading:article", args=[article.slug])
    return {"title": article.title, "address": here, "original": article.original}
