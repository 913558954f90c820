"""What writes highlights. Each function is one transaction; a refusal is an exception with a sentence for a person."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import F, Model
from django.utils import timezone
from django.utils.translation import gettext as _

from newsreader.accounts.models import User
from newsreader.annotations.carrying import Forecast, carry_all, put
from newsreader.annotations.models import Highlight
from newsreader.annotations.tags import normal, tags_named
from newsreader.articles import services as articles
from newsreader.articles.models import Article, Reading, Revision
from newsreader.core.passages import Lost, Placed, Quote, Span, locate, quote_at, tidy
from newsreader.core.prose import render_note
from newsreader.core.revise import Versions


class Unplaced(ValueError):
    """The words can't be found in the article as it is now; `candidates` are places that look alike."""

    def __init__(self, candidates: Sequence[Placed] = ()) -> None:
        super().__init__(
            _(
                "These words are not in the article as it is now. It may have been edited since you opened it: "
                "reload it and select them again. Your note is kept here."
            )
        )
        self.candidates = candidates


class Stale(ValueError):
    """Somebody saved a newer version meanwhile; `current` is the highlight as it stands."""

    def __init__(self, current: Highlight) -> None:
        super().__init__(_("This note was changed in another window. Choose what stays."))
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
        # Its first answer may have got lost, and its reader have written on before it was sent again.
        written_on = known.deleted is None and note not in known.note
        return _add_to(_locked(known), note=note, tags=tags) if written_on else known
    read_again(article)
    span = place(article, quote)
    same = Highlight.objects.of(reader).live().filter(article=article, start=span.start, end=span.end)
    # Locked: a note that is being saved on it in another window is in it before this one is added.
    if again := same.select_for_update(no_key=True).first():
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
def edit(
    highlight: Highlight, *, version: int, colour: str, note: str | None = None, tags: Iterable[str] | None = None
) -> Highlight:
    """Saves colour and, unless None, note and tags. Raises Stale when `version` is not the highlight's own.

    Unless it says already what is to be saved: an edit that arrives twice, since its first answer got lost.
    """
    changed = Highlight.objects.filter(pk=highlight.pk, version=version, deleted=None).update(
        colour=colour,
        version=F("version") + 1,
        updated=timezone.now(),
        **({} if note is None else {"note": note, "note_html": render_note(note)}),
    )
    highlight.refresh_from_db()
    if not changed and highlight.deleted is None and _says(highlight, colour=colour, note=note, tags=tags):
        return highlight
    if not changed:
        raise Stale(highlight)
    if tags is not None:
        # A deleted tag stays on it, unseen, so that taking the deletion back finds all that carried it.
        gone = highlight.tags.exclude(deleted=None)
        highlight.tags.set([*tags_named(tags, reader=highlight.reader), *gone])
    return highlight


def _says(highlight: Highlight, *, colour: str, note: str | None, tags: Iterable[str] | None) -> bool:
    """Whether nothing would be different on it after such an edit."""
    if highlight.colour != colour or note not in {None, highlight.note}:
        return False
    names = set(highlight.tags.filter(deleted=None).values_list("name", flat=True))
    return tags is None or names == {normal(name) for name in tags} - {""}


@transaction.atomic
def delete(highlight: Highlight) -> None:
    """Moves it to the bin, and empties the reader's bin of what has been there for more than 30 days."""
    Highlight.objects.filter(pk=highlight.pk, deleted=None).update(deleted=timezone.now())
    gone = Highlight.objects.filter(reader_id=highlight.reader_id).past_the_bin().exclude(pk=highlight.pk)
    # What an edit is carrying at this moment goes the next time.
    free = gone.select_for_update(skip_locked=True).values_list("pk", flat=True)
    Highlight.objects.filter(pk__in=list(free)).delete()
    highlight.refresh_from_db()


@transaction.atomic
def restore(highlight: Highlight) -> Highlight:
    """Takes it back from the bin, onto its words as the article is now, or as lost."""
    Highlight.objects.filter(pk=highlight.pk).update(deleted=None)
    highlight.refresh_from_db()
    return highlight


