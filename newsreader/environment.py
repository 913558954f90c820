"""Reads settings from the environment. A value that can't be understood stops the start with its name."""

import os
import secrets
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

TRUE = {"true", "1", "yes", "on"}
FALSE = {"false", "0", "no", "off"}


def flag(name: str, *, default: bool) -> bool:
    """A yes or no; raises ImproperlyConfigured for anything else."""
    value = os.environ.get(name, "").strip().lower()
    if not value:
        return default
    if value in TRUE | FALSE:
        return value in TRUE
    raise ImproperlyConfigured(f"{name} is '{value}': set it to true or false.")


def number(name: str, *, default: int) -> int:
    """A whole number, zero or more; raises ImproperlyConfigured for anything else."""
    value = os.environ.get(name, "").strip()
    if not value:
        return default
    if value.isascii() and value.isdigit():
        return int(value)
    raise ImproperlyConfigured(f"{name} is '{value}': set it to a whole number.")


def address(name: str, *, default: str) -> str:
    """A web address without a path, as in https://news.example.org; raises ImproperlyConfigured."""
    value = os.environ.get(name, "").strip().rstrip("/") or default
    parts = urlsplit(value)
    if parts.scheme in {"http", "https"} and parts.hostname and not parts.path:
        return value
    raise ImproperlyConfigured(f"{name} is '{value}': set it to an address like https://news.example.org.")


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
