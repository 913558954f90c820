"""What stands in one cell. Pure. What a spreadsheet would run as a formula is defused, and taken in as it was."""

import re
from collections.abc import Iterable
from typing import Any

from newsreader.annotations.exports.table import defused

__all__ = ["as_cell", "defused", "joined", "lines", "one_line", "parted", "plain", "restored"]

_PARTS = re.compile(r"(?:[^\\;]|\\.)+", re.DOTALL)
_CONTROLS = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 127))


def restored(cell: str) -> str:
    """What `defused` was given. An apostrophe that it did not put there stays: 'tis written so by hand."""
    return cell[1:] if cell.startswith("'") and defused(cell[1:]) == cell else cell


def joined(names: Iterable[str]) -> str:
    """Several names in one cell: “Sea; Ports”. A semicolon in a name has a backslash before it, and so has one."""
    return "; ".join(re.sub(r"([\\;])", r"\\\1", name) for name in names)


def parted(cell: str) -> list[str]:
    """The names in a cell, each once, in order."""
    names = (re.sub(r"\\(.)", r"\1", part, flags=re.DOTALL) for part in _PARTS.findall(cell))
    return list(dict.fromkeys(name for one in names if (name := one_line(one))))


def as_cell(value: Any) -> str:
    """A value as CSV has it."""
    if isinstance(value, list):
        return joined(value)
    return "" if value is None else str(value)


def lines(text: str) -> str:
    """With the line ends that we keep, whatever an editor made of them."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def plain(text: str) -> str:
    """Words without control characters, as they are kept."""
    return lines(text).translate(_CONTROLS).strip()


def one_line(text: str) -> str:
    return " ".join(plain(text).split())
