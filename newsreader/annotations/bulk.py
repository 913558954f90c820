"""What writes many highlights at once: one transaction, own and live highlights only, at most MOST of them.

Each answers a record of just what it changed, plain values that a session can keep; `undo` takes back that and no more.
"""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from newsreader.accounts.models import User
from newsreader.annotations.models import Highlight, Tag
from newsreader.annotations.tags import normal, tags_named, unmerge

MOST = 500
Record = dict[str, Any]
_Links = Tag.highlights.through


@transaction.atomic
def tag(ids: Iterable[str], *, reader: User, names: Iterable[str]) -> Record:
    """Puts these tags on them. Raises ValueError when no name is left of `names`."""
    tags = tags_named(names, reader=reader)
    if not tags:
        raise ValueError(_("A tag needs a name of letters or digits."))
    rows = _held(ids, reader)
    wanted = {(row, tag.pk) for row in rows for tag in tags}
    made = wanted - set(_links(rows, tags).values_list("highlight_id", "tag_id"))
    _link(made)
    return {"did": "tag", "count": len(rows), "links": sorted(made)}


@transaction.atomic
def untag(ids: Iterable[str], *, reader: User, names: Iterable[str]) -> Record:
    """Takes these tags off them. Raises ValueError when the reader has none of these tags."""
    tags = list(Tag.objects.of(reader).filter(name__in={normal(name) for name in names}))
    if not tags:
        raise ValueError(_("None of your tags is called that."))
    rows = _held(ids, reader)
    links = _links(rows, tags)
    gone = sorted(links.values_list("highlight_id", "tag_id"))
    links.delete()
    _touch(row for row, _ in gone)
    return {"did": "untag", "count": len({row for row, _ in gone}), "links": gone}


@transaction.atomic
def paint(ids: Iterable[str], *, reader: User, colour: str) -> Record:
    """Gives them this colour. Raises ValueError for one that there is not."""
    if colour not in Highlight.Colour.values:
        raise ValueError(_("There is no such colour."))
    rows = _held(ids, reader)
    changing = Highlight.objects.filter(pk__in=rows).exclude(colour=colour)
    former = sorted(changing.values_list("pk", "colour"))
    Highlight.objects.filter(pk__in=[pk for pk, _ in former]).update(colour=colour)
    _touch(pk for pk, _ in former)
    return {"did": "paint", "count": len(rows), "colour": colour, "former": former}


@transaction.atomic
def delete(ids: Iterable[str], *, reader: User) -> Record:
    """Moves them to the bin."""
    rows = _held(ids, reader)
    Highlight.objects.filter(pk__in=rows).update(deleted=timezone.now())
    return {"did": "delete", "count": len(rows), "rows": rows}


@transaction.atomic
def restore(ids: Iterable[str], *, reader: User) -> Record:
    """Takes them back from the bin."""
    binned = Highlight.objects.of(reader).in_the_bin().filter(public_id__in=list(ids)[:MOST])
    rows = sorted(binned.values_list("pk", flat=True))
    Highlight.objects.filter(pk__in=rows).update(deleted=None)
    return {"did": "restore", "count": len(rows), "rows": rows}


@transaction.atomic
def undo(record: Record, *, reader: User) -> None:
    """Takes back what `record` says; what was changed again since then stays as it is now."""
    own = Highlight.objects.of(reader)
    match record["did"]:
        case "tag":
            for name in {name for _, name in record["links"]}:
                rows = [row for row, other in record["links"] if other == name]
                _Links._default_manager.filter(tag_id=name, tag__reader=reader, highlight_id__in=rows).delete()
            _touch(row for row, _ in record["links"])
        case "untag":
            mine = set(own.filter(pk__in=[row for row, _ in record["links"]]).values_list("pk", flat=True))
            tags = set(Tag.objects.of(reader).values_list("pk", flat=True))
            _link({(row, name) for row, name in record["links"] if row in mine and name in tags})
        case "paint":
            for colour in Highlight.Colour.values:
                theirs = [pk for pk, former in record["former"] if former == colour]
                still = own.filter(pk__in=theirs, colour=record["colour"])
                still.update(colour=colour, version=F("version") + 1, updated=timezone.now())
        case "delete":
            own.within_reach().filter(pk__in=record["rows"]).update(deleted=None)
        case "restore":
            own.live().filter(pk__in=record["rows"]).update(deleted=timezone.now())
        case "merge":
            unmerge(record, reader=reader)


def rewritten(record: Record) -> list[int]:
    """The keys of those that it has given other tags or another colour, and that are where they were."""
    pairs = record.get("links") or record.get("former") or []
    return sorted({row for row, _ in pairs})


def _held(ids: Iterable[str], reader: User) -> list[int]:
    """The keys of those of the reader's, locked until the transaction ends."""
    own = Highlight.objects.of(reader).live().filter(public_id__in=list(ids)[:MOST]).order_by("pk")
    return list(own.select_for_update(no_key=True).values_list("pk", flat=True))


def _links(rows: list[int], tags: list[Tag]) -> Any:
    return _Links._default_manager.filter(highlight_id__in=rows, tag__in=tags)


def _link(pairs: set[tuple[int, int]]) -> None:
    links = [_Links(highlight_id=row, tag_id=name) for row, name in sorted(pairs)]
    _Links._default_manager.bulk_create(links, ignore_conflicts=True, batch_size=400)
    _touch(row for row, _ in pairs)


def _touch(rows: Iterable[int]) -> None:
    """A form of it that is open elsewhere is of an older version now."""
    Highlight.objects.filter(pk__in=set(rows)).update(version=F("version") + 1, updated=timezone.now())
