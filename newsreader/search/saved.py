"""What writes saved searches. A refusal is an exception with a sentence for a person."""

from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from newsreader.accounts.models import User
from newsreader.core.query import MAX_LENGTH, parse
from newsreader.search.models import SavedSearch, SavedSearchQuerySet, digest, new_secret

MOST = 100  # of one reader
PINNED = 6
LONGEST = 80  # of a name
KEPT = timedelta(days=30)  # what was deleted, for the undo


class Refused(ValueError):
    """It can't be saved so."""


class Taken(Refused):
    """The reader has another one of that name."""

    def __init__(self, name: str) -> None:
        super().__init__(_("You have a saved search “{name}” already. Choose another name.").format(name=name))


def normal(text: str) -> str:
    """Without NULs and what surrounds it, every white space one space."""
    return " ".join(text.replace("\0", " ").split())


@transaction.atomic
def save(query: str, *, reader: User, name: str, kind: str = "all") -> SavedSearch:
    """Keeps the query behind the others. Raises Taken, or Refused where it says nothing or is one too many."""
    query = normal(query)
    if len(query) > MAX_LENGTH:
        raise Refused(_("That search is too long to be saved."))
    if parse(query).empty:
        raise Refused(_("There is nothing to look for in that search. Add a word or a filter."))
    last = _with_room(reader).aggregate(last=Max("position"))["last"]
    saved = SavedSearch(reader=reader, query=query, position=0 if last is None else last + 1)
    saved.kind = kind if kind in SavedSearch.Kind.values else SavedSearch.Kind.ALL
    saved.name = _named(name)
    _with_new_address(saved)
    return _written(saved)


@transaction.atomic
def rename(saved: SavedSearch, name: str) -> SavedSearch:
    """Raises Taken, or Refused when no name is left."""
    saved.name = _named(name)
    return _written(saved)


@transaction.atomic
def pin(saved: SavedSearch, *, on: bool) -> SavedSearch:
    """Puts it on the library page, or takes it off. Raises Refused when PINNED are there."""
    User.objects.select_for_update().get(pk=saved.reader_id)
    if on and not saved.pinned and SavedSearch.objects.of(saved.reader).pinned().count() >= PINNED:
        raise Refused(_("The library has room for {count} searches. Take one off first.").format(count=PINNED))
    saved.pinned = on
    return _written(saved)


@transaction.atomic
def move(saved: SavedSearch, *, by: int) -> None:
    """So many places down (up, if negative) among the reader's, as far as there are places."""
    User.objects.select_for_update().get(pk=saved.reader_id)
    rows = list(SavedSearch.objects.of(saved.reader))
    at = next(place for place, row in enumerate(rows) if row.pk == saved.pk)
    row = rows.pop(at)
    rows.insert(max(0, min(len(rows), at + by)), row)
    for place, row in enumerate(rows):
        row.position = place
    SavedSearch.objects.bulk_update(rows, ["position"])


@transaction.atomic
def renew(saved: SavedSearch) -> SavedSearch:
    """Gives its feed another address; the one before is as missing as what never was."""
    _with_new_address(saved)
    return _written(saved)


@transaction.atomic
def delete(saved: SavedSearch) -> None:
    """Takes it off every page; `undelete` brings it back, for as long as KEPT."""
    saved.deleted = timezone.now()
    saved.save()
    SavedSearch.objects.filter(reader=saved.reader_id, deleted__lt=timezone.now() - KEPT).delete()


@transaction.atomic
def undelete(saved: SavedSearch) -> SavedSearch:
    """Where its name was given away meanwhile, it gets a number. Raises Refused when it is one too many by now."""
    mine = _with_room(saved.reader)
    names = set(mine.values_list("name", flat=True))
    numbered = (f"{saved.name[: LONGEST - 4]} {number}" for number in range(2, MOST + 2))
    saved.name = next(name for name in (saved.name, *numbered) if name not in names)
    saved.pinned = saved.pinned and mine.pinned().count() < PINNED
    saved.deleted = None
    return _written(saved)


def _with_room(reader: User) -> SavedSearchQuerySet:
    """The reader's, which are fewer than MOST. Two at once wait for each other here, so that no limit slips."""
    User.objects.select_for_update().get(pk=reader.pk)
    mine = SavedSearch.objects.of(reader)
    if mine.count() >= MOST:
        said = _("You have {count} saved searches, and more can’t be kept. Delete one first.")
        raise Refused(said.format(count=MOST))
    return mine


def _named(name: str) -> str:
    name = normal(name)
    if not name:
        raise Refused(_("A saved search needs a name."))
    if len(name) > LONGEST:
        raise Refused(_("A name has room for {count} characters.").format(count=LONGEST))
    return name


def _with_new_address(saved: SavedSearch) -> None:
    saved.secret = new_secret()
    saved.digest = digest(saved.secret)


def _written(saved: SavedSearch) -> SavedSearch:
    """The row in the database, whose constraint knows the names that are taken."""
    try:
        with transaction.atomic():
            saved.save()
    except IntegrityError as error:
        others = SavedSearch.objects.of(saved.reader).filter(name=saved.name).exclude(pk=saved.pk)
        if others.exists():
            raise Taken(saved.name) from error
        raise
    return saved
