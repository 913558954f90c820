"""One search over articles, passages and notes. A reader finds what they may see, and nothing else.

Kinds are merged by their score relative to the best of the kind, since scores of two tables don't compare.
"""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Literal, Protocol
from urllib.parse import quote

from django.db import connection

from newsreader.annotations.models import Highlight
from newsreader.articles.models import Article
from newsreader.core.query import Query, parse
from newsreader.search import sqlite
from newsreader.search.limits import TooCostly
from newsreader.search.results import CLOSE, COUNT_LIMIT, KINDS, OPEN, Found, Kind, Page, Result, Someone, pieces

# Nobody reads result 1,001, and each further page sorts all the pages before it.
REACH = 1_000


class Backend(Protocol):
    """What a database has to do."""

    def bounded(self) -> AbstractContextManager[None]: ...
    def counts(self, query: Query, user: Someone) -> dict[Kind, int]: ...
    def best(self, query: Query, user: Someone, kind: Kind, limit: int) -> list[Found]: ...
    def snippets(self, query: Query, kind: Kind, pks: Sequence[int]) -> dict[int, str]: ...


def search(
    query: Query | str,
    *,
    user: Someone,
    kind: Kind | Literal["all"] = "all",
    offset: int = 0,
    limit: int = 20,
) -> Page:
    """What `user` may see of what has all the words, best first, from `offset` (up to REACH) on.

    Never raises for what was typed; a search that takes too long answers with a hint and no results.
    """
    query = parse(query) if isinstance(query, str) else query
    if not query.wanted:
        return _nothing(query.hints)
    backend = _backend()
    limit = max(0, min(limit, REACH - offset))
    wanted = KINDS if kind == "all" else (kind,)
    try:
        with backend.bounded():
            counts = backend.counts(query, user)
            ranked = {one: backend.best(query, user, one, offset + limit + 1) for one in wanted if counts[one]}
            found = [(one, hit) for one, hits in ranked.items() for hit in hits]
            shown = _merged(found)[offset : offset + limit]
            snippets = {
                one: backend.snippets(query, one, [hit.pk for other, hit in shown if other == one]) for one in wanted
            }
    except TooCostly:
        return _nothing((*query.hints, "That search took too long. Add a rarer word, or leave some out."))
    return Page(
        results=_results(shown, snippets, user),
        counts={"all": min(sum(counts.values()), COUNT_LIMIT + 1), **{str(one): n for one, n in counts.items()}},
        more=len(found) > offset + limit and offset + limit < REACH,
        hints=query.hints,
    )


def _backend() -> Backend:
    if connection.vendor == "sqlite":
        return sqlite
    from newsreader.search import postgres  # noqa: PLC0415 needs psycopg, which is an extra

    return postgres


def _nothing(hints: tuple[str, ...]) -> Page:
    return Page(results=(), counts=dict.fromkeys(("all", *KINDS), 0), more=False, hints=hints)


def _merged(found: list[tuple[Kind, Found]]) -> list[tuple[Kind, Found]]:
    """All kinds in one order, scores made relative to the best of the kind."""
    top: dict[Kind, float] = {}
    for kind, hit in found:
        top[kind] = max(top.get(kind, 0.0), hit.score)
    relative = [(kind, Found(hit.pk, hit.score / top[kind] if top[kind] > 0 else 1.0)) for kind, hit in found]
    return sorted(relative, key=lambda one: -one[1].score)


def _results(
    shown: list[tuple[Kind, Found]], snippets: dict[Kind, dict[int, str]], user: Someone
) -> tuple[Result, ...]:
    """The rows of what was found. What vanished since it was ranked is left out."""
    articles = Article.objects.visible_to(user).listed().in_bulk(_keys(shown, articles=True))
    highlights = (
        Highlight.objects.of(user)
        .live()
        .select_related("article")
        .defer("article__html", "article__text")
        .in_bulk(_keys(shown, articles=False))
    )
    about = {highlight.article_id for highlight in highlights.values()}
    readable = set(Article.objects.openable_by(user).filter(pk__in=about).values_list("pk", flat=True))
    results = []
    for kind, hit in shown:
        marked = snippets[kind].get(hit.pk, "")
        if kind == "articles" and (article := articles.get(hit.pk)):
            url = article.get_absolute_url() + _directive(marked)
            results.append(Result(kind, article, None, pieces(marked), url, hit.score))
        elif kind != "articles" and (highlight := highlights.get(hit.pk)):
            url = highlight.get_absolute_url() if highlight.article_id in readable else ""
            results.append(Result(kind, highlight.article, highlight, pieces(marked), url, hit.score))
    return tuple(results)


def _keys(shown: list[tuple[Kind, Found]], *, articles: bool) -> list[int]:
    return [hit.pk for kind, hit in shown if (kind == "articles") is articles]


def _directive(marked: str) -> str:
    """A text fragment (https://wicg.github.io/scroll-to-text-fragment/): the browser goes to the first hit."""
    _, hit, after = marked.partition(OPEN)
    line = after.partition("\n")[0].replace(OPEN, "").replace(CLOSE, "")
    words = " ".join(line.split()[:5]).rstrip("…")
    return f"#:~:text={quote(words, safe='').replace('-', '%2D')}" if hit and words else ""
