"""What writes the journal and takes back what it tells. Services record what they did; nothing else writes here.

A way back is a few plain values, so that it can be stored: a column set back, or a label taken off or put on again,
each only on rows that still are as the deed left them. What somebody changed since stays.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from newsreader.accounts.models import User
from newsreader.desk.models import Deed, Entry

BATCH = 500  # databases limit how many values one statement may have


class NoWayBack(ValueError):
    """It can't be taken back, or was already; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Way:
    """`field` of `model` (“articles.article”) was set from `before` to `after` on the rows with these keys.

    Of a many-to-many field, `before` and `after` say whether the label with the key `label` was on them. Where rows
    differ, `field` is "*", and `before` and `after` are {key as text: {column: value}}. Of an article's "html" they are
    numbers of revisions: a text is never set back, it gets a new revision. Of "made" and "gone", see there. Of a
    collection's "order" they are the keys of its articles, of its "items" the same with its notes on them.
    """

    model: str
    field: str
    before: Any
    after: Any
    rows: list[int]
    label: int | None = None


@dataclass(frozen=True, slots=True)
class TakenBack:
    """What an undo did: its own entry, how many rows are as before, how many had been changed since and stay."""

    entry: Entry
    back: int
    left: int


def record(
    deed: Deed,
    *,
    by: User | None,
    about: object,
    rows: Sequence[models.Model] | None = None,
    told: str = "",
    ways: Iterable[Way] = (),
    undoes: Entry | None = None,
    kind: str = "",
    number: int | None = None,
) -> Entry:
    """Writes one entry. `about` names what it was done to; `rows` are those things, where there are several.

    Where they are too many to hold, `kind` and `number` say what and how many.
    """
    one = [about] if rows is None and isinstance(about, models.Model) else list(rows or ())
    return Entry.objects.create(
        actor=by,
        actor_name=by.name if by else "",
        deed=deed,
        kind=one[0]._meta.label_lower if one else kind,
        about=str(about)[:500],
        number=max(1, len(one)) if number is None else number,
        rows=[row.pk for row in one],
        told=told,
        ways=[asdict(way) for way in ways],
        undoes=undoes,
    )


def made(rows: Sequence[models.Model]) -> Way:
    """That these rows of one model are new. The way back deletes those that nobody touched since.

    Record it before the ways of what was put on them, which are then gone first.
    """
    as_made = {str(row.pk): _as_made(row) for row in rows}
    return Way(rows[0]._meta.label_lower, "made", None, as_made, [row.pk for row in rows])


def gone(rows: Sequence[models.Model]) -> Way:
    """That these rows of one model are about to be deleted. The way back makes them again, with their keys.

    Record it behind the ways of what was taken off them, which then go back once the rows are there.
    """
    as_before = {
        str(row.pk): {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields} for row in rows
    }
    return Way(rows[0]._meta.label_lower, "gone", as_before, None, [row.pk for row in rows])


def can_be_undone(entry: Entry) -> bool:
    """Whether there is a way back that nobody has gone."""
    return bool(entry.ways) and not Entry.objects.filter(undoes=entry).exists()


@transaction.atomic
def undo(entry: Entry, *, by: User) -> TakenBack:
    """Takes the deed back where things still are as it left them. Raises NoWayBack, also for the second of two."""
    if not entry.ways:
        raise NoWayBack(_("There is no way back from this."))
    back, all_of_them = set(), set()
    try:
        with transaction.atomic():
            undone = record(Deed.UNDONE, by=by, about=entry.about, undoes=entry)
    except IntegrityError as error:
        raise NoWayBack(_("This was taken back already.")) from error
    for stored in reversed(entry.ways):
        way = Way(**stored)
        done = _texts_back(way, by) if way.field == "html" else _go_back(way)
        back |= {(way.model, key) for key in done}
        all_of_them |= {(way.model, key) for key in way.rows}
    return TakenBack(undone, len(back), len(all_of_them - back))


def _go_back(way: Way) -> Iterator[int]:
    """Sets what still is as `way` left it back; the keys of those rows."""
    model = apps.get_model(way.model)
    if way.field in _ONE_BY_ONE:
        yield from _ONE_BY_ONE[way.field](model, way)
        return
    if way.label is not None and not _labels(model, way).exists():
        return  # what it was labelled with is gone for good
    for start in range(0, len(way.rows), BATCH):
        rows = model._default_manager.filter(pk__in=way.rows[start : start + BATCH])
        keys = list(_still(rows, way).select_for_update().values_list("pk", flat=True))
        if way.label is None:
            model._default_manager.filter(pk__in=keys).update(**{way.field: way.before}, **_touched(model))
        else:
            _label(model, way, keys)
        yield from keys


def _texts_back(way: Way, by: User) -> Iterator[int]:
    """Puts an older text back, as a new revision that carries highlights."""
    from newsreader.desk.texts import take_back  # noqa: PLC0415 which writes the journal itself

    for article in apps.get_model(way.model)._default_manager.filter(pk__in=way.rows):
        if take_back(article, before=way.before, after=way.after, by=by):
            yield article.pk


