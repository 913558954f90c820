"""What a search answers: values without HTML, and the marks that the databases put around a hit."""

from dataclasses import dataclass
from typing import Literal, NamedTuple

from django.contrib.auth.models import AnonymousUser

from newsreader.accounts.models import User
from newsreader.annotations.models import Highlight
from newsreader.articles.models import Article

Someone = User | AnonymousUser
Kind = Literal["articles", "passages", "notes"]
KINDS: tuple[Kind, ...] = ("articles", "passages", "notes")

# Noncharacters: Unicode keeps them for a program's own use, so no text is meant to hold them.
OPEN, CLOSE = "\ufdd0", "\ufdd1"

# Counts are exact up to here; beyond, counting would cost more than the answer.
COUNT_LIMIT = 1_000


class Found(NamedTuple):
    """A row's key, and how well it answers: higher is better, comparable only within one kind."""

    pk: int
    score: float


class Piece(NamedTuple):
    """A stretch of a snippet, and whether it is what was looked for."""

    text: str
    is_hit: bool


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


def pieces(marked: str) -> tuple[Piece, ...]:
    """A database's snippet as pieces: white space is one space, and hits side by side are one hit."""
    text = " ".join(marked.split()).replace(f"{CLOSE} {OPEN}", " ")
    halves = (half for part in text.split(OPEN) for half in [part.partition(CLOSE)])
    first = next(halves)
    found = [Piece(first[0] + first[2], False)]
    for hit, _, after in halves:
        found += [Piece(hit, True), Piece(after, False)]
    return tuple(piece for piece in found if piece.text)
