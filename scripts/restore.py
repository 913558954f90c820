"""Takes a copy back that `make backup` wrote. The copy is tested first, and what it replaces is kept.

Refuses while the library runs on this folder: its readers' last words would be lost.
"""

import fcntl
import json
import os
import shutil
import sqlite3
import sys
import tarfile
import tempfile
import zlib
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from scripts import backup, copies

PREPARED = "prepared.json"  # what the last start had done: no longer true of another database


def main(place: str) -> None:
    """Put the copy at `place` in the library's place."""
    if not place:
        sys.exit("Say which copy: make restore FILE=var/backups/newsreader-….tar.gz")
    copies.set_up()
    var = Path(settings.VAR)
    var.mkdir(mode=0o700, parents=True, exist_ok=True)
    # On the database's own file system, so that the copy can take its place in one step.
    beside = Path(copies.database()["NAME"]).resolve().parent if connection.vendor == "sqlite" else var
    with (var / "in-use").open("w") as lock, tempfile.TemporaryDirectory(dir=beside, prefix=".copy-") as folder:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            sys.exit("The library is open: close it with Ctrl-C, then run make restore again.")
        made = unpack(Path(place), Path(folder))
        database = Path(folder) / copies.DATABASES[connection.vendor]
        kept = restore_postgres(database, var) if connection.vendor == "postgresql" else restore_sqlite(database)
        restore_key(Path(folder) / copies.SECRET)
        (var / PREPARED).unlink(missing_ok=True)
    print(f"The library is again as it was at {made} UTC. make run opens it.")
    if kept:
        print(f"What it replaced is kept in {kept}")


def unpack(place: Path, folder: Path) -> str:
    """Take the known parts out of the archive, nothing else; the time it was made. Ends with a line if it is none."""
    known = {copies.ABOUT, copies.SECRET, copies.DATABASES[connection.vendor]}
    try:
        with tarfile.open(place, "r:gz") as archive:
            for member in archive:
                if member.name in known and member.isfile() and (part := archive.extractfile(member)):
                    with (folder / member.name).open("wb") as file:
                        shutil.copyfileobj(part, file)
        about: dict[str, str] = json.loads((folder / copies.ABOUT).read_text())
    except FileNotFoundError as error:
        if not place.exists():
            sys.exit(f"There is no file {place}.")
        sys.exit(f"{place} is no copy of a library ({Path(error.filename).name} is missing): nothing was changed.")
    except (OSError, EOFError, tarfile.TarError, zlib.error, ValueError) as error:
        sys.exit(f"{place} can't be read, it may be cut short ({error}): nothing was changed.")
    if about.get("database") != connection.vendor:
        sys.exit(f"{place} is a copy from {about.get('database')}, and this library is in {connection.vendor}.")
    if not (folder / copies.DATABASES[connection.vendor]).exists():
        sys.exit(f"{place} has no database in it: nothing was changed.")
    return about.get("made", "a time not noted")


def test(database: Path) -> None:
    """End with a line when the copy is damaged, or newer than this program."""
    try:
        with closing(sqlite3.connect(database)) as copy:
            faults = [row[0] for row in copy.execute("PRAGMA integrity_check(1)") if row[0] != "ok"]
            faults += [
                f"rows of {row[0]} point nowhere" for row in copy.execute("PRAGMA foreign_key_check").fetchmany(1)
            ]
            applied = set(copy.execute("SELECT app, name FROM django_migrations"))
    except sqlite3.Error as error:
        sys.exit(f"The copy is damaged ({error}): nothing was changed.")
    if faults:
        sys.exit(f"The copy is damaged ({faults[0]}): nothing was changed.")
    if unknown := sorted(applied - known_migrations()):
        sys.exit(f"The copy is from a newer version ({'.'.join(unknown[0])}): update the program first.")


def known_migrations() -> set[tuple[str, str]]:
    """Every migration this program has, those included that a squashed one stands for."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    replaced: Iterable[tuple[str, str]] = (each for one in loader.disk_migrations.values() for each in one.replaces)
    return {*loader.disk_migrations, *replaced}


def restore_sqlite(database: Path) -> Path | None:
    """Test the copy, move the present database aside and the copy into its place; where the present one is now."""
    test(database)
    present = Path(copies.database()["NAME"]).resolve()
    kept = present.with_name(f"{present.stem}-replaced-{copies.now()}{present.suffix}")
    for tail in ("-shm", "-wal", ""):  # the log first: without it, what is left is still a database
        if (part := present.with_name(present.name + tail)).exists():
            part.replace(kept.with_name(kept.name + tail))
    with database.open("rb") as file:
        os.fsync(file.fileno())
    database.replace(present)
    return kept if kept.exists() else None


def restore_postgres(database: Path, var: Path) -> Path:
    """Back up the present database, then replace all of it in one transaction; where that backup is."""
    kept = var / "backups" / f"newsreader-replaced-{copies.now()}.tar.gz"
    backup.write(kept)
    script = database.with_suffix(".sql")
    copies.run("pg_restore", "--no-owner", "--no-privileges", "--file", script, database)
    # All of the schema goes, tables included that a newer version added: the copy's own migrations run again.
    empty = ["--command", "DROP SCHEMA public CASCADE", "--command", "CREATE SCHEMA public"]
    copies.postgres("psql", "--quiet", "--single-transaction", "-v", "ON_ERROR_STOP=1", *empty, "--file", script)
    return kept


def restore_key(key: Path) -> None:
    """Put the copy's secret key in place, so that sign-ins and links of that time are good again."""
    if key.exists():
        draft = copies.secret_key().with_name(f"{key.name}.restored")
        shutil.copyfile(key, draft)
        draft.chmod(0o600)
        draft.replace(copies.secret_key())


if __name__ == "__main__":
    main(sys.argv[1])
