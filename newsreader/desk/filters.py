"""Filters of the list of articles. They offer only what the library's own articles have, never readers' copies."""

from typing import Any

from django.contrib.admin import ModelAdmin, SimpleListFilter
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest

from newsreader.articles.models import Article, Source, Topic
from newsreader.articles.querysets import ArticleQuerySet

MOST = 200  # longer lists are no help: the search field is


class BySource(SimpleListFilter):
    title = "source"
    parameter_name = "source"

    def lookups(self, request: HttpRequest, model_admin: "ModelAdmin[Any]") -> list[tuple[str, str]]:
        used = Article.sources.through._default_manager.filter(source=OuterRef("pk"), article__owner=None)
        return list(Source.objects.filter(Exists(used)).values_list("slug", "name")[:MOST])

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        slug = self.value()
        return queryset.from_source(slug) if slug and isinstance(queryset, ArticleQuerySet) else queryset


class ByTopic(SimpleListFilter):
    title = "topic"
    parameter_name = "topic"

    def lookups(self, request: HttpRequest, model_admin: "ModelAdmin[Any]") -> list[tuple[str, str]]:
        used = Article.topics.through._default_manager.filter(topic=OuterRef("pk"), article__owner=None)
        return list(Topic.objects.filter(Exists(used)).values_list("slug", "name")[:MOST])

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        slug = self.value()
        return queryset.about(slug) if slug and isinstance(queryset, ArticleQuerySet) else queryset
