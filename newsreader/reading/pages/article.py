"""The reader page: an article with this reader's marks woven in, and the parts of it that a change answers with."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from newsreader.accounts.models import User
from newsreader.accounts.someone import Someone
from newsreader.annotations.models import Highlight, Tag
from newsreader.annotations.querysets import HighlightQuerySet
from newsreader.articles.models import Article
from newsreader.articles.services import state_of
from newsreader.core.passages import Span, occurrences
from newsreader.core.text import layout
from newsreader.core.weave import Mark, weave, weave_blocks
from newsreader.reading.pages.changed import TOLD, Change, lost_passages, revised, why
from newsreader.reading.pages.history import edits
from newsreader.reading.pages.trace import flag

CONTEXT = 60  # code points shown on both sides where a passage is told apart from its lookalikes
KNOWN_TAGS = 500
# What a Passage begins with.
COLUMNS = (
    *("pk", "public_id", "start", "end", "colour", "exact", "note_html", "created"),
    *("status", "score", "reason", "version", "revision__accepted"),
)


@dataclass(slots=True)
class Passage:
    """A highlight as the page shows it: marked in the text, and beside it what its reader wrote."""

    pk: int
    id: str
    start: int
    end: int
    colour: str
    words: str
    html: str
    created: datetime
    status: str
    score: float
    reason: str
    version: int
    marked: datetime
    tags: list[str] = field(default_factory=list)
    url: str = ""
    change: Change | None = None

    @property
    def noted(self) -> bool:
        """Whether there is anything to stand in the margin."""
        return bool(self.html or self.tags or self.change)

    def mark(self) -> Mark:
        """What is woven into the text for it."""
        label = _label(self.colour, bool(self.html), self.change.told if self.change else "", get_language())
        # The version goes where the words are: a change of its range is about what its reader sees.
        href = f"{self.url}#v{self.version}"
        return Mark(self.id, self.start, self.end, self.colour, href, label, bool(self.html or self.change))


@lru_cache(maxsize=512)
def _label(colour: str, noted: bool, change: str, _language: str) -> str:
    """What a screen reader says of a passage; of hundreds most say the same."""
    if noted:
        said = _("Passage, {colour}, with a note, {change}") if change else _("Passage, {colour}, with a note")
    else:
        said = _("Passage, {colour}, without a note, {change}") if change else _("Passage, {colour}, without a note")
    return said.format(colour=Highlight.Colour(colour).within, change=change[:1].lower() + change[1:])


def reader_page(article: Article, user: Someone) -> dict[str, Any]:
    """What templates/reading/article.html shows."""
    mine = Highlight.objects.of(user).live().filter(article=article)
    passages = _passages(mine.placed(), article)
    reading = state_of(article, reader=user) if isinstance(user, User) and _theirs(article, user) else None
    return {
        "article": article,
        "edits": edits(article, user),
        "versions": _versions(article, user),
        "reading": reading,
        "woven": weave(article.html, [passage.mark() for passage in passages]),
        "notes": [passage for passage in passages if passage.noted],
        "lost": lost_passages(mine.lost(), article),
        "flags": [flag(passage.start, article.length, passage.colour) for passage in passages],
        "colours": Highlight.Colour.choices,
        "known_tags": known_tags(user),
        **_neighbours(article, user, reading.place if reading else "inbox"),
    }


def _versions(article: Article, user: Someone) -> list[Article]:
    """The same story as others tell it."""
    if not article.story_id:
        return []
    others = Article.objects.visible_to(user).filter(story=article.story_id).exclude(pk=article.pk)
    return list(others.listed().newest()[:10])


def changed_parts(
    article: Article,
    user: User,
    highlight: Highlight,
    *,
    former: Span | None = None,
    was_lost: bool = False,
    whole: bool = False,
) -> dict[str, Any]:
    """What of the reader page is different after `highlight` was made, edited, deleted, restored or put elsewhere.

    The blocks that it touches and those of its `former` span in the present text, woven with all marks on them, or
    the `whole` text for a page that shows an older one; its own note; what is lost, where that differs.
    """
    mine = Highlight.objects.of(user).live().filter(article=article)
    spans = [span for span in dict.fromkeys((highlight.span, former)) if span]
    reaches = [Span(0, article.length)] if whole else [_blocks_around(article, span) for span in spans]
    near = _passages(mine.filter(_touching(reaches)), article)
    marks = [passage.mark() for passage in near]
    woven = [] if whole else [weave_blocks(article.html, marks, span.start, span.end) for span in spans]
    blocks = dict.fromkeys(block for some in woven for block in some)
    return {
        "article": article,
        "highlight": highlight,
        "woven": weave(article.html, marks) if whole else "",
        "blocks": [block.replace(' id="b-', ' hx-swap-oob="true" id="b-', 1) for block in blocks],
        "note": next((passage for passage in near if passage.pk == highlight.pk and passage.noted), None),
        "lost": lost_passages(mine.lost(), article) if whole or was_lost or not highlight.span else None,
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


def meant(article: Article, words: str, start: int | None) -> list[Place]:
    """The places that somebody who typed `words` may mean: the one at `start` if they stand there, else all."""
    found = places(article, words)
    return [place for place in found if place.start == start] or found


def known_tags(user: Someone) -> list[str]:
    """The reader's tags, to complete what they type: those used last come first."""
    return list(Tag.objects.of(user).latest_used().values_list("name", flat=True)[:KNOWN_TAGS])


