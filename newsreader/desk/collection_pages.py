"""Collections in the admin: what stands above, the articles in their order, and who may see it.

The articles are a list of their own below the form: each button does one thing at once, with or without script.
"""

from hashlib import sha256
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AutocompleteSelectMultiple
from django.core.exceptions import ValidationError
from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from newsreader.articles.models import Article, Collection, CollectionItem
from newsreader.articles.querysets import ArticleQuerySet
from newsreader.articles.validators import renderable
from newsreader.desk import briefings, renaming
from newsreader.desk.base import whose
from newsreader.desk.exchange import collections as exchange
from newsreader.desk.exchange.pages import Exchanged
from newsreader.desk.models import Entry
from newsreader.desk.sources import Counted

if TYPE_CHECKING:
    CollectionModelForm = forms.ModelForm[Collection]
else:  # not subscriptable at run time
    CollectionModelForm = forms.ModelForm

FOUND = 20
MOVES = (
    ("top", "⤒", gettext_lazy("to the top")),
    ("up", "↑", gettext_lazy("up")),
    ("down", "↓", gettext_lazy("down")),
    ("end", "⤓", gettext_lazy("to the end")),
)


class CollectionForm(CollectionModelForm):
    """Guarded against two curators: the second is told, sees both, and may save again."""

    opened_on = forms.CharField(label="", required=False, widget=forms.HiddenInput())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now: dict[str, Any] | None = None
        if "introduction" in self.fields:
            self.fields["introduction"].widget.attrs |= {"dir": "auto", "rows": 12}
        if not self.instance.pk or "opened_on" not in self.fields:
            return
        stamp = _stamp(self.instance)
        self.initial["opened_on"] = stamp
        if self.is_bound and self.data.get("opened_on") != stamp:
            # It is shown as it is now, and the next save replaces it: its curator will have seen it.
            self.now = {"name": self.instance.name, "introduction": self.instance.introduction}
            data = cast(Any, self.data).copy()
            data["opened_on"] = stamp
            self.data = data

    def clean_name(self) -> str:
        name = " ".join(self.cleaned_data["name"].split())
        if other := renaming.alike(self.instance, name):
            raise ValidationError(_("There is a collection “{name}” already.").format(name=other))
        return name

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.now is not None:
            raise ValidationError(
                _("Somebody has changed this meanwhile. Look at it as it is now, below, and save again.")
            )
        return cleaned


