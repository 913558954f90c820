"""Kindle's "My Clippings.txt", in the languages that its devices write. One item for each book."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from newsreader.core.sentence import Sentence
from newsreader.intake.imports.opened import ROWS, Opened, too_many
from newsreader.intake.imports.shape import Item, Marked, Unread, line
from newsreader.intake.imports.words import BYLINE, TITLE, lines_of, moment, words_of

KIND, NAME = "kindle", "Kindle"
_RULE = re.compile(r"^={6,}[ \t]*$", re.MULTILINE)
_PLACES = ("bookmark", "lesezeichen", "signet", "marcador", "segnalibro", "bladwijzer", "书签", "書籤", "ブックマーク")
_NOTES = ("note", "notiz", "nota", "notitie", "notatka", "笔记", "筆記", "メモ")
_PASSAGES = (
    *("highlight", "markierung", "surlignement", "subrayado", "evidenziazione", "destaque", "markering"),
    *("标注", "標註", "ハイライト"),
)
_RANGE = re.compile(r"(\d{1,7})(?:\s*[-–]\s*(\d{1,7}))?")
_BY = re.compile(r"(?P<title>.+?)\s*[(（](?P<author>(?:[^()（）]|[(（][^()（）]*[)）])+)[)）]\s*")


@dataclass
class _Book:
    at: int
    marks: list[tuple[Marked, int, int]] = field(default_factory=list)  # with the first and last place
    notes: list[tuple[Marked, int]] = field(default_factory=list)


def claims(file: Opened) -> bool:
    if file.is_zip or file.is_markup or file.is_json:
        return False
    head = re.match(r"[^\n]+\n[ \t]*-[^\n]*\d", file.text[:5_000].replace("\r\n", "\n").lstrip("\ufeff\n"))
    return bool(head and ("|" in head[0] or _RULE.search(file.text[:20_000])))


def read(file: Opened) -> Iterator[Item | Unread]:
    text = file.text.replace("\r\n", "\n").replace("\r", "\n").replace("\ufeff", "")
    books: dict[tuple[str, str], _Book] = {}
    at, whole = 1, len(_RULE.findall(text))
    for number, clipping in enumerate(_RULE.split(text)):
        if number > ROWS:
            raise too_many()
        began = at + len(clipping) - len(clipping.lstrip("\n"))
        at += clipping.count("\n")
        if clipping.strip() and number == whole:
            yield Unread(line(began), Sentence("the file breaks off in it"))
        elif clipping.strip() and (refused := _take(clipping.strip("\n "), began, books)):
            yield refused
    for (title, author), book in books.items():
        yield Item(line(book.at), title=title, byline=author, marked=tuple(_noted(book)))


def _take(clipping: str, at: int, books: dict[tuple[str, str], _Book]) -> Unread | None:
    """Puts a clipping into its book, or says why not."""
    head, _, rest = clipping.partition("\n")
    told, _, body = rest.lstrip("\n").partition("\n")
    if not told.lstrip().startswith("-"):
        return Unread(line(at), Sentence("it is no clipping: the line below the title should begin with “-”"))
    words, low = lines_of(body), told.casefold()
    if any(name in low for name in _PLACES) and not words:
        return Unread(line(at), Sentence("it is a bookmark: only a place in the book"))
    if not words:
        return Unread(line(at), Sentence("it has no words: a picture was marked, perhaps"))
    where, _, when = told.lstrip("- \t").rpartition("|")
    first, last = _span(where or when)
    made, place = moment(_date(when)), words_of(where, 100)
    book = books.setdefault(_named(head), _Book(at))
    if any(name in low for name in _NOTES) and not any(name in low for name in _PASSAGES):
        book.notes.append((Marked("", note=words, made=made, at=place), last))
    elif not any(mark.words == words and start == first for mark, start, _ in book.marks):
        book.marks.append((Marked(words, made=made, at=place), first, last))
    return None


def _named(head: str) -> tuple[str, str]:
    """Title and author: what is in the last brackets."""
    head = words_of(head, TITLE + BYLINE)
    found = _BY.fullmatch(head[:TITLE])
    title, author = (found["title"], found["author"]) if found else (head, "")
    return words_of(title.replace("_", " ") if " " not in title else title, TITLE), words_of(author, BYLINE)


def _span(where: str) -> tuple[int, int]:
    """The last numbers before the date: the location where there is one, else the page. “680-82” is 680 to 682."""
    found = _RANGE.findall(where)
    if not found:
        return 0, 0
    first, last = found[-1]
    last = last or first
    if len(last) < len(first):
        last = first[: len(first) - len(last)] + last
    return int(first), int(last)


def _date(when: str) -> str:
    """Without the words before it, whose “am” is no morning."""
    found = re.search(r"\d", when)
    head = when[: found.start()] if found else when
    return " ".join(head.split()[-2:]) + " " + when[found.start() :] if found else when


def _noted(book: _Book) -> Iterator[Marked]:
    """The passages in order, each with the note that was made where it ends; then the notes that belong to none."""
    left = list(book.notes)
    for mark, first, last in book.marks:
        mine = [one for one in left if first and first <= one[1] <= last]
        if mine:
            left.remove(mine[0])
            mark = replace(mark, note=mine[0][0].note)  # noqa: PLW2901 what it is with its note
        yield mark
    yield from (note for note, _ in left)
