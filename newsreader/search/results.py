"""What a search answers: values without HTML."""

from dataclasses import dataclass
from typing import Literal, NamedTuple

from django.contrib.auth.models import AnonymousUser

from newsreader.accounts.models import User
from newsreader.annotations.models import Highlight
from newsreader.articles.models import Article
from newsreader.search.snippets import Piece

Someone = User | AnonymousUser
Kind = Literal["articles", "passages", "notes"]
KINDS: tuple[Kind, ...] = ("articles", "passages", "notes")

# Counts are exact up to here; beyond, counting would cost more than the answer.
COUNT_LIMIT = 1_000


# Plain numbers that a list of one kind goes on from; what they mean is the database's own business.
Place = tuple[float, ...]


class Found(NamedTuple):
    """A row's key, how well it answers, and where it stands.

    `score` compares across the kinds, higher first: for relevance it is relative to the best of its kind, in (0, 1],
    minus the number of the window it was ranked in; in other orders it is what they go by. `best(after=place)` goes
    on behind the row.
    """

    pk: int
    score: float
    place: Place = ()


@dataclass(frozen=True, slots=True)
class Result:
    """An article, or one of the reader's own passages or notes (then `highlight` is set).

    `url` leads to the words; it is empty where the reader may not open the article. `score` is as in Found. `whole` is
    whether it has all that was asked for; if not, `lacks` are the words that it is without, as they were typed.
    """

    kind: Kind
    article: Article
    highlight: Highlight | None
    snippet: tuple[Piece, ...]
    url: str
    score: float
    whole: bool = True
    lacks: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        return self.article.title


@dataclass(frozen=True, slots=True)
class Page:
    """A stretch of the results, behind `before` others.

    `counts` has every kind and "all", of rows with all the words; COUNT_LIMIT + 1 stands for more than that. `next`
    is what `search(after=...)` goes on from, "" where nothing follows. `filled`: fewer than a page have all the words,
    and rows with only some stand among them. `hints` are sentences about how the query was read; `meant` is a query
    that would find something where this one doesn't, or "".
    """

    results: tuple[Result, ...]
    counts: dict[str, int]
    next: str = ""
    hints: tuple[str, ...] = ()
    filled: bool = False
    meant: str = ""
    before: int = 0

    @property
    def whole(self) -> tuple[Result, ...]:
        """The results with all that was asked for."""
        return tuple(result for result in self.results if result.whole)
