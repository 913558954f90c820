"""A Markdown document, with or without front matter, to a document.

Of YAML only what front matter needs is read: words and lists of words. Aliases are refused: a few lines of them
can unfold to gigabytes.
"""

from __future__ import annotations

import datetime as dt
import re

import yaml

from newsreader.core.prose import render_document
from newsreader.core.sentence import Sentence
from newsreader.core.text import text_of
from newsreader.intake.blocks import first_heading, first_paragraph, without_repeats
from newsreader.intake.dates import read_date
from newsreader.intake.headline import fold
from newsreader.intake.language import guess_language
from newsreader.intake.plain import excerpt
from newsreader.intake.shape import Document, Refused

_FRONT = re.compile(r"---[ \t]*\n(.*?\n)?(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_KEY = re.compile(r"---[ \t]*\n\s*[A-Za-z][\w-]*:(?:\s|$)")
_FRONT_LIMIT = 50_000


class _Loader(yaml.BaseLoader):
    """safe_load's plainest relative: words, lists and mappings only, so that `title: No` stays the word."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.events.AliasEvent):
            event: yaml.Event = self.peek_event()  # type: ignore[no-untyped-call]
            raise yaml.MarkedYAMLError(problem="aliases are not read", problem_mark=event.start_mark)  # type: ignore[arg-type]
        return super().compose_node(parent, index)


def read_markdown(text: str) -> Document:
    """Return the document that `text` is. Raises `Refused`, for broken front matter with its line,
    and what rendering raises."""
    front, body = _parted(text.lstrip("\n"))
    html = render_document(body)
    title = _words(front, "title", "headline") or first_heading(html)
    html, standfirst = without_repeats(html, title, _words(front, "standfirst", "description", "summary"))
    if not fold(text_of(html)):
        raise Refused(Sentence("it has a title, but no text") if title else Sentence("there is no text in it"))
    return Document(
        title=title or excerpt(first_paragraph(html) or " ".join(text_of(html).split())),
        standfirst=standfirst,
        byline=", ".join(_list(front, "byline", "author", "authors")),
        source=_words(front, "source", "publisher", "publication"),
        published=_date(front, "published", "date", "pubdate"),
        language=_words(front, "language", "lang").replace("_", "-") or guess_language(text_of(html)),
        html=html,
        topics=tuple(dict.fromkeys(_list(front, "topics", "tags", "categories"))),
    )


def _parted(text: str) -> tuple[dict[str, object], str]:
    """(front matter by lower-case key, the Markdown after it)."""
    found = _FRONT.match(text)
    if not found:
        if _KEY.match(text):
            raise Refused(Sentence("its front matter begins on line 1 and is never closed with ---"))
        return {}, text
    source = found[1] or ""
    if len(source) > _FRONT_LIMIT:
        raise Refused(Sentence("its front matter is longer than {limit} characters", limit=_FRONT_LIMIT))
    try:
        loaded = _Loader(source).get_single_data()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problem = str(error.problem or "it is not YAML")  # the reader's own words, which are English
        if mark is None:
            raise Refused(Sentence("its front matter can't be read: {problem}", problem=problem)) from error
        says = Sentence("its front matter can't be read on line {line}: {problem}", line=mark.line + 2, problem=problem)
        raise Refused(says) from error
    except (yaml.YAMLError, RecursionError) as error:
        raise Refused(Sentence("its front matter can't be read")) from error
    if isinstance(loaded, dict):
        return {str(key).strip().casefold(): value for key, value in loaded.items()}, text[found.end() :]
    if source.strip() and not isinstance(loaded, str):
        raise Refused(Sentence("its front matter is a list, not names and values"))
    # Words between two rules are the beginning of a text, not front matter
    return {}, text if source.strip() else text[found.end() :]


def _list(front: dict[str, object], *names: str) -> list[str]:
    """The words under the first of `names` that is there: one value, or each of a list's."""
    for name in names:
        value = front.get(name, "")
        values = value if isinstance(value, list) else [value]
        if not all(isinstance(item, str) for item in values):
            raise Refused(Sentence("the front matter's “{name}” must be words or a list of words", name=name))
        words = [" ".join(str(item).split()) for item in values]
        if words := [word for word in words if word not in ("", "~", "null")]:
            return words
    return []


def _words(front: dict[str, object], *names: str) -> str:
    return " ".join(_list(front, *names))


def _date(front: dict[str, object], *names: str) -> dt.date | dt.datetime | None:
    written = _words(front, *names)
    found = read_date(written) if written else None
    if written and found is None:
        says = Sentence("its front matter has the date “{date}”, which should look like 2023-06-16", date=written[:40])
        raise Refused(says)
    return found
