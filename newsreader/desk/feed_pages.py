"""Feeds at the desk: followed from an address, looked at, visited now, stopped; lists of them in and out.

Whose sources are, theirs are the feeds. Nothing is fetched in a request but what somebody is shown at once.
"""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core import signing
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from newsreader.core.sentence import Sentence
from newsreader.desk import journal
from newsreader.desk.base import Desk, only_posted, whose
from newsreader.desk.models import Deed
from newsreader.intake.feeds import following
from newsreader.intake.feeds.opml import Subscription, write_opml
from newsreader.intake.models import Feed
from newsreader.intake.shape import Refused
from newsreader.intake.web import Failed, Web
from newsreader.language import worded

gets_and_posts = method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
LARGEST = 2_000_000  # bytes of a list
SHOWN = ("source", "address", "state", "visited", "trouble", "comes_again", "brought", "folder")


class FollowForm(forms.Form):
    """What is followed, and how."""

    address = forms.CharField(
        max_length=2_000,
        label=gettext_lazy("Address of a site or of a feed"),
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off", "spellcheck": "false"}),
    )
    name = forms.CharField(max_length=200, required=False, label=gettext_lazy("Name of the source"))
    publish = forms.BooleanField(
        required=False,
        label=gettext_lazy("Publish at once"),
        help_text=gettext_lazy("Otherwise what comes in is a draft until a curator publishes it."),
    )
    full_text = forms.BooleanField(
        required=False,
        label=gettext_lazy("Fetch the full text"),
        help_text=gettext_lazy("Where the feed has only the first sentences of each article."),
    )


class ListForm(forms.Form):
    """A subscription list."""

    file = forms.FileField(label=gettext_lazy("Subscription list (OPML)"))


