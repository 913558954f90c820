"""The article's form while it is written in: what is typed as readers will see it, what saving it would do, and the way
between Markdown and HTML. Nothing here writes.
"""

from time import perf_counter
from typing import Any

from csp.constants import NONE, SELF
from csp.decorators import csp_replace
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST, require_safe

from newsreader.articles.models import Article
from newsreader.core.clean import TooDeep, TooLarge
from newsreader.core.text import minutes, text_of
from newsreader.core.weave import weave
from newsreader.desk import writing
from newsreader.desk.base import ModelAdmin
from newsreader.desk.forms import UNSAYABLE, ArticleForm
from newsreader.desk.writing import Written
from newsreader.language import worded

# A page of the desk may hold one frame of this house; that frame may stand in one page of it, and runs nothing.
HOLDS_A_FRAME = csp_replace({"frame-src": [SELF]})
IS_FRAMED = csp_replace({"frame-ancestors": [SELF], "script-src": [NONE], "connect-src": [NONE]})


class Looking(ModelAdmin[Article]):
    """The addresses that the form asks while somebody types; static/js/desk-article.js does."""

    def get_urls(self) -> list[Any]:
        own = self.admin_site.admin_view
        return [
            path("frame/", own(self.frame), name="articles_article_frame"),
            path("convert/", own(self.convert), name="articles_article_convert"),
            path("look/", own(self.look), name="articles_article_look_new"),
            path("<int:pk>/look/", own(self.look), name="articles_article_look"),
            *super().get_urls(),
        ]

    @method_decorator((require_safe, IS_FRAMED, xframe_options_sameorigin))
    def frame(self, request: HttpRequest) -> HttpResponse:
        """An empty page in readers' looks, into which the form puts the article."""
        self._refuse_others(request)
        return render(request, "desk/frame.html")

    @method_decorator(require_POST)
    def look(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        """The form as it stands: the article as readers will see it, and what saving it would do. Says how long it
        took, so that the form asks less often where that is long."""
        begun = perf_counter()
        article = None if pk is None else self.get_object(request, str(pk))
        allowed = self.has_change_permission(request, article) if article else self.has_add_permission(request)
        if not allowed:
            raise Http404
        form: Any = self.get_form(request, article, change=article is not None)(request.POST, instance=article)
        form.full_clean()
        problem = " ".join(str(error) for error in form.errors.get("body", ())) if form.data.get("body") else ""
        readable = form.preview or not form.data.get("body", "").strip()
        shown: dict[str, Any] = as_read(form) if readable else {"woven": None}
        overtaken = _("This article was saved since you opened it.") if form.conflict else ""
        shown |= {"original": article, "preview": form.preview, "problem": problem, "overtaken": overtaken}
        answer = render(request, "desk/_looked.html", shown, status=422 if problem else 200)
        answer["Server-Timing"] = f"look;dur={1000 * (perf_counter() - begun):.0f}"
        return answer

    @method_decorator(require_POST)
    def convert(self, request: HttpRequest) -> HttpResponse:
        """What is typed `from` one way `into` the other, as JSON: `body`, or with 422 a `problem` in a sentence."""
        self._refuse_others(request)
        was_in, into = request.POST.get("from", ""), request.POST.get("into", "")
        if not {was_in, into} <= set(Written.values):
            raise Http404
        typed = request.POST.get("body", "").replace("\r\n", "\n")
        try:
            said = writing.converted(typed, was_in, into, base_url=request.POST.get("address", ""))
            problem = "" if said is not None else str(UNSAYABLE)
        except (TooLarge, TooDeep) as error:
            said, problem = None, worded(error)
        if said is None:
            return JsonResponse({"problem": problem}, status=422)
        return JsonResponse({"body": said})

    def _refuse_others(self, request: HttpRequest) -> None:
        if not (self.has_add_permission(request) or self.has_change_permission(request)):
            raise Http404


def read_page(request: HttpRequest, form: ArticleForm) -> HttpResponse:
    """The form's article as a page of its own, for who has no script."""
    return TemplateResponse(request, "desk/as_read.html", as_read(form))


def as_read(form: ArticleForm) -> dict[str, Any]:
    """What templates/desk/_leaf.html shows: the article as it is typed, without anybody's marks. What a field can't
    take is shown as it was typed, too."""
    article = form.instance
    for name in ("title", "standfirst", "byline"):
        if name not in form.cleaned_data:
            setattr(article, name, form.data.get(name, ""))
    html = form.preview.html if form.preview else ""
    return {
        "article": article,
        "sources": form.cleaned_data.get("sources", ()),
        "minutes": minutes(text_of(html), article.language),
        "woven": weave(html, ()),
    }
