"""One search over articles, passages and notes. A reader finds what they may see, and nothing else.

A page goes on from where the one before ended, in each kind (keyset): page 500 costs what page 1 costs.
"""

import re
from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Any, Literal, NamedTuple, Protocol
from urllib.parse import quote

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from newsreader.annotations.models import Highlight
from newsreader.articles.models import Article
from newsreader.core.asked import Query, Words
from newsreader.core.query import parse, unparse
from newsreader.search import cursor
from newsreader.search.cursor import Stand
from newsreader.search.limits import TooCostly
from newsreader.search.results import COUNT_LIMIT, KINDS, Found, Kind, Page, Place, Result, Someone
from newsreader.search.snippets import CLOSE, OPEN, pieces, window
from newsreader.search.sqlite.backend import SqliteSearch
from newsreader.search.unspaced import is_unspaced

Hit = tuple[Kind, Found]
Stands = dict[Kind, Stand]

MOST = 100  # results on one page
# Where fewer rows than this have all the words, they stand in one order with those that lack some. It is the page that
# readers see, and the same for any `limit`, so that the order doesn't change with how much of it is asked for.
PAGE = 20
FILL = 200  # rows in that order, at most; behind them nobody finds what they look for

# What a result shows of an article, on a page or in a feed.
SHOWN = ("slug", "title", "byline", "standfirst", "language", "dated", "added", "changed")

# Markdown that a note is read without.
_EMPHASIS = re.compile(r"(\*\*|\*|`)(?=\S)(.+?)(?<=\S)\1")


class Backend(Protocol):
    """What a database has to do for one query of one reader. What they may see stands inside each statement."""

    @property
    def optional(self) -> bool:
        """Whether there are words that rows can do without."""

    def bounded(self) -> AbstractContextManager[None]:
        """Within it, what takes too long raises TooCostly."""

    def counts(self) -> dict[Kind, int]:
        """How many rows have all the words; COUNT_LIMIT + 1 at most."""

    def best(self, kind: Kind, limit: int, after: Place | None = None) -> list[Found]:
        """The next `limit` rows with all the words behind that place, in the order that was asked for."""

    def fill(self, kind: Kind, whole: Sequence[int]) -> list[Found]:
        """Rows with most of the words, and those keys, which have all."""

    def lacking(self, kind: Kind, pks: Sequence[int]) -> dict[int, tuple[str, ...]]:
        """Which words those rows from `fill` are without."""

    def marked(self, kind: Kind, pks: Sequence[int]) -> dict[int, str]:
        """The rows' words with hits between OPEN and CLOSE, for keys from `best` or `fill`."""

    def matching(self, kind: Kind) -> QuerySet[Any]:
        """All rows with all the words, in no order: for counting them by what they are filed under."""

    def spelling(self) -> Query | None:
        """The query with words that this reader's rows have, or None."""


def search(
    query: Query | str,
    *,
    user: Someone,
    kind: Kind | Literal["all"] = "all",
    after: str = "",
    limit: int = 20,
) -> Page:
    """What `user` may see of what has all the words, best first, and on from `after`, the `next` of the page before.

    Where that is less than a page, rows with most of the words stand among them, in one order. Never raises for what
    was typed; a search that takes too long answers with a hint and no results.
    """
    query = parse(query) if isinstance(query, str) else query
    if query.empty:
        return Page((), dict.fromkeys(("all", *KINDS), 0), hints=query.hints)
    backend = backend_for(query, user)
    about = f"{kind} {unparse(query)}"
    stands = cursor.read(after, about)
    limit = max(1, min(limit, MOST))
    try:
        with backend.bounded():
            counts = backend.counts()
            wanted = KINDS if kind == "all" else (kind,)
            found = _found(backend, {one: counts[one] for one in wanted}, stands, limit)
            marked = {one: backend.marked(one, [hit.pk for it, hit in found.shown if it == one]) for one in wanted}
            lacks = {one: _lacking(backend, query, one, found) for one in wanted}
            meant = None if any(counts.values()) else backend.spelling()
    except TooCostly:
        hint = _("That search took too long. Add a rarer word, or leave some out.")
        return Page((), dict.fromkeys(("all", *KINDS), 0), hints=(*query.hints, hint))
    return Page(
        results=_results(found, marked, lacks, user),
        counts={"all": min(sum(counts.values()), COUNT_LIMIT + 1), **{str(one): n for one, n in counts.items()}},
        next=cursor.written(found.onwards(stands), about) if found.goes_on else "",
        hints=query.hints,
        filled=any(lacks.values()),
        meant=unparse(meant) if meant else "",
        before=sum(stand.taken + stand.filled for stand in stands.values()),
    )


def backend_for(query: Query, user: Someone) -> Backend:
    """One query of one reader, in the database that there is."""
    today = timezone.localdate()
    if connection.vendor == "sqlite":
        return SqliteSearch(query, user, today)
    from newsreader.search.postgres.backend import PostgresSearch  # noqa: PLC0415 needs psycopg, which is an extra

    return PostgresSearch(query, user, today)


