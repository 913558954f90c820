"""The search page: what was asked for, what was found, and how to ask differently."""

import re
from dataclasses import dataclass, replace
from typing import Any, Literal
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from newsreader.accounts.someone import Someone
from newsreader.core.asked import All, Filter, Query, Words, conjunction
from newsreader.core.query import MAX_LENGTH, parse, unparse
from newsreader.language import worded
from newsreader.reading.pages.facets import facet_column
from newsreader.reading.pages.numbers import counted
from newsreader.reading.pages.saved import saving
from newsreader.reading.pages.search_rows import rows_of
from newsreader.search.results import KINDS, Kind, Page
from newsreader.search.service import MOST, search

ROWS = 20
KIND_NAMES = {
    "all": gettext_lazy("All"),
    "articles": gettext_lazy("Articles"),
    "passages": gettext_lazy("Passages"),
    "notes": gettext_lazy("Notes"),
}
SORT_NAMES = {
    "relevance": gettext_lazy("Best match"),
    "newest": gettext_lazy("Newest first"),
    "oldest": gettext_lazy("Oldest first"),
    "longest": gettext_lazy("Longest first"),
    "passages": gettext_lazy("Most passages first"),
}

# The last word, where it may be the beginning of one: nothing stands behind it that ends it.
_UNFINISHED = re.compile(r"(?:^|[\s(:])[^\W_]{2,}$")


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for: the words, which kind, where to go on from, and how many rows."""

    q: str
    kind: Kind | Literal["all"]
    after: str
    rows: int

    @classmethod
    def of(cls, given: QueryDict) -> "Asked":
        """Reads an address; what makes no sense in it is as if it weren't there."""
        q = given.get("q", "").replace("\0", " ")[: MAX_LENGTH + 1]  # one over, so that cutting it is told
        kind: Kind | Literal["all"] = next((name for name in KINDS if name == given.get("kind")), "all")
        rows = given.get("rows", "")
        number = int(rows) if rows.isascii() and rows.isdigit() and len(rows) < 6 else 0
        return cls(q, kind, given.get("after", ""), min(max(number, ROWS), MOST))

    def link(self, q: str | None = None, kind: str | None = None, after: str = "") -> str:
        """The address of another search than this one, as far as it differs."""
        q, kind = self.q if q is None else q, self.kind if kind is None else kind
        asked = {"q": q.strip(), "kind": kind if kind != "all" else "", "after": after}
        return f"?{urlencode({name: value for name, value in asked.items() if value})}"


def search_page(asked: Asked, user: Someone, *, counts: bool = False) -> dict[str, Any]:
    """What templates/reading/search.html shows; the answer alone is templates/reading/_search_answer.html.

    `counts` asks for those to narrow by at once, however long that takes.
    """
    query = parse(asked.q)
    answer, query, begun = _answered(asked, query, user)
    total = answer.counts[asked.kind]
    rows = rows_of(answer.results, q=f"{asked.q}*" if begun else asked.q, before=answer.before)
    typed = bool(asked.q.strip())
    return {
        "place": "search",
        "q": asked.q,
        "kind": asked.kind,
        "typed": typed,
        "tabs": [
            (name, label, asked.link(kind=name), counted(answer.counts[name]), name == asked.kind)
            for name, label in KIND_NAMES.items()
        ],
        "sort": SORT_NAMES[query.sort],
        "sorts": _sorts(asked, query) if typed else [],
        "rows": rows,
        "filled": answer.filled,
        "hints": [_coded(worded(hint)) for hint in answer.hints],
        "begun": begun,
        "meant": answer.meant,
        "meant_link": asked.link(answer.meant, "all") if answer.meant else "",
        "without": _without(asked, query) if typed and not rows else [],
        "total": total,
        "total_said": counted(total),
        "of_all": answer.counts["all"],
        "of_all_said": counted(answer.counts["all"]),
        "of_all_link": asked.link(kind="all"),
        "shown": min(answer.before + len(rows), max(total, 0)),
        "before": answer.before,
        "next": asked.link(after=answer.next) if answer.next else "",
        "first": asked.link() if answer.before else "",
        "announced": _announced(asked, answer, total, begun) if typed else "",
        **saving(asked.q, asked.kind, user),
        **facet_column(query, asked.kind, user, total=total, link=asked.link, now=counts),
    }


def _answered(asked: Asked, query: Query, user: Someone) -> tuple[Page, Query, str]:
    """What the search answers, the query that does, and the word that nothing has: then what begins so is shown."""
    found = search(query, user=user, kind=asked.kind, after=asked.after, limit=asked.rows)
    if found.counts["all"] or query.empty or not _UNFINISHED.search(asked.q):
        return found, query, ""
    longer = parse(f"{asked.q}*")
    last = list(longer.leaves())[-1:]
    if not last or not isinstance(last[0], Words) or not last[0].prefix:
        return found, query, ""
    begun = search(longer, user=user, kind=asked.kind, after=asked.after, limit=asked.rows)
    if not begun.counts["all"]:
        return found, query, ""
    return replace(begun, hints=found.hints), longer, last[0].text


def _coded(hint: str) -> SafeString:
    """A sentence whose words between backticks are what was typed."""
    parts = hint.split("`")
    if len(parts) % 2 == 0:  # one was typed itself
        return format_html("{}", hint)
    return format_html_join(
        "", "{}", ((format_html("<code>{}</code>", part) if at % 2 else part,) for at, part in enumerate(parts))
    )


def _sorts(asked: Asked, query: Query) -> list[tuple[Promise, str, bool]]:
    return [
        (label, asked.link(unparse(replace(query, sort=sort))), sort == query.sort)
        for sort, label in SORT_NAMES.items()
    ]


def _without(asked: Asked, query: Query) -> list[tuple[str, str]]:
    """(a filter as it is written, the search without it), for each that can go without leaving nothing."""
    nodes = query.root.nodes if isinstance(query.root, All) else ()
    return [
        (unparse(Query(node)), asked.link(unparse(replace(query, root=conjunction([*nodes[:at], *nodes[at + 1 :]])))))
        for at, node in enumerate(nodes)
        if isinstance(node, Filter)
    ]


def _announced(asked: Asked, answer: Page, total: int, begun: str) -> str:
    """What a screen reader says of it."""
    words = asked.q.strip()
    words = words if len(words) <= 60 else f"{words[:59]}…"
    if not answer.results:
        return _("Nothing found for {words}").format(words=words)
    if not total:
        return _("Nothing has all the words of {words}; some results have some of them").format(words=words)
    words = f"{begun}…" if begun and begun == words else words
    if answer.filled:
        said = ngettext(
            "{count} result for {words}; others have some of the words",
            "{count} results for {words}; others have some of the words",
            total,
        )
    else:
        said = ngettext("{count} result for {words}", "{count} results for {words}", total)
    return said.format(count=counted(total), words=words)