@dataclass(frozen=True, slots=True)
class Revised:
    """What an edit did: the new revision (None when the text is the same), live highlights by the status that they
    have now, and by what this edit did to them."""

    revision: Revision | None
    counts: Counter[str]
    did: Forecast

    def __str__(self) -> str:
        if self.revision is None:
            return _("The text is unchanged.")
        found = sum(n for status, n in self.counts.items() if status != "lost")
        said = _("Revision {number}: {found} highlights carried over, {lost} lost.")
        return said.format(number=self.revision.number, found=found, lost=self.counts["lost"])


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

    The only function that changes an article's text. Writes what it is told and nothing else that the caller
    holds; afterwards `article` is as it is stored.
    """
    # The row as it is now, locked: somebody may have revised it, or withdrawn it, since the caller read it.
    stored = Article.objects.select_for_update().get(pk=article.pk)
    old_html, old_text = stored.html, stored.text
    for name, value in fields.items():
        setattr(stored, name, value)
    if "published" in fields and stored.published:
        stored.dated = stored.published
    articles.put_text(stored, old_html if html is None else html)
    stored.save()
    for field in Article._meta.concrete_fields:
        setattr(article, field.attname, getattr(stored, field.attname))
    revision = None
    if stored.html != old_html:
        revision = articles.add_revision(article, editor=editor, reason=reason)
    if article.state == Article.State.PUBLISHED and article.released is None:
        articles.release(Article.objects.filter(pk=article.pk))
        article.refresh_from_db(fields=["released"])
    if revision is None:
        return Revised(None, Counter(), Forecast())
    return _carry_highlights(revision, old_text, stored.text)


def _carry_highlights(revision: Revision, old: str, new: str) -> Revised:
    """Moves every highlight, binned ones too, and every reader's place, from the text `old` to `new`."""
    rows = Highlight.objects.filter(article=revision.article_id).order_by("id")
    # Locked in one order: an UPDATE of PostgreSQL's takes its rows in any, and two could wait for each other.
    moving = list(rows.select_for_update(no_key=True).defer("note", "note_html"))
    versions = Versions(old, new)
    did = carry_all(moving, versions)
    write_columns(moving, "start", "end", "status", "score", "reason")
    _carry_positions(revision, versions)
    return Revised(revision, Counter(one.status for one in moving if one.deleted is None), did)


def _carry_positions(revision: Revision, versions: Versions) -> None:
    """How far each reader has come, in the new text."""
    begun = Reading.objects.filter(article=revision.article_id, position__gt=0).order_by("id")
    readings = list(begun.select_for_update(no_key=True))
    for reading in readings:
        reading.position = versions.place(reading.position)
    write_columns(readings, "position")


def write_columns(rows: Sequence[Model], *names: str) -> None:
    """Writes these columns of rows of one table by one prepared statement: in a tenth of the time of bulk_update.

    Its CASE for every column asks each row about all the others; with 1,000 of them an edit took seconds.
    """
    if not rows:
        return
    quoted = connection.ops.quote_name
    columns = ", ".join(f"{quoted(name)} = %s" for name in names)
    with connection.cursor() as cursor:
        cursor.executemany(
            f"UPDATE {quoted(rows[0]._meta.db_table)} SET {columns} WHERE {quoted('id')} = %s",  # noqa: S608 - names of ours
            [(*(getattr(row, name) for name in names), row.pk) for row in rows],
        )


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
    put(highlight, span, "kept", 1.0, "")


def _locked(highlight: Highlight) -> Highlight:
    """The row as it is now, held until the transaction ends."""
    row: Highlight = Highlight.objects.select_for_update(no_key=True).get(pk=highlight.pk)
    return row


def _add_to(highlight: Highlight, *, note: str, tags: Iterable[str]) -> Highlight:
    """Marking the same words again adds to what is there, and takes nothing away."""
    if note and note != highlight.note:
        joined = f"{highlight.note}\n\n{note}" if highlight.note else note
        edit(highlight, version=highlight.version, colour=highlight.colour, note=joined)
    highlight.tags.add(*tags_named(tags, reader=highlight.reader))
    return highlight