class _Found(NamedTuple):
    """The rows of a page in order. Where some of them lack words, `whole` are the keys of those that don't, by kind."""

    shown: list[Hit]
    goes_on: bool
    whole: dict[Kind, set[int]] | None = None

    def wanting(self, kind: Kind) -> list[int]:
        """The keys of the rows that lack words."""
        if self.whole is None:
            return []
        return [hit.pk for one, hit in self.shown if one == kind and hit.pk not in self.whole[kind]]

    def onwards(self, stands: Stands) -> Stands:
        """Where the next page goes on from."""
        onwards = dict(stands)
        for kind, hit in self.shown:
            taken, _, filled = onwards.get(kind, Stand())
            some = self.whole is not None
            onwards[kind] = Stand(taken + (not some), hit.place, filled + some)
        return onwards


def _found(backend: Backend, counts: dict[Kind, int], stands: Stands, limit: int) -> _Found:
    """A page of rows with all the words; where those are few, of rows with most of them."""
    there = {one: stands.get(one, Stand()) for one in counts}
    # What began in one order goes on in it, whatever came in meanwhile.
    few = any(stand.filled for stand in there.values()) if stands else sum(counts.values()) < PAGE
    if few and backend.optional:
        return _with_most(backend, counts, there, limit)
    ranked = {one: backend.best(one, limit + 1, there[one].place) if counts[one] else [] for one in counts}
    found = _merged({one: (there[one].taken, hits) for one, hits in ranked.items()})
    return _Found(found[:limit], len(found) > limit)


def _with_most(backend: Backend, counts: dict[Kind, int], there: Stands, limit: int) -> _Found:
    """A page of rows with all or most of the words."""
    whole = {one: [hit.pk for hit in backend.best(one, 2 * PAGE)] if counts[one] else [] for one in counts}
    ranked = {one: backend.fill(one, whole[one]) for one in counts}
    begun = sum(stand.filled for stand in there.values())
    left = {one: _behind(hits, there[one]) for one, hits in ranked.items()}
    found = _merged(left)[: FILL - begun]
    return _Found(found[:limit], len(found) > limit, {one: set(keys) for one, keys in whole.items()})


def _lacking(backend: Backend, query: Query, kind: Kind, found: _Found) -> dict[int, tuple[str, ...]]:
    """Which words those rows are without that don't have all: a word with signs, where they have it without them."""
    signs = tuple(one.signed for one in query.leaves() if isinstance(one, Words) and one.signed)
    return {pk: words or signs for pk, words in backend.lacking(kind, found.wanting(kind)).items()}


def _behind(hits: list[Found], stand: Stand) -> tuple[int, list[Found]]:
    """The rows behind the one shown last, which is looked for itself, and how many stand before them."""
    last = stand.place and next((at for at, hit in enumerate(hits, 1) if hit.place == stand.place), None)
    at = last or stand.filled
    return at, hits[at:]


def _merged(ranked: dict[Kind, tuple[int, list[Found]]]) -> list[Hit]:
    """All kinds in one order; each with the number of its rows that were shown before."""
    # Many notes of one word score the same: then the kinds take turns.
    placed = [
        (-hit.score, turn, KINDS.index(kind), kind, hit)
        for kind, (taken, hits) in ranked.items()
        for turn, hit in enumerate(hits, taken)
    ]
    return [(kind, hit) for *_, kind, hit in sorted(placed, key=lambda one: one[:3])]


def _results(
    found: _Found, marked: dict[Kind, dict[int, str]], lacks: dict[Kind, dict[int, tuple[str, ...]]], user: Someone
) -> tuple[Result, ...]:
    """The rows of what was found. What vanished since it was ranked is left out."""
    articles = _articles([hit.pk for kind, hit in found.shown if kind == "articles"], user)
    highlights, readable = _highlights([hit.pk for kind, hit in found.shown if kind != "articles"], user)
    results = []
    for kind, hit in found.shown:
        snippet = window(marked[kind].get(hit.pk, ""))
        said = (hit.score, hit.pk not in lacks[kind], lacks[kind].get(hit.pk, ()))
        if kind == "articles" and (article := articles.get(hit.pk)):
            url = article.get_absolute_url() + _directive(snippet)
            results.append(Result(kind, article, None, pieces(snippet), url, *said))
        elif kind != "articles" and (highlight := highlights.get(hit.pk)):
            url = highlight.get_absolute_url() if highlight.article_id in readable else ""
            snippet = _EMPHASIS.sub(r"\2", snippet) if kind == "notes" else snippet
            results.append(Result(kind, highlight.article, highlight, pieces(snippet), url, *said))
    return tuple(results)


def _articles(pks: list[int], user: Someone) -> dict[int, Article]:
    return Article.objects.visible_to(user).only(*SHOWN).prefetch_related("sources").in_bulk(pks) if pks else {}


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
    line = after.partition("\n")[0]
    first = line.partition(CLOSE)[0]
    words = " ".join(line.replace(OPEN, "").replace(CLOSE, "").split()[:5]).removesuffix(" …")
    if is_unspaced(first):  # five "words" would be five sentences
        words = first
    return f"#:~:text={quote(words, safe='').replace('-', '%2D')}" if hit and words else ""
