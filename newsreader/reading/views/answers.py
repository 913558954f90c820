"""What the views of passages answer with: parts of the reader page to htmx, a 303 to everybody else."""

from urllib.parse import unquote, urlsplit

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect, reswap, trigger_client_event

from newsreader.annotations.models import Highlight
from newsreader.annotations.querysets import HighlightQuerySet
from newsreader.articles.models import Article
from newsreader.core.passages import Span
from newsreader.http import Request, safe_next, see_other
from newsreader.reading.pages.article import changed_parts


def own(request: Request) -> HighlightQuerySet:
    """The passages of whoever asks, with their articles."""
    return Highlight.objects.of(request.user).select_related("article")


def changed(
    request: Request, mine: Highlight, *, event: str, former: Span | None = None, was_lost: bool = False
) -> HttpResponse:
    """The parts of the reader page that are different now; without htmx, the page at that passage.

    `former` is where a passage stood that was put elsewhere.
    """
    if not request.htmx:
        return see_other(safe_next(request, after(request, mine.article, at=mine)))
    if elsewhere(request, mine.article):
        return HttpResponseClientRedirect(safe_next(request, after(request, mine.article, at=mine)))
    return parts(request, mine, "reading/_changed.html", event=event, former=former, was_lost=was_lost)


def parts(
    request: Request,
    mine: Highlight,
    template: str,
    *,
    event: str,
    former: Span | None = None,
    was_lost: bool = False,
    whole: bool = False,
    status: int = 200,
) -> HttpResponse:
    """`event` tells the page what happened. A page that shows an older text gets all of the present one."""
    article = mine.article
    older = request.headers.get("X-Article-Text", article.content_hash) != article.content_hash
    whole = whole or older
    context = changed_parts(article, request.user, mine, former=former, was_lost=was_lost, whole=whole)
    response = render(request, template, context, status=status)
    if older:
        trigger_client_event(response, "revised", {"text": article.content_hash}, after="swap")
    detail = {"id": mine.public_id, "colour": mine.colour}
    return trigger_client_event(reswap(response, "none"), event, detail, after="swap")


def after(request: Request, article: Article, *, at: Highlight | None = None) -> str:
    """The article at that passage, or the notebook where the article can't be opened any more."""
    if not can_open(request, article):
        return reverse("reading:notebook")
    return at.get_absolute_url() if at else article.get_absolute_url()


def can_open(request: Request, article: Article) -> bool:
    return Article.objects.openable_by(request.user).filter(pk=article.pk).exists()


def elsewhere(request: Request, article: Article) -> bool:
    """Whether the form stands on another page than the article's, where its parts have no place."""
    page = request.htmx.current_url_abs_path
    return page is not None and unquote(urlsplit(page).path) != unquote(article.get_absolute_url())
