"""Counts that cost the same in a library of any size: exact up to CAP, and “1,000+” beyond."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import QuerySet
from django.utils.formats import number_format

from newsreader.replicas.router import connection_for_reads

CAP = 1_000


class Count(int):
    """How many, at most CAP + 1, which stands for more. Written as people read it."""

    def __str__(self) -> str:
        return (
            f"{number_format(CAP, force_grouping=True)}+"
            if self > CAP
            else number_format(int(self), force_grouping=True)
        )

    @property
    def shown(self) -> str:
        """The same for templates, which write any number as one."""
        return str(self)

    @property
    def exact(self) -> bool:
        return self <= CAP


class AtLeast(Count):
    """How many of those that were looked at, where there are more."""

    def __str__(self) -> str:
        return f"{number_format(int(self), force_grouping=True)}+"


def capped(of: Sequence[QuerySet[Any]], most: int = CAP + 1) -> list[Count]:
    """How many rows each of these has, `most` at most. All in one statement."""
    parts: list[str] = []
    values: list[Any] = []
    for number, rows in enumerate(of):
        try:
            sql, given = rows.order_by().values("pk")[:most].query.sql_with_params()
        except EmptyResultSet:
            continue
        parts.append(f"SELECT {number}, count(*) FROM ({sql}) AS counted")  # noqa: S608 the ORM's
        values += given
    found = dict.fromkeys(range(len(of)), 0)
    if parts:
        with connection_for_reads().cursor() as cursor:
            cursor.execute(" UNION ALL ".join(parts), values)
            found |= dict(cursor.fetchall())
    return [Count(found[number]) for number in range(len(of))]
