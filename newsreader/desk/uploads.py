"""Documents come in at the desk: looked at first, then added as drafts, and taken back while nobody touched them.

Between the two steps they lie in the database, since several processes share nothing else. What was shown is added.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import IO, Any

from django.conf import settings
from django.db import transaction

from newsreader.accounts.models import User
from newsreader.articles.models import Article, Source, Topic
from newsreader.articles.services import put_text
from newsreader.core.duplicates import sketch
from newsreader.core.sentence import Sentence
from newsreader.core.text import text_of
from newsreader.desk import alike, journal
from newsreader.desk.journal import Way
from newsreader.desk.models import Deed, Entry, Upload, UploadedDocument
from newsreader.desk.services import named
from newsreader.intake.documents import Document
from newsreader.intake.seeds import take_in
from newsreader.intake.uploads import Limits, Opened, opening

Verdict = UploadedDocument.Verdict
BATCH = 25  # documents; each may be some megabytes
OPENING = 160  # code points


@dataclass(frozen=True, slots=True)
class Added:
    """What became drafts, how many were added before, which stood in the library meanwhile, and the entry."""

    articles: list[Article]
    already: int
    there: int
    entry: Entry | None


def limits() -> Limits:
    """The instance's."""
    taken: dict[str, Any] = settings.UPLOAD_LIMITS
    return Limits(**taken)


def look(
    files: Iterable[tuple[str, IO[bytes]]], *, by: User, source: Source | None = None, topics: Iterable[Topic] = ()
) -> Upload:
    """Reads `files`, and keeps for a day what they are and what would become of them. Writes no article.

    `source` is for documents that name none; `topics` are added to their own. One that is killed halfway is shown to
    nobody, and thrown away with the rest.
    """
    Upload.objects.stale().delete()
    opened = opening(files, limits())
    upload = Upload.objects.create(by=by, source=source, aside=opened.aside)
    upload.topics.set(topics)
    sketches: dict[int, bytes] = {}
    rows: list[UploadedDocument] = []
    for number, one in enumerate(opened, 1):
        row = _row(upload, number, one)
        if row.html:
            sketches[number] = sketch(text_of(row.html))
        rows.append(row)
        if len(rows) == BATCH:
            UploadedDocument.objects.bulk_create(rows)
            rows = []
    UploadedDocument.objects.bulk_create(rows)
    alike.judge(upload, sketches)
    return upload


def _row(upload: Upload, number: int, one: Opened) -> UploadedDocument:
    row = UploadedDocument(
        upload=upload, number=number, name=one.name, archive=one.archive, kind=one.kind[:10], encoding=one.encoding
    )
    if one.document is None:
        row.verdict = Verdict.REFUSED
        row.refusal = Sentence.of(one.refused).plain if one.refused else {}
        return row
    document = one.document
    measured = Article(title=document.title, language=document.language)
    put_text(measured, document.html)
    row.verdict, row.html = Verdict.NEW, document.html
    row.title, row.language = document.title, document.language
    row.words, row.content_hash = measured.words, measured.content_hash
    row.opening = _beginning(measured.text)
    row.about = {
        "standfirst": document.standfirst,
        "byline": document.byline,
        "source": document.source,
        "published": document.published.isoformat() if document.published else "",
        "topics": list(document.topics),
    }
    return row


def _beginning(text: str) -> str:
    words = " ".join(text[: 4 * OPENING].split())
    if len(words) <= OPENING:
        return words
    cut = words[:OPENING]
    whole = cut[: cut.rfind(" ")] if " " in cut else cut
    return f"{whole.rstrip(',;:.–— ')}…"


@transaction.atomic
def add(upload: Upload, chosen: Collection[int], *, by: User) -> Added:
    """Makes drafts of those documents of `upload` with the keys `chosen` that are waiting: all of them, or none.

    What is a draft already is not added again, and neither is what came into the library since it was looked at.
    """
    Upload.objects.select_for_update().get(pk=upload.pk)
    of_these = upload.documents.filter(pk__in=chosen)
    already = of_these.exclude(became=None).count()
    waiting = list(of_these.waiting())
    there = alike.in_the_library({row.content_hash for row in waiting})
    meanwhile = [row for row in waiting if row.content_hash in there]
    for row in meanwhile:
        row.verdict, row.other_id = Verdict.THERE, there[row.content_hash]
    UploadedDocument.objects.bulk_update(meanwhile, ["verdict", "other"])
    adding = [row for row in waiting if row.content_hash not in there]
    if not adding:
        return Added([], already, len(meanwhile), None)
    source = upload.source.name if upload.source else ""
    topics = tuple(upload.topics.values_list("name", flat=True))
    last = [model.objects.order_by("-pk").values_list("pk", flat=True).first() or 0 for model in (Source, Topic)]
    for row in adding:
        row.became = take_in(document_of(row), source=source, topics=topics, state=Article.State.DRAFT, editor=by)
    UploadedDocument.objects.bulk_update(adding, ["became"], batch_size=BATCH)
    articles = [row.became for row in adding if row.became]
    ways = [*_new_labels(articles, last), journal.made(articles)]
    names = "; ".join(row.name for row in adding[:5]) + ("; …" if len(adding) > 5 else "")
    entry = journal.record(Deed.UPLOADED, by=by, about=named(articles), rows=articles, told=names, ways=ways)
    return Added(articles, already, len(meanwhile), entry)


def _new_labels(articles: list[Article], last: list[int]) -> Iterator[Way]:
    """The sources and topics that came in with the documents."""
    keys = [article.pk for article in articles]
    for model, newest in zip((Source, Topic), last, strict=True):
        new = model.objects.filter(articles__in=keys, pk__gt=newest).distinct().order_by("pk")  # type: ignore[attr-defined]
        if rows := list(new):
            yield journal.made(rows)


def document_of(row: UploadedDocument) -> Document:
    """The document as it was read."""
    about = {**row.about, "published": _date(row.about["published"]), "topics": tuple(row.about["topics"])}
    return Document(title=row.title, language=row.language, html=row.html, **about)


def _date(written: str) -> dt.date | dt.datetime | None:
    if not written:
        return None
    return dt.datetime.fromisoformat(written) if "T" in written else dt.date.fromisoformat(written)
