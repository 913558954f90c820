"""Fills a library with what nobody wrote (see invented), so that speed can be measured on it.

Each batch is one transaction, and what is there by number is not made again: a run that was stopped goes on where it
stopped, and a run of the same numbers adds nothing. Rows are written past the services, in bulk, as they would be.
"""

import datetime as dt
import hashlib
import pickle
import subprocess
import sys
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import Max

from newsreader.accounts.models import User
from newsreader.annotations.models import Highlight
from newsreader.articles.models import Article, Collection, CollectionItem, Revision
from newsreader.articles.services import source_named, topic_named
from newsreader.intake import invented
from newsreader.intake.marking import MARK, Marking, dates_as_given, key_of, note_readings

ALONE = 2  # batches that this process makes itself
ADDRESS = "@made.invalid"  # of made readers: .invalid reaches nobody (RFC 2606)

_WRITE = "import sys; from newsreader.intake import invented; invented.write(*map(int, sys.argv[1:]))"


class Refused(ValueError):
    """It would mix what is made with a library that people use; says so."""


@dataclass(frozen=True, slots=True)
class Step:
    """So many of `total` articles, readers or passages are there."""

    what: str
    number: int
    total: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """What there shall be, and the seed it follows from. `until` is the newest article's day."""

    articles: int
    highlights: int
    readers: int
    seed: int
    length: int
    until: dt.datetime
    batch: int = 1_000  # rows of one transaction


def make(wanted: Wanted, *, add: bool = False, password: str = "", progress: Callable[[Step], None]) -> None:
    """Makes what is missing. Raises Refused for a library that somebody uses, unless `add`."""
    if not add:
        _refuse_real()
    if wanted.highlights and not wanted.readers:
        raise Refused("Passages need readers: say how many with --readers.")
    readers = _readers(wanted.readers, password)
    progress(Step("readers", len(readers), wanted.readers))
    for number in _articles(wanted, readers):
        progress(Step("articles", number, wanted.articles))
    library = _library()
    for number, reader in enumerate(readers, 1):
        note_readings(reader, library, wanted.seed)
        progress(Step("readers' states", number, len(readers)))
    for number in _highlights(wanted, readers, library):
        progress(Step("passages", number, wanted.highlights))


def _refuse_real() -> None:
    real = Article.objects.exclude(document__startswith=MARK).count()
    people = User.objects.exclude(email__endswith=ADDRESS).count()
    if real or people:
        raise Refused(
            f"This library is in use: {real} articles and {people} people in it were not made for measuring. "
            "Give another database (DATABASE_URL, NEWSREADER_VAR), or --add to mix them for good."
        )


@transaction.atomic
def _readers(count: int, password: str) -> list[User]:
    """reader-1 to reader-`count`. Without a password nobody can sign in as one."""
    names = [f"reader-{number}" for number in range(1, count + 1)]
    there = {user.username: user for user in User.objects.filter(username__in=names)}
    if taken := [user.username for user in there.values() if not user.email.endswith(ADDRESS)]:
        raise Refused(f"{taken[0]} is somebody's name here.")
    hashed = make_password(password or None)  # once: it is slow on purpose
    for name in names:
        if name not in there:
            there[name] = User.objects.create(username=name, email=f"{name}{ADDRESS}", password=hashed)
    return [there[name] for name in names]


def _document(seed: int, number: int) -> str:
    return f"{MARK}{seed}/{number:08}"


def _articles(wanted: Wanted, readers: Sequence[User]) -> Iterator[int]:
    """After each batch, how many there are."""
    made = Article.objects.filter(document__startswith=f"{MARK}{wanted.seed}/")
    last = made.aggregate(last=Max("document"))["last"]
    first = int(last.rpartition("/")[2]) + 1 if last else 0
    filed = Filed.there()
    yield min(first, wanted.articles)
    batches = [
        range(start, min(start + wanted.batch, wanted.articles))
        for start in range(first, wanted.articles, wanted.batch)
    ]
    with closing(_invented(batches, wanted)) as made_up:
        for numbers, values in made_up:
            write_batch(numbers, values, wanted, readers, filed)
            yield numbers.stop


