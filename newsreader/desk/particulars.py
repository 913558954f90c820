"""What the list of articles says of the fifty it shows beyond their own columns, and what the filters offer: one query.

Of readers it tells how many, never who.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, F, QuerySet, Value
from django.db.models.fields import CharField, IntegerField

from newsreader.annotations.models import Highlight
from newsreader.articles.models import Article, Reading

SOURCES, TOPICS = Article.sources.through, Article.topics.through
COLUMNS = ("part", "key", "slug", "name", "number")


@dataclass(frozen=True, slots=True)
class Label:
    """A source or topic, and how many of the articles that were looked at have it."""

    key: int
    slug: str
    name: str
    number: int = 0


@dataclass(slots=True)
class Particulars:
    """By an article's key, names and numbers; `used`: the labels of all that were looked at, the commonest first."""

    sources: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    topics: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    readers: dict[int, int] = field(default_factory=dict)
    passages: dict[int, int] = field(default_factory=dict)
    used: dict[str, list[Label]] = field(default_factory=lambda: {"source": [], "topic": []})


def particulars(shown: Sequence[int], looked_at: Sequence[int]) -> Particulars:
    """Of the articles with these keys."""
    told = Particulars()
    parts = [
        _named(0, SOURCES, "source", shown),
        _named(1, TOPICS, "topic", shown),
        _numbered(2, Reading.objects.all(), shown),
        _numbered(3, Highlight.objects.live(), shown),
        _tally(4, SOURCES, "source", looked_at),
        _tally(5, TOPICS, "topic", looked_at),
    ]
    for part, key, slug, name, number in parts[0].union(*parts[1:], all=True):
        match part:
            case 0:
                told.sources[key].append(name)
            case 1:
                told.topics[key].append(name)
            case 2:
                told.readers[key] = number
            case 3:
                told.passages[key] = number
            case _:
                told.used["source" if part == 4 else "topic"].append(Label(key, slug, name, number))
    for names in (*told.sources.values(), *told.topics.values()):
        names.sort(key=str.casefold)
    for labels in told.used.values():
        labels.sort(key=lambda label: (-label.number, label.name.casefold()))
    return told


def _named(part: int, through: Any, label: str, keys: Sequence[int]) -> QuerySet[Any, Any]:
    """Which labels each article has."""
    rows = through._default_manager.order_by().filter(article__in=keys)
    return _row(rows, part, F("article"), F(f"{label}__slug"), F(f"{label}__name"), Value(0))


def _numbered(part: int, rows: QuerySet[Any], keys: Sequence[int]) -> QuerySet[Any, Any]:
    """How many rows each article has."""
    counted = rows.order_by().filter(article__in=keys).values("article")
    return _row(counted, part, F("article"), _empty(), _empty(), Count("pk"))


def _tally(part: int, through: Any, label: str, keys: Sequence[int]) -> QuerySet[Any, Any]:
    """How many articles have each label."""
    rows = through._default_manager.order_by().filter(article__in=keys).values(label)
    return _row(rows, part, F(label), F(f"{label}__slug"), F(f"{label}__name"), Count("pk"))


def _row(rows: QuerySet[Any], part: int, *columns: Any) -> QuerySet[Any, Any]:
    named = dict(zip(COLUMNS, (Value(part, IntegerField()), *columns), strict=True))
    told: QuerySet[Any, Any] = rows.annotate(**named).values_list(*COLUMNS)
    return told


def _empty() -> Value:
    return Value("", CharField())
