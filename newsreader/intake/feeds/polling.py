"""Visits to feeds: many at once, none of which waits for another. Network and parsing in threads, writing in one.

A feed is claimed before it is visited, and what its server told of its state (ETag) is kept only when all of its
entries are: a visit that is killed is made again, and takes in what was not.
"""

from __future__ import annotations

import datetime as dt
import random
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from queue import SimpleQueue
from typing import Any, NamedTuple

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django_tasks import TaskResultStatus, task
from django_tasks_db.models import DBTaskResult

from newsreader.core.sentence import Sentence
from newsreader.intake.confined import Overran, confined
from newsreader.intake.feeds import shape, taking
from newsreader.intake.feeds.discovery import WANTED
from newsreader.intake.feeds.rhythm import interval_of
from newsreader.intake.models import Feed
from newsreader.intake.shape import Document, Refused
from newsreader.intake.web import Failed, Fetched, Web
from newsreader.intake.work import later

AT_ONCE = 160  # visits: most of them wait for a server
ROUND = 500  # feeds
CLAIM = 180  # seconds for which a claimed feed is left alone; longer than any round
READERS = 4  # threads that have entries read; the others are for whole feeds
READING = 10.0  # seconds for a feed, and for one entry
CHUNK = 25  # entries of one feed that are read before others have their turn
PATIENCE = 20.0  # seconds for the entries of one feed; the next visit goes on
FIRST, LONGEST = 900, 24 * 3600  # seconds after the first failure, and at most
JITTER = 0.1


class Failure(NamedTuple):
    """Why a visit brought nothing."""

    error: Failed | Refused


@dataclass(slots=True)
class Visit:
    """One feed's turn: what was fetched and read, and which of its entries wait to be taken in."""

    feed: Feed
    answer: Fetched | None = None
    read: shape.Feed | None = None
    waiting: list[shape.Entry] = field(default_factory=list)
    until: float = 0.0
    has_brought: bool = False
    counts: Counter[str] = field(default_factory=Counter)


def due() -> list[Feed]:
    """The feeds whose turn it is, claimed: no other worker visits them now."""
    now = timezone.now()
    waiting = Feed.objects.filter(state=Feed.State.FOLLOWED, due__lte=now).order_by("due")
    with transaction.atomic():
        rows = waiting.select_related("source").select_for_update(of=("self",), no_key=True, skip_locked=True)
        claimed = list(rows[:ROUND])
        Feed.objects.filter(pk__in=[feed.pk for feed in claimed]).update(due=now + dt.timedelta(seconds=CLAIM))
    return claimed


def poll(feeds: Iterable[Feed], *, web: Web) -> Counter[str]:
    """Visits these feeds; counts what became of their entries, and of them: unchanged, read, failed."""
    totals: Counter[str] = Counter()
    visits = [Visit(feed) for feed in feeds]
    if not visits:
        return totals
    ready: SimpleQueue[tuple[Visit, Future[Any]]] = SimpleQueue()

    def begin(pool: ThreadPoolExecutor, visit: Visit, step: Callable[..., Any], *told: Any) -> None:
        pool.submit(step, *told).add_done_callback(lambda future: ready.put((visit, future)))

    # Reading has threads of its own: it is no one's turn to wait behind hundreds that wait for a server.
    with (
        ThreadPoolExecutor(min(AT_ONCE, len(visits)), "feeds") as fetching,
        ThreadPoolExecutor(READERS, "entries") as reading,
    ):
        for visit in visits:
            begin(fetching, visit, _fetched, visit.feed, web)
        running = len(visits)
        while running:
            visit, future = ready.get()
            _went_on(visit, future.result())
            if visit.waiting and time.monotonic() < visit.until:
                chunk, visit.waiting = visit.waiting[:CHUNK], visit.waiting[CHUNK:]
                begin(reading, visit, _documents, chunk, visit.until)
            else:
                running -= 1
                if visit.answer is not None:
                    _finish(visit)
            totals.update(visit.counts)
            visit.counts.clear()
    return totals


def _went_on(visit: Visit, result: Any) -> None:
    """In the thread that writes: a visit's next step, of what its last one found."""
    match result:
        case Failure(error):
            visit.counts["failed"] += 1
            failed(visit.feed, error)
        case Fetched() as answer:
            visit.counts["unchanged"] += 1
            visit.answer = answer
        case (Fetched() as answer, shape.Feed() as read):
            visit.counts["read"] += 1
            visit.answer, visit.read = answer, read
            visit.waiting = taking.news(visit.feed, read.entries)
            visit.until = time.monotonic() + PATIENCE
        case list() as documents:
            unlike = taking.unlike_all((entry, one) for entry, one in documents if isinstance(one, Document))
            for entry, document in documents:
                became = _took(visit, entry, document, unlike=entry.id in unlike)
                visit.counts[became] += 1
                visit.has_brought |= became in {"added", "joined"}