@admin.register(Feed)
class Feeds(Desk[Feed]):
    list_display = ("source", "state", "visited", "trouble", "comes_again", "brought")
    list_filter = ("state",)
    list_select_related = ("source",)
    search_fields = ("source__name", "address")
    ordering = ("source__name",)
    actions = ("visit_chosen", "stop_chosen", "resume_chosen")
    fields = ("publish", "full_text", *SHOWN)
    readonly_fields = SHOWN
    change_form_template = "desk/feed.html"
    change_list_template = "desk/feeds.html"

    # Who may

    def has_view_permission(self, request: HttpRequest, obj: Feed | None = None) -> bool:
        return whose(request).has_perm("articles.view_source")

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Feed | None = None) -> bool:
        return whose(request).has_perm("articles.change_source")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return whose(request).has_perm("articles.add_source")

    def has_delete_permission(self, request: HttpRequest, obj: Feed | None = None) -> bool:
        """Only one that has brought nothing: of others it is remembered what they had."""
        return obj is not None and self.has_change_permission(request) and not obj.entries.exists()

    # What is shown

    @admin.display(description=gettext_lazy("last visit"), ordering="polled")
    def visited(self, feed: Feed) -> str:
        return _when(feed.polled)

    @admin.display(description=gettext_lazy("next visit"), ordering="due")
    def comes_again(self, feed: Feed) -> str:
        return _when(feed.due) if feed.state == Feed.State.FOLLOWED else ""

    @admin.display(description=gettext_lazy("what failed"), ordering="-failures")
    def trouble(self, feed: Feed) -> str:
        """Why the last visit brought nothing, and how often in a row that happened."""
        if not feed.told:
            return ""
        why = worded(Sentence.again(feed.told))
        why = why[:1].upper() + why[1:]
        n = feed.failures
        often = ngettext("{n} time in a row", "{n} times in a row", n).format(n=n)
        return format_html('{} <span class="quiet">({})</span>', why, often)

    @admin.display(description=gettext_lazy("folder"))
    def folder(self, feed: Feed) -> str:
        return " › ".join(map(str, feed.folders))

    # Addresses

    def get_urls(self) -> list[Any]:
        guarded = self.admin_site.admin_view
        return [
            path("import/", guarded(self.list_in), name="intake_feed_import"),
            path("export/", guarded(self.list_out), name="intake_feed_export"),
            path("<int:pk>/visit/", guarded(self.visit), name="intake_feed_visit"),
            path("<int:pk>/stop/", guarded(self.stop), name="intake_feed_stop"),
            path("<int:pk>/resume/", guarded(self.resume), name="intake_feed_resume"),
            *super().get_urls(),
        ]

    # Followed

    @gets_and_posts
    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """First an address, then what is found there, then the button that follows it."""
        if not self.has_add_permission(request):
            raise Http404
        if request.method != "POST":
            return self._page(request, "follow", {"title": _("Follow a feed"), "form": FollowForm()})
        form, more, status = FollowForm(request.POST), {}, 422
        if form.is_valid():
            if "follow" in request.POST:
                return self._follow(request, form.cleaned_data)
            try:
                found = following.find(form.cleaned_data["address"], web=_web())
            except (following.NoAddress, Failed, Refused) as error:
                form.add_error("address", _sentence(error))
            else:
                status, form = 200, _form_for(found)
                more = {"found": found, "known": following.seen(found.address)}
        return self._page(request, "follow", {"title": _("Follow a feed"), "form": form, **more}, status=status)

    def _follow(self, request: HttpRequest, sent: dict[str, Any]) -> HttpResponse:
        kept = {"publish": sent["publish"], "full_text": sent["full_text"]}
        try:
            feed, new = following.follow(sent["address"], title=sent["name"], **kept)
        except following.NoAddress as error:
            self.message_user(request, _sentence(error), messages.ERROR)
            return redirect("admin:intake_feed_add")
        if new:
            following.poll_now(feed)
            journal.record(Deed.ADDED, by=whose(request), about=feed, told=feed.source.name)
            told = _("“{name}” is followed from now on. What it has comes in within a minute.")
        else:
            told = _("“{name}” was followed already.")
        self.message_user(request, told.format(name=feed.source.name), messages.SUCCESS if new else messages.INFO)
        return redirect("admin:intake_feed_change", feed.pk)

    # Visited, stopped, resumed

    @only_posted
    def visit(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._done(request, pk, "visit")

    @only_posted
    def stop(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._done(request, pk, "stop")

    @only_posted
    def resume(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._done(request, pk, "resume")

    def _done(self, request: HttpRequest, pk: int, what: str) -> HttpResponse:
        feed = self.get_object(request, str(pk))
        does, _several, told = DEEDS[what]
        does(feed)
        self._note(request, feed, what)
        self.message_user(request, str(told).format(name=feed.source.name), messages.SUCCESS)
        return redirect("admin:intake_feed_change", feed.pk)

    def _note(self, request: HttpRequest, feed: Feed, what: str) -> None:
        """A visit is no deed; that somebody stopped it or let it go on is."""
        if what != "visit":
            said = _("Stopped.") if what == "stop" else _("Followed again.")
            journal.record(Deed.EDITED, by=whose(request), about=feed, told=said)

    @admin.action(description=gettext_lazy("Visit now"), permissions=["change"])
    def visit_chosen(self, request: HttpRequest, queryset: QuerySet[Feed]) -> None:
        self._done_to(request, queryset, "visit")

    @admin.action(description=gettext_lazy("Stop"), permissions=["change"])
    def stop_chosen(self, request: HttpRequest, queryset: QuerySet[Feed]) -> None:
        self._done_to(request, queryset, "stop")

    @admin.action(description=gettext_lazy("Follow again"), permissions=["change"])
    def resume_chosen(self, request: HttpRequest, queryset: QuerySet[Feed]) -> None:
        self._done_to(request, queryset, "resume")

    def _done_to(self, request: HttpRequest, queryset: QuerySet[Feed], what: str) -> None:
        does, several, _told = DEEDS[what]
        feeds = list(queryset)
        for feed in feeds:
            does(feed)
            self._note(request, feed, what)
        self.message_user(request, several(len(feeds)).format(n=len(feeds)), messages.SUCCESS)

    # Lists

    @method_decorator(require_safe)
    def list_out(self, request: HttpRequest) -> HttpResponse:
        """All that is followed, for other readers."""
        if not self.has_view_permission(request):
            raise Http404
        made = timezone.now()
        answer = HttpResponse(
            write_opml(following.subscriptions(), title="Newsreader", made=made), content_type="text/x-opml"
        )
        answer["Content-Disposition"] = f'attachment; filename="feeds-{made:%Y-%m-%d}.opml"'
        return answer

    @gets_and_posts
    def list_in(self, request: HttpRequest) -> HttpResponse:
        """A list is looked at first: what is new in it, what is followed already, what is no address."""
        if not self.has_add_permission(request):
            raise Http404
        title = _("Follow a list of feeds")
        if request.method != "POST":
            return self._page(request, "feed_list", {"title": title, "form": ListForm()})
        if "looked" in request.POST:
            return self._follow_list(request)
        form = ListForm(request.POST, request.FILES)
        if form.is_valid():
            try:
                listed = following.look_at(form.cleaned_data["file"].read(LARGEST + 1))
            except Refused as error:
                form.add_error("file", _sentence(error))
            else:
                return self._page(request, "feed_list", {"title": title, "form": ListForm(), **_looked(listed)})
        return self._page(request, "feed_list", {"title": title, "form": form}, status=422)

    def _follow_list(self, request: HttpRequest) -> HttpResponse:
        try:
            rows = signing.loads(request.POST["looked"], salt="feeds", max_age=24 * 3600)
        except signing.BadSignature:
            self.message_user(request, _("That was too long ago: choose the file again."), messages.WARNING)
            return redirect("admin:intake_feed_import")
        listed = [Subscription(row[0], row[1], row[2], tuple(row[3])) for row in rows]
        added = following.follow_all(listed, publish="publish" in request.POST, full_text="full_text" in request.POST)
        if added:
            journal.record(Deed.ADDED, by=whose(request), about=_("a list of feeds"), rows=added)
        told = ngettext("{n} feed is followed from now on.", "{n} feeds are followed from now on.", len(added))
        none = _("There was nothing new in it.")
        self.message_user(request, told.format(n=len(added)) if added else none, messages.SUCCESS)
        return redirect("admin:intake_feed_changelist")

    # Pages

    def save_model(self, request: HttpRequest, obj: Feed, form: Any, change: bool) -> None:
        """Only what is on the form: a visit may be under way, which writes the rest."""
        obj.save(update_fields=["publish", "full_text"])

    def _page(self, request: HttpRequest, name: str, more: dict[str, Any], status: int = 200) -> HttpResponse:
        context = {**self.admin_site.each_context(request), "opts": self.opts, **more}
        return TemplateResponse(request, f"desk/{name}.html", context, status=status)


DEEDS: dict[str, tuple[Any, Any, Any]] = {
    "visit": (
        following.poll_now,
        lambda n: ngettext("{n} feed is visited within a minute.", "{n} feeds are visited within a minute.", n),
        gettext_lazy("“{name}” is visited within a minute."),
    ),
    "stop": (
        following.stop,
        lambda n: ngettext("{n} feed is not visited any more.", "{n} feeds are not visited any more.", n),
        gettext_lazy("“{name}” is not visited any more."),
    ),
    "resume": (
        following.resume,
        lambda n: ngettext("{n} feed is followed again.", "{n} feeds are followed again.", n),
        gettext_lazy("“{name}” is followed again."),
    ),
}
"""What can be done to a feed: the service, what became of several, and of one."""


def _web() -> Web:
    return Web(settings.FETCH_ALLOW, seconds=following.SECONDS)


def _form_for(found: following.Found) -> FollowForm:
    """The form for what was found, with what it says of itself."""
    known = {"address": found.address, "name": found.title, "publish": True, "full_text": found.summaries}
    return FollowForm(initial=known)


def _looked(listed: following.Listed) -> dict[str, Any]:
    new = [(one.address, one.title, one.site, one.folders) for one in listed.new]
    return {"listed": listed, "looked": signing.dumps(new, salt="feeds", compress=True)}


def _sentence(error: Exception) -> str:
    """As a sentence: some refusals are written to follow a name."""
    said = worded(error)
    said = said[:1].upper() + said[1:]
    return said if said.endswith((".", "…", "?")) else f"{said}."


def _when(moment: Any) -> str:
    return date_format(localtime(moment), "SHORT_DATETIME_FORMAT") if moment else ""
