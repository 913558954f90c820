"""Articles: the list with its bulk actions, and the form that edits one. Readers' own copies never come up here."""

from typing import Any, ClassVar, cast

from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.admin.views.main import ChangeList
from django.db import IntegrityError, transaction
from django.db.models import Count, IntegerField, OuterRef, ProtectedError, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html

from newsreader.annotations.models import Highlight
from newsreader.annotations.services import Revised, revise_article
from newsreader.articles.models import Article, Reading, Topic
from newsreader.articles.querysets import ArticleQuerySet
from newsreader.articles.services import add_article
from newsreader.core.text import minutes, text_of
from newsreader.core.weave import weave
from newsreader.desk import services
from newsreader.desk.base import Desk, whose
from newsreader.desk.filters import BySource, ByTopic
from newsreader.desk.forms import ArticleActionForm, ArticleForm
from newsreader.desk.preview import Preview

OWN = ("title", "byline", "standfirst", "published", "language", "address", "state")
WITHDRAW_INSTEAD = (
    "Readers have highlighted words in this article (some may be in their bin), so it can’t be deleted: "
    "their highlights would go with it. Withdraw it, and it leaves the library while the highlights stay."
)


class ArticleList(ChangeList):
    """Rows without texts: a page of fifty long articles would be megabytes."""

    def get_queryset(self, request: HttpRequest, *args: Any, **kwargs: Any) -> QuerySet[Any]:
        found = cast(ArticleQuerySet, super().get_queryset(request, *args, **kwargs))
        return found.listed().prefetch_related("topics")


