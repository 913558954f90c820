"""A reader proposes an article of their own shelf to the library, and takes that back."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from newsreader.articles import proposals
from newsreader.articles.models import Article
from newsreader.http import Request, fragment_or_redirect
from newsreader.reading.pages.proposal import proposal_of


@require_POST
def proposal(request: Request, slug: str) -> HttpResponse:
    """With `withdraw` it is taken back, else it is made, with a `word` to the curators."""
    mine = Article.objects.visible_to(request.user).filter(owner=request.user).defer("html")
    article = get_object_or_404(mine, slug=slug)
    refused = ""
    try:
        if "withdraw" in request.POST:
            proposals.withdraw(article, reader=request.user)
        else:
            proposals.propose(article, reader=request.user, word=request.POST.get("word", ""))
    except proposals.NotNow as error:
        refused = str(error)
    context = {"article": article, "proposed": proposal_of(article, request.user), "refused": refused}
    to = f"{article.get_absolute_url()}#proposal"
    return fragment_or_redirect(request, "reading/_proposal.html", context, to=to, status=409 if refused else 200)
