"""Filters of the list of articles, each choice with how many it would leave. Readers' copies are in no count.

A short list is counted as it is; of a long one, each choice is counted along an index, up to “1,000+”. Of sources and
topics the commonest are offered and a field that finds the others by name, however many thousand there are.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, cast

from django.contrib.admin import ListFilter
from django.db.models import QuerySet, Value
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils.translation import get_language_info, gettext_lazy
from django.utils.translation import gettext as _

from newsreader.articles.models import Article, Source, Topic
from newsreader.articles.querysets import ArticleQuerySet
from newsreader.desk.capped import Count
from newsreader.desk.particulars import Label

OFFERED = 4  # of sources and of topics
ALIKE = 12  # names that are shown where a typed one is not the name of one alone
NOTHING_SAID = "-"


@dataclass(frozen=True, slots=True)
class Choice:
    """A line of a filter; without a number where it isn't counted."""

    label: str
    url: str
    number: Count | None = None
    selected: bool = False


class ArticleFilter(ListFilter):
    """What all have in common. `parameter_name` is its name in the address, `other_names` what it understands too."""

    template = "admin/articles/article/change_list_filter.html"
    parameter_name = ""
    other_names: ClassVar[tuple[str, ...]] = ()

    def __init__(self, request: HttpRequest, params: dict[str, list[str]], model: Any, model_admin: Any) -> None:
        super().__init__(request, params, model, model_admin)
        for name in self.expected_parameters():
            if name in params:
                self.used_parameters[name] = params.pop(name)[-1]
        self.offered: list[Choice] = []

    def value(self) -> str:
        return str(self.used_parameters.get(self.parameter_name) or "")

    def has_output(self) -> bool:
        return True

    def expected_parameters(self) -> list[str]:  # type: ignore[override]
        return [self.parameter_name, *self.other_names]

    def choices(self, changelist: Any) -> Iterator[dict[str, Any]]:
        """What was offered when the list was made; Django's own templates read it so."""
        for one in self.offered:
            yield {"selected": one.selected, "query_string": one.url, "display": one.label, "number": one.number}

    def _link(self, changelist: Any, value: str | None) -> str:
        others = dict.fromkeys(self.other_names)
        url: str = changelist.get_query_string({**others, self.parameter_name: value})
        return url

    def _everything(self, changelist: Any) -> Choice:
        return Choice(_("All"), self._link(changelist, None), selected=not self.value())


class Column(ArticleFilter):
    """By a column of a few values."""

    column = ""

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return self.only(cast(ArticleQuerySet, queryset), self.value()) if self.value() else queryset

    def only(self, rows: ArticleQuerySet, value: str) -> ArticleQuerySet:
        """Those of the rows that have it."""
        return rows.filter(**{self.column: "" if value == NOTHING_SAID else value})

    def met(self, rows: ArticleQuerySet) -> ArticleQuerySet:
        """Those that have the chosen one, met on the way along an order other than by date.

        As an expression, which no index has: the index of the column would find them all, to be sorted then.
        """
        value = "" if self.value() == NOTHING_SAID else self.value()
        found: ArticleQuerySet = rows.alias(met=Coalesce(self.column, Value(""))).filter(met=value)
        return found

    def label(self, value: str) -> str:
        """A value in words."""
        raise NotImplementedError

    def values(self) -> list[str] | None:
        """All that there may be; None where the library has to be asked."""
        raise NotImplementedError

    def offer(self, changelist: Any, counts: Mapping[str, Count | None]) -> None:
        """The values with their numbers; those that nothing has are left out."""
        shown = [value for value in counts if counts[value] != 0 or value == self.value()]
        if self.value() and self.value() not in shown:
            shown.append(self.value())
        self.offered = [self._everything(changelist)]
        for value in shown:
            link, chosen = self._link(changelist, value), value == self.value()
            self.offered.append(Choice(self.label(value), link, counts.get(value), chosen))


class ByState(Column):
    title = gettext_lazy("state")
    parameter_name = "state__exact"
    column = "state"

    def label(self, value: str) -> str:
        return str(dict(Article.State.choices).get(value, value))

    def values(self) -> list[str]:
        return [str(state) for state in Article.State]


