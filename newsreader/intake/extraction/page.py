"""From a page's HTML to what is read: choosing, placing, completing, writing, cleaning, and the page's facts. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from urllib.parse import urljoin

from lxml.html import HtmlElement

from newsreader.core.clean import TooDeep, TooLarge, clean
from newsreader.core.sentence import Sentence
from newsreader.core.text import text_of
from newsreader.intake.blocks import without_repeats
from newsreader.intake.extraction.choosing import chosen_text
from newsreader.intake.extraction.facts import Facts
from newsreader.intake.extraction.keeping import completed
from newsreader.intake.extraction.parsing import parse
from newsreader.intake.extraction.placing import placed
from newsreader.intake.extraction.runs import Run, letters, runs_of
from newsreader.intake.extraction.writing import written
from newsreader.intake.language import guess_language
from newsreader.intake.plain import excerpt
from newsreader.intake.shape import Document, Refused

_COSTLY = Sentence("it is too long, or nested too deep, to be cleaned in reasonable time")
_LEAST = 20  # letters of the shortest article
_FOUND = 0.5  # of the chosen words; where fewer are found in the page, they come from a script in it
_LONGEST = {"title": 500, "byline": 300, "site": 200}


@dataclass(frozen=True)
class Extracted:
    """An article taken from a page. `address` is the page's own canonical one, or where it was fetched from.

    `lead_image` is the address of its picture, "" if it names none: a reference, never fetched here.
    """

    document: Document
    address: str
    site: str
    lead_image: str = ""


def extract(html: str, url: str) -> Extracted:
    """The article in the HTML of a page that was fetched from `url`.

    Raises `Refused`: nothing that is an article in it, too large, too many tags, too costly to clean.
    """
    tree = parse(html)
    runs = runs_of(tree.find("body"))
    facts = Facts(tree, runs, url)
    title = facts.title()[: _LONGEST["title"]]
    try:
        written_html, begins = _article(tree, runs)
        body = clean(written_html, base_url=_base(tree, url))
    except (TooLarge, TooDeep) as error:
        raise Refused(_COSTLY) from error
    body, standfirst = without_repeats(body, title, facts.standfirst())
    text = text_of(body)
    if len(letters(text)) < _LEAST:
        raise Refused(Sentence("no article was found in it"))
    site = facts.site()[: _LONGEST["site"]]
    document = Document(
        title=title or excerpt(" ".join(text.split())),
        standfirst=standfirst,
        byline=facts.byline()[: _LONGEST["byline"]],
        source=site,
        published=facts.published(title, begins),
        language=facts.language() or guess_language(text),
        html=body,
        topics=facts.topics(),
    )
    return Extracted(document, facts.address(), site, facts.lead_image())


def _article(tree: HtmlElement, runs: list[Run]) -> tuple[str, int]:
    """The article's HTML, uncleaned, and the number of the run that it begins with."""
    text = chosen_text(tree, runs)
    kept, found = placed(runs, text)
    if found < _FOUND:
        return "".join(f"<p>{escape(line)}</p>" for line in text.split("\n")), 0
    numbers = completed(runs, kept)
    return written(tree.find("body"), [run for run in runs if run.number in numbers]), min(numbers, default=0)


def _base(tree: HtmlElement, url: str) -> str:
    base = tree.find(".//base[@href]")
    try:
        return urljoin(url, base.get("href").strip()) if base is not None else url
    except ValueError:
        return url
