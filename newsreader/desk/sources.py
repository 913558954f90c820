"""Sources, topics, and collections with their order. They know the library's articles only, not readers' copies."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest

from newsreader.articles.models import Article, Collection, CollectionItem, Source, Topic
from newsreader.desk.base import Desk

if TYPE_CHECKING:
    ItemModelForm = forms.ModelForm[CollectionItem]
else:  # not subscriptable at run time
    ItemModelForm = forms.ModelForm

LAST = 1_000_000


class Label(Desk[Any]):
    """A name that articles have."""

    list_display: tuple[str, ...] = ("name", "articles_counted")
    search_fields = ("name",)
    ordering = ("name",)
    prepopulated_fields = {"slug": ("name",)}  # noqa: RUF012 - Django's own shape

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        found = super().get_queryset(request)
        counted: QuerySet[Any] = found.annotate(article_count=Count("articles", filter=Q(articles__owner=None)))
        return counted

    @admin.display(description="articles", ordering="article_count")
    def articles_counted(self, label: Any) -> int:
        return int(label.article_count)


@admin.register(Source)
class Sources(Label):
    list_display = ("name", "site", "articles_counted")


@admin.register(Topic)
class Topics(Label):
    pass


class ItemForm(ItemModelForm):
    position = forms.IntegerField(required=False, min_value=0, help_text="Lowest first. Empty: at the end.")

    def clean_position(self) -> int:
        position = self.cleaned_data["position"]
        return LAST if position is None else int(position)


class Items(admin.TabularInline):  # type: ignore[type-arg]
    model = CollectionItem
    form = ItemForm
    fields = ("position", "article")
    autocomplete_fields = ("article",)
    ordering = ("position", "id")
    extra = 1

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).filter(article__owner=None).select_related("article")

    def formfield_for_foreignkey(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        """A forged form can't reach a reader's copy, nor show its title."""
        if db_field.name == "article":
            kwargs["queryset"] = Article.objects.filter(owner=None).defer("html", "text")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


@admin.register(Collection)
class Collections(Label):
    inlines = (Items,)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Positions are counted anew from 1, so that there is always room between two."""
        super().save_related(request, form, formsets, change)
        items = list(form.instance.items.order_by("position", "id"))
        for position, item in enumerate(items, 1):
            item.position = position
        CollectionItem.objects.bulk_update(items, ["position"], batch_size=500)
