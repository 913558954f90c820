"""The order of results where words don't give it: by date, by length, by one's own passages.

A place is the value that the last row is ordered by, and its key: the next page begins behind them, and so costs what
the first one costs. Dates are counted in microseconds, which a number holds exactly.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any as Anything

from django.db.models import Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from newsreader.annotations.models import Highlight
from newsreader.search.results import Found, Kind, Place, Someone

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TICK = timedelta(microseconds=1)


def in_order(
    rows: QuerySet[Anything], kind: Kind, sort: str, user: Someone, *, limit: int, after: Place | None = None
) -> list[Found]:
    """The next `limit` rows; their scores can be compared with those of other kinds in the same order."""
    own = sort == "passages" and user.is_authenticated
    if own and kind == "articles":
        return _by_passages(rows, user, limit, after)
    if own:
        by: Anything = _passages(user, "article")
    elif sort == "longest":
        by = F("words" if kind == "articles" else "article__words")
    else:
        by = F("dated" if kind == "articles" else "created")
    # The second key runs as the indexes of articles do.
    order = ("by", "pk") if sort == "oldest" else ("-by", "pk") if sort == "longest" else ("-by", "-pk")
    return _next(rows.annotate(by=by), order, limit, after)


def newest(dates: Mapping[int, str], *, limit: int, after: Place | None = None) -> list[Found]:
    """The next of a few rows whose dates are there, newest first: as `in_order` has them."""
    rows = [(moment, pk) for pk, moment in dates.items()]
    if after and len(after) == 2:
        behind = (str(_moment(int(after[0])).replace(tzinfo=None)), int(after[1]))
        rows = [row for row in rows if row < behind]
    found = []
    for moment, pk in sorted(rows, reverse=True)[:limit]:
        number = (datetime.fromisoformat(moment).replace(tzinfo=UTC) - _EPOCH) // _TICK
        found.append(Found(pk, float(number), (number, pk)))
    return found


def _by_passages(rows: QuerySet[Anything], user: Someone, limit: int, after: Place | None) -> list[Found]:
    """Articles with passages of the reader's, most first; then those without, newest first."""
    marked = Highlight.objects.of(user).live()
    found: list[Found] = []
    if not after or after[0] > 0:
        some = rows.filter(pk__in=marked.values("article")).annotate(by=_passages(user, "pk"))
        found = _next(some, ("-by", "-pk"), limit, after)
        after = None
    if len(found) < limit:
        none = rows.exclude(pk__in=marked.values("article")).order_by("-pk")
        if after:
            none = none.filter(pk__lt=int(after[1]))
        keys = none.values_list("pk", flat=True)[: limit - len(found)]
        found += [Found(pk, 0.0, (0, pk)) for pk in keys]
    return found


def _next(rows: QuerySet[Anything], order: tuple[str, str], limit: int, after: Place | None) -> list[Found]:
    """The next rows by their `by`, then by their keys."""
    if after and len(after) == 2:
        rows = rows.filter(_behind(order, _value(rows, int(after[0])), int(after[1])))
    sign = -1.0 if order[0] == "by" else 1.0
    found = []
    for pk, value in rows.order_by(*order).values_list("pk", "by")[:limit]:
        number = (value - _EPOCH) // _TICK if isinstance(value, datetime) else int(value)
        found.append(Found(pk, sign * number, (number, pk)))
    return found


def _behind(order: tuple[str, str], value: Anything, pk: int) -> Q:
    first, second = ("gt" if field in {"by", "pk"} else "lt" for field in order)
    # The bound on `by` alone is what an index is entered by.
    return Q(**{f"by__{first}e": value}) & (Q(**{f"by__{first}": value}) | Q(**{f"pk__{second}": pk}))


def _value(rows: QuerySet[Anything], number: int) -> Anything:
    """The number of a place as the column holds it."""
    if rows.query.annotations["by"].output_field.get_internal_type() != "DateTimeField":
        return min(number, 2**31 - 1)
    return _moment(number)


def _moment(number: int) -> datetime:
    try:
        return _EPOCH + number * _TICK
    except OverflowError:
        return _EPOCH


def _passages(user: Someone, ref: str) -> Coalesce:
    """How many passages the reader has in the article."""
    live = Highlight.objects.of(user).live().filter(article=OuterRef(ref))
    counted = live.order_by().values("article").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)
