"""The desk’s front page: what waits for a curator. Numbers of passages, never their words."""

from dataclasses import dataclass
from typing import Any, cast

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from newsreader.accounts.models import User
from newsreader.annotations.models import Highlight
from newsreader.articles.models import Article, Collection, Proposal
from newsreader.desk import feeds, queue, services
from newsreader.desk.base import Desk, whose
from newsreader.desk.journal_filters import seen_by
from newsreader.desk.models import Twins

ROWS = 5
MOST = 1_000  # counted exactly up to here
PROPOSED_TEXTS = ("article__text", "article__html")
TEXTS = ("first__text", "first__html", "second__text", "second__html")


@dataclass(frozen=True, slots=True)
class Lost:
    """An article, and how many readers' passages have no place in its present text."""

    article: Article
    passages: int


def waiting(user: User) -> dict[str, Any]:
    """What templates/admin/index.html shows to `user`, as far as they may see it, in as many statements as it has."""
    shown: dict[str, Any] = {}
    if user.has_perm("articles.view_article"):
        drafts = Article.objects.filter(owner=None, state=Article.State.DRAFT)
        shown["drafts"] = list(drafts.listed().order_by("-changed", "-id")[:ROWS])
        shown["drafts_count"] = _counted(drafts, len(shown["drafts"]))
        shown["lost"] = _lost()
    if user.has_perm("articles.view_proposal"):
        proposed = Proposal.objects.open()
        shown["proposed"] = list(proposed.select_related("article", "article__owner").defer(*PROPOSED_TEXTS)[:ROWS])
        shown["proposed_count"] = _counted(proposed, len(shown["proposed"]))
    if user.has_perm(queue.MAY_SEE):
        shown["behind"] = queue.behind()
    if user.has_perm("articles.view_source"):
        shown["feeds"] = feeds.waiting()
    if user.has_perm("articles.view_collection"):
        shown["building"] = list(Collection.objects.filter(state="draft").order_by("-changed")[:ROWS])
    if user.has_perm("desk.view_twins"):
        twins = Twins.objects.filter(settled=Twins.Settled.OPEN)
        shown["twins"] = list(twins.select_related("first", "second").defer(*TEXTS)[:ROWS])
        shown["twins_count"] = _counted(twins, len(shown["twins"]))
    if user.has_perm("desk.view_entry"):
        shown["deeds"] = list(seen_by(user)[: 2 * ROWS])
    return shown


@require_POST
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Publishes one draft from its row, with the button that takes it back; the front page goes on."""
    pages = cast("Desk[Article]", admin.site.get_model_admin(Article))
    article = pages.get_object(request, str(pk))
    if not pages.has_change_permission(request, article):
        raise Http404
    chosen = Article.objects.filter(pk=article.pk, owner=None)
    done = services.put_in_state(chosen, Article.State.PUBLISHED, by=whose(request))
    told = _("Published: “{title}”.") if done.changed else _("“{title}” was published already.")
    pages.tell(request, told.format(title=article.title), done.entry)
    return redirect("admin:index")


def _counted(rows: QuerySet[Any], shown: int) -> str:
    """How many there are, in the reader's own spelling; “1,000+” where nobody counts on. Those shown are known."""
    number = shown if shown < ROWS else rows.order_by()[: MOST + 1].count()
    said = number_format(min(number, MOST), force_grouping=True)
    return said if number <= MOST else f"{said}+"


def _lost() -> list[Lost]:
    """The articles of which most lately some passages lost their place."""
    lost = Highlight.objects.live().filter(status=Highlight.Status.LOST)
    lost = lost.filter(article__owner=None, article__merged_into=None)
    columns = ("pk", "title", "slug", "language", "changed")
    found = lost.order_by().values(*(f"article__{column}" for column in columns)).annotate(number=Count("pk"))
    return [
        Lost(Article(**{column: row[f"article__{column}"] for column in columns}), row["number"])
        for row in found.order_by("-article__changed")[:ROWS]
    ]
