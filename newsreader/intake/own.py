"""Documents that readers put on their own shelf: texts that they paste, files that they upload. Theirs alone.

Each is one transaction, and read where it can be stopped. What its reader has already, by its text, is not added twice.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import IO, Any

from django.conf import settings
from django.db import transaction

from newsreader.accounts.models import User
from newsreader.articles.models import Article
from newsreader.articles.services import add_article, source_named
from newsreader.core.sentence import Sentence
from newsreader.intake import arrivals, pasted
from newsreader.intake.confined import confined
from newsreader.intake.models import Arrival
from newsreader.intake.pages import Page
from newsreader.intake.seeds import moment
from newsreader.intake.shape import Document, Refused
from newsreader.intake.uploads import Limits, opening


@dataclass(frozen=True, slots=True)
class Added:
    """The reader's article of a document, and whether it is new."""

    article: Article
    new: bool


@dataclass(frozen=True, slots=True)
class Sent:
    """One file, or one document of an archive: what it became, or why it is not taken."""

    name: str
    archive: str = ""
    added: Added | None = None
    refused: Refused | None = None


def limits() -> Limits:
    """How much of files a reader may bring at once."""
    taken: Mapping[str, Any] = settings.READER_UPLOAD_LIMITS
    return Limits(**taken)


def paste(text: str, *, reader: User, title: str = "", kind: str = "") -> Added:
    """A text as an article of the reader's own; `kind` is a key of `pasted.KINDS`, or "". Raises `Refused`."""
    return put(_read(text, kind, title), reader=reader)


def paste_for(arrival: Arrival, text: str, *, title: str = "", kind: str = "") -> Article:
    """The same in place of a page that can't be fetched. Raises `Refused`."""
    page = Page(_read(text, kind, title), arrival.address)
    return arrivals.paste(arrival, page)


def _read(text: str, kind: str, title: str) -> Document:
    if len(text) > pasted.LONGEST:
        raise Refused(Sentence("it is longer than {limit} characters: upload it as a file", limit=pasted.LONGEST))
    document: Document = confined("newsreader.intake.pasted:read_pasted", text, kind, title)
    return document


def upload(files: Iterable[tuple[str, IO[bytes]]], *, reader: User) -> Iterator[Sent]:
    """Takes each of `files` (a name and a stream) by itself: one that is refused stops no other."""
    for one in opening(files, limits()):
        if one.document is None:
            yield Sent(one.name, one.archive, refused=one.refused)
        else:
            yield Sent(one.name, one.archive, added=put(one.document, reader=reader))


@transaction.atomic
def put(document: Document, *, reader: User) -> Added:
    """A document on the reader's shelf; one that they have, and may have removed, is there again."""
    # Whoever adds it twice at once waits here for the first.
    User.objects.select_for_update(no_key=True).get(pk=reader.pk)
    digest = hashlib.sha256(document.html.encode()).hexdigest()
    known = Article.objects.filter(content_hash=digest, owner=reader).order_by("pk").first()
    if known:
        if known.state == Article.State.WITHDRAWN:
            Article.objects.filter(pk=known.pk).update(state=Article.State.PUBLISHED)
            known.state = Article.State.PUBLISHED
        return Added(known, new=False)
    article = add_article(
        title=document.title,
        html=document.html,
        # Its topics are left out: those are the curators'.
        sources=[source_named(document.source, private=True)] if document.source else [],
        owner=reader,
        editor=reader,
        state=Article.State.PUBLISHED,
        standfirst=document.standfirst,
        byline=document.byline,
        language=document.language,
        published=moment(document.published),
    )
    return Added(article, new=True)
