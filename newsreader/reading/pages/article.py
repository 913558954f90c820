"""The reader page: an article with this reader's marks woven in, and the parts of it that a change answers with."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse

from newsreader.accounts.models import User
from newsreader.accounts.someone import Someone
from newsreader.annotations.models import Highlight, Tag
from newsreader.annotations.querysets import HighlightQuerySet
from newsreader.articles.models import Article
from newsreader.articles.services import state_of
from newsreader.core.passages import Span, occurrences
from newsreader.core.text import layout
from newsreader.core.weave import Mark, weave, weave_blocks
from newsreader.reading.pages.trace import flag

CONTEXT = 60  # code points shown on both sides where a passage is told apart from its lookalikes
KNOWN_TAGS = 300


@dataclass(slots=True)
class Note:
    """What stands in the margin beside a passage: nothing but its place while there is neither note nor tag."""

    id: str
    start: int
    colour: str
    url: str
    said: str
    html: str
    tags: list[str]
    when: datetime

    @property
    def empty(self) -> bool:
        return not (self.html or self.tags)


def reader_page(article: Article, user: Someone) -> dict[str, Any]:
    """What templates/reading/article.html shows."""
    highlights = _shown(Highlight.objects.of(user).live().filter(article=article))
    placed = [highlight for highlight in highlights if highlight.span]
    address = _address()
    return {
        "article": article,
        "reading": state_of(article, reader=user) if isinstance(user, User) else None,
        "woven": weave(article.html, [_mark(highlight, address) for highlight in placed]),
        "notes": [_note(highlight, address) for highlight in placed],
        "lost": [highlight for highlight in highlights if not highlight.span],
        "flags": [flag(highlight.start, article.length, highlight.colour) for highlight in placed],
        "passages": len(highlights),
        "colours": Highlight.Colour.choices,
        "known_tags": known_tags(user),
    }


def changed_parts(article: Article, user: User, highlight: Highlight) -> dict[str, Any]:
    """What of the reader page is different after `highlight` was made, edited, deleted or restored.

    The blocks it touches, woven with all marks on them; its own note; the trace.
    """
    address = _address()
    mine = Highlight.objects.of(user).live().filter(article=article)
    blocks: list[str] = []
    note = None
    if span := highlight.span:
        reach = _blocks_around(article, span)
        near = _shown(mine.filter(start__lt=reach.end, end__gt=reach.start))
        blocks = weave_blocks(article.html, [_mark(other, address) for other in near], span.start, span.end)
        note = next((_note(other, address) for other in near if other.pk == highlight.pk), None)
    flags = mine.placed().order_by("start", "id").values_list("start", "colour")
    return {
        "article": article,
        "highlight": highlight,
        "blocks": [block.replace(' id="b-', ' hx-swap-oob="true" id="b-', 1) for block in blocks],
        "note": note,
        "flags": [flag(start, article.length, colour) for start, colour in flags],
    }


@dataclass(frozen=True, slots=True)
class Place:
    """One of several places where the same words stand."""

    start: int
    before: str
    words: str
    after: str


def places(article: Article, words: str) -> list[Place]:
    """Every place in the article where `words` stand, with what is around them."""

    def place(span: Span) -> Place:
        before = article.text[max(0, span.start - CONTEXT) : span.start]
        after = article.text[span.end : span.end + CONTEXT]
        return Place(span.start, before, article.text[span.start : span.end], after)

    return [place(span) for span in occurrences(article.text, words)[:100]]


def known_tags(user: Someone) -> list[str]:
    """The reader's tags, most used first, to complete what they type."""
    return [tag.name for tag in Tag.objects.of(user).most_used()[:KNOWN_TAGS]]


def _shown(highlights: HighlightQuerySet) -> list[Highlight]:
    """In the order of the text, with what the page shows of them: two queries."""
    return list(highlights.defer("prefix", "suffix", "note").with_tags().order_by("start", "id"))


def _blocks_around(article: Article, span: Span) -> Span:
    """`span` widened to the edges of the top-level blocks that it touches."""
    touched = [block for block in layout(article.html).blocks if block.start < span.end and block.end > span.start]
    return Span(touched[0].start, touched[-1].end) if touched else span


def _address() -> str:
    """The address of a highlight, up to its id: asked for once a page and not once a highlight."""
    return reverse("reading:highlight", args=["-"]).removesuffix("-/")


def _mark(highlight: Highlight, address: str) -> Mark:
    told = "with a note" if highlight.note_html else "without a note"
    return Mark(
        id=highlight.public_id,
        start=highlight.start or 0,
        end=highlight.end or 0,
        colour=highlight.colour,
        href=f"{address}{highlight.public_id}/",
        label=f"Passage, {highlight.colour}, {told}",
        has_note=bool(highlight.note_html),
    )


def _note(highlight: Highlight, address: str) -> Note:
    return Note(
        id=highlight.public_id,
        start=highlight.start or 0,
        colour=highlight.colour,
        url=f"{address}{highlight.public_id}/",
        said=highlight.exact,
        html=highlight.note_html,
        tags=[tag.name for tag in highlight.live_tags],
        when=highlight.created,
    )
