"""One Markdown document, as Obsidian and CommonMark read it: front matter, a heading for each article, quotations.

What was quoted is escaped, so that its signs are letters. A note is Markdown already: it stands in a list item of its
own, which ends whatever the note left open. A footnote or link that a note defines counts for the whole document.
"""

import json
import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from urllib.parse import quote

from newsreader.annotations.exports.values import About, Passage

_SIGNS = re.compile(r"([\\`*_{}\[\]#|~=$^%])")
_FIRST = re.compile(r"^([-+:])|^([0-9]{1,9})([.)])")
_NO_TAG, _HYPHENS = re.compile(r"[^\w/-]+"), re.compile(r"-{2,}")
_BREAKS = re.compile(r"[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+")


def markdown(passages: Iterable[Passage], about: About) -> Iterator[str]:
    yield _front(about)
    for _, group in groupby(passages, key=lambda passage: passage.article):
        for number, passage in enumerate(group):
            if not number:
                yield _heading(passage)
            yield _passage(passage)


def escaped(text: str) -> str:
    """One line in which nothing is Markdown."""
    line = " ".join(text.split()).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    line = _SIGNS.sub(r"\\\1", line)
    return _FIRST.sub(lambda found: rf"{found[2] or ''}\{found[1] or found[3]}", line)


def tag(name: str) -> str:
    """A tag as Obsidian takes it: letters, digits, - and _, not of digits alone."""
    kept = _HYPHENS.sub("-", _NO_TAG.sub("-", name)).strip("-") or "tag"
    return f"#{kept}_" if kept.isdigit() else f"#{kept}"


def _front(about: About) -> str:
    """Strings of JSON are strings of YAML, too."""
    lines = ["---", f"title: {_string(about.title)}", f"exported: {about.made.isoformat(timespec='seconds')}"]
    lines += [f"passages: {about.total}", f"source: {_string(about.address)}"]
    if about.filters:
        lines += ["filters:", *(f"  - {_string(name)}" for name in about.filters)]
    return "\n".join([*lines, "---", "", f"# {escaped(about.title)}", ""])


def _string(text: str) -> str:
    return json.dumps(text)


def _heading(passage: Passage) -> str:
    told = [*map(escaped, passage.sources), f"{passage.published:%Y-%m-%d}"]
    if passage.original:
        told.append(f"[{escaped(passage.original)}]({_address(passage.original)})")
    return f"\n## [{escaped(passage.title)}]({_address(passage.article)})\n\n{' · '.join(told)}\n"


def _passage(passage: Passage) -> str:
    lines = [escaped(line) for line in _BREAKS.split(passage.exact)]
    parts = ["\n>\n".join(f"> {line}" for line in lines if line) or ">"]
    if passage.note.strip():
        parts.append(_item(passage.note))
    told = f"[{passage.colour.capitalize()}, {passage.created:%Y-%m-%d}]({_address(passage.place)})"
    parts.append(" ".join([told, *map(tag, passage.tags)]))
    return "\n" + "\n\n".join(parts) + "\n"


def _item(note: str) -> str:
    first, *rest = note.strip().splitlines()
    return "\n".join([f"- {first.lstrip()}", *(f"  {line}" if line.strip() else "" for line in rest)])


def _address(address: str) -> str:
    """Nothing in it ends a link: brackets, white space and angle brackets are written in percent."""
    return quote(address, safe="/:?#@!$&'*+,;=%~")
