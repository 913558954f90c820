"""What curators decide of feeds: which are followed, and how. Nothing here waits longer than a page may take."""

from __future__ import annotations

import datetime as dt
import random
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from newsreader.articles.models import Source
from newsreader.articles.services import source_named
from newsreader.core.sentence import Sentence
from newsreader.intake import addressing
from newsreader.intake.addressing import Refused as NoAddress
from newsreader.intake.confined import confined
from newsreader.intake.feeds import polling, shape
from newsreader.intake.feeds.discovery import WANTED, Offered, usual_places
from newsreader.intake.feeds.opml import Subscription
from newsreader.intake.models import Feed
from newsreader.intake.shape import Refused
from newsreader.intake.web import Failed, Fetched, Web

__all__ = ["Found", "Listed", "NoAddress", "find", "follow", "follow_all", "look_at", "poll_now", "resume"]
__all__ += ["seen", "stop", "subscriptions"]

SECONDS = 8.0  # for all that is fetched while somebody waits
GUESSING = 4.0  # of them, for the usual places
_SPREAD = 600  # seconds over which the first visits of a whole list are spread
_NAME = 200  # characters of a source's name, and of its site
_NONE = Sentence("There is no feed here, and the page names none.")


@dataclass(frozen=True, slots=True)
class Found:
    """What is at an address: a feed itself (its title, site, and newest headlines), or the feeds of a site."""

    address: str
    title: str = ""
    site: str = ""
    headlines: tuple[str, ...] = ()
    summaries: bool = False
    offered: tuple[Offered, ...] = ()

    @property
    def is_feed(self) -> bool:
        return not self.offered


def find(typed: str, *, web: Web) -> Found:
    """Looks at what somebody typed. Raises `NoAddress`, `Failed` and `Refused`, each with a sentence."""
    address = addressing.normal(typed)
    until = time.monotonic() + web.seconds
    answer = web.fetch(address, wanted=WANTED)
    try:
        return _found(answer, _read(answer))
    except Refused:
        page = answer.media_type in {"text/html", "application/xhtml+xml", ""}
        if not page:
            raise
    told = (answer.body, answer.charset, answer.url)
    offered: list[Offered] = confined("newsreader.intake.feeds.discovery:feeds_on", *told, seconds=SECONDS)
    offered = offered or _guessed(answer.url, web, min(GUESSING, until - time.monotonic()))
    if not offered:
        raise Refused(_NONE)
    return Found(answer.url, offered=tuple(offered))


def _read(answer: Fetched) -> shape.Feed:
    told = (answer.body, answer.url, answer.media_type, answer.charset)
    read: shape.Feed = confined("newsreader.intake.feeds.parsing:read_feed", *told, seconds=SECONDS)
    return read


def _found(answer: Fetched, feed: shape.Feed) -> Found:
    return Found(
        address=answer.url,
        title=feed.title,
        site=feed.site,
        headlines=tuple(entry.title for entry in feed.entries[:5] if entry.title),
        summaries=bool(feed.entries) and sum(one.summary_only for one in feed.entries) * 2 > len(feed.entries),
    )


def _guessed(url: str, web: Web, seconds: float) -> list[Offered]:
    """Feeds at the places where many sites have them, all asked at once."""
    if seconds <= 0:
        return []
    places, quick = usual_places(url), Web(web.allowed, web.resolve, seconds=seconds, stall=seconds)

    def look(place: str) -> Offered | None:
        try:
            answer = quick.fetch(place, wanted=WANTED)
            return Offered(answer.url, _read(answer).title, "")
        except (Failed, Refused):
            return None

    with ThreadPoolExecutor(len(places)) as pool:
        found = {one.address: one for one in pool.map(look, places) if one}
    return list(found.values())


def seen(address: str) -> Feed | None:
    """The feed of that address that is followed already, or was."""
    return Feed.objects.filter(address=address).select_related("source").first()


