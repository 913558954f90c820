"""What a reader lets their browser load: pictures from one source, or from all; or they are asked again."""

from dataclasses import replace

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRedirect

from newsreader.accounts.preferences import remember
from newsreader.accounts.services import set_preferences
from newsreader.articles import pictures as services
from newsreader.articles.models import Article
from newsreader.http import Request, see_other


@require_POST
def pictures(request: Request, slug: str) -> HttpResponse:
    """`show` is all, ask, or the address of one of the article's sources. The page is made anew: its policy changes."""
    article = get_object_or_404(Article.objects.openable_by(request.user).defer("html", "text"), slug=slug)
    show = request.POST.get("show", "")
    to = f"{article.get_absolute_url()}#picture"
    response = HttpResponseClientRedirect(to) if request.htmx else see_other(to)
    if show in {"all", "ask"}:
        chosen = replace(request.user.preferences, pictures=show)
        set_preferences(request.user, chosen)
        remember(request, response, chosen)
    if show == "ask":
        services.ask_again(article, reader=request.user)
    elif show.startswith("from-"):
        source = get_object_or_404(article.sources, slug=show.removeprefix("from-"))
        services.allow_from(source, reader=request.user)
    elif show != "all":
        return HttpResponse(_("There is no such choice."), status=422, content_type="text/plain; charset=utf-8")
    return response
