"""The search page: one box over articles and the reader's own passages and notes."""

from typing import Any, Literal
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from newsreader.accounts.middleware import open_to_visitors
from newsreader.core.query import MAX_LENGTH
from newsreader.search.results import COUNT_LIMIT, KINDS, Kind, Page
from newsreader.search.service import REACH
from newsreader.search.service import search as find

ROWS = 20
NAMES = {"all": "All", "articles": "Articles", "passages": "Passages", "notes": "Notes"}


@open_to_visitors
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """`q` is what to look for, `kind` narrows to articles, passages or notes, `page` counts from 1."""
    q = request.GET.get("q", "").replace("\0", " ")[: MAX_LENGTH + 1]  # one over, so that cutting it is told
    kind: Kind | Literal["all"] = next((name for name in KINDS if name == request.GET.get("kind")), "all")
    page = request.GET.get("page", "")
    number = min(max(int(page), 1), REACH // ROWS + 1) if page.isascii() and page.isdigit() and len(page) < 9 else 1
    answer = find(q, user=request.user, kind=kind, offset=(number - 1) * ROWS, limit=ROWS)
    return render(request, "reading/search.html", _context(q, kind, number, answer))


def _context(q: str, kind: str, number: int, answer: Page) -> dict[str, Any]:
    """What templates/reading/search.html shows."""
    total = answer.counts[kind]
    return {
        "place": "search",
        "q": q,
        "kind": kind,
        "tabs": [(name, label, _link(q, name), _said(answer.counts[name])) for name, label in NAMES.items()],
        "results": answer.results,
        "hints": answer.hints,
        "total": total,
        "total_said": _said(total),
        "shown": (number - 1) * ROWS + len(answer.results),
        "page": number,
        "next": _link(q, kind, number + 1) if answer.more else "",
        "previous": _link(q, kind, number - 1) if number > 1 else "",
        "at_the_end_of_reach": bool(answer.results) and not answer.more and total > number * ROWS,
        "reach": f"{REACH:,}",
    }


def _link(q: str, kind: str, page: int = 1) -> str:
    asked = {"q": q, "kind": kind if kind != "all" else "", "page": page if page > 1 else ""}
    return f"?{urlencode({name: value for name, value in asked.items() if value})}"


def _said(count: int) -> str:
    return f"{count:,}" if count <= COUNT_LIMIT else f"{COUNT_LIMIT:,}+"