class ByLanguage(Column):
    title = gettext_lazy("language")
    parameter_name = "language"
    column = "language"

    def label(self, value: str) -> str:
        if value == NOTHING_SAID:
            return _("Not said")
        try:
            return str(get_language_info(value)["name_translated"])
        except KeyError:
            return value

    def values(self) -> None:
        return None


class ByLabel(ArticleFilter):
    """By something that articles are filed under, of which there may be thousands."""

    template = "admin/articles/article/change_list_label_filter.html"
    kind = ""
    model: ClassVar[type[Source] | type[Topic]]
    search_label: Any = ""
    none_called: Any = ""

    def __init__(self, request: HttpRequest, params: dict[str, list[str]], model: Any, model_admin: Any) -> None:
        super().__init__(request, params, model, model_admin)
        self.typed = str(self.used_parameters.get(self.by_name) or "").strip()[:200]
        self.alike: list[Choice] = []
        self._alike: list[Label] = []
        if self.typed and not self.value():
            self._find()

    @property
    def by_name(self) -> str:
        """The parameter of the field into which a name is typed."""
        return self.other_names[0]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """As it is: the list asks for `narrowed` or for `met`."""
        return queryset

    def narrowed(self, rows: ArticleQuerySet) -> ArticleQuerySet:
        """Looked up from the label: for few rows, and to count them."""
        return self._asked(rows, all_of_them=True)

    def met(self, rows: ArticleQuerySet) -> ArticleQuerySet:
        """Met on the way along an order: for the first of many."""
        return self._asked(rows, all_of_them=False)

    def filings(self, key: int) -> QuerySet[Any]:
        """The filings of the library's articles under the label with that key."""
        rows: QuerySet[Any] = self.model.articles.through._default_manager.filter(
            **{self.kind: key}, article__owner=None
        )
        return rows

    def _asked(self, rows: ArticleQuerySet, *, all_of_them: bool) -> ArticleQuerySet:
        return self._filed(rows, self.value(), all_of_them=all_of_them) if self.value() else rows

    def _filed(self, rows: ArticleQuerySet, slug: str, *, all_of_them: bool) -> ArticleQuerySet:
        return (rows.from_source if self.kind == "source" else rows.about)(slug, all_of_them=all_of_them)

    def _find(self) -> None:
        """The one that is called so, else those that are called nearly so."""
        names = self.model.objects.of_the_library().order_by("name")
        found = list(names.filter(name__iexact=self.typed)[:2])
        found = found if len(found) == 1 else list(names.filter(name__icontains=self.typed)[:ALIKE])
        if len(found) == 1:
            self.used_parameters[self.parameter_name] = found[0].slug
        self._alike = [Label(one.pk, one.slug, one.name) for one in found if len(found) > 1]

    def offer(self, changelist: Any, used: list[Label], counts: Mapping[str, Count | None], total: Count) -> None:
        """The chosen one, or the commonest, each with its number."""
        self.params = changelist.params
        self.alike = [Choice(one.name, self._link(changelist, one.slug)) for one in self._alike]
        self.offered = [self._everything(changelist)]
        if self.value():
            name = next((one.name for one in used if one.slug == self.value()), self.value())
            self.offered.append(Choice(name, self._link(changelist, self.value()), total, selected=True))
            return
        for one in used[:OFFERED]:
            self.offered.append(Choice(one.name, self._link(changelist, one.slug), counts.get(one.slug)))

    @property
    def nothing_called_so(self) -> str:
        """Says so where what was typed is no name."""
        there = not self.typed or self.value() or self._alike
        return "" if there else str(self.none_called).format(name=self.typed)

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What else the address says: the field keeps it."""
        mine = self.expected_parameters()
        return [(name, value) for name, value in self.params.items() if name not in mine]


class BySource(ByLabel):
    title = gettext_lazy("source")
    parameter_name = "source"
    other_names = ("source_named",)
    kind = "source"
    model = Source
    search_label = gettext_lazy("Another source, by name")
    none_called = gettext_lazy("No source is called “{name}”.")


class ByTopic(ByLabel):
    title = gettext_lazy("topic")
    parameter_name = "topic"
    other_names = ("topic_named",)
    kind = "topic"
    model = Topic
    search_label = gettext_lazy("Another topic, by name")
    none_called = gettext_lazy("No topic is called “{name}”.")
