"""An article's history at the desk: its texts, what changed between any two of them, everything that was done to it,
and an older text put back as the newest.
"""

from typing import Any

from django.contrib.admin.models import CHANGE, LogEntry
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from newsreader.annotations.forecast import forecast
from newsreader.articles.models import Article, Revision
from newsreader.core.told import differences, heading, pair
from newsreader.desk import edits, texts
from newsreader.desk.base import Desk, whose
from newsreader.desk.forms import stamp
from newsreader.desk.preview import foretold, said, seen


class History(Desk[Article]):
    """The page behind “History”, and the button that restores."""

    def get_urls(self) -> list[Any]:
        restore = self.admin_site.admin_view(self.restore)
        return [path("<int:pk>/restore/", restore, name="articles_article_restore"), *super().get_urls()]

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """Two texts compared, those that `from` and `to` number or else the last two; below, what was done to it."""
        article = self.get_object(request, object_id)
        if not self.has_view_or_change_permission(request, article):
            raise PermissionDenied
        revisions = list(article.revisions.select_related("editor").defer("html").order_by("-number"))
        chosen = pair([one.number for one in revisions], request.GET.get("from", ""), request.GET.get("to", ""))
        context = {
            **self.admin_site.each_context(request),
            "title": _("History"),
            "subtitle": str(article),
            "opts": self.opts,
            "article": article,
            "revisions": revisions,
            "entries": edits.about(article),
            "may_change": self.has_change_permission(request, article),
            **(_compared(article, chosen) if chosen else {}),
        }
        return TemplateResponse(request, "desk/history.html", context)

    @method_decorator(require_POST)
    def restore(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Makes the text of `revision`, a number, the newest one; asks first where that loses highlights."""
        article = self.get_object(request, str(pk))
        number = request.POST.get("revision", "")
        found = article.revisions.filter(number=number).first() if number.isdecimal() and len(number) < 9 else None
        if not self.has_change_permission(request, article) or found is None:
            raise Http404
        does = forecast(article, found.html) if found.html != article.html else None
        shown = seen(stamp(article), found.html, does)
        if does and does.lost and request.POST.get("seen") != shown:
            return self._ask(request, article, found, {"sentences": foretold(does), "lost": does.lost, "seen": shown})
        revised, entry = texts.restore(article, found, by=whose(request))
        log = _("Restored revision {number}.").format(number=number)
        LogEntry.objects.log_actions(whose(request).id, [article], CHANGE, change_message=log)
        self.tell(request, f"{log} {said(revised)}" if entry else said(revised), entry)
        return redirect("admin:articles_article_change", article.pk)

    def _ask(self, request: HttpRequest, article: Article, revision: Revision, does: dict[str, Any]) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": _("Restore revision {number}?").format(number=revision.number),
            "subtitle": str(article),
            "opts": self.opts,
            "article": article,
            "revision": revision,
            "blocks": differences(article.html, revision.html),
            **does,
        }
        return TemplateResponse(request, "desk/restore.html", context)


def _compared(article: Article, chosen: tuple[int, int]) -> dict[str, Any]:
    then, now = article.revisions.filter(number__in=chosen).order_by("number")
    told = differences(then.html, now.html)
    same = not told
    if then.title != now.title:
        told.insert(0, heading(then.title, now.title))
    return {"then": then, "now": now, "blocks": told, "same": same}
