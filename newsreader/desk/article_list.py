"""The list of the library's articles at the desk: its columns, pages, filters and search.

It costs about the same in a library of any size, and the same number of queries for any number of rows: a page is
entered behind the row before it, nothing is counted beyond CAP, and what a row shows beyond its own columns is asked
for the rows of a page.
"""

from typing import Any, Literal, cast

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import PAGE_VAR, SEARCH_VAR, ChangeList
from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from newsreader.articles.models import Article
from newsreader.articles.querysets import ArticleQuerySet
from newsreader.core.query import parse
from newsreader.desk.base import ModelAdmin, whose
from newsreader.desk.capped import CAP
from newsreader.desk.dates import FIELD, Stretch
from newsreader.desk.filters import ArticleFilter, ByLabel, ByLanguage, BySource, ByState, ByTopic, Column
from newsreader.desk.offers import Looked, Offers
from newsreader.desk.order import Order
from newsreader.desk.pager import Asked, Page, in_memory, in_relevance, walked
from newsreader.desk.particulars import Particulars, particulars
from newsreader.language import worded
from newsreader.search.desk import Desk, desk_search
from newsreader.search.limits import TooCostly

NEWEST = Order.by("dated", falls=True)
ORDERS = {"dated", "changed", "words"}  # that have an index
LOOKED_AT = ("pk", "state", "language", "dated")
SUGGESTED = 100  # articles, to whoever types into a field that completes


