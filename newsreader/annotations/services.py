"""What writes highlights. Each function is one transaction; a refusal is an exception with a sentence for a person."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from newsreader.accounts.models import User
from newsreader.annotations.models import Highlight
from newsreader.annotations.tags import tags_named
from newsreader.articles import services as articles
from newsreader.articles.models import Article, Reading, Revision
from newsreader.core.passages import Lost, Placed, Quote, Span, locate, quote_at, tidy
from newsreader.core.prose import render_note
from newsreader.core.revise import Carried, carry, carry_offsets


class Unplaced(ValueError):
    """The words can't be found in the article as it is now; `candidates` are places that look alike."""

    def __init__(self, candidates: Sequence[Placed] = ()) -> None:
        super().__init__(
            "These words are not in the article as it is now. It may have been edited since you opened it: "
            "reload it and select them again. Your note is kept here."
        )
        self.candidates = candidates


class Stale(ValueError):
    """Somebody saved a newer version meanwhile; `current` is the highlight as it stands."""

    def __init__(self, current: Highlight) -> None:
        super().__init__("This note was changed in another window. Choose what stays.")
        self.current = current


@transaction.atomic
def highlight(
    article: Article,
    *,
    reader: User,
    quote: Quote,
    colour: str = Highlight.Colour.YELLOW,
    note: str = "",
    tags: Iterable[str] = (),
    key: str = "",
) -> Highlight:
    """Marks the words of `quote` for `reader`.

    The same `key` twice, or the same span again, answers the highlight that is there. Raises Unplaced when
    the words can't be found, and prose.Unreadable when the note can't be rendered.
    """
    known: Highlight | None = Highlight.objects.filter(reader=reader, key=key).first() if key else None
    if known:
        return known
    read_again(article)
    span = place(article, quote)
    same = Highlight.objects.of(reader).live().filter(article=article, start=span.start, end=span.end)
    if again := same.first():
        return _add_to(again, note=note, tags=tags)
    made = Highlight(
        article=article,
        reader=reader,
        colour=colour,
        note=note,
        note_html=render_note(note),
        key=key,
    )
    put_on(made, span)
    try:
        with transaction.atomic():
            made.save()
    except IntegrityError:  # the same request arrived twice at the same moment
        return Highlight.objects.get(reader=reader, key=key)
    made.tags.set(tags_named(tags, reader=reader))
    return made


@transaction.atomic
def edit(highlight: Highlight, *, version: int, colour: str, note: str, tags: Iterable[str] | None = None) -> Highlight:
    """Saves colour, note and, unless None, tags. Raises Stale when `version` is not the highlight's own."""
    changed = Highlight.objects.filter(pk=highlight.pk, version=version, deleted=None).update(
        colour=colour,
        note=note,
        note_html=render_note(note),
        version=F("version") + 1,
        updated=timezone.now(),
    )
    highlight.refresh_from_db()
    if not changed:
        raise Stale(highlight)
    if tags is not None:
        # A deleted tag stays on it, unseen, so that taking the deletion back finds all that carried it.
        gone = highlight.tags.exclude(deleted=None)
        highlight.tags.set([*tags_named(tags, reader=highlight.reader), *gone])
    return highlight


@transaction.atomic
def delete(highlight: Highlight) -> None:
    """Moves it to the bin, and empties the reader's bin of what has been there for more than 30 days."""
    Highlight.objects.filter(pk=highlight.pk, deleted=None).update(deleted=timezone.now())
    Highlight.objects.filter(reader_id=highlight.reader_id).past_the_bin().exclude(pk=highlight.pk).delete()
    highlight.refresh_from_db()


@transaction.atomic
def restore(highlight: Highlight) -> Highlight:
    """Takes it back from the bin, onto its words as the article is now, or as lost."""
    Highlight.objects.filter(pk=highlight.pk).update(deleted=None)
    highlight.refresh_from_db()
    return highlight


@dataclass(frozen=True, slots=True)
class Revised:
    """What an edit did: the new revision (None when the text is the same), and highlights by status."""

    revision: Revision | None
    counts: Counter[str]

    def __str__(self) -> str:
        if self.revision is None:
            return "The text is unchanged."
        found = sum(n for status, n in self.counts.items() if status != "lost")
        return f"Revision {self.revision.number}: {found} highlights carried over, {self.counts['lost']} lost."


