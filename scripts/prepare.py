"""What a start needs done first: migrations, seeds, static files; each only when something changed.

Says on standard error what it does. Standard output has only the link that claims a library without an owner.
One process for all of it, because starting Django costs more than finding that there is nothing to do.
"""

import hashlib
import json
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import django
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core import checks
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, connections
from django.db.migrations.executor import MigrationExecutor

ROOT = Path(__file__).resolve().parent.parent
STARTING = 0x6E657773  # a lock's number: "news"
NOT_SERVED = ["htmax-*", "*-4.js", "*-4.min.js"]  # htmx 4, which django-htmx carries too


def main(base: str) -> None:
    """Prepare the library that the environment names; `base` is the address that the claiming link starts with."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsreader.settings")

    try:
        django.setup()
        prepare(Path(settings.VAR) / "prepared.json")
        call_command("claim_link", base=base)
    except ImproperlyConfigured as error:
        sys.exit(str(error))
    except CommandError as error:
        sys.exit(f"The start failed: {error}")
    except DatabaseError as error:
        sys.exit(f"The database can't be used ({str(error).strip()}): see DATABASE_URL and the folder {settings.VAR}.")
    except OSError as error:
        sys.exit(f"{error.filename or settings.VAR}: {error.strerror}. Make it writable, or set NEWSREADER_VAR.")


def prepare(note: Path) -> None:
    """Do what `note`, written by the last start, doesn't say was done with the same files."""
    done = read(note)
    seeds = fingerprint(path for path in sorted((ROOT / "seeds").rglob("*")) if path.is_file())
    static = fingerprint(static_files())

    with alone():
        if migrate():
            done.pop("seeds", None)  # a new database, or new rules of reading
        if done.get("seeds") != seeds:
            say("Loading seeds …")
            done["seeds"] = seeds if load_seeds() else ""
    if done.get("static") != static or not (Path(settings.STATIC_ROOT) / "staticfiles.json").exists():
        say("Compressing static files …")
        call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=NOT_SERVED)
        done["static"] = static
    if done != read(note):
        note.write_text(json.dumps(done, indent=1) + "\n")


@contextmanager
def alone() -> Iterator[None]:
    """Of several machines that start on one PostgreSQL, one after the other: the rest find that it is done.

    The lock belongs to a transaction on a connection of its own, so that it holds behind a pooler, too. On SQLite
    there is one machine, and migrating takes the write lock.
    """
    if connection.vendor != "postgresql":
        yield
        return
    other = connections.create_connection("default")
    try:
        other.set_autocommit(False)
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [STARTING])
        yield
    finally:
        other.close()


def migrate() -> bool:
    """Bring the database up to date; whether there was anything to do. Says what Django's database checks warn of."""
    for warning in checks.run_checks(tags=[checks.Tags.database], databases=["default"]):
        say(f"Warning: {warning.msg} {warning.hint or ''}".strip())
    executor = MigrationExecutor(connection)
    if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return False
    say("Setting up the database …")
    call_command("migrate", interactive=False, verbosity=0)
    return True


def load_seeds() -> bool:
    """Load seeds/; False when a document was refused, which must not keep the library closed."""
    try:
        call_command("load_seeds", str(ROOT / "seeds"), stdout=sys.stderr)
    except CommandError as error:
        say(str(error))
        return False
    except SystemExit as end:
        return not end.code
    return True


def static_files() -> Iterable[Path]:
    """Every file that collectstatic would take, and the settings that say how."""
    yield from (ROOT / "newsreader/settings.py", ROOT / "newsreader/storage.py")
    for finder in get_finders():
        for path, storage in finder.list(None):
            yield Path(storage.path(path))


def fingerprint(paths: Iterable[Path]) -> str:
    """One hash over names, sizes and times of change: a look at each file's entry, not into it."""
    digest = hashlib.sha256()
    for path in paths:
        entry = path.stat()
        digest.update(f"{path.relative_to(path.anchor)} {entry.st_size} {entry.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def read(note: Path) -> dict[str, str]:
    """What the last start noted; nothing when there was none or its note is damaged."""
    try:
        done: dict[str, str] = json.loads(note.read_text())
    except (OSError, ValueError):
        return {}
    return done


def say(line: str) -> None:
    """A line for the person who started it."""
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    try:
        main(sys.argv[1])
    except KeyboardInterrupt:
        sys.exit(130)