class ArticleList(ChangeList):
    """One view of the list; `order` is None where a search puts the best first."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.is_popup:
            self.title = _("Articles")

    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> QuerySet[Any]:
        """All that is asked for, for what is done to all of it."""
        self.stretch = Stretch.chosen(self.params)
        specs, self.has_filters, rest, _duplicates, self.has_active_filters = self.get_filters(request)
        if set(rest) - {f"{FIELD}__gte", f"{FIELD}__lt"}:
            raise IncorrectLookupParameters
        self.filter_specs = specs
        self.columns = [spec for spec in specs if isinstance(spec, Column)]
        self.labels = [spec for spec in specs if isinstance(spec, ByLabel)]
        self.has_active_filters = any(spec.value() for spec in (*self.columns, *self.labels))
        self.clear_all_filters_qs = self.get_query_string(remove=list(self.get_filters_params()))
        self.query = self.query.replace("\0", "").strip()
        asked = parse(self.query) if self.query else None
        self.hints = [worded(hint) for hint in asked.hints] if asked else []
        self.search: Desk | None = None
        self.by_words = bool(asked and not asked.empty and asked.sort == "relevance" and asked.has_words)
        rows = self.rows("narrowed")
        if asked and not asked.empty:
            narrowed = self.has_active_filters or bool(self.stretch.year)
            self.search = desk_search(asked, whose(request), rows, narrowed=narrowed)
        self.order = self._chosen_order() or (None if self.search else NEWEST)
        found = self.search.rows() if self.search else rows.none() if asked else rows
        return found.order_by(*(self.order or NEWEST).columns)

    def rows(self, how: str, *, without: ArticleFilter | None = None) -> ArticleQuerySet:
        """What the filters leave: `narrowed` for few rows and to count them, `met` for the first of many."""
        rows = cast(ArticleQuerySet, self.root_queryset).order_by()
        for column in self.columns:
            if column is not without and column.value():
                rows = column.met(rows) if how == "met" and self.order != NEWEST else column.only(rows, column.value())
        for label in self.labels:
            rows = label.met(rows) if how == "met" else label.narrowed(rows)
        if self.stretch.year:
            begin, end = self.stretch.bounds()
            rows = rows.filter(dated__gte=begin, dated__lt=end)
        return rows

    def get_results(self, request: HttpRequest) -> None:
        """The page, and what stands beside it."""
        self.looked = Looked((), few=True, searched=self.search is not None)
        try:
            self.page = self._page(request.GET.get(PAGE_VAR, ""))
        except TooCostly:
            self.hints.append(_("That search took too long. Add a rarer word, or leave some out."))
            self.page = Page()
        self.result_list = self.page.rows
        self.result_count = self.looked.total
        self.full_result_count, self.show_full_result_count = None, False
        self.show_admin_actions = bool(self.result_list)
        self.can_show_all, self.multi_page, self.paginator = False, bool(self.page.next or not self.page.is_first), None
        offers = Offers(self.looked, self.columns, self.labels, self.stretch)
        told = particulars([row.pk for row in self.result_list], offers.telling)
        for row in self.result_list:
            row.told = told
        self.dates = offers.make(self, told.used)

    def _page(self, text: str) -> Page:
        """The page that is asked for. What is looked at for the numbers is all there is, or its beginning."""
        if self.search:
            with self.search.bounded():
                self._look(Article.objects.filter(pk__in=list(self.search.keys())))
                if not self.order:
                    return in_relevance(self.search, self._about, text, self.looked.total)
                if not self.looked.few:
                    return walked(self._asked(text, self.order), cast(ArticleQuerySet, self.search.to_order()))
        elif self.query:  # which says nothing of what to look for
            return Page()
        order = self.order or NEWEST
        if not self.search:
            filed = any(label.value() for label in self.labels)
            rows = self.rows("narrowed")
            # Those filed under something are looked up from there, in no order; all others along an index of dates.
            self._look(rows if filed else rows.order_by(*NEWEST.columns))
        if not self.looked.few:
            return walked(self._asked(text, order), self.rows("met"))
        return in_memory(self._asked(text, order), self._ordered_by)

    def _look(self, rows: ArticleQuerySet) -> None:
        field = self.order.field if self.order else "dated"
        found = list(rows.values_list(*LOOKED_AT, *([field] if field not in LOOKED_AT else []))[: CAP + 1])
        self._ordered_by = [(row[-1], row[0]) for row in found]
        self.looked = Looked([row[:4] for row in found], few=len(found) <= CAP, searched=self.search is not None)

    def _asked(self, text: str, order: Order) -> Asked:
        return Asked(order, self._about, text, self.looked.total)

    @property
    def _about(self) -> str:
        """What the address of a page belongs to."""
        return f"{self.order} {self.get_query_string()}"

    def _chosen_order(self) -> Order | None:
        """The order of the first column in the address that has an index."""
        for part in str(self.params.get("o", "")).split("."):
            number = part.removeprefix("-")
            if number.isascii() and number.isdecimal() and len(number) < 3 and int(number) < len(self.list_display):
                field = self.get_ordering_field(self.list_display[int(number)])
                if field in ORDERS:
                    return Order.by(field, falls=part.startswith("-"))
        return None

    def get_ordering_field_columns(self) -> dict[int, Literal["desc", "asc"]]:
        """Which column's head shows an arrow."""
        for number, name in enumerate(self.list_display):
            if self.order and self.get_ordering_field(name) == self.order.field:
                return {number: "desc" if self.order.falls else "asc"}
        return {}

    @property
    def is_narrowed(self) -> bool:
        return bool(self.query or self.has_active_filters or self.stretch.year)

    # Links of the page

    @property
    def newest_link(self) -> str:
        return str(self.get_query_string({"o": f"-{list(self.list_display).index('date')}"}))

    @property
    def best_link(self) -> str:
        return str(self.get_query_string({"o": None}))

    @property
    def unsearched_link(self) -> str:
        return str(self.get_query_string({SEARCH_VAR: None}))

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What else the address says: the search field keeps it, but for the order of another list."""
        return [(name, value) for name, value in self.params.items() if name not in {SEARCH_VAR, "o"}]

    def date_links(self) -> list[tuple[Stretch, str]]:
        """What the present dates are narrowed to."""
        return [(one, self._dated(one)) for one in self.dates]

    def around_links(self) -> list[tuple[Stretch, str]]:
        """What they lie in, widest first."""
        return [(one, self._dated(one)) for one in self.stretch.around()] if self.stretch.year else []

    def _dated(self, stretch: Stretch) -> str:
        return str(self.get_query_string(stretch.asked()))

    def page_links(self) -> list[tuple[str, str, str]]:
        """(what it is, its name, its address) of the pages that can be gone to."""
        page = self.page
        return [
            (rel, name, self.get_query_string({PAGE_VAR: text or None}))
            for rel, name, text, there in (
                ("first", _("First"), "", not page.is_first),
                ("prev", _("Previous"), page.previous, bool(page.previous)),
                ("next", _("Next"), page.next, bool(page.next)),
                ("last", _("Last"), page.last, bool(page.last)),
            )
            if there
        ]

    @property
    def counted(self) -> str:
        """How many there are, and which of them stand here."""
        total, page = self.looked.total, self.page
        if not total.exact and page.start is None:
            return _("{total} articles").format(total=total)
        if len(page.rows) == total or not page.rows:
            return ngettext("{total} article", "{total} articles", int(total)).format(total=total)
        start, end = (number_format(one or 0, force_grouping=True) for one in (page.start, page.end))
        return _("{start}–{end} of {total} articles").format(start=start, end=end, total=total)


class Listed(ModelAdmin[Article]):
    """What the list shows. A reader's own copy is missing from every page of the desk."""

    list_display = (
        *("title", "state", "sources_named", "topics_named", "language_code"),
        *("words_counted", "readers", "passages", "changed_at", "date", "read"),
    )
    list_filter = (ByState, BySource, ByTopic, ByLanguage)
    show_facets = admin.ShowFacets.NEVER  # the filters count by themselves
    sortable_by = ("date", "words_counted", "changed_at")
    date_hierarchy = "dated"
    # Django asks whether there are any; the index looks into all that readers' search looks into.
    search_fields = ("title",)
    ordering = ("-dated", "-id")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Article]:
        """The library's articles. A reader's own copy is missing from every page of the desk."""
        return super().get_queryset(request).filter(owner=None)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return ArticleList

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """For fields that complete what is typed: the best of what has the words, the last one as a beginning."""
        typed = search_term.replace("\0", "").strip()
        rows = queryset.only("title", "slug").order_by("-dated", "-pk")
        if not typed:
            return rows, False
        for text in (f"{typed}*", typed):
            asked = parse(text)
            if not asked.empty and (keys := self._best(desk_search(asked, whose(request), queryset, narrowed=False))):
                places = [When(pk=key, then=Value(place)) for place, key in enumerate(keys)]
                return rows.filter(pk__in=keys).order_by(Case(*places, output_field=IntegerField())), False
        return rows.none(), False

    def _best(self, search: Desk) -> list[int]:
        try:
            with search.bounded():
                return [one.pk for one in search.best("articles", SUGGESTED)]
        except TooCostly:
            return []

    # Columns. On a narrow screen, where columns have no heads, numbers are followed by what they count.

    @admin.display(description=gettext_lazy("sources"))
    def sources_named(self, article: Article) -> str:
        return ", ".join(_told(article).sources.get(article.pk, ()))

    @admin.display(description=gettext_lazy("topics"))
    def topics_named(self, article: Article) -> str:
        return ", ".join(_told(article).topics.get(article.pk, ()))

    @admin.display(description=gettext_lazy("language"))
    def language_code(self, article: Article) -> str:
        return article.language

    @admin.display(description=gettext_lazy("date"), ordering="dated")
    def date(self, article: Article) -> str:
        return date_format(timezone.localtime(article.dated), "SHORT_DATE_FORMAT")

    @admin.display(description=gettext_lazy("words"), ordering="words")
    def words_counted(self, article: Article) -> SafeString:
        return _counted(article.words, ngettext("word", "words", article.words))

    @admin.display(description=gettext_lazy("readers"))
    def readers(self, article: Article) -> SafeString:
        """How many have opened it or put it somewhere; never who."""
        number = _told(article).readers.get(article.pk, 0)
        return _counted(number, ngettext("reader", "readers", number))

    @admin.display(description=gettext_lazy("passages"))
    def passages(self, article: Article) -> SafeString:
        """How many live highlights readers have in it."""
        number = _told(article).passages.get(article.pk, 0)
        return _counted(number, ngettext("passage", "passages", number))

    @admin.display(description=gettext_lazy("changed"), ordering="changed")
    def changed_at(self, article: Article) -> SafeString:
        when = date_format(timezone.localtime(article.changed), "SHORT_DATETIME_FORMAT")
        return format_html('<span class="desk-unit">{} </span>{}', _("changed"), when)

    @admin.display(description=gettext_lazy("page"))
    def read(self, article: Article) -> str:
        label = _("Read “{title}”").format(title=article.title)
        return format_html(
            '<a href="{}" aria-label="{}">{}</a>', article.get_absolute_url(), label, pgettext("link", "Read")
        )


def _told(article: Article) -> Particulars:
    """What the list found out about its rows."""
    told: Particulars = article.told  # type: ignore[attr-defined]
    return told


def _counted(number: int, unit: str) -> SafeString:
    shown = number_format(number, force_grouping=True)
    return format_html('{}<span class="desk-unit"> {}</span>', shown, unit)
