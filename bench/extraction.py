"""How much of a page's article is taken, and what of its structure and facts, beside the tools that it is taken with.

Text: 4-word sequences as in the data's README (scrapinghub: people wrote the truth; mozilla: a tool's result), and
segments that must and must not be in it (trafilatura's). Captions are part of our text, and of nobody's truth: the row
"without captions" leaves them out. Titles count after white space and the site's name are folded, dates by their day.
Structure: elements of mozilla's expected HTML that are there with the same words. Speed is process time, one core.
"""

import gzip
import json
import os
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from statistics import fmean
from time import process_time

DATA = Path(os.environ.get("BENCH_DATA", "../shared/data"))
WORD = re.compile(r"\w+")
KINDS = {
    "list items": ("li", "dt", "dd"),
    "table cells": ("td", "th"),
    "code": ("pre", "code"),
    "captions": ("figcaption",),
    "headings": ("h1", "h2", "h3", "h4", "h5", "h6"),
    "quotations": ("blockquote",),
    "links": ("a",),
    "notes": ("sup", "sub"),
}

Page = tuple[str, str]  # its HTML, its address


def main() -> int:
    """Print the tables."""
    folders = [DATA / f"articles-{name}" for name in ("scrapinghub", "trafilatura", "readability")]
    if missing := [folder for folder in folders if not folder.is_dir()]:
        print(f"No data in {missing[0]}: nothing measured. Name its folder in BENCH_DATA.")
        return 0
    people, segments, peer = scrapinghub(), trafilaturas(), mozilla()
    texts(people, segments, peer)
    facts(segments)
    structure(peer)
    speed([page for page, _ in [*people, *segments]])
    return 0


def texts(people: list, segments: list, peer: list) -> None:
    print(f"{'text':<34}{'people':^24}{'segments':^24}{'mozilla':^24}")
    print(" " * 34 + f"{'precision':>10}{'recall':>8}{'F1':>6}" * 3)
    for name, text in (
        ("ours", ours),
        ("ours without captions", without_captions),
        ("ours with the standfirst", with_standfirst),
        ("trafilatura alone", trafilatura_text),
        ("readability alone", readability_text),
    ):
        row = [sequences([(truth, text(page)) for page, truth in people])]
        row.append(found([(truth, text(page)) for page, truth in segments]))
        row.append(sequences([(words_of(truth[0]), text(page)) for page, truth in peer]))
        print(f"{name:<34}" + "".join(f"{p:>9.3f}{r:>8.3f}{f1(p, r):>7.4f}" for p, r in row), flush=True)
    wrong = sum(
        text.count("\ufffd") > page[0].count("\ufffd") for page, _ in [*people, *segments] for text in [ours(page)]
    )
    print(f"pages with characters that were wrongly read: {wrong}")


def sequences(pairs: list[tuple[str, str]]) -> tuple[float, float]:
    """Precision and recall of 4-word sequences, averaged over the pages."""
    precision, recall = [], []
    for truth, text in pairs:
        wanted, got = shingles(truth), shingles(text)
        shared = (wanted & got).total()
        precision.append(shared / got.total() if got else 0.0)
        recall.append(shared / wanted.total() if wanted else 1.0)
    return fmean(precision), fmean(recall)


def shingles(text: str) -> Counter[tuple[str, ...]]:
    words = WORD.findall(text)
    return Counter(tuple(words[at : at + 4]) for at in range(max(1, len(words) - 3))) if words else Counter()


def found(pairs: list[tuple[dict, str]]) -> tuple[float, float]:
    """Precision and recall of segments that must and must not be there."""
    right = missing = wrong = 0
    for truth, text in pairs:
        plain = folded(text)
        there = sum(folded(segment) in plain for segment in truth["with"])
        right += there
        missing += len(truth["with"]) - there
        wrong += sum(folded(segment) in plain for segment in truth["without"])
    return right / (right + wrong), right / (right + missing)


def f1(precision: float, recall: float) -> float:
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def facts(segments: list) -> None:
    import trafilatura

    scores: dict[str, Counter[str]] = {"ours": Counter(), "trafilatura alone": Counter()}
    stated: Counter[str] = Counter()
    for (html, url), truth in segments:
        taken = extracted((html, url))
        peer = trafilatura.extract_metadata(html, url)
        mine = taken and (taken.document.title, str(taken.document.published)[:10], taken.document.byline, taken.site)
        theirs = (peer.title or "", peer.date or "", (peer.author or "").replace("; ", ", "), peer.sitename or "")
        for name, said in (("ours", mine or ("", "", "", "")), ("trafilatura alone", theirs)):
            for key, value in zip(("title", "date", "author"), said, strict=False):
                scores[name][key] += bool(truth.get(key)) and same(key, truth[key], value, said[3])
        stated.update(key for key in ("title", "date", "author") if truth.get(key))
    print(f"\n{'facts':<34}" + "".join(f"{f'{key} of {stated[key]}':>18}" for key in stated))
    for name, score in scores.items():
        print(f"{name:<34}" + "".join(f"{f'{score[key]}  {score[key] / stated[key]:.1%}':>18}" for key in stated))


def same(key: str, truth: str | list[str], said: str, site: str) -> bool:
    wanted = ", ".join(truth) if isinstance(truth, list) else truth
    if key != "title":
        return folded(wanted).casefold() == folded(said).casefold()
    return bare(wanted, site) == bare(said, site)


def bare(title: str, site: str) -> str:
    """A title without the site's name behind it."""
    title = folded(title)
    return re.sub(rf"\s+\W\s+{re.escape(folded(site))}$", "", title) if site else title


