"""Passages that were marked in another application: onto their words here, or kept as lost. Each comes once.

Says lost rather than guess: words that only look like them are offered on the page, never taken for them.
"""

import datetime as dt
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext_noop

from newsreader.accounts.models import User
from newsreader.annotations import services
from newsreader.annotations.carrying import put
from newsreader.annotations.models import Highlight
from newsreader.annotations.services import Unplaced
from newsreader.annotations.tags import tags_named
from newsreader.articles.models import Article
from newsreader.core.passages import Placed, Quote, Span, locate
from newsreader.core.prose import LONGEST_NOTE, Unreadable, render_note
from newsreader.core.quotes import CONTEXT

__all__ = ["Brought", "bring", "first_words", "place_by_words"]

ON_THE_WHOLE = "whole-"  # begins the key of a note that is about the whole article
_OPENING = 80  # characters
_NOT_FOUND = gettext_noop("Its words were not found when it came from another application.")
_NOT_FETCHED = gettext_noop("Its words are not in the page as it was fetched.")


@dataclass(frozen=True, slots=True)
class Brought:
    """The highlight, and whether it is new here: one that was brought before is left as its reader has it now."""

    highlight: Highlight
    new: bool


@transaction.atomic
def bring(
    article: Article,
    *,
    reader: User,
    quote: Quote,
    colour: str = "",
    note: str = "",
    tags: Iterable[str] = (),
    made: dt.datetime | None = None,
    whole: bool = False,
    stub: bool = False,
) -> Brought:
    """Marks the words of `quote`, whose context is as it was there.

    A note on the `whole` stands on any words. An article that is a `stub` has only some of the page's words: what
    stands beside them there says nothing.
    """
    key = _key(article, quote, note, whole)
    if known := Highlight.objects.filter(reader=reader, key=key).first():
        return Brought(known, new=False)
    note, wanted = _readable(note), colour or Highlight.Colour.YELLOW
    place = Quote(quote.exact, hint=max(0, article.text.find(quote.exact))) if stub else quote
    try:
        row = services.highlight(article, reader=reader, quote=place, colour=wanted, note=note, tags=tags, key=key)
    except Unplaced:
        row = _lost(Highlight(article=article, reader=reader, exact=quote.exact, colour=wanted, note=note, key=key))
        row.tags.set(tags_named(tags, reader=reader))
    if row.key != key:  # its reader had marked the very same words already
        return Brought(row, new=False)
    if (stub and not whole) or row.span is None:
        Highlight.objects.filter(pk=row.pk).update(prefix=quote.prefix[-CONTEXT:], suffix=quote.suffix[:CONTEXT])
    if made:
        Highlight.objects.filter(pk=row.pk).update(created=made)
    row.refresh_from_db()
    return Brought(row, new=True)


@transaction.atomic
def place_by_words(article: Article) -> None:
    """Looks for passages by their own words in a text that came in place of a few of its words.

    Carrying compares two texts, and these have little in common. What was carried word for word stays where it is,
    unless its words stood in a stub, where nothing beside them says which of several places is theirs.
    """
    rows = Highlight.objects.filter(article=article).order_by("id").select_for_update(no_key=True)
    moving = []
    for row in rows.defer("note", "note_html"):
        if row.key.startswith(ON_THE_WHOLE):
            _put_on_the_whole(row, article)
            continue
        alone = not row.prefix and not row.suffix
        if not alone and row.span and article.text[row.span.start : row.span.end] == row.exact:
            continue
        span = _place(article.text, row)
        if span:
            put(row, span, "kept", 1.0, "")
        elif alone:
            put(row, None, "lost", 0.0, _NOT_FETCHED)
        moving.append(row)
    services.write_columns(moving, "start", "end", "status", "score", "reason")


def _put_on_the_whole(row: Highlight, article: Article) -> None:
    """A note on the whole stood on some words of a stub; it stands on the first ones now, unless those are there."""
    stands = row.span and article.text[row.span.start : row.span.end] == row.exact
    span = None if stands else first_words(article.text)
    if span:
        row.article = article
        services.put_on(row, span)
        names = ("revision", "made_start", "made_end", "exact", "prefix", "suffix")
        row.save(update_fields=[*names, "start", "end", "status", "score", "reason"])


def first_words(text: str) -> Span | None:
    """The beginning of a text, to put on it what is about the whole; None where there are no words."""
    found = re.search(r"\S", text)
    if not found:
        return None
    start = found.start()
    line = text[start:].split("\n", 1)[0].rstrip()
    cut = line if len(line) <= _OPENING else line[:_OPENING].rpartition(" ")[0] or line[:_OPENING]
    return Span(start, start + len(cut.rstrip()))


def _place(text: str, row: Highlight) -> Span | None:
    """Where its very words stand; where they stand more than once, only what stood beside them decides."""
    found = locate(text, Quote(row.exact, row.prefix, row.suffix))
    return found.span if isinstance(found, Placed) and found.how == "exact" else None


def _key(article: Article, quote: Quote, note: str, whole: bool) -> str:
    """The same passage of the same article, whenever it is brought."""
    said = (note,) if whole else (quote.exact, quote.prefix, quote.suffix)
    folded = "\0".join(" ".join(part.split()) for part in (str(article.pk), *said))
    return (ON_THE_WHOLE if whole else "brought-") + hashlib.sha256(folded.encode()).hexdigest()[:30]


def _lost(row: Highlight) -> Highlight:
    row.revision = row.article.revisions.defer("html").order_by("-number")[:1].get()
    row.note_html = render_note(row.note)
    put(row, None, "lost", 0.0, _NOT_FOUND)
    row.save()
    return row


def _readable(note: str) -> str:
    """The note, if need be without signs of Markdown that take too long to render."""
    note = note if len(note) <= LONGEST_NOTE else f"{note[: LONGEST_NOTE - 1]}…"
    try:
        render_note(note)
    except Unreadable:
        return re.sub(r"[*_\[\]`#>|~<+-]", "", note)
    return note