def _invented(batches: Sequence[range], wanted: Wanted) -> Generator[tuple[range, list[invented.Invented]]]:
    """The articles of each batch. Of many, another process writes the next ones while these go into the database."""
    if len(batches) <= ALONE:
        yield from ((numbers, invented.articles(wanted.seed, numbers, wanted.length)) for numbers in batches)
        return
    asked = [wanted.seed, batches[0].start, wanted.articles, wanted.length, wanted.batch]
    with subprocess.Popen(  # noqa: S603 - this very Python, with numbers
        [sys.executable, "-c", _WRITE, *map(str, asked)],
        cwd=settings.BASE_DIR,
        stdout=subprocess.PIPE,
        start_new_session=True,  # Ctrl-C is for this process, whose end the other one notices
    ) as writer:
        try:
            for numbers in batches:
                yield numbers, pickle.load(writer.stdout)  # type: ignore[arg-type] # noqa: S301 - our own process
        finally:
            writer.kill()


@dataclass(frozen=True, slots=True)
class Filed:
    """Keys of what articles are filed under, in the order of their names in `invented.filing`."""

    sources: list[int]
    topics: list[int]
    collections: list[int]

    @classmethod
    @transaction.atomic
    def there(cls) -> "Filed":
        names = invented.filing()
        collections = [
            Collection.objects.get_or_create(slug=f"made-{number}", defaults={"name": name})[0].pk
            for number, name in enumerate(names.collections, 1)
        ]
        return cls(
            [source_named(name).pk for name in names.sources],
            [topic_named(name).pk for name in names.topics],
            collections,
        )


@transaction.atomic
def write_batch(
    numbers: range,
    values: Sequence[invented.Invented],
    wanted: Wanted,
    readers: Sequence[User],
    filed: Filed,
) -> None:
    """One batch of articles with their revisions, and where they are filed. One transaction."""
    rows = [_row(number, made, wanted, readers) for number, made in zip(numbers, values, strict=True)]
    with dates_as_given(Article, Revision):
        Article.objects.bulk_create(rows)
        Revision.objects.bulk_create(
            Revision(article=row, number=number, title=row.title, accepted=row.dated, html=html)
            for row, made in zip(rows, values, strict=True)
            for number, html in enumerate([made.before, made.html] if made.before else [made.html], 1)
        )
    both = list(zip(rows, values, strict=True))
    _through("sources", [(row.pk, filed.sources[made.source]) for row, made in both])
    _through("topics", [(row.pk, filed.topics[topic]) for row, made in both for topic in made.topics])
    CollectionItem.objects.bulk_create(
        CollectionItem(collection_id=filed.collections[made.collection], article=row, position=number)
        for number, (row, made) in zip(numbers, both, strict=True)
        if made.collection is not None and row.owner_id is None
    )


def _row(number: int, made: invented.Invented, wanted: Wanted, readers: Sequence[User]) -> Article:
    owner = readers[int(made.owner * len(readers))] if made.owner is not None and readers else None
    slug = f"{made.slug}-{wanted.seed}-{number}"
    digest = hashlib.sha256(made.html.encode()).hexdigest()
    moment = invented.dated(wanted.until, number, wanted.articles, made.late)
    return Article(
        owner=owner,
        slug=f"{slug}-{digest[:12]}" if owner else slug,
        state="published" if owner else made.state,
        title=made.title,
        byline=made.byline,
        standfirst=made.standfirst,
        published=moment,
        dated=moment,
        added=moment,
        changed=moment,
        language=made.language,
        address=f"https://news.example/{wanted.seed}/{number}",
        document=_document(wanted.seed, number),
        released=None if made.state == "draft" and not owner else 1,
        length=len(made.text),
        words=made.words,
        minutes=made.minutes,
        content_hash=digest,
        text=made.text,
        html=made.html,
    )


def _through(name: str, pairs: Sequence[tuple[int, int]]) -> None:
    """Files articles: (article, source or topic)."""
    through: Any = getattr(Article, name).through
    field = f"{name[:-1]}_id"
    through._default_manager.bulk_create(through(article_id=article, **{field: other}) for article, other in pairs)


def _library() -> list[int]:
    """The keys of the made articles that everybody may read."""
    made = Article.objects.in_the_library().filter(document__startswith=MARK)
    return list(made.order_by("pk").values_list("pk", flat=True))


def _highlights(wanted: Wanted, readers: Sequence[User], library: Sequence[int]) -> Iterator[int]:
    """After each batch, how many there are."""
    first = Highlight.objects.filter(key__startswith=key_of(wanted.seed)).count()
    yield min(first, wanted.highlights)
    marking = Marking(wanted.seed, wanted.until, readers, library)
    for start in range(first, wanted.highlights, wanted.batch):
        numbers = range(start, min(start + wanted.batch, wanted.highlights))
        marking.write(numbers)
        yield numbers.stop
