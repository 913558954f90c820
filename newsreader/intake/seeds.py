"""Loads documents from files into the library. A document is known by its path below the folder it was loaded from.

Each is one transaction, so a run that is killed can simply be run again; a file that has not changed since it was
last loaded is not touched, whatever a curator has made of its article.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from django.db import transaction
from django.utils import timezone

from newsreader.annotations.services import revise_article
from newsreader.articles.models import Article
from newsreader.articles.services import add_article, source_named, topic_named
from newsreader.core.sentence import Sentence
from newsreader.intake.documents import Document, Refused, read
from newsreader.intake.kinds import KNOWN, kind_of, largest

Outcome = Literal["added", "updated", "unchanged", "refused"]
OUTCOMES: tuple[Outcome, ...] = ("added", "updated", "unchanged", "refused")


@dataclass(frozen=True)
class Step:
    """What happened to one document: the `number`th of `total`; `reason` says why it was refused."""

    number: int
    total: int
    name: str
    outcome: Outcome
    reason: str = ""


@dataclass
class Report:
    """What happened to each document, in the order in which they were loaded."""

    steps: list[Step] = field(default_factory=list)

    def count(self, outcome: Outcome) -> int:
        """How many documents had that outcome."""
        return sum(step.outcome == outcome for step in self.steps)

    def names(self, outcome: Outcome) -> list[str]:
        """The documents with that outcome."""
        return [step.name for step in self.steps if step.outcome == outcome]


@dataclass(frozen=True)
class _File:
    path: Path
    name: str  # the path below the folder: the document's identity


def load(
    paths: Iterable[str | Path],
    *,
    source: str | None = None,
    draft: bool = False,
    dry_run: bool = False,
    progress: Callable[[Step], None] | None = None,
) -> Report:
    """Load every document in `paths` (files, or folders with all that is below them) and say what happened to each.

    `source` is for documents that name none; `draft` keeps new articles from readers; `dry_run` writes nothing.
    `progress` is called after each document. A document that can't be read is refused in the report, not raised.
    """
    files = [file for path in paths for file in _files(Path(path))]
    known = dict(Article.objects.exclude(document=None).values_list("document", "document_hash"))
    seen: set[str] = set()
    report = Report()
    for number, file in enumerate(files, 1):
        outcome: Outcome
        try:
            if file.name in seen:
                raise Refused(Sentence("another document of this name was loaded before it"))
            seen.add(file.name)
            outcome, reason = _load(file, known.get(file.name), source or "", draft, dry_run), ""
        except Refused as refusal:
            outcome, reason = "refused", str(refusal)
        step = Step(number, len(files), _printable(file.name), outcome, reason)
        report.steps.append(step)
        if progress:
            progress(step)
    return report


def _load(file: _File, known_hash: str | None, source: str, draft: bool, dry_run: bool) -> Outcome:
    data = _bytes(file)
    digest = hashlib.sha256(data).hexdigest()
    if digest == known_hash:
        return "unchanged"
    document = read(data, file.path.name)
    outcome: Outcome = "added" if known_hash is None else "updated"
    if not dry_run:
        with transaction.atomic():
            if known_hash is None:
                state = Article.State.DRAFT if draft else Article.State.PUBLISHED
                take_in(document, source=source, state=state, document=file.name, document_hash=digest)
            else:
                _update(document, file.name, digest, source)
    return outcome


def take_in(document: Document, /, *, source: str = "", topics: Iterable[str] = (), **kept: Any) -> Article:
    """A new article of `document`. `source` is for one that names none; `topics` are added to its own.

    `kept` is what else `add_article` takes: state, editor, owner, columns.
    """
    publisher = document.source or source
    return add_article(
        title=document.title,
        html=document.html,
        sources=[source_named(publisher)] if publisher else [],
        topics=[topic_named(topic) for topic in dict.fromkeys((*document.topics, *topics))],
        standfirst=document.standfirst,
        byline=document.byline,
        language=document.language,
        published=moment(document.published),
        **kept,
    )


def _update(document: Document, name: str, digest: str, source: str) -> None:
    """The file's words replace the article's; what curators decide (state, further sources and topics) stays."""
    article = Article.objects.get(document=name)
    stated: dict[str, Any] = {}
    if document.language:
        stated["language"] = document.language
    if published := moment(document.published):
        stated["published"] = published
    revise_article(
        article,
        html=document.html,
        reason="Its document changed.",
        title=document.title,
        standfirst=document.standfirst,
        byline=document.byline,
        document_hash=digest,
        **stated,
    )
    publisher = document.source or (source if not article.sources.exists() else "")
    if publisher and article.sources.count() <= 1:
        article.sources.set([source_named(publisher)])
    elif publisher:
        article.sources.add(source_named(publisher))
    article.topics.add(*(topic_named(topic) for topic in document.topics))


def moment(published: dt.date | dt.datetime | None) -> dt.datetime | None:
    """A day is its first moment, and a time without a zone is meant, in the time zone of this library."""
    if published is None:
        return None
    if not isinstance(published, dt.datetime):
        published = dt.datetime.combine(published, dt.time())
    return published if timezone.is_aware(published) else timezone.make_aware(published)


def _files(path: Path) -> Iterator[_File]:
    """The documents at `path` in a stable order. One that is named itself is taken whatever it is, to be refused."""
    if path.is_dir():
        yield from _below(path, path, (path.resolve(),))
    else:
        yield _File(path, path.name)


def _below(folder: Path, root: Path, above: tuple[Path, ...]) -> Iterator[_File]:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        yield _File(folder, folder.relative_to(root).as_posix())  # refused, with the reason, when it is read
        return
    for entry in entries:
        path = Path(entry.path)
        if entry.name.startswith("."):
            continue
        if entry.is_dir():
            real = path.resolve()
            # A link to what lies in the folder anyway, or above it, would load it twice or for ever
            again = real in above or (entry.is_symlink() and real.is_relative_to(above[0]))
            if not again:
                yield from _below(path, root, (*above, real))
        elif kind_of(path.name) in KNOWN:
            yield _File(path, path.relative_to(root).as_posix())


def _bytes(file: _File) -> bytes:
    if not _is_unicode(file.name) or len(file.name) > 1000:
        raise Refused("its name is not UTF-8, or longer than 1000 characters")
    try:
        if not file.path.exists():
            raise Refused("there is no such file or folder")
        if not file.path.is_file() and not file.path.is_dir():
            raise Refused("it is not a file")
        with file.path.open("rb") as stream:
            return stream.read(largest(kind_of(file.name)) + 1)
    except OSError as error:
        raise Refused(f"it can't be read ({error.strerror})") from error


def _is_unicode(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _printable(name: str) -> str:
    """The name on one line, whatever is in it."""
    shown = name.encode("utf-8", "backslashreplace").decode("utf-8")
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in shown)
