"""A reader's saved searches: how a search is kept from its page, what the list and the library show of them."""

from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.urls import reverse

from newsreader.accounts.someone import Someone
from newsreader.core.asked import All, Filter, Not, Query, Words
from newsreader.core.query import parse
from newsreader.search.models import SavedSearch
from newsreader.search.results import KINDS, Result
from newsreader.search.saved import LONGEST, normal
from newsreader.search.service import search

NEWEST = 3  # results of a search that is pinned


@dataclass(frozen=True, slots=True)
class Pinned:
    """A search on the library page, with its newest results; `hint` says why there are none."""

    saved: SavedSearch
    results: tuple[Result, ...]
    hint: str


def saving(q: str, kind: str, user: Someone) -> dict[str, Any]:
    """What templates/reading/_search_save.html shows of a search: what it is kept as, or might be called."""
    query = parse(q)
    if not user.is_authenticated or query.empty:
        return {"saved": None, "can_save": False}
    saved = SavedSearch.objects.of(user).filter(query=normal(q), kind=kind).first()
    return {"saved": saved, "can_save": saved is None, "save_as": suggested_name(query)} | addresses(saved)


def addresses(saved: SavedSearch | None) -> dict[str, Any]:
    """Where its feed is, as it is given to another program."""
    return {"feed": settings.URL + reverse("reading:feed", args=[saved.secret]) if saved else ""}


def suggested_name(query: Query) -> str:
    """The words and values that it looks for, without the signs of the language."""
    nodes = query.root.nodes if isinstance(query.root, All) else (query.root,) if query.root else ()
    wanted = [leaf for node in nodes if not isinstance(node, Not) for leaf in Query(node).leaves()]
    words = [
        leaf.text if isinstance(leaf, Words) else leaf.value for leaf in wanted if isinstance(leaf, Words | Filter)
    ]
    name = normal(", ".join(words))
    return name if len(name) <= LONGEST else f"{name[: LONGEST - 1].rstrip(', ')}…"


def saved_page(user: Someone) -> dict[str, Any]:
    """What templates/reading/saved.html shows."""
    rows = list(SavedSearch.objects.of(user))
    return {
        "place": "search",
        "rows": [
            (one, addresses(one)["feed"], number == 0, number == len(rows) - 1) for number, one in enumerate(rows)
        ],
        "listing_saved": True,
    }


def pinned(user: Someone) -> list[Pinned]:
    """The searches on the library page, each with its newest results."""
    found = []
    for saved in SavedSearch.objects.of(user).pinned():
        kind = next((one for one in KINDS if one == saved.kind), None)
        page = search(newest(saved.query), user=user, kind=kind or "all", limit=NEWEST)
        hint = "" if page.whole else next(iter(page.hints), "")
        found.append(Pinned(saved, page.whole, str(hint)))
    return found


def newest(query: str) -> Query:
    """A kept query with its newest results first, however it sorts them itself."""
    return replace(parse(query), sort="newest")
