"""The lead picture of an article's page: shown where its reader allows it, else a line that says where it is from."""

from dataclasses import dataclass
from typing import Any

from csp.decorators import csp_update
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from newsreader.articles import pictures
from newsreader.articles.models import Article
from newsreader.intake.pictures import Picture, picture

ONCE = "picture"  # in an address: shown this time


@dataclass(frozen=True, slots=True)
class Shown:
    """What templates/reading/_picture.html shows; `why` is "", "once", "source" or "all"."""

    picture: Picture
    why: str
    text: str

    @property
    def loads(self) -> bool:
        return bool(self.why)


def picture_of(article: Article, request: HttpRequest) -> Shown | None:
    """None where the article has none that could be loaded."""
    found = picture(article.picture, allowed=settings.FETCH_ALLOW) if article.picture else None
    if found is None:
        return None
    why = pictures.allowed(article, request.user) or ("once" if _asked_for(request) else "")
    return Shown(found, why, article.picture_text)


def let_in(response: HttpResponse, shown: Shown | None) -> HttpResponse:
    """Allows this one page the one host that its picture is from, if it loads it; no other page, and no other host."""
    if shown is None or not shown.loads:
        return response
    allow: Any = csp_update({"img-src": [shown.picture.origin]})(lambda request: response)
    answer: HttpResponse = allow(None)
    return answer


def _asked_for(request: HttpRequest) -> bool:
    """By a click on this site, or by somebody's own bookmark: another site's link shows nothing."""
    return request.GET.get(ONCE) == "1" and request.headers.get("Sec-Fetch-Site") != "cross-site"