@admin.register(Collection)
class Collections(Exchanged[Any], Counted):
    exchange = exchange.Collections()
    form = CollectionForm
    list_display = ("name", "state", "dated", "articles_counted", "changed")
    list_filter = ("state",)
    ordering = ("-changed",)
    change_form_template = "admin/articles/collection/change_form.html"

    def get_fields(self, request: HttpRequest, obj: Collection | None = None) -> Any:
        return ("name", "slug", "dated", "introduction", *(("opened_on",) if obj else ()))

    def get_prepopulated_fields(self, request: HttpRequest, obj: Collection | None = None) -> Any:
        """An address that is handed round does not follow the name by itself."""
        return {} if obj else {"slug": ("name",)}

    def view_on_site(self, collection: Collection) -> str:
        """Its page, which curators may open while it is a draft."""
        return collection.get_absolute_url()

    # What stands above

    def save_model(self, request: HttpRequest, obj: Collection, form: Any, change: bool) -> None:
        """A new one is a draft. A name or an address that it had leads to it still."""
        if not change:
            obj.state = Collection.State.DRAFT
        elif {"name", "slug"} & set(form.changed_data):
            name, slug = obj.name, obj.slug
            renaming.rename(Collection.objects.get(pk=obj.pk), name=name, slug=slug, by=whose(request))
        super().save_model(request, obj, form, change)

    def response_post_save_add(self, request: HttpRequest, obj: Collection) -> HttpResponseRedirect:
        """To its own page, where articles are put into it."""
        return redirect(self._page(obj))

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if obj := kwargs.get("obj"):
            form = context["adminform"].form
            at, _dot, did = request.GET.get("at", "").partition(":")
            adding = AddForm()
            context |= {
                "media": context["media"] + adding.media,
                "now": getattr(form, "now", None),
                "items": items_of(obj),
                "seen": briefings.stamp(briefings.in_order(obj)),
                "adding": adding,
                "find": request.GET.get("find", "")[:200],
                "found": self._found(request, obj),
                "at": at,
                "did": did,
                "contents_url": reverse("admin:articles_collection_contents", args=[obj.pk]),
                "may_change": self.has_change_permission(request, obj),
                "moves": MOVES,
            }
        return super().render_change_form(request, context, *args, **kwargs)

    def _found(self, request: HttpRequest, collection: Collection) -> list[Article]:
        """What the list of articles finds, for who has no script."""
        words = request.GET.get("find", "")[:200].strip()
        if not words:
            return []
        articles = self.admin_site.get_model_admin(Article)
        rows, _may_repeat = articles.get_search_results(request, articles.get_queryset(request), words)
        there = CollectionItem.objects.filter(collection=collection).values("article")
        return list(cast(ArticleQuerySet, rows).exclude(pk__in=there).listed()[:FOUND])

    # The articles

    def get_urls(self) -> list[Any]:
        contents = self.admin_site.admin_view(self.contents)
        return [path("<int:pk>/contents/", contents, name="articles_collection_contents"), *super().get_urls()]

    @method_decorator(require_POST)
    def contents(self, request: HttpRequest, pk: int) -> HttpResponse:
        """One thing: `move` (“7:up”), `order`, `remove`, `note`, `add` or `state`; `seen` is what the page showed.

        To a script it answers with the new stamp and the way back, or 409 where it is not as it was seen.
        """
        collection = self.get_object(request, str(pk))
        if not self.has_change_permission(request, collection):
            raise Http404
        try:
            entry, told, at = self._do(request, collection)
        except briefings.Stale:
            gone = _(
                "Somebody has changed this collection meanwhile. Here it is as it is now; nothing of yours was done."
            )
            return self._answer(request, collection, gone, level=messages.ERROR)
        except (briefings.Full, ValidationError) as error:
            said = " ".join(error.messages) if isinstance(error, ValidationError) else str(error)
            return self._answer(request, collection, said, level=messages.ERROR)
        return self._answer(request, collection, told, entry=entry, at=at)

    def _do(self, request: HttpRequest, collection: Collection) -> tuple[Entry | None, str, str]:
        """What was asked for: its entry, in words, and where the page goes on."""
        sent, by = request.POST, whose(request)
        if "move" in sent:
            key, where = _split(sent["move"])
            order = briefings.moved(briefings.in_order(collection), key, where)
            entry = briefings.put_in_order(collection, order, seen=sent.get("seen", ""), by=by)
            return entry, _placed(collection, key, order), f"{key}:{where}"
        if "order" in sent:
            order = _keys(sent["order"])
            entry = briefings.put_in_order(collection, order, seen=sent.get("seen", ""), by=by)
            return entry, _("Saved."), ""
        if "remove" in sent:
            entry = briefings.take_out(collection, _key(sent["remove"]), by=by)
            return entry, entry.told, ""
        if "note" in sent:
            return self._annotate(request, collection, _key(sent["note"]))
        if "add" in sent:
            return self._add(request, collection)
        if sent.get("state") in Collection.State.values:
            state = sent["state"]
            entry = briefings.put_in_state(collection, state, by=by)
            published = state == Collection.State.PUBLISHED
            told = _("Published: readers find it now.") if published else _("A draft again: only curators see it.")
            return entry, told, ""
        raise Http404

    def _annotate(self, request: HttpRequest, collection: Collection, key: int) -> tuple[Entry | None, str, str]:
        note, was = (_lines(request.POST.get(name, "")) for name in ("text", "was"))
        renderable(note)
        entry = briefings.annotate(collection, key, note, was=was, by=whose(request))
        return entry, _("Note saved.") if entry else _("The note is as it was."), f"{key}:note"

    def _add(self, request: HttpRequest, collection: Collection) -> tuple[Entry | None, str, str]:
        chosen = briefings.articles_named(request.POST.getlist("article"))
        done = briefings.add(collection, chosen, by=whose(request))
        n = len(done.changed)
        told = [ngettext("{n} article added.", "{n} articles added.", n).format(n=n)]
        if done.already:
            told.append(
                ngettext("{n} was in it already.", "{n} were in it already.", done.already).format(n=done.already)
            )
        if not (n or done.already):
            told = [_("Choose an article first.")]
        return done.entry, " ".join(told), f"{done.changed[-1].pk}:added" if n else "add"

    def _answer(
        self,
        request: HttpRequest,
        collection: Collection,
        told: str,
        *,
        entry: Entry | None = None,
        at: str = "",
        level: int = messages.SUCCESS,
    ) -> HttpResponse:
        if request.headers.get("Accept") == "application/json":
            stale = level == messages.ERROR
            undo = reverse("admin:desk_entry_undo", args=[entry.pk]) if entry and entry.ways else ""
            seen = briefings.stamp(briefings.in_order(collection))
            return JsonResponse({"told": told, "seen": seen, "undo": undo}, status=409 if stale else 200)
        if level == messages.ERROR:
            self.message_user(request, told, level)
        else:
            self.tell(request, told, entry)
        return redirect(f"{self._page(collection)}?at={at}#contents" if at else f"{self._page(collection)}#contents")

    def _page(self, collection: Collection) -> str:
        return reverse("admin:articles_collection_change", args=[collection.pk])