def _took(visit: Visit, entry: shape.Entry, document: Document | Refused | None, *, unlike: bool) -> str:
    if document is None:  # there was no time left
        visit.waiting.append(entry)
        visit.until = 0.0
        return "left"
    if isinstance(document, Overran):
        taking.pass_over(visit.feed, entry)
    if isinstance(document, Refused):
        return "refused"
    return taking.take(visit.feed, entry, document, unlike=unlike)


# In threads: no database


def _fetched(feed: Feed, web: Web) -> Fetched | tuple[Fetched, shape.Feed] | Failure:
    asked = {"If-None-Match": feed.etag, "If-Modified-Since": feed.last_modified}
    try:
        answer = web.fetch(feed.address, wanted=WANTED, headers={name: told for name, told in asked.items() if told})
        if answer.status == 304:
            return answer
        told = (answer.body, answer.url, answer.media_type, answer.charset)
        return answer, confined("newsreader.intake.feeds.parsing:read_feed", *told, seconds=READING)
    except (Failed, Refused) as error:
        return Failure(error)


def _documents(entries: list[shape.Entry], until: float) -> list[tuple[shape.Entry, Document | Refused | None]]:
    return list(_read(entries, until))


def _read(entries: list[shape.Entry], until: float) -> Iterator[tuple[shape.Entry, Document | Refused | None]]:
    for entry in entries:
        if time.monotonic() > until:
            yield entry, None
            continue
        try:
            yield entry, confined("newsreader.intake.feeds.documents:document_of", entry, seconds=READING)
        except Refused as refused:
            yield entry, refused


# What a visit leaves behind


def _finish(visit: Visit) -> None:
    """Notes that all went well, and when to come again."""
    feed, answer = visit.feed, visit.answer
    assert answer is not None  # noqa: S101 - for the type checker
    now = timezone.now()
    changes: dict[str, Any] = {"failures": 0, "told": {}, "polled": now}
    if visit.read is not None:
        changes["interval"] = interval_of([entry.published for entry in visit.read.entries], now, feed.interval)
    if visit.has_brought:
        changes["brought"] = now
    if visit.waiting:  # some entries are still to be read: the server is asked for all of it again
        changes["due"] = now + dt.timedelta(seconds=60)
    else:
        changes["due"] = now + dt.timedelta(seconds=_spread(changes.get("interval", feed.interval)))
        if visit.read is not None:
            changes["etag"] = answer.headers.get("etag", "")[:500]
            changes["last_modified"] = answer.headers.get("last-modified", "")[:100]
    with transaction.atomic():
        if answer.moved and not Feed.objects.filter(address=answer.url).exclude(pk=feed.pk).exists():
            changes["address"] = answer.url[:2000]
        if visit.read is not None and not feed.source.site and visit.read.site:
            type(feed.source).objects.filter(pk=feed.source_id, site="").update(site=visit.read.site[:200])
        _note(feed, changes)


def failed(feed: Feed, error: Failed | Refused) -> None:
    """Notes why, and comes again later and later; a feed that is gone for good is left alone."""
    asked = error.after if isinstance(error, Failed) else 0
    wait_for = later.wait(feed.failures + 1, asked=asked, first=FIRST, factor=2, longest=LONGEST)
    changes = {
        "failures": feed.failures + 1,
        "told": Sentence.of(error).plain,
        "polled": timezone.now(),
        "due": later.moment(wait_for),
    }
    if isinstance(error, Failed) and error.status == 410:
        changes |= {"state": Feed.State.GONE, "due": None}
    _note(feed, changes)


def _note(feed: Feed, changes: dict[str, Any]) -> None:
    """Unless somebody stopped the feed meanwhile, or gave it another address."""
    row = Feed.objects.filter(pk=feed.pk, state=Feed.State.FOLLOWED, address=feed.address)
    if row.update(**changes):
        for name, value in changes.items():
            setattr(feed, name, value)


def _spread(seconds: int) -> int:
    return int(seconds * random.uniform(1 - JITTER, 1 + JITTER))  # noqa: S311 - spreads load, keeps no secret


# Behind the pages


@task()
def visit_all() -> None:
    """Visits what is due."""
    while feeds := due():
        poll(feeds, web=Web(settings.FETCH_ALLOW))


def enqueue() -> None:
    """Asks for a round where one is due and none is on its way."""
    if not Feed.objects.filter(state=Feed.State.FOLLOWED, due__lte=timezone.now()).exists():
        return
    busy = (TaskResultStatus.READY, TaskResultStatus.RUNNING)
    if not DBTaskResult.objects.filter(task_path=visit_all.module_path, status__in=busy).exists():
        visit_all.enqueue()