def _neighbours(article: Article, user: Someone, place: str) -> dict[str, Article | None]:
    """The articles before and after this one in the list of its place, newest first."""
    rows = Article.objects.visible_to(user).placed(place, user).only("slug", "title")
    # The first condition of each is what an index serves; the second one decides where dates are the same.
    newer = rows.filter(Q(dated__gte=article.dated), Q(dated__gt=article.dated) | Q(pk__gt=article.pk))
    older = rows.filter(Q(dated__lte=article.dated), Q(dated__lt=article.dated) | Q(pk__lt=article.pk))
    return {"newer": newer.oldest().first(), "older": older.newest().first()}


def _passages(highlights: HighlightQuerySet, article: Article) -> list[Passage]:
    """In the order of the text: two queries, and rows instead of models, since there may be hundreds.

    A third one, where there are passages whose words changed, asks when they did.
    """
    passages = [Passage(*row) for row in highlights.order_by("start", "id").values_list(*COLUMNS)]
    address = reverse("reading:highlight", args=["-"]).removesuffix("-/")  # asked for once, not once a passage
    by_pk = {passage.pk: passage for passage in passages}
    for passage in passages:
        passage.url = f"{address}{passage.id}/"
    tagged = Highlight.tags.through.objects.filter(highlight__in=highlights, tag__deleted=None)
    for pk, name in tagged.order_by("tag__name").values_list("highlight", "tag__name"):
        if pk in by_pk:  # else it was marked in another window since
            by_pk[pk].tags.append(name)
    _tell_changes([passage for passage in passages if passage.status in TOLD], article)
    return passages


def _tell_changes(passages: list[Passage], article: Article) -> None:
    """Puts then and now to passages that were edited or moved; in the list they stand with their present words."""
    if not passages:
        return
    now = revised(article)
    for passage in passages:
        then, passage.words = passage.words, article.text[passage.start : passage.end]
        passage.change = Change(
            id=passage.id,
            url=passage.url,
            version=passage.version,
            text=article.content_hash,
            told=str(TOLD[passage.status]),
            then=then,
            now=passage.words,
            marked=passage.marked,
            revised=now,
            why=why(passage.status, passage.reason, passage.score),
        )


def _touching(reaches: list[Span]) -> Q:
    """Passages that have words in one of these stretches of the text."""
    near = Q(pk__in=[])
    for reach in reaches:
        near |= Q(start__lt=reach.end, end__gt=reach.start)
    return near


def _theirs(article: Article, user: User) -> bool:
    """Whether it can stand in a place of this reader's: a draft that a curator previews can't."""
    return article.owner_id == user.pk or (article.owner_id is None and article.state == Article.State.PUBLISHED)


def _blocks_around(article: Article, span: Span) -> Span:
    """`span` widened to the edges of the top-level blocks that it touches."""
    touched = [block for block in layout(article.html).blocks if block.start < span.end and block.end > span.start]
    return Span(touched[0].start, touched[-1].end) if touched else span
