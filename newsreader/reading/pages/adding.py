"""The page on which readers put something on their own shelf: an address, a text, files."""

import re
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, QueryDict
from django.urls import NoReverseMatch, reverse

from newsreader.accounts.models import User
from newsreader.articles.models import Article
from newsreader.articles.querysets import ArticleQuerySet
from newsreader.intake.models import Arrival
from newsreader.intake.own import limits
from newsreader.intake.receiving import most
from newsreader.intake.uploads import ACCEPTED
from newsreader.reading.forms import AddFilesForm, AddForm, TextForm
from newsreader.reading.pages.asked import without_nul
from newsreader.reading.pages.library import row_icons
from newsreader.reading.pages.rows import Row, rows_of

LATEST = 5
HANDED_MOST = 7_000_000  # bytes of a page that a browser hands over: the form has room for more, and signs around it
_ADDRESS = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Asked:
    """What another application or the bookmarklet brings: an address, or a text without one."""

    url: str = ""
    title: str = ""
    text: str = ""

    @classmethod
    def of(cls, query: QueryDict) -> "Asked":
        """Many applications put the address of what is shared into its text."""
        query = without_nul(query)
        url, title, text = (query.get(name, "").strip() for name in ("url", "title", "text"))
        for place in (text, title):
            if not url and (found := _ADDRESS.search(place)):
                url = found[0].rstrip(".,;:!?)]}»”’")
        return cls(url[:2_000], title[:500] if title != url else "", "" if url else text)


def adding_page(request: HttpRequest, user: User, **forms: Any) -> dict[str, Any]:
    """What templates/reading/add.html shows; `forms` are those that were sent already."""
    asked = Asked.of(request.GET)
    first = {"url": asked.url, "title": asked.title}
    text = {"title": asked.title, "text": asked.text}
    taken, here = limits(), request.build_absolute_uri(reverse("reading:add"))
    return {
        "place": "add",
        "form": AddForm(initial=first),
        "text_form": TextForm(initial=text if asked.text else {}),
        "files_form": AddFilesForm(),
        "opened": "text" if asked.text else "",
        "handing": bool(asked.url),
        "handed_most": HANDED_MOST,
        "accepted": ",".join(ACCEPTED),
        "kinds": " ".join(ACCEPTED),
        "most": most(request),
        "megabytes": most(request) // 1_000_000,
        "documents": taken.documents,
        "bookmarklet": bookmarklet(here),
        "importing": _importing(),
        "rows": latest(user),
        "icons": row_icons(),
        "here": request.get_full_path(),
        **forms,
    }


def latest(user: User) -> list[Row]:
    """What this reader saved last, by its address, the newest first."""
    saved = Arrival.objects.of(user).order_by("-pk").values_list("article", flat=True)[:LATEST]
    found = {row.pk: row for row in rows_of(own(user).filter(pk__in=list(saved)), user)}
    return [found[pk] for pk in dict.fromkeys(saved) if pk in found]


def own(user: User) -> ArticleQuerySet:
    return Article.objects.visible_to(user).filter(owner=user)


def row(article: int, user: User) -> Row | None:
    """One article of the reader's own as a row; None where it is no longer there."""
    return next(iter(rows_of(own(user).filter(pk=article), user)), None)


def bookmarklet(here: str) -> str:
    """Opens the page at `here` in a small window, and gives it the page's HTML when it asks. It runs on other sites.

    Nothing of it is kept there, and it answers nobody but the window that it opened.
    """
    script = (
        "(()=>{const h=%(here)s,u=location.href,"
        "w=open(h+'?url='+encodeURIComponent(u)+'&title='+encodeURIComponent(document.title),'newsreader',"
        "'popup,width=560,height=680');"
        "addEventListener('message',e=>{if(w&&e.source===w&&e.origin===new URL(h).origin&&e.data==='newsreader:ready')"
        "w.postMessage({newsreader:1,url:u,html:document.documentElement.outerHTML},e.origin)})})()"
    )
    return "javascript:" + script % {"here": "'" + re.sub(r"[^\w:/.\[\]-]", "", here) + "'"}


def _importing() -> str:
    """Where other applications' libraries come in."""
    try:
        return reverse("reading:import")
    except NoReverseMatch:
        return ""
