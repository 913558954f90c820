"""What a query asks of rows, as Django conditions: filters, and the words that a full-text expression can't say.

Permission is not asked here: conditions only ever narrow what a reader may see, and look at that reader's own
highlights, tags and states.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import reduce
from operator import and_, or_
from typing import Any as Anything

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.timezone import make_aware

from newsreader.annotations.models import Highlight, Tag
from newsreader.annotations.tags import normal
from newsreader.articles.languages import languages
from newsreader.articles.models import Article, Collection, CollectionItem, Reading
from newsreader.core.asked import All, Any, Filter, Node, Not, Words
from newsreader.core.dates import days
from newsreader.search.labels import Labels
from newsreader.search.plan import COLUMNS
from newsreader.search.results import KINDS, Kind, Someone

NOTHING = Q(pk__in=())
CHANGED = {"changed": ("edited", "moved", "lost"), "lost": ("lost",)}
PLACES = {"later": "later", "archived": "archive"}
# Which table's words a field means.
IN_ARTICLES, IN_HIGHLIGHTS = ("title", "text"), ("quote", "note")

# The rows of a kind with the words, as a subquery for their keys or as a condition on them: the one thing that each
# database says in its own way.
WithWords = Callable[[Kind, Words], Anything]


@dataclass(frozen=True, slots=True)
class Conditions:
    """What `user` asks of rows of one kind on a day."""

    kind: Kind
    user: Someone
    today: date
    with_words: WithWords
    labels: Labels = field(default_factory=Labels)

    def of(self, node: Node) -> Q:
        """The node as a condition on an article (articles) or a highlight (passages, notes)."""
        match node:
            case Words():
                return self._words(node)
            case Filter(name, value):
                return self._filter(name, value)
            case Not(inner):
                return ~self.of(inner)
            case All(nodes):
                return reduce(and_, map(self.of, nodes))
            case Any(nodes):
                return reduce(or_, map(self.of, nodes))

    def _words(self, words: Words) -> Q:
        if self.kind == "articles" and words.field in IN_HIGHLIGHTS:
            return Q(pk__in=self._mine().filter(self._holds("passages", words)).values("article"))
        if self.kind != "articles" and words.field in IN_ARTICLES:
            found = self.with_words("articles", words)
            if not isinstance(found, Q) and not words.signed:
                return Q(article__in=found)
            return Q(article__in=Article.objects.order_by().filter(self._holds("articles", words)).values("pk"))
        return self._holds(self.kind, words)

    def _holds(self, kind: Kind, words: Words) -> Q:
        """The words as a condition on rows of a kind. Signs are in no index, and so are looked for in the text."""
        found = self.with_words(kind, words)
        rows = found if isinstance(found, Q) else Q(pk__in=found)
        if not words.signed:
            return rows
        columns = COLUMNS[kind][words.field] or ("title", "standfirst", "byline", "text")
        return rows & reduce(or_, (Q(**{f"{column}__icontains": words.signed}) for column in columns))

    def _filter(self, name: str, value: str) -> Q:  # noqa: PLR0911 one return for each filter
        match name:
            case "is":
                return self._state(value)
            case "has":
                return self._has(value)
            case "before" | "after" | "on":
                return self._dated(name, value)
            case "minutes":
                return self._minutes(value)
            case "in" if value.lower() in KINDS:
                return Q() if value.lower() == self.kind else NOTHING
            case "in":
                return self._filed(
                    CollectionItem.objects.filter(collection__in=Collection.objects.published().called(value))
                )
            case "colour":
                return self._marked(Q(colour=value))
            case "tag":
                tags = Tag.objects.of(self.user).filter(name=normal(value))
                return self._marked(
                    Q(Exists(Tag.highlights.through._default_manager.filter(highlight=OuterRef("pk"), tag__in=tags)))
                )
            case "author":
                return Q(**{f"{self._to_article}byline__icontains": value})
            case "lang":
                wanted = value.lower()
                known = [tag for tag in languages() if tag.lower() == wanted or tag.lower().startswith(f"{wanted}-")]
                return Q(**{f"{self._to_article}language__in": known})
        # A source or a topic may have very many articles, and so each is asked.
        return Q(Exists(self.labels.filings(name, value).filter(article=OuterRef(self._ref))))

    def _state(self, value: str) -> Q:
        if value in CHANGED:
            return self._marked(Q(status__in=CHANGED[value]))
        readings = Reading.objects.all()
        mine = readings.filter(reader=self.user) if self.user.is_authenticated else readings.none()
        if value in PLACES:
            return self._filed(mine.filter(place=PLACES[value]))
        if value == "favourite":
            return self._filed(mine.filter(favourite=True))
        read = mine.filter(unread=False)
        # Most articles are unread, and so each is asked; few are read.
        return self._filed(read) if value == "read" else ~Q(Exists(read.filter(article=OuterRef(self._ref))))

    def _filed(self, rows: QuerySet[Anything]) -> Q:
        """The articles of these rows: looked up from there, so that few rows in a large library cost little."""
        return Q(**{f"{self._ref}__in": rows.values("article")})

    def _has(self, value: str) -> Q:
        if value == "passages":
            return self._marked(Q())
        if value == "note":
            return self._marked(~Q(note=""))
        return self._marked(Q(pk__in=self._tagged()))

    def _tagged(self) -> QuerySet[Anything]:
        through = Tag.highlights.through._default_manager
        return through.filter(tag__in=Tag.objects.of(self.user)).values("highlight")

    def _marked(self, asked: Q) -> Q:
        """Highlights of which that is true, or articles with one."""
        if self.kind != "articles":
            return asked
        return self._filed(self._mine().filter(asked))

    def _dated(self, name: str, value: str) -> Q:
        found = days(value, self.today)
        if not found:
            return NOTHING
        start, end = (make_aware(datetime.combine(day, time.min)) for day in found)
        field = "dated" if self.kind == "articles" else "created"
        match name:
            case "before":
                return Q(**{f"{field}__lt": start})
            case "after":
                return Q(**{f"{field}__gte": start})
        return Q(**{f"{field}__gte": start, f"{field}__lt": end})

    def _minutes(self, value: str) -> Q:
        field = f"{self._to_article}minutes__"
        if "-" in value:
            low, high = value.split("-")
            return Q(**{f"{field}gte": int(low), f"{field}lte": int(high)})
        signs = {"<=": "lte", ">=": "gte", "<": "lt", ">": "gt", "": "exact"}
        sign = value.rstrip("0123456789")
        return Q(**{f"{field}{signs[sign]}": int(value[len(sign) :])})

    def _mine(self) -> QuerySet[Anything]:
        return Highlight.objects.of(self.user).live()

    @property
    def _ref(self) -> str:
        return "pk" if self.kind == "articles" else "article"

    @property
    def _to_article(self) -> str:
        return "" if self.kind == "articles" else "article__"
