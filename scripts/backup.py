"""Writes a consistent copy of the library while it runs: database and secret key in one .tar.gz, for its owner only."""

import json
import os
import sqlite3
import sys
import tarfile
import tempfile
from contextlib import closing
from pathlib import Path

from django.conf import settings
from django.db import connection

from scripts import copies


def main(place: str) -> None:
    """Write the copy to `place`, or into var/backups when it is empty, and print its path and size."""
    copies.set_up()
    target = Path(place) if place else Path(settings.VAR) / "backups" / f"newsreader-{copies.now()}.tar.gz"
    try:
        write(target)
    except (OSError, sqlite3.Error) as error:
        sys.exit(f"The copy {target} could not be written ({error}): nothing was left there.")
    print(f"{target} ({target.stat().st_size / 1e6:.1f} MB)")


def write(target: Path) -> None:
    """Write the copy beside `target` first: a file of that name is always a whole one."""
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".copy-") as folder:
        parts = [about(Path(folder)), snapshot(Path(folder))]
        if copies.secret_key().exists():
            parts.append(copies.secret_key())
        draft = Path(folder) / "copy.tar.gz"
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as file:
            with tarfile.open(fileobj=file, mode="w:gz", compresslevel=6) as archive:
                for part in parts:
                    archive.add(part, arcname=part.name)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(target)


def about(folder: Path) -> Path:
    """A note of when the copy was made, and of what."""
    note = folder / copies.ABOUT
    note.write_text(json.dumps({"made": copies.now(), "database": connection.vendor}) + "\n")
    return note


def snapshot(folder: Path) -> Path:
    """The database as it was at one moment, whoever writes meanwhile."""
    target = folder / copies.DATABASES[connection.vendor]
    if connection.vendor == "postgresql":
        copies.postgres("pg_dump", "--format=custom", "--no-owner", "--no-privileges", "--file", target)
        return target
    source = Path(copies.database()["NAME"]).resolve()
    if not source.exists():
        sys.exit(f"There is no library yet in {source}: make run makes one.")
    # All pages in one step: a reader's snapshot, for which no writer waits. A copy in several steps would begin anew
    # with every write. (VACUUM INTO would be smaller, but may give rows of the search index other numbers.)
    live = sqlite3.connect(f"{source.as_uri()}?mode=ro", uri=True, timeout=20)
    copy = sqlite3.connect(target)
    with closing(live), closing(copy):
        live.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")  # one file, without a log beside it
        if (fault := copy.execute("PRAGMA quick_check(1)").fetchone()[0]) != "ok":
            sys.exit(f"The database is damaged ({fault}): keep it as it is, and restore an older copy.")
    return target


if __name__ == "__main__":
    main(sys.argv[1])
