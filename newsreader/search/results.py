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


class Found(NamedTuple):
    """A row's key, and how well it answers: higher is better, comparable only within one kind."""

    pk: int
    score: float


@dataclass(frozen=True, slots=True)
class Result:
    """An article, or one of the reader's own passages or notes (then `highlight` is set).

    `url` leads to the words; it is empty where the reader may not open the article. `score` is in (0, 1],
    relative to the best of its kind.
    """

    kind: Kind
    article: Article
    highlight: Highlight | None
    snippet: tuple[Piece, ...]
    url: str
    score: float

    @property
    def title(self) -> str:
        return self.article.title


@dataclass(frozen=True, slots=True)
class Page:
    """A stretch of the results. `counts` has every kind and "all"; COUNT_LIMIT + 1 stands for more than that.

    `more` tells whether results follow; `hints` are sentences about how the query was read.
    """

    results: tuple[Result, ...]
    counts: dict[str, int]
    more: bool
    hints: tuple[str, ...]
