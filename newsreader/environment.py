"""Reads settings from the environment. A value that can't be understood stops the start with its name."""

import os
import re
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

from newsreader.intake.addresses import Allowed

TRUE = {"true", "1", "yes", "on"}
FALSE = {"false", "0", "no", "off"}
POSTGRESQL = "django.db.backends.postgresql"
# A server that is gone is noticed in seconds (tcp_user_timeout: in ms), where TCP alone would wait for minutes.
PRIMARY_OPTIONS = {"connect_timeout": 5, "keepalives_idle": 30, "tcp_user_timeout": 10_000}
REPLICA_OPTIONS = {"connect_timeout": 2, "keepalives_idle": 30, "tcp_user_timeout": 5_000}  # another one can answer


def flag(name: str, *, default: bool) -> bool:
    """A yes or no; raises ImproperlyConfigured for anything else."""
    value = os.environ.get(name, "").strip().lower()
    if not value:
        return default
    if value in TRUE | FALSE:
        return value in TRUE
    raise ImproperlyConfigured(f"{name} is '{value}': set it to true or false.")


def number(name: str, *, default: int, least: int = 0) -> int:
    """A whole number, `least` or more; raises ImproperlyConfigured for anything else."""
    value = os.environ.get(name, "").strip()
    if not value:
        return default
    if value.isascii() and value.isdigit() and len(value) < 10 and int(value) >= least:
        return int(value)
    wanted = f"a whole number, {least} or more" if least else "a whole number"
    raise ImproperlyConfigured(f"{name} is '{value}': set it to {wanted}.")


def address(name: str, *, default: str) -> str:
    """A web address without a path, as in https://news.example.org; raises ImproperlyConfigured."""
    value = os.environ.get(name, "").strip().rstrip("/") or default
    parts = urlsplit(value)
    if parts.scheme in {"http", "https"} and parts.hostname and not parts.path:
        return value
    raise ImproperlyConfigured(f"{name} is '{value}': set it to an address like https://news.example.org.")


def allowed(name: str) -> Allowed:
    """Hosts and networks, each with a port or without; raises ImproperlyConfigured with the one that is neither."""
    try:
        return Allowed.of(re.split(r"[\s,]+", os.environ.get(name, "")))
    except ValueError as error:
        raise ImproperlyConfigured(
            f"{name} has '{error}': name hosts and networks, as in intranet.example.org, 10.1.0.0/16, wiki:8080."
        ) from None


def databases(sqlite: Path) -> dict[str, Any]:
    """Django's DATABASES: DATABASE_URL or the file `sqlite`, and replica1, replica2, … of DATABASE_REPLICA_URLS.

    Raises ImproperlyConfigured, without the address: there is a password in it.
    """
    url = os.environ.get("DATABASE_URL", "").strip() or f"sqlite:///{sqlite}"
    primary = _database("DATABASE_URL", url, PRIMARY_OPTIONS)
    urls = re.split(r"[\s,]+(?=\w+://)", os.environ.get("DATABASE_REPLICA_URLS", "").strip(" ,\n"))
    replicas = [_database("DATABASE_REPLICA_URLS", url, REPLICA_OPTIONS) for url in urls if url]
    if replicas and any(one["ENGINE"] != POSTGRESQL for one in (primary, *replicas)):
        raise ImproperlyConfigured(
            "DATABASE_REPLICA_URLS names replicas of PostgreSQL, and DATABASE_URL their primary."
        )
    for replica in replicas:
        replica["TEST"] = {"MIRROR": "default"}
    return {"default": primary} | {f"replica{number}": one for number, one in enumerate(replicas, 1)}


def _database(name: str, url: str, options: dict[str, int]) -> dict[str, Any]:
    """One entry; what the address says of its options wins."""
    try:
        found: dict[str, Any] = dict(dj_database_url.parse(url, conn_max_age=600, conn_health_checks=True))
    except ValueError as error:
        raise ImproperlyConfigured(
            f"{name} can't be understood: it is an address like postgres://user:password@host/newsreader."
        ) from error
    found.setdefault("OPTIONS", {})
    if found["ENGINE"] == POSTGRESQL:
        found["OPTIONS"] = options | found["OPTIONS"]
        if flag("DATABASE_POOLED", default=False):
            # In transaction mode the next statement may go to another server connection: nothing may be kept on one.
            found["DISABLE_SERVER_SIDE_CURSORS"] = True
            found["OPTIONS"]["prepare_threshold"] = None
    return found


def secret_key(path: Path) -> str:
    """The key kept in `path` (mode 600), made on the first start.

    Several processes may start at once: a complete file is linked into place, and the first link wins.
    """
    with suppress(FileNotFoundError):
        return path.read_text(encoding="ascii").strip()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(64))
        with suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
    except OSError as error:
        raise ImproperlyConfigured(
            f"The folder {path.parent} can't be written ({error.strerror}): "
            "make it writable, or name another one in NEWSREADER_VAR."
        ) from error
    return path.read_text(encoding="ascii").strip()