def _each_back(model: type[models.Model], way: Way) -> Iterator[int]:
    """Sets those rows back, each to its own values, that still have the values which the deed gave them."""
    for key in way.rows:
        row = model._default_manager.filter(pk=key, **way.after[str(key)])
        try:
            with transaction.atomic():
                done = row.update(**{**_touched(model), **way.before[str(key)]})
        except IntegrityError:  # its former name or address is another's by now
            continue
        if done:
            yield key


# What says that a new row is in use by now, besides its own columns.
_USES = {
    "articles.article": ("highlights", "collections", "merged"),
    "articles.source": ("articles",),
    "articles.topic": ("articles",),
}


def _as_made(row: models.Model) -> dict[str, Any]:
    """By which columns it is known again as nobody has touched it."""
    if "changed" in {field.name for field in row._meta.fields}:
        return {"changed": row.changed.isoformat()}  # type: ignore[attr-defined]
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields if not field.primary_key}


def _made_back(model: type[models.Model], way: Way) -> Iterator[int]:
    """Deletes what is as it was made, and of no use to anybody."""
    for key in way.rows:
        row = model._default_manager.filter(pk=key, **way.after[str(key)]).first()
        if row is None or any(getattr(row, name).exists() for name in _USES.get(way.model, ())):
            continue
        try:
            with transaction.atomic():
                row.delete()
        except IntegrityError:  # highlighted at this moment; a ProtectedError is one, too
            continue
        yield key


def _gone_back(model: type[models.Model], way: Way) -> Iterator[int]:
    """Makes those rows again whose names and addresses nobody has taken meanwhile, and whose neighbours are there."""
    for key in way.rows:
        row = model(**way.before[str(key)])
        try:
            with transaction.atomic():
                if _neighbours_of(row):
                    row.save(force_insert=True)
                    yield key
        except IntegrityError:
            continue


def _neighbours_of(row: models.Model) -> bool:
    """Whether what it refers to is there: SQLite says only at the very end of a transaction that it isn't."""
    columns = [field for field in row._meta.concrete_fields if isinstance(field, models.ForeignKey)]
    return all(
        field.related_model._default_manager.filter(pk=key).exists()
        for field in columns
        if (key := getattr(row, field.attname)) is not None
    )


def _order_back(model: Any, way: Way) -> Iterator[int]:
    """Puts the articles of a collection in their former order, unless one came, went or moved since."""
    from newsreader.desk.briefings import arrange, in_order  # noqa: PLC0415 which writes the journal itself

    for collection in model._default_manager.filter(pk__in=way.rows).select_for_update():
        if in_order(collection) == way.after:
            arrange(collection, way.before)
            yield collection.pk


def _items_back(model: Any, way: Way) -> Iterator[int]:
    """Puts the articles of a collection in their former order."""
    from newsreader.desk.exchange.collections import arrange, in_order  # noqa: PLC0415 which writes the journal itself

    for collection in model._default_manager.filter(pk__in=way.rows).select_for_update():
        if in_order(collection) == way.after:
            arrange(collection, way.before)
            yield collection.pk


_ONE_BY_ONE: dict[str, Callable[[Any, Way], Iterator[int]]] = {
    "*": _each_back,
    "made": _made_back,
    "gone": _gone_back,
    "items": _items_back,
    "order": _order_back,
}


def _labels(model: type[models.Model], way: Way) -> models.QuerySet[Any]:
    labels: Any = model._meta.get_field(way.field).related_model
    rows: models.QuerySet[Any] = labels._default_manager.filter(pk=way.label)
    return rows


def _still(rows: models.QuerySet[Any], way: Way) -> models.QuerySet[Any]:
    """Those that are as the deed left them."""
    if way.label is None:
        return rows.filter(**{way.field: way.after})
    through, here, there = _joined(rows.model, way.field)
    has_it = models.Exists(through._default_manager.filter(**{here: models.OuterRef("pk"), there: way.label}))
    return rows.filter(has_it) if way.after else rows.exclude(has_it)


def _label(model: type[models.Model], way: Way, keys: list[int]) -> None:
    through, here, there = _joined(model, way.field)
    if way.before:
        rows = [through(**{here: key, there: way.label}) for key in keys]
        through._default_manager.bulk_create(rows, ignore_conflicts=True)
    else:
        through._default_manager.filter(**{f"{here}__in": keys, there: way.label}).delete()
    # What has the field on its form: an article its topics, a collection its articles.
    if isinstance(model._meta.get_field(way.field), models.ManyToManyField):
        model._default_manager.filter(pk__in=keys).update(**_touched(model))
    elif touched := _touched(_labels(model, way).model):
        _labels(model, way).update(**touched)


def _joined(model: type[models.Model], name: str) -> tuple[Any, str, str]:
    """The model that joins the rows to their labels, and its columns for either, from whichever side it is asked."""
    field: Any = model._meta.get_field(name)
    if isinstance(field, models.ManyToManyField):
        return field.remote_field.through, f"{field.m2m_field_name()}_id", f"{field.m2m_reverse_field_name()}_id"
    other = field.field
    return field.through, f"{other.m2m_reverse_field_name()}_id", f"{other.m2m_field_name()}_id"


def _touched(model: type[models.Model]) -> dict[str, Any]:
    """Whoever has one of them open in a form is told that it isn't as they saw it."""
    return {"changed": timezone.now()} if any(field.name == "changed" for field in model._meta.fields) else {}
