"""What a start should warn of, beside Django's own checks."""

import os
import sqlite3
from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Warning
from django.db import connections

# A reset of the write-ahead log could race with another connection's checkpoint and lose pages. Present from
# 3.7.0 on; fixed in 3.51.3 and in the last releases of two older lines.
FIXED = ((3, 51, 3), (3, 50, 7), (3, 44, 6))


def sqlite_is_safe(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Warn of an SQLite with the WAL-reset race.

    To be registered under Tags.database: then `migrate` and each start say it, and `check --deploy`, which judges the
    project and not the machine's SQLite, does not.
    """
    used = any(connections[alias].vendor == "sqlite" for alias in databases or ())
    if not used or has_fix(sqlite3.sqlite_version_info):
        return []
    return [
        Warning(
            f"SQLite {sqlite3.sqlite_version} can, very rarely, damage the database when two processes write.",
            hint="Update SQLite to 3.51.3 or newer (or 3.50.7, 3.44.6), and make backup now and then.",
            id="newsreader.W001",
        )
    ]


def key_is_shared(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Warn of a key in this machine's own folder where there are several machines, as replicas let one think."""
    if not settings.REPLICAS or os.environ.get("NEWSREADER_SECRET_KEY"):
        return []
    return [
        Warning(
            "The secret key is this machine's own: whoever signs in on one machine is a stranger on the next.",
            hint="Set NEWSREADER_SECRET_KEY to the same key on all machines.",
            id="newsreader.W002",
        )
    ]


def has_fix(version: tuple[int, ...]) -> bool:
    """Whether this version of SQLite has the fix, or is older than the fault."""
    if version < (3, 7, 0) or version >= FIXED[0]:
        return True
    return any(fixed[:2] == version[:2] and version >= fixed for fixed in FIXED[1:])
