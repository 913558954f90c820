"""An article as a page to read."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from newsreader.accounts.middleware import open_to_visitors
from newsreader.articles.models import Article
from newsreader.reading.pages.article import reader_page
from newsreader.reading.pages.coming import coming_to
from newsreader.reading.pages.picture import let_in, picture_of
from newsreader.reading.pages.proposal import proposal_of
from newsreader.reading.pages.search_hits import hits_bar


@open_to_visitors
@require_safe
def article(request: HttpRequest, slug: str) -> HttpResponse:
    found = Article.objects.openable_by(request.user).prefetch_related("sources").filter(slug=slug).first()
    if found is None or found.merged_into_id:
        # Links from outside, and from readers' own papers, keep leading to the words.
        instead = Article.objects.visible_to(request.user).filter(merged__slug=slug).defer("html", "text").first()
        if instead:
            return redirect(instead)
    if found is None:
        raise Http404
    # What is on its way is somebody's own; who may open that is its owner.
    coming = coming_to([found.pk]).get(found.pk) if found.owner_id else None
    if coming and not found.text:
        response = render(request, "reading/coming.html", {"article": found, "coming": coming})
        response.headers["Cache-Control"] = "private, no-store"  # it is another page soon
        return response
    page = {**reader_page(found, request.user), "coming": coming}
    page["picture"] = picture_of(found, request)
    page["proposed"] = proposal_of(found, request.user)
    # Who comes from a search sees its words here, too.
    if q := request.GET.get("q", ""):
        page["hits"] = hits_bar(q, found, request.user)
    return let_in(render(request, "reading/article.html", page), page["picture"])