@transaction.atomic
def revise_article(
    article: Article,
    *,
    html: str | None = None,
    editor: User | None = None,
    reason: str = "",
    **fields: Any,
) -> Revised:
    """Changes an article: `html` (canonical) makes a Revision and carries every highlight; `fields` are its own.

    The only function that changes an article's text.
    """
    # The row as it is now, locked: somebody may have revised it since the caller read it.
    stored = Article.objects.select_for_update().get(pk=article.pk)
    old_text = stored.text
    for name, value in fields.items():
        setattr(article, name, value)
    if "published" in fields and article.published:
        article.dated = article.published
    articles.put_text(article, stored.html if html is None else html)
    article.save()
    if article.html == stored.html:
        return Revised(None, Counter())
    revision = articles.add_revision(article, editor=editor, reason=reason)
    return Revised(revision, _carry_highlights(article, old_text))


def _carry_highlights(article: Article, old_text: str) -> Counter[str]:
    """Moves every highlight, binned ones too, from `old_text` to the article's text."""
    moving = list(Highlight.objects.filter(article=article).order_by("id"))
    placed = [highlight for highlight in moving if highlight.span]
    answers = dict(
        zip(
            (highlight.pk for highlight in placed),
            carry(old_text, article.text, [span for highlight in placed if (span := highlight.span)]),
            strict=True,
        )
    )
    for highlight in moving:
        if answer := answers.get(highlight.pk):
            _follow(highlight, answer, article.text)
        else:
            _try_again(highlight, article.text)
    Highlight.objects.bulk_update(moving, ["start", "end", "status", "score", "reason"], batch_size=500)
    _carry_positions(article, old_text)
    return Counter(highlight.status for highlight in moving if highlight.deleted is None)


def _carry_positions(article: Article, old_text: str) -> None:
    """How far each reader has come, in the new text."""
    readings = list(Reading.objects.filter(article=article, position__gt=0))
    offsets = carry_offsets(old_text, article.text, [reading.position for reading in readings])
    for reading, offset in zip(readings, offsets, strict=True):
        reading.position = offset
    Reading.objects.bulk_update(readings, ["position"], batch_size=500)


def _follow(highlight: Highlight, answer: Carried, text: str) -> None:
    """Takes over where it went. What this edit left alone stays edited or moved until its reader accepts it."""
    span = answer.span
    if span and "moved" not in {answer.status, highlight.status} and text[span.start : span.end] == highlight.exact:
        _put(highlight, span, "kept", 1.0, "The words are as they were marked.")
    elif span and answer.status == "kept" != highlight.status:
        highlight.start, highlight.end = span.start, span.end
    else:
        _put(highlight, span, answer.status, answer.score, answer.reason)


def _try_again(highlight: Highlight, text: str) -> None:
    """A lost highlight comes back when its very words do. Words that look like them are offered on the page instead."""
    match locate(text, highlight.quote):
        case Placed(span, how="exact", score=score):
            _put(highlight, span, "kept", score, "Its words are back.")
        case _:
            pass


def _put(highlight: Highlight, span: Span | None, status: str, score: float, reason: str) -> None:
    highlight.start, highlight.end = (span.start, span.end) if span else (None, None)
    highlight.status, highlight.score, highlight.reason = status, score, reason[:200]


def read_again(article: Article) -> None:
    """Takes over the text as it is stored: it may have been revised since the caller read it.

    Held until the transaction ends, so that no revision carries the others while this one is being placed.
    """
    rows = Article.objects.select_for_update(no_key=True).filter(pk=article.pk)
    if rows.values_list("content_hash", flat=True).first() != article.content_hash:
        article.refresh_from_db(fields=["html", "text", "length", "content_hash"])


def place(article: Article, quote: Quote) -> Span:
    """The place of these very words. Words that only look like them are offered, never taken for the reader's."""
    match locate(article.text, quote):
        case Placed(span, how="exact"):
            try:
                return tidy(article.text, span)
            except ValueError as error:
                raise Unplaced from error
        case Placed() as lookalike:
            raise Unplaced([lookalike])
        case Lost(candidates):
            raise Unplaced(candidates)


def put_on(highlight: Highlight, span: Span) -> None:
    """Says that these words of the article's present text are what its reader means, in memory."""
    article = highlight.article
    words = quote_at(article.text, span)
    highlight.revision = article.revisions.defer("html").order_by("-number")[:1].get()
    highlight.made_start, highlight.made_end = span.start, span.end
    highlight.exact, highlight.prefix, highlight.suffix = words.exact, words.prefix, words.suffix
    _put(highlight, span, "kept", 1.0, "")


def _add_to(highlight: Highlight, *, note: str, tags: Iterable[str]) -> Highlight:
    """Marking the same words again adds to what is there, and takes nothing away."""
    if note and note != highlight.note:
        joined = f"{highlight.note}\n\n{note}" if highlight.note else note
        edit(highlight, version=highlight.version, colour=highlight.colour, note=joined)
    highlight.tags.add(*tags_named(tags, reader=highlight.reader))
    return highlight
