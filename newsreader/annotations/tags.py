"""What writes tags: their one spelling, renaming, merging, deleting and taking that back."""

import unicodedata
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from newsreader.accounts.models import User
from newsreader.annotations.models import Tag

LONGEST = 60
JOINERS = "\u200c\u200d"  # inside Persian words, and between the parts of an emoji


class Taken(ValueError):
    """Another tag has that name; `tag` is the one. Merge them instead."""

    def __init__(self, tag: Tag) -> None:
        super().__init__(_("You already have a tag “{name}”. Merge the two?").format(name=tag.name))
        self.tag = tag


def normal(name: str) -> str:
    """The one spelling of a tag: lower case, hyphens for spaces, without # and commas; '' if nothing is left."""
    kept = "".join(" " if c in ",#" or (unicodedata.category(c)[0] in "CZ" and c not in JOINERS) else c for c in name)
    return "-".join(unicodedata.normalize("NFC", kept).casefold().split())[:LONGEST].strip("-")


def tags_named(names: Iterable[str], *, reader: User) -> list[Tag]:
    """The reader's tags of these names, in order, made where they are new."""
    wanted = list(dict.fromkeys(name for name in map(normal, names) if name))
    known = {tag.name: tag for tag in Tag.objects.of(reader).filter(name__in=wanted)}
    return [known.get(name) or Tag.objects.create(reader=reader, name=name) for name in wanted]


@transaction.atomic
def rename(tag: Tag, name: str) -> Tag:
    """Raises Taken when another tag of the reader has that name, ValueError when the name is empty."""
    name = normal(name)
    if not name:
        raise ValueError(_("A tag needs a name of letters or digits."))
    if other := Tag.objects.of(tag.reader).filter(name=name).exclude(pk=tag.pk).first():
        raise Taken(other)
    tag.name = name
    tag.save()
    return tag


@transaction.atomic
def merge(tags: Iterable[Tag], *, into: Tag) -> dict[str, Any]:
    """Puts `into` on all that carries one of `tags`, and deletes those. Answers a record that `unmerge` takes back."""
    gone = [tag for tag in tags if tag.pk != into.pk]
    carried = into.highlights.values_list("pk", flat=True)
    new = Tag.highlights.through._default_manager.filter(tag__in=gone).exclude(highlight_id__in=list(carried))
    added = sorted(set(new.values_list("highlight_id", flat=True)))
    into.highlights.add(*added)
    for tag in gone:
        delete(tag)
    return {"did": "merge", "into": into.pk, "gone": [tag.pk for tag in gone], "added": added}


@transaction.atomic
def unmerge(record: dict[str, Any], *, reader: User) -> None:
    """Brings back the tags that were merged away, and takes the other off what did not carry it before."""
    if into := Tag.objects.of(reader).filter(pk=record["into"]).first():
        into.highlights.remove(*record["added"])
    for tag in Tag.objects.filter(reader=reader, deleted__isnull=False, pk__in=record["gone"]):
        undelete(tag)


@transaction.atomic
def delete(tag: Tag) -> None:
    """Takes the tag off every page; `undelete` brings it back to the same highlights."""
    tag.deleted = timezone.now()
    tag.save()


@transaction.atomic
def undelete(tag: Tag) -> Tag:
    """Brings a deleted tag back; where its name was given away meanwhile, the two become one."""
    other: Tag | None = Tag.objects.of(tag.reader).filter(name=tag.name).first()
    if other:
        merge([tag], into=other)
        return other
    tag.deleted = None
    tag.save()
    return tag
