"""What backup and restore share: what lies in a copy, and how PostgreSQL's programs are called.

A copy is a .tar.gz of `about.json` (when it was made, of which kind of database), the database, and the secret key.
"""

import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

ABOUT = "about.json"
SECRET = "secret_key"  # noqa: S105 the file's name
DATABASES = {"sqlite": "newsreader.sqlite3", "postgresql": "newsreader.dump"}


def set_up() -> None:
    """Load the settings; ends with a line when they can't be read."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsreader.settings")
    try:
        django.setup()
    except ImproperlyConfigured as error:
        sys.exit(str(error))


def now() -> str:
    """The time as it stands in a file's name, in UTC: 2026-05-01-120000."""
    return datetime.now(UTC).strftime("%Y-%m-%d-%H%M%S")


def database() -> dict[str, Any]:
    """The settings of the one database."""
    settled: dict[str, Any] = settings.DATABASES["default"]
    return settled


def secret_key() -> Path:
    """Where the key lies that sessions and one-time links are signed with."""
    return Path(settings.VAR) / SECRET


def postgres(program: str, *arguments: str | Path) -> None:
    """Run one of PostgreSQL's programs on our database."""
    wanted = database()
    environment = {
        "PGHOST": wanted.get("HOST"),
        "PGPORT": wanted.get("PORT"),
        "PGUSER": wanted.get("USER"),
        "PGPASSWORD": wanted.get("PASSWORD"),
        "PGSSLMODE": wanted.get("OPTIONS", {}).get("sslmode"),
    }
    settled = {name: str(value) for name, value in environment.items() if value}
    run(program, "--dbname", wanted["NAME"], *arguments, **settled)


def run(program: str, *arguments: str | Path, **environment: str) -> None:
    """Run one of PostgreSQL's programs; ends with a line when it is missing or fails."""
    if not shutil.which(program):
        sys.exit(f"{program} is missing: install PostgreSQL's client programs, then run this again.")
    answer = subprocess.run([program, *arguments], env={**os.environ, **environment}, stdout=subprocess.DEVNULL)
    if answer.returncode:
        sys.exit(f"{program} failed, see above: nothing was changed.")
