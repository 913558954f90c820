"""How often a feed is visited: by how often it publishes. Pure; the time is given."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from itertools import pairwise
from statistics import median

SHORTEST, LONGEST = 15 * 60, 24 * 3600  # seconds
USUAL = 3600  # where nothing is known
_LOOKED_AT = 20  # entries
_QUIET = 7 * 24 * 3600  # seconds without anything new, after which a day more or less is nothing


def interval_of(published: Iterable[dt.datetime | None], now: dt.datetime, before: int = USUAL) -> int:
    """Seconds between two visits: half the time that usually lies between two entries.

    Slower where nothing has come for longer than that; as `before` where its entries have no dates.
    """
    dates = sorted({one for one in published if one and one <= now}, reverse=True)[:_LOOKED_AT]
    if not dates:
        return min(max(before, SHORTEST), LONGEST)
    silence = (now - dates[0]).total_seconds()
    if len(dates) < 2 or silence > _QUIET:
        wanted = LONGEST if silence > _QUIET else USUAL
        return max(SHORTEST, min(wanted, LONGEST))
    gaps = [(newer - older).total_seconds() for newer, older in pairwise(dates)]
    usually = max(median(gaps), silence / 4)
    return int(min(max(usually / 2, SHORTEST), LONGEST))
