"""Sources and topics: what articles are filed under. They count the library's articles only, not readers' copies."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from newsreader.articles.models import Source, Topic
from newsreader.desk import renaming
from newsreader.desk.base import Desk
from newsreader.desk.exchange import labels as exchange
from newsreader.desk.exchange.pages import Exchanged
from newsreader.desk.rename_pages import Renamed

if TYPE_CHECKING:
    SourceModelForm = forms.ModelForm[Source]
else:  # not subscriptable at run time
    SourceModelForm = forms.ModelForm


class SourceForm(SourceModelForm):
    """A name, or an address, that only readers' own copies have counts as free: nothing is said of it."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.instance.pk is None and "name" in cleaned:
            adopted = Source.objects.only_of_readers().filter(name=cleaned["name"]).first()
            self.instance = adopted or self.instance
            self.instance.private = False
        renaming.give_way(Source, cleaned.get("slug", ""), to=self.instance)
        return cleaned


class Counted(Desk[Any]):
    """A name that articles have, and how many."""

    search_fields = ("name",)
    ordering = ("name",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Counted row by row, so that a page of a long list counts what it shows."""
        found = super().get_queryset(request)
        if request.resolver_match and request.resolver_match.url_name == "autocomplete":
            return found  # which shows names alone
        column = str(self.opts.model_name)
        filed = self.model.articles.through._default_manager.filter(**{column: OuterRef("pk")}, article__owner=None)
        number = filed.order_by().values(column).annotate(n=Count("pk")).values("n")
        counted: QuerySet[Any] = found.annotate(
            article_count=Coalesce(Subquery(number, output_field=IntegerField()), 0)
        )
        return counted

    @admin.display(description=_("articles"), ordering="article_count")
    def articles_counted(self, label: Any) -> int:
        return int(label.article_count)


class Label(Counted, Renamed):
    """A source or a topic."""

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if obj := kwargs.get("obj"):
            address = reverse("admin:articles_article_changelist")
            context |= {
                "weight": renaming.weigh(obj),
                "its_articles": f"{address}?{self.opts.model_name}={obj.slug}",
                "rename_url": reverse(f"admin:articles_{self.opts.model_name}_rename", args=[obj.pk]),
                "merge_url": f"{self._at('merge')}?from={obj.pk}",
            }
            if not set(self.get_fields(request, obj)) - set(self.get_readonly_fields(request, obj)):
                context |= dict.fromkeys(("show_save", "show_save_and_continue", "show_save_and_add_another"), False)
        return super().render_change_form(request, context, *args, **kwargs)


@admin.register(Source)
class Sources(Label):
    list_display = ("name", "site_linked", "language", "rights_said", "trust_said", "articles_counted")
    fields = ("name", "slug", "site", "language", "rights", "trust")
    form = SourceForm

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Without those that only readers' own copies have: that they read there is their own business."""
        found: QuerySet[Any] = super().get_queryset(request).of_the_library()  # type: ignore[attr-defined]
        return found

    @admin.display(description=_("web site"), ordering="site")
    def site_linked(self, source: Source) -> str:
        if not source.site.startswith(("https://", "http://")):
            return ""
        bare = source.site.split("://", 1)[1].removeprefix("www.").rstrip("/")
        return format_html('<a href="{}" rel="noopener noreferrer">{}</a>', source.site, bare)

    @admin.display(description=_("rights"), boolean=True)
    def rights_said(self, source: Source) -> bool:
        """Whether readers are told."""
        return bool(source.rights)

    @admin.display(description=_("trust"))
    def trust_said(self, source: Source) -> str:
        """Its first words; the desk is the only place that has them."""
        return source.trust if len(source.trust) <= 60 else f"{source.trust[:59].rstrip()}…"


@admin.register(Topic)
class Topics(Exchanged[Any], Label):
    exchange = exchange.Topics()
    list_display = ("name", "articles_counted")
    fields = ("name", "slug")
