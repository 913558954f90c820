"""One search over articles, passages and notes. A reader finds what they may see, and nothing else.

Kinds are merged by their score relative to the best of the kind, since scores of two tables don't compare.
"""

import re
from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Literal, Protocol
from urllib.parse import quote

from django.db import connection

from newsreader.annotations.models import Highlight
from newsreader.articles.models import Article
from newsreader.core.query import Query, parse
from newsreader.search.limits import TooCostly
from newsreader.search.results import COUNT_LIMIT, KINDS, Found, Kind, Page, Result, Someone
from newsreader.search.snippets import CLOSE, OPEN, pieces, window
from newsreader.search.sqlite import SqliteSearch

# Nobody reads result 1,001, and each further page sorts all the pages before it.
REACH = 1_000

# Markdown that a note is read without.
_EMPHASIS = re.compile(r"(\*\*|\*|`)(?=\S)(.+?)(?<=\S)\1")


class Backend(Protocol):
    """What a database has to do for one query of one reader."""

    def bounded(self) -> AbstractContextManager[None]: ...
    def counts(self) -> dict[Kind, int]: ...
    def best(self, kind: Kind, limit: int) -> list[Found]: ...
    def marked(self, kind: Kind, pks: Sequence[int]) -> dict[int, str]: ...


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
    backend = _backend(query, user)
    limit = max(0, min(limit, REACH - offset))
    wanted = KINDS if kind == "all" else (kind,)
    try:
        with backend.bounded():
            counts = backend.counts()
            ranked = {one: backend.best(one, offset + limit + 1) for one in wanted if counts[one]}
            found = _merged(ranked)
            shown = found[offset : offset + limit]
            marked = {one: backend.marked(one, [hit.pk for it, hit in shown if it == one]) for one in wanted}
    except TooCostly:
        return _nothing((*query.hints, "That search took too long. Add a rarer word, or leave some out."))
    return Page(
        results=_results(shown, marked, user),
        counts={"all": min(sum(counts.values()), COUNT_LIMIT + 1), **{str(one): n for one, n in counts.items()}},
        more=len(found) > offset + limit and offset + limit < REACH,
        hints=query.hints,
    )


def _backend(query: Query, user: Someone) -> Backend:
    if connection.vendor == "sqlite":
        return SqliteSearch(query, user)
    from newsreader.search.postgres import PostgresSearch  # noqa: PLC0415 needs psycopg, which is an extra

    return PostgresSearch(query, user)


def _nothing(hints: tuple[str, ...]) -> Page:
    return Page(results=(), counts=dict.fromkeys(("all", *KINDS), 0), more=False, hints=hints)


def _merged(ranked: dict[Kind, list[Found]]) -> list[tuple[Kind, Found]]:
    """All kinds in one order, scores made relative to the best of the kind."""
    placed = []
    for kind, hits in ranked.items():
        top = hits[0].score if hits else 0.0
        for place, hit in enumerate(hits):
            score = hit.score / top if top > 0 else 1.0
            # Many notes of one word score the same: then the kinds take turns.
            placed.append((-score, place, kind, Found(hit.pk, score)))
    return [(kind, hit) for _, _, kind, hit in sorted(placed, key=lambda one: one[:2])]


def _results(shown: list[tuple[Kind, Found]], marked: dict[Kind, dict[int, str]], user: Someone) -> tuple[Result, ...]:
    """The rows of what was found. What vanished since it was ranked is left out."""
    articles = _articles([hit.pk for kind, hit in shown if kind == "articles"], user)
    highlights, readable = _highlights([hit.pk for kind, hit in shown if kind != "articles"], user)
    results = []
    for kind, hit in shown:
        snippet = window(marked[kind].get(hit.pk, ""))
        if kind == "articles" and (article := articles.get(hit.pk)):
            url = article.get_absolute_url() + _directive(snippet)
            results.append(Result(kind, article, None, pieces(snippet), url, hit.score))
        elif kind != "articles" and (highlight := highlights.get(hit.pk)):
            url = highlight.get_absolute_url() if highlight.article_id in readable else ""
            snippet = _EMPHASIS.sub(r"\2", snippet) if kind == "notes" else snippet
            results.append(Result(kind, highlight.article, highlight, pieces(snippet), url, hit.score))
    return tuple(results)


def _articles(pks: list[int], user: Someone) -> dict[int, Article]:
    return Article.objects.visible_to(user).listed().in_bulk(pks) if pks else {}


def _highlights(pks: list[int], user: Someone) -> tuple[dict[int, Highlight], set[int]]:
    """The reader's highlights by key, and the keys of those of their articles that may be opened."""
    if not pks:
        return {}, set()
    mine = Highlight.objects.of(user).live().select_related("article").defer("article__html", "article__text")
    highlights = mine.in_bulk(pks)
    about = {highlight.article_id for highlight in highlights.values()}
    return highlights, set(Article.objects.openable_by(user).filter(pk__in=about).values_list("pk", flat=True))


def _directive(snippet: str) -> str:
    """A text fragment (https://wicg.github.io/scroll-to-text-fragment/): the browser goes to the first hit."""
    _, hit, after = snippet.partition(OPEN)
    line = after.partition("\n")[0].replace(OPEN, "").replace(CLOSE, "")
    words = " ".join(line.split()[:5]).removesuffix(" …")
    return f"#:~:text={quote(words, safe='').replace('-', '%2D')}" if hit and words else ""
