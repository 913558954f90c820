"""What readers propose, in the admin: a list, and each with its text as readers will see it. Nothing else of theirs."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from newsreader.articles.proposed import LONGEST_WORD, Proposal
from newsreader.core.weave import weave
from newsreader.desk import proposals
from newsreader.desk.base import Desk, only_posted, whose
from newsreader.desk.looking import HOLDS_A_FRAME, IS_FRAMED

TEXTS = ("article__text", "article__html")


@admin.register(Proposal)
class Proposals(Desk[Proposal]):
    actions = None
    list_display = ("title", "sources", "who", "said", "made")
    search_fields = ("article__title", "word")
    ordering = ("made", "id")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Proposal]:
        """Those that wait. What was withdrawn or decided is its reader's alone again."""
        found = Proposal.objects.open().select_related("article", "article__owner")
        return found.defer(*TEXTS).prefetch_related("article__sources").order_by(*self.ordering)

    @admin.display(description=gettext_lazy("article"))
    def title(self, proposal: Proposal) -> str:
        return format_html('<bdi lang="{}">{}</bdi>', proposal.article.language, proposal.article.title)

    @admin.display(description=gettext_lazy("sources"))
    def sources(self, proposal: Proposal) -> str:
        return ", ".join(source.name for source in proposal.article.sources.all())

    @admin.display(description=gettext_lazy("proposed by"))
    def who(self, proposal: Proposal) -> str:
        owner = proposal.article.owner
        return owner.name if owner else ""

    @admin.display(description=gettext_lazy("word"))
    def said(self, proposal: Proposal) -> str:
        return proposal.word if len(proposal.word) <= 80 else f"{proposal.word[:79].rstrip()}…"

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_urls(self) -> list[Any]:
        own = self.admin_site.admin_view
        ours = [
            path("<int:pk>/read/", own(self.read), name="articles_proposal_read"),
            path("<int:pk>/publish/", own(self.publish), name="articles_proposal_publish"),
            path("<int:pk>/decline/", own(self.decline), name="articles_proposal_decline"),
        ]
        return [*ours, *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return super().changelist_view(request, {"title": _("Proposed by readers"), **(extra_context or {})})

    @method_decorator((require_safe, HOLDS_A_FRAME))
    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        """The text, what its reader says of it, and what can be done with it."""
        proposal = self.get_object(request, object_id)
        if not self.has_view_permission(request, proposal):
            raise Http404
        context = {
            **self.admin_site.each_context(request),
            "title": _("Proposed by a reader"),
            "opts": self.opts,
            "proposal": proposal,
            "article": proposal.article,
            "there": proposals.in_the_library(proposal),
            "longest": LONGEST_WORD,
            "may_decide": self.has_change_permission(request, proposal),
        }
        return TemplateResponse(request, "desk/proposal.html", context)

    @method_decorator((require_safe, IS_FRAMED, xframe_options_sameorigin))
    def read(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The text in readers' looks, without anybody's marks: in the frame, and as a page of its own."""
        proposal = self.get_object(request, str(pk))
        if not self.has_view_permission(request, proposal):
            raise Http404
        article = proposal.article
        context = {
            "article": article,
            "sources": article.sources.all(),
            "minutes": article.minutes,
            "woven": weave(article.html, ()),
        }
        return TemplateResponse(request, "desk/proposal_read.html", context)

    @only_posted
    def publish(self, request: HttpRequest, pk: int) -> HttpResponse:
        """`seen` is the hash of the text that was looked at."""
        proposal = self.get_object(request, str(pk))
        try:
            done = proposals.publish(proposal, by=whose(request), seen=request.POST.get("seen", ""))
        except proposals.Gone:
            return self._gone(request)
        except proposals.Changed:
            told = _("The text has changed since you looked at it. This is how it is now.")
            self.message_user(request, told, messages.WARNING)
            return redirect("admin:articles_proposal_change", pk)
        self.tell(request, _("Published: “{title}”.").format(title=done.article.title), done.entry)
        return redirect(self._list)

    @only_posted
    def decline(self, request: HttpRequest, pk: int) -> HttpResponse:
        """`answer` is what its reader is told."""
        proposal = self.get_object(request, str(pk))
        try:
            entry = proposals.decline(proposal, by=whose(request), answer=request.POST.get("answer", ""))
        except proposals.Gone:
            return self._gone(request)
        self.tell(request, _("Declined. Its reader finds your word on the article’s page."), entry)
        return redirect(self._list)

    def _gone(self, request: HttpRequest) -> HttpResponse:
        """Between the page that was looked at and now."""
        told = _("This proposal was withdrawn, or somebody has decided on it already.")
        self.message_user(request, told, messages.ERROR)
        return redirect(self._list)

    @property
    def _list(self) -> str:
        return reverse("admin:articles_proposal_changelist")