def structure(peer: list) -> None:
    print(f"\n{'structure kept':<34}" + "".join(f"{kind:>13}" for kind in KINDS))
    wanted = [elements(truth[0]) for _, truth in peer]
    print(f"{'there are':<34}" + "".join(f"{sum(one[kind].total() for one in wanted):>13}" for kind in KINDS))
    for name, read in (
        ("ours", html_of),
        ("trafilatura alone", trafilatura_html),
        ("readability alone", readability_html),
    ):
        got = [elements(read(page)) for page, _ in peer]
        kept = {
            kind: sum((one[kind] & two[kind]).total() for one, two in zip(wanted, got, strict=True)) for kind in KINDS
        }
        shares = (kept[kind] / max(1, sum(one[kind].total() for one in wanted)) for kind in KINDS)
        print(f"{name:<34}" + "".join(f"{share:>13.1%}" for share in shares), flush=True)


def elements(html: str) -> dict[str, Counter[str]]:
    """The words that elements of each kind begin with."""
    tree = parsed(html)
    return {
        kind: Counter(begin for element in tree.iter(*tags) if (begin := start(element)))
        for kind, tags in KINDS.items()
    }


def start(element) -> str:
    return "".join(WORD.findall("".join(element.itertext()).casefold()))[:80]


def speed(pages: list[Page]) -> None:
    print(f"\n{'speed, ' + str(len(pages)) + ' pages':<34}{'pages/s':>10}{'/ with facts':>20}{'/ text only':>20}")
    rates = {}
    for name, read in (
        ("trafilatura, text and facts", trafilatura_all),
        ("trafilatura, text only", trafilatura_text),
        ("ours", anew),
    ):
        begin = process_time()
        for page in pages:
            read(page)
        rates[name] = len(pages) / (process_time() - begin)
    for name, rate in rates.items():
        beside = "".join(f"{rate / rates[other]:>19.2f}x" for other in list(rates)[:2])
        print(f"{name:<34}{rate:>10.1f}{beside}")


# The ways to read a page

_TAKEN: dict[Page, object] = {}


def extracted(page: Page):
    """Our result, None where it is refused; kept for the other tables."""
    if page not in _TAKEN:
        _TAKEN[page] = anew(page)
    return _TAKEN[page]


def anew(page: Page):
    from newsreader.intake.extraction import extract
    from newsreader.intake.shape import Refused

    try:
        return extract(*page)
    except Refused:
        return None


def html_of(page: Page) -> str:
    taken = extracted(page)
    return taken.document.html if taken else ""


def ours(page: Page) -> str:
    from newsreader.core.text import text_of

    return text_of(html_of(page))


def without_captions(page: Page) -> str:
    from newsreader.core.text import text_of

    return text_of(re.sub(r"<figcaption\b.*?</figcaption>", "", html_of(page), flags=re.DOTALL))


def with_standfirst(page: Page) -> str:
    taken = extracted(page)
    return f"{taken.document.standfirst}\n{ours(page)}" if taken else ""


def trafilatura_text(page: Page) -> str:
    import trafilatura

    return trafilatura.extract(page[0], url=page[1], include_comments=False) or ""


def trafilatura_all(page: Page) -> object:
    import trafilatura

    return trafilatura.bare_extraction(page[0], url=page[1], include_comments=False, with_metadata=True)


def trafilatura_html(page: Page) -> str:
    import trafilatura

    kept = {"include_formatting": True, "include_links": True}
    return trafilatura.extract(page[0], url=page[1], include_comments=False, output_format="html", **kept) or ""


def readability_html(page: Page) -> str:
    from readability import Document
    from readability.readability import Unparseable

    try:
        return Document(page[0]).summary()
    except Unparseable:
        return ""


def readability_text(page: Page) -> str:
    return words_of(readability_html(page))


# The data


def scrapinghub() -> list[tuple[Page, str]]:
    folder = DATA / "articles-scrapinghub"
    truth = json.loads((folder / "ground-truth.json").read_text())
    return [
        ((opened(folder / "html" / f"{name}.html.gz"), one["url"]), one["articleBody"]) for name, one in truth.items()
    ]


def trafilaturas() -> list[tuple[Page, dict]]:
    folder = DATA / "articles-trafilatura"
    truth = json.loads((folder / "evaldata.json").read_text())
    return [((opened(folder / "html" / name), one["url"]), one) for name, one in truth.items()]


def mozilla() -> list[tuple[Page, tuple[str, dict]]]:
    return [
        (
            (opened(folder / "source.html.gz"), "http://fakehost/test/page.html"),
            ((folder / "expected.html").read_text(), {}),
        )
        for folder in folders_of(DATA / "articles-readability")
    ]


def folders_of(path: Path) -> Iterator[Path]:
    return (folder for folder in sorted(path.iterdir()) if (folder / "source.html.gz").exists())


def opened(path: Path) -> str:
    from newsreader.intake.decode import decode

    return decode(gzip.decompress(path.read_bytes()), markup=True)


def parsed(html: str):
    from lxml.html import fromstring

    body = re.sub(r"^\s*<[?]xml.*?[?]>", "", html)
    return fromstring(f"<div>{body}</div>".encode(), parser=utf8())


def utf8():
    from lxml.html import HTMLParser

    return HTMLParser(encoding="utf-8")


def words_of(html: str) -> str:
    return " ".join(parsed(html).itertext())


def folded(text: str) -> str:
    return " ".join(text.split())


if __name__ == "__main__":
    import logging

    logging.disable(logging.CRITICAL)
    sys.exit(main())
