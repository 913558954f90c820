"""What curators do with a collection: its articles, their order and notes, and who may see it.

Each is one transaction with an entry in the journal and the way back. Whoever acts on what is not there any more gets
Stale, and nothing is changed.
"""

from collections.abc import Sequence
from hashlib import sha256

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from newsreader.accounts.models import User
from newsreader.articles.models import Article, Collection, CollectionItem
from newsreader.articles.querysets import ArticleQuerySet
from newsreader.desk import journal, services
from newsreader.desk.journal import Way
from newsreader.desk.models import Deed, Entry

MOST = 500  # articles of one collection; its page at the desk lists them all
WAYS = {"up": -1, "down": 1}


class Stale(ValueError):
    """Somebody has changed it meanwhile."""


class Full(ValueError):
    """It has room for MOST articles; says so in a sentence."""

    def __init__(self, number: int) -> None:
        room = ngettext(
            "There is room for {n} more article in this collection. Nothing was added.",
            "There is room for {n} more articles in this collection. Nothing was added.",
            number,
        )
        super().__init__(room.format(n=number))


def in_order(collection: Collection) -> list[int]:
    """The keys of its articles as they stand. A reader's own copy is not the desk's, and is left out."""
    return list(_items(collection).values_list("article", flat=True))


def stamp(order: Sequence[int]) -> str:
    """What a page was opened on: changes with every article that comes, goes or moves, whoever does it and how."""
    return sha256(",".join(map(str, order)).encode()).hexdigest()[:16]


def moved(order: Sequence[int], article: int, where: str) -> list[int]:
    """The order with `article` up, down, at the top or at the end. Raises Stale where it isn't in it."""
    if article not in order:
        raise Stale
    at, rest = order.index(article), [key for key in order if key != article]
    to = {"top": 0, "end": len(rest)}.get(where, max(0, min(len(rest), at + WAYS.get(where, 0))))
    return [*rest[:to], article, *rest[to:]]


@transaction.atomic
def put_in_order(collection: Collection, order: Sequence[int], *, seen: str, by: User) -> Entry | None:
    """Places its articles so; `seen` is the stamp of what the curator saw. None where nothing moves. Raises Stale."""
    collection = _locked(collection)
    now = in_order(collection)
    if stamp(now) != seen or sorted(now) != sorted(order):
        raise Stale
    if now == list(order):
        return None
    arrange(collection, order)
    way = Way("articles.collection", "order", now, list(order), [collection.pk])
    told = _("Put in another order.")
    return journal.record(Deed.EDITED, by=by, about=collection, told=told, ways=[way])


def arrange(collection: Collection, order: Sequence[int]) -> None:
    """Counts the places anew, from 1, in this order; what is not in it stays behind."""
    rows = {
        item.article_id: item
        for item in collection.items.only("article", "collection", "position").order_by("position", "pk")
    }
    there = [rows.pop(key) for key in order if key in rows]
    for position, item in enumerate([*there, *rows.values()], 1):
        item.position = position
    CollectionItem.objects.bulk_update([*there, *rows.values()], ["position"], batch_size=journal.BATCH)
    _touch(collection)


@transaction.atomic
def add(collection: Collection, chosen: ArticleQuerySet, *, by: User) -> services.Done:
    """Puts those of `chosen` that are not in it at its end. Raises Full, and nothing is added."""
    collection = _locked(collection)
    room = MOST - collection.items.count()
    if chosen.exclude(pk__in=collection.items.values("article")).count() > room:
        raise Full(max(0, room))
    done = services.collect(chosen, collection, by=by)
    if done.changed:
        _touch(collection)
    return done


@transaction.atomic
def take_out(collection: Collection, article: int, *, by: User) -> Entry:
    """Takes one article out, with its note and its place, which both come back with the undo. Raises Stale."""
    collection = _locked(collection)
    row = _items(collection).filter(article=article).select_related("article").first()
    if row is None:
        raise Stale
    way = journal.gone([row])
    row.delete()
    _touch(collection)
    told = _("Taken out: “{title}”").format(title=row.article)
    return journal.record(Deed.EDITED, by=by, about=collection, told=told, ways=[way])


@transaction.atomic
def annotate(collection: Collection, article: int, note: str, *, was: str, by: User) -> Entry | None:
    """Sets what the collection says of one of its articles; `was` is what the curator saw. Raises Stale."""
    collection = _locked(collection)
    row = _items(collection).filter(article=article).select_related("article").first()
    if row is None or row.note != was:
        raise Stale
    if note == was:
        return None
    CollectionItem.objects.filter(pk=row.pk).update(note=note)
    _touch(collection)
    way = Way("articles.collectionitem", "note", was, note, [row.pk])
    told = _("Note on “{title}”").format(title=row.article)
    return journal.record(Deed.EDITED, by=by, about=collection, told=told, ways=[way])


@transaction.atomic
def put_in_state(collection: Collection, state: str, *, by: User) -> Entry | None:
    """Publishes it, or takes it back to draft; None where it is so. With the first publication it gets a date."""
    row = _locked(collection)
    if row.state == state:
        return None
    before = {"state": row.state, "dated": row.dated.isoformat() if row.dated else None}
    dated = row.dated or (timezone.localdate() if state == Collection.State.PUBLISHED else None)
    after = {"state": str(state), "dated": dated.isoformat() if dated else None}
    Collection.objects.filter(pk=row.pk).update(**after, changed=timezone.now())
    key = str(row.pk)
    way = Way("articles.collection", "*", {key: before}, {key: after}, [row.pk])
    return journal.record(services.DEEDS[state], by=by, about=row, ways=[way])


def articles_named(keys: Sequence[str]) -> ArticleQuerySet:
    """Those of the library with these keys, as a form sends them; a reader's own copy is never among them."""
    plain = [int(key) for key in keys[:MOST] if key.isdecimal() and len(key) < 19]
    return Article.objects.filter(pk__in=plain, owner=None)


def _items(collection: Collection) -> QuerySet[CollectionItem]:
    return collection.items.filter(article__owner=None).order_by("position", "pk")


def _locked(collection: Collection) -> Collection:
    """Two curators at the same time wait for each other here."""
    locked: Collection = Collection.objects.select_for_update().get(pk=collection.pk)
    return locked


def _touch(collection: Collection) -> None:
    Collection.objects.filter(pk=collection.pk).update(changed=timezone.now())