@admin.register(Article)
class Articles(Desk[Article]):
    form = ArticleForm
    action_form = ArticleActionForm
    actions = ("publish", "withdraw", "add_topic")
    list_display = (
        *("title", "read", "state", "sources_named", "topics_named"),
        *("date", "words", "passages", "changed_at"),
    )
    list_filter = ("state", BySource, ByTopic)
    date_hierarchy = "dated"
    search_fields = ("title", "byline", "standfirst")
    ordering = ("-dated", "-id")
    autocomplete_fields = ("sources", "topics")
    save_on_top = True
    change_form_template = "admin/articles/article/change_form.html"

    class Media:
        css: ClassVar[dict[str, tuple[str, ...]]] = {"all": ("css/desk-preview.css",)}

    # What is shown

    def get_queryset(self, request: HttpRequest) -> QuerySet[Article]:
        """The library's articles. A reader's own copy is missing from every page of the desk."""
        live = Highlight.objects.live().filter(article=OuterRef("pk")).order_by()
        counted = live.values("article").annotate(n=Count("pk")).values("n")
        return (
            super()
            .get_queryset(request)
            .filter(owner=None)
            .annotate(passage_count=Coalesce(Subquery(counted, output_field=IntegerField()), 0))
        )

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return ArticleList

    @admin.display(description="sources")
    def sources_named(self, article: Article) -> str:
        return ", ".join(source.name for source in article.sources.all())

    @admin.display(description="topics")
    def topics_named(self, article: Article) -> str:
        return ", ".join(topic.name for topic in article.topics.all())

    @admin.display(description="date", ordering="dated")
    def date(self, article: Article) -> str:
        return date_format(timezone.localtime(article.dated), "j M Y")

    @admin.display(description="changed", ordering="changed")
    def changed_at(self, article: Article) -> str:
        return date_format(timezone.localtime(article.changed), "j M Y H:i")

    @admin.display(description="passages", ordering="passage_count")
    def passages(self, article: Article) -> int:
        """How many live highlights readers have in it."""
        return int(getattr(article, "passage_count", 0))

    @admin.display(description="page")
    def read(self, article: Article) -> str:
        return format_html('<a href="{}" aria-label="Read {}">Read</a>', article.get_absolute_url(), article.title)

    def view_on_site(self, article: Article) -> str:
        """Drafts too: curators may open them."""
        return article.get_absolute_url()

    # The form

    def get_fieldsets(self, request: HttpRequest, obj: Article | None = None) -> Any:
        text = (("body", "present"), "reason", "opened_on") if obj else ("body",)
        return (
            (None, {"fields": ("title", "standfirst", "byline", "state")}),
            ("Text", {"fields": text, "classes": ("desk-texts",)}),
            ("Where it belongs", {"fields": ("sources", "topics")}),
            ("Where it comes from", {"fields": ("published", "language", "address")}),
        )

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Article:
        """Locked while it is being saved, so that two saves see each other."""
        found = super().get_object(request, object_id, from_field)
        if request.method == "POST" and transaction.get_connection().in_atomic_block:
            Article.objects.select_for_update().filter(pk=found.pk).first()
            found = super().get_object(request, object_id, from_field)
        return found

    def save_model(self, request: HttpRequest, obj: Article, form: Any, change: bool) -> None:
        own = {name: form.cleaned_data[name] for name in OWN}
        if change:
            revised = revise_article(
                obj,
                html=form.cleaned_data["body"],
                editor=whose(request),
                reason=form.cleaned_data["reason"],
                dated=obj.published or obj.added,
                **own,
            )
            level = messages.WARNING if revised.did.lost else messages.INFO
            self.message_user(request, said(revised), level)
        else:
            made = add_article(html=form.cleaned_data["body"], editor=whose(request), **own)
            # The admin goes on with its own instance: it becomes the one that was made.
            obj.__dict__.update(made.__dict__)

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if obj := kwargs.get("obj"):
            form = context["adminform"].form
            if "_read" in request.POST and form.preview and not form.errors:
                return self._as_read(request, form)
            context |= {
                "preview": form.preview if form.looking or form.asks or form.conflict else None,
                "asks": form.asks and not (form.looking or form.errors),
                "revisions": obj.revisions.select_related("editor").defer("html"),
                "passages": obj.passage_count,
                "passages_url": f"{reverse('admin:annotations_highlight_changelist')}?article__id__exact={obj.pk}",
                "undeletable": WITHDRAW_INSTEAD if obj.highlights.exists() else "",
            }
        return super().render_change_form(request, context, *args, **kwargs)

    def _as_read(self, request: HttpRequest, form: ArticleForm) -> HttpResponse:
        """The form's text as readers will see it, without anybody's marks; nothing is saved."""
        article, preview = form.instance, cast(Preview, form.preview)
        shown = {
            "article": article,
            "sources": form.cleaned_data["sources"],
            "minutes": minutes(text_of(preview.html), article.language),
            "woven": weave(preview.html, ()),
        }
        return TemplateResponse(request, "desk/as_read.html", shown)

    # Deleting

    def has_delete_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        """Not what readers have highlighted, by nobody."""
        return super().has_delete_permission(request, obj) and (obj is None or not obj.highlights.exists())

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        article = self.get_object(request, object_id)
        if super().has_delete_permission(request, article) and article.highlights.exists():
            return self._refuse(request, article)
        try:
            return super().delete_view(request, object_id, extra_context)
        except (ProtectedError, IntegrityError):  # highlighted while it was being deleted
            return self._refuse(request, article)

    def _refuse(self, request: HttpRequest, article: Article) -> HttpResponseRedirect:
        self.message_user(request, WITHDRAW_INSTEAD, messages.ERROR)
        return redirect("admin:articles_article_change", article.pk)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Without what readers did with it: that they read it is their own business."""
        to_delete, counts, needed, protected = super().get_deleted_objects(objs, request)
        counts.pop(str(Reading._meta.verbose_name_plural), None)
        private = f"{str(Reading._meta.verbose_name).capitalize()}: "
        return _without(to_delete, private), counts, needed, protected

    # Many at once

    @admin.action(description="Publish", permissions=["change"])
    def publish(self, request: HttpRequest, queryset: ArticleQuerySet) -> None:
        self._put(request, queryset, Article.State.PUBLISHED)

    @admin.action(description="Withdraw", permissions=["change"])
    def withdraw(self, request: HttpRequest, queryset: ArticleQuerySet) -> None:
        self._put(request, queryset, Article.State.WITHDRAWN)

    @admin.action(description="Add the topic", permissions=["change"])
    def add_topic(self, request: HttpRequest, queryset: ArticleQuerySet) -> None:
        chosen = request.POST.get("topic", "")
        topic = Topic.objects.filter(pk=chosen).first() if chosen.isdecimal() else None
        if topic is None:
            self.message_user(request, "Choose the topic beside the action first. Nothing was changed.", messages.ERROR)
            return
        total = queryset.count()
        changed = services.add_topic(queryset, topic)
        self._tell(request, changed, total, done=f"given the topic “{topic}”", already="had it already")

    def _put(self, request: HttpRequest, queryset: ArticleQuerySet, state: Article.State) -> None:
        total = queryset.count()
        changed = services.put_in_state(queryset, state)
        self._tell(request, changed, total, done=state.label.lower(), already=f"{state.label.lower()} already")

    def _tell(self, request: HttpRequest, changed: list[Article], total: int, *, done: str, already: str) -> None:
        LogEntry.objects.log_actions(whose(request).id, changed, CHANGE, change_message=f"Many at once: {done}.")
        rest = total - len(changed)
        told = f"{len(changed)} {'article' if len(changed) == 1 else 'articles'} {done}."
        if rest:
            told += f" {rest} {already}."
        self.message_user(request, told, messages.SUCCESS if changed else messages.INFO)


def said(revised: Revised) -> str:
    """What an edit did to readers' highlights, in numbers only."""
    if revised.revision is None:
        return "The text is unchanged: no revision was made."
    did, number = revised.did, revised.revision.number
    if not did.total + did.back + did.gone:
        return f"Revision {number} of the text. Nobody has highlighted anything in it."
    told = (
        f"Revision {number} of the text. Highlights carried over: {did.total - did.lost + did.back}, lost: {did.lost}."
    )
    return f"{told} Lost before, and still: {did.gone}." if did.gone else told


def _without(tree: list[Any], start: str) -> list[Any]:
    """A nested list of what will be deleted, without the lines that begin with `start`."""
    return [
        _without(line, start) if isinstance(line, list) else line
        for line in tree
        if isinstance(line, list) or not str(line).startswith(start)
    ]
