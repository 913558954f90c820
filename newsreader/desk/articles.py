"""The form that edits an article, and what it does. Readers' own copies never come up here."""

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from newsreader.annotations.services import revise_article
from newsreader.articles.models import Article, Reading, Source
from newsreader.articles.services import add_article
from newsreader.desk import edits
from newsreader.desk.article_history import History
from newsreader.desk.article_list import Listed
from newsreader.desk.base import Desk, whose
from newsreader.desk.conflict import clash
from newsreader.desk.edits import OWN, Before
from newsreader.desk.exchange.articles import KIND
from newsreader.desk.exchange.pages import Exchanged
from newsreader.desk.forms import ArticleForm
from newsreader.desk.looking import HOLDS_A_FRAME, Looking, read_page
from newsreader.desk.many import ManyAtOnce
from newsreader.desk.preview import said
from newsreader.desk.upload_pages import Uploading
from newsreader.desk.writing import Written

WRITES_IN = "desk-writes-in"  # of a session: how its curator last wrote a text
SHOWN = 6  # revisions below the form; all of them are in the history
WITHDRAW_INSTEAD = gettext_lazy(
    "Readers have highlighted words in this article (some may be in their bin), so it can’t be deleted: "
    "their highlights would go with it. Withdraw it, and it leaves the library while the highlights stay."
)


@admin.register(Article)
class Articles(Uploading, Exchanged[Article], ManyAtOnce, Listed, Looking, History, Desk[Article]):
    exchange = KIND
    form = ArticleForm
    autocomplete_fields = ("sources", "topics")
    save_on_top = True
    change_form_template = "admin/articles/article/change_form.html"

    class Media:
        css: ClassVar[dict[str, tuple[str, ...]]] = {"all": ("css/parts/history.css", "css/desk-preview.css")}

    def view_on_site(self, article: Article) -> str:
        """Drafts too: curators may open them."""
        return article.get_absolute_url()

    # The form

    def get_fieldsets(self, request: HttpRequest, obj: Article | None = None) -> Any:
        text = (("body", "present"), "reason", "opened_on", "kept") if obj else ("body",)
        return (
            (None, {"fields": ("title", "standfirst", "byline"), "classes": ("desk-head",)}),
            (_("Text"), {"fields": ("written_in", *text, "was_in"), "classes": ("desk-texts",)}),
            (_("Where it stands"), {"fields": ("state", "published", "language", "address")}),
            (_("Where it belongs"), {"fields": ("sources", "topics")}),
        )

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Article:
        """Locked while it is being saved, so that two saves see each other."""
        found = super().get_object(request, object_id, from_field)
        if request.method == "POST" and transaction.get_connection().in_atomic_block:
            Article.objects.select_for_update().filter(pk=found.pk).first()
            found = super().get_object(request, object_id, from_field)
        return found

    def get_form(self, request: HttpRequest, obj: Article | None = None, change: bool = False, **kwargs: Any) -> Any:
        """A text that stands is opened as its curator last wrote."""
        form: Any = super().get_form(request, obj, change=change, **kwargs)
        form.prefers = request.session.get(WRITES_IN, Written.HTML)
        return form

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Of what the desk knows: a key that is guessed names no source that only readers' own copies have."""
        if db_field.name == "sources":
            kwargs["queryset"] = Source.objects.of_the_library()
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Article, form: Any, change: bool) -> None:
        own = {name: form.cleaned_data[name] for name in OWN}
        if request.session.get(WRITES_IN, Written.HTML) != form.cleaned_data["written_in"]:
            request.session[WRITES_IN] = str(form.cleaned_data["written_in"])
        if change:
            form.was = Before.of(obj)
            form.revised = revise_article(
                obj,
                html=form.cleaned_data["body"],
                editor=whose(request),
                reason=form.cleaned_data["reason"],
                dated=obj.published or obj.added,
                **own,
            )
        else:
            made = add_article(html=form.cleaned_data["body"], editor=whose(request), **own)
            # The admin goes on with its own instance: it becomes the one that was made.
            obj.__dict__.update(made.__dict__)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Once sources and topics are saved too, what all of it changed is known, and said with the way back."""
        super().save_related(request, form, formsets, change)
        if not change:
            return
        reason = form.cleaned_data["reason"]
        form.entry = edits.record(form.instance, form.was, revised=form.revised, reason=reason, by=whose(request))
        if form.revised.did.lost:
            self.message_user(request, said(form.revised), messages.WARNING, extra_tags=f"undo-{form.entry.pk}")
        else:
            self.tell(request, said(form.revised), form.entry)

    def construct_change_message(self, request: HttpRequest, form: Any, formsets: Any, add: bool = False) -> Any:
        """What the journal tells, in the admin's own log too; nothing where nothing changed."""
        if add:
            return super().construct_change_message(request, form, formsets, add)
        return form.entry.told if form.entry else []

    def note(self, request: HttpRequest, obj: Any, message: Any) -> None:
        """The journal has it, with the way back: save_related wrote it."""

    @method_decorator(HOLDS_A_FRAME)
    def changeform_view(self, *args: Any, **kwargs: Any) -> Any:
        return super().changeform_view(*args, **kwargs)

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        form, obj = context["adminform"].form, kwargs.get("obj")
        if "_read" in request.POST and form.preview and not form.errors:
            return read_page(request, form)
        if obj:
            context |= {
                "preview": form.preview if form.looking or form.asks or form.conflict else None,
                "asks": form.asks and not (form.looking or form.errors),
                "read_as": dict(Written.choices).get(form["written_in"].value(), ""),
                "revisions": obj.revisions.select_related("editor").defer("html")[:SHOWN],
                "revised": obj.revisions.count(),
                "passages": obj.highlights.live().count(),
                "passages_url": f"{reverse('admin:annotations_highlight_changelist')}?article__id__exact={obj.pk}",
                "undeletable": WITHDRAW_INSTEAD if obj.highlights.exists() else "",
                **clash(form),
            }
        return super().render_change_form(request, context, *args, **kwargs)

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


def _without(tree: list[Any], start: str) -> list[Any]:
    """A nested list of what will be deleted, without the lines that begin with `start`."""
    return [
        _without(line, start) if isinstance(line, list) else line
        for line in tree
        if isinstance(line, list) or not str(line).startswith(start)
    ]