class AddForm(forms.Form):
    """Articles, looked up by the list's own search while one types."""

    def __init__(self) -> None:
        super().__init__()
        field = CollectionItem._meta.get_field("article")
        label = gettext_lazy("Articles to add")
        widget = AutocompleteSelectMultiple(field, admin.site, attrs={"data-placeholder": _("Words of the title, …")})
        self.fields["article"] = forms.ModelMultipleChoiceField(Article.objects.none(), label=label, widget=widget)


def items_of(collection: Collection) -> list[CollectionItem]:
    """Its items with what a row shows, without texts; a reader's own copy is not the desk's."""
    articles = Article.objects.listed()
    rows: QuerySet[CollectionItem] = collection.items.filter(article__owner=None)
    return list(rows.order_by("position", "pk").prefetch_related(Prefetch("article", articles)))


def _stamp(collection: Collection) -> str:
    """Changes with what the form holds, and not with the articles, which are saved apart."""
    held = (collection.name, collection.slug, str(collection.dated), collection.introduction)
    return sha256(repr(held).encode()).hexdigest()[:16]


def _placed(collection: Collection, key: int, order: list[int]) -> str:
    title = Article.objects.filter(pk=key).values_list("title", flat=True).get()
    told = _("“{title}” is now {n} of {total}.")
    return told.format(title=title, n=order.index(key) + 1, total=len(order))


def _split(sent: str) -> tuple[int, str]:
    key, _dot, where = sent.partition(":")
    if where not in {name for name, _sign, _label in MOVES}:
        raise Http404
    return _key(key), where


def _keys(sent: str) -> list[int]:
    parts = sent.split(",")
    if len(parts) > 2 * briefings.MOST:
        raise Http404
    return [_key(part) for part in parts]


def _key(sent: str) -> int:
    if not (sent.isdecimal() and len(sent) < 19):
        raise Http404
    return int(sent)


def _lines(text: str) -> str:
    """Browsers send a text area's line ends as CR LF."""
    return text.replace("\r\n", "\n").replace("\0", "").strip()
