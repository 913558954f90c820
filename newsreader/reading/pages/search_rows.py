"""Results as the search page shows them: all that a row says, ready, so that the template only puts it in place.

Rows are dictionaries: a template looks a key up in half the time of an attribute, and there are twenty rows of a
dozen words each in every answer to a typed letter.
"""

from collections.abc import Iterable, Iterator
from typing import TypedDict
from urllib.parse import quote, urlencode

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from newsreader.annotations.models import Highlight
from newsreader.core.text import text_of
from newsreader.reading.templatetags.reading import icon, time_tag
from newsreader.search.results import Kind, Result
from newsreader.search.snippets import Piece

NAMED = 4  # words that a result is without
WRITTEN = 240  # code points of a note under its passage, and of a passage under its note


class Link(TypedDict):
    name: str
    href: str


class Row(TypedDict):
    """One result. `facts` stand before its date and `flags` behind it; `note` and `quote` are without markup."""

    id: str
    lacks: str  # which words it is without, where others have them
    kind: SafeString
    sources: list[Link]
    facts: str
    when: SafeString
    flags: list[str]
    url: str
    title: str
    lang: str
    colour: str  # of a passage, or of a note's
    noted: bool  # a note was found, and not the passage that it stands beside
    snippet: SafeString
    note: str
    quote: str
    tags: list[Link]


def rows_of(results: Iterable[Result], *, q: str, before: int) -> list[Row]:
    """The rows of a page behind `before` others."""
    results = list(results)
    tags = _tags([result.highlight.pk for result in results if result.highlight])
    return list(_rows(results, tags, f"?q={quote(q.strip(), safe='')}", before))


def _tags(highlights: list[int]) -> dict[int, list[Link]]:
    """The tags of these highlights, each a search for it."""
    found: dict[int, list[Link]] = {}
    if highlights:
        tagged = Highlight.tags.through.objects.filter(highlight__in=set(highlights), tag__deleted=None)
        for pk, name in tagged.order_by("tag__name").values_list("highlight", "tag__name"):
            found.setdefault(pk, []).append(Link(name=name, href=f"?{urlencode({'q': f'tag:{name}'})}"))
    return found


def _rows(results: list[Result], tags: dict[int, list[Link]], words: str, before: int) -> Iterator[Row]:
    kinds = _kinds()
    colours = {value: str(label) for value, label in Highlight.Colour.choices}  # looked up once a page, not once a row
    library = reverse("reading:library")
    for number, result in enumerate(results):
        article, highlight = result.article, result.highlight
        path, hash_, place = result.url.partition("#")
        noted = result.kind == "notes"
        row = Row(
            id=f"r{before + number + 1}",
            lacks=_without(result.lacks),
            kind=kinds[result.kind],
            sources=[],
            facts="",
            when=time_tag(highlight.created if highlight else article.dated),
            flags=[],
            url=f"{path}{words}{hash_}{place}" if path else "",
            title=article.title,
            lang=article.language,
            colour="",
            noted=noted,
            snippet=hits_in(result.snippet),
            note="",
            quote="",
            tags=[],
        )
        if highlight:
            row["facts"] = colours[highlight.colour]
            row["flags"] = list(_flags(highlight, path))
            row["colour"] = highlight.colour
            row["note"] = _plain(highlight) if not noted else ""
            row["quote"] = _shortened(highlight.exact) if noted else ""
            row["tags"] = tags.get(highlight.pk, [])
        else:
            row["sources"] = [
                Link(name=source.name, href=f"{library}?{urlencode({'place': 'all', 'source': source.slug})}")
                for source in article.sources.all()
            ]
        yield row


def hits_in(pieces: tuple[Piece, ...]) -> SafeString:
    """A snippet with its hits marked."""
    marked = (format_html('<mark class="hit">{}</mark>', text) if is_hit else text for text, is_hit in pieces)
    return format_html_join("", "{}", ((text,) for text in marked))


def _kinds() -> dict[Kind, SafeString]:
    """What each kind is called, with its icon."""
    named: dict[Kind, tuple[str, str]] = {
        "articles": ("doc", _("Article")),
        "passages": ("passage", _("Passage")),
        "notes": ("note", _("Note")),
    }
    return {kind: format_html("{}{}", icon(name), word) for kind, (name, word) in named.items()}


def _flags(highlight: Highlight, path: str) -> Iterator[str]:
    if highlight.status == Highlight.Status.LOST:
        yield _("Place lost")
    if not path:
        yield _("Article withdrawn")


def _without(words: tuple[str, ...]) -> str:
    """Which words a result is without; of many, a few."""
    if not words:
        return ""
    named, others = words[:NAMED], len(words) - NAMED
    if others <= 0:
        return _("Without: {words}").format(words=", ".join(named))
    said = ngettext("Without: {words} and {count} more", "Without: {words} and {count} more", others)
    return said.format(words=", ".join(named), count=others)


def _plain(highlight: Highlight) -> str:
    return _shortened(text_of(highlight.note_html)) if highlight.note_html else ""


def _shortened(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= WRITTEN else f"{text[: WRITTEN - 1].rstrip()}…"
