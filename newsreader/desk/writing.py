"""The two ways in which an article's text is written at the desk, Markdown and HTML, and the way between them. Pure."""

import re

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy

from newsreader.core.clean import SIZE_LIMIT, TooLarge, clean
from newsreader.core.prose import document_html
from newsreader.core.sentence import Sentence
from newsreader.intake.as_markdown import as_markdown

# Python-Markdown reads on to the end of the paragraph from each bracket that begins no link.
_MOST_EFFORT = 10_000_000  # code points that are read on: about a second
_NO_LINK = re.compile(r"\[(?![^\[\]\n]*\]\()")
_PARAGRAPHS = re.compile(r"\n[ \t]*\n")
_SLOW = Sentence("A paragraph has too many square brackets to be read as Markdown in reasonable time.")


class Written(TextChoices):
    """How what is typed is read."""

    MARKDOWN = "markdown", gettext_lazy("Markdown")
    HTML = "html", gettext_lazy("HTML")


def canonical(typed: str, written_in: str, *, base_url: str = "") -> str:
    """What is typed as canonical HTML. Raises TooLarge and TooDeep, each with a sentence for a person."""
    return clean(as_html(typed, written_in), base_url=base_url)


def as_html(typed: str, written_in: str) -> str:
    """What is typed as HTML, not cleaned yet. Raises TooLarge and TooDeep."""
    if written_in != Written.MARKDOWN:
        return typed
    if len(typed) > SIZE_LIMIT:
        raise TooLarge(Sentence("It is larger than {limit} MB.", limit=SIZE_LIMIT // 1_000_000))
    effort = sum(len(part) * len(_NO_LINK.findall(part)) for part in _PARAGRAPHS.split(typed) if "[" in part)
    if effort > _MOST_EFFORT:
        raise TooLarge(_SLOW)
    return document_html(typed)


def said_in(html: str, written_in: str) -> str | None:
    """Canonical HTML as it is edited in that way; None where Markdown can't say it."""
    return as_markdown(html) if written_in == Written.MARKDOWN else html


def converted(typed: str, was_in: str, into: str, *, base_url: str = "") -> str | None:
    """What is typed in one way, in the other; None where Markdown can't say it. Raises TooLarge and TooDeep."""
    if was_in == into or not typed.strip():
        return typed
    return said_in(canonical(typed, was_in, base_url=base_url), into)