@transaction.atomic
def follow(address: str, *, title: str = "", site: str = "", after: int = 0, **settings: Any) -> tuple[Feed, bool]:
    """Follows the feed of this address, and whether that is new; `settings` are its own: publish, full_text, folders.

    One that was stopped is resumed. Raises `NoAddress`.
    """
    address = addressing.normal(address)
    if known := seen(address):
        if known.state != Feed.State.FOLLOWED:
            resume(known)
        return known, False
    source = _source(title, address)
    if site and not source.site:
        source.site = site[:_NAME]
        source.save(update_fields=["site"])
    due = timezone.now() + dt.timedelta(seconds=after)
    feed, new = Feed.objects.get_or_create(address=address, defaults={"source": source, "due": due, **settings})
    return feed, new


def _source(title: str, address: str) -> Source:
    """The source of that name, unless that has another feed: it is then told apart by the address."""
    host = addressing.host(address)
    name = " ".join(title.split())[:_NAME] or host
    for called in (name, f"{name[: _NAME - 60]} ({host})"[:_NAME], addressing.short(address)[:_NAME]):
        source = source_named(called)
        if not Feed.objects.filter(source=source).exists():
            return source
    return source_named(f"{addressing.short(address)[:180]} {timezone.now():%Y%m%d%H%M%S%f}"[:_NAME])


def follow_all(subscriptions: Iterable[Subscription], **settings: Any) -> list[Feed]:
    """Follows what of a list isn't yet, each by itself; those that are new. What is no address is left out."""
    added = []
    for one in subscriptions:
        after = random.randrange(_SPREAD)  # noqa: S311 - spreads load, keeps no secret
        kept: dict[str, Any] = {"title": one.title, "site": one.site, "folders": list(one.folders), "after": after}
        try:
            if seen(addressing.normal(one.address)):  # one that was stopped stays so
                continue
            feed, new = follow(one.address, **kept, **settings)
        except NoAddress:
            continue
        added += [feed] if new else []
    return added


def subscriptions() -> list[Subscription]:
    """All that is followed, as a list that other readers take: by folder, then by name."""
    feeds = Feed.objects.exclude(state=Feed.State.GONE).select_related("source")
    listed = [
        Subscription(feed.address, feed.source.name, feed.source.site, tuple(map(str, feed.folders))) for feed in feeds
    ]
    return sorted(listed, key=lambda one: (one.folders, one.title.casefold()))


def stop(feed: Feed) -> None:
    """Visits it no more. Its articles stay."""
    Feed.objects.filter(pk=feed.pk).update(state=Feed.State.STOPPED, due=None)
    feed.refresh_from_db()


def resume(feed: Feed) -> None:
    """Visits it again, as if nothing had failed."""
    now = timezone.now()
    Feed.objects.filter(pk=feed.pk).update(state=Feed.State.FOLLOWED, due=now, failures=0, told={})
    feed.refresh_from_db()
    polling.enqueue()


def poll_now(feed: Feed) -> None:
    """Puts its next visit before everything else."""
    Feed.objects.filter(pk=feed.pk, state=Feed.State.FOLLOWED).update(due=timezone.now())
    feed.refresh_from_db()
    polling.enqueue()


@dataclass(frozen=True, slots=True)
class Listed:
    """A subscription list before anything is done with it."""

    new: tuple[Subscription, ...]
    known: tuple[Subscription, ...]
    refused: tuple[tuple[Subscription, str], ...]


def look_at(data: bytes) -> Listed:
    """What following the list would do. Raises `Refused`, with the line, for one that can't be read."""
    listed: list[Subscription] = confined("newsreader.intake.feeds.opml:read_opml", data, seconds=SECONDS)
    there = set(Feed.objects.values_list("address", flat=True))
    new: dict[str, Subscription] = {}
    known, refused = [], []
    for one in listed:
        try:
            address = addressing.normal(one.address)
        except NoAddress as error:
            refused.append((one, Sentence.of(error)))
            continue
        if address in there or address in new:
            known.append(one)
        else:
            new[address] = one
    return Listed(tuple(new.values()), tuple(known), tuple(refused))
