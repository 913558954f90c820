"""Is cleaning safe, does it keep the words, and what does it cost?

    python -m bench.cleaning

Safety and words: the payloads of `sanitizing` (below BENCH_DATA), each in eight places of a page.
Cost: an article of 50 KB beside bleach alone and nh3 alone; the worst inputs known, at one, two and four times 250 KB.
Most of those are refused within milliseconds, so the costliest are also shown just below the limit.
Ends with 1 if anything unsafe is left or a word of an item to keep is lost.
"""

import json
import os
import sys
from collections.abc import Callable
from html import escape, unescape
from pathlib import Path
from time import perf_counter, process_time

import bleach
import nh3

from newsreader.core.clean import TooDeep, TooLarge, clean
from newsreader.core.prose import Unreadable, render_document, render_note
from newsreader.core.tame import COSTLIEST
from newsreader.core.text import text_of
from newsreader.core.vocabulary import TAGS
from tests.core.strict import violations

DATA = Path(os.environ.get("BENCH_DATA", "../shared/data")) / "sanitizing"
PLACES = [
    ("html", "{}", False),
    ("text", "<p>{}</p>", True),
    ("quoted attribute", '<p title="{}">a</p>', False),
    ("bare attribute", "<p title={}>a</p>", False),
    ("link", '<a href="{}">a</a>', False),
    ("escaped link", '<a href="{}">a</a>', True),
    ("tag", "<{}>a</p>", False),
    ("comment", "<!--{}-->", False),
]
PARAGRAPH = (
    '<p>The <em>mission</em> in “Mali” ended, <a href="https://example.org/a?b=1&amp;c=2">the report</a> says, '
    "and 10&nbsp;% of <strong>its staff</strong> left. "
    + "Words that a reader reads, one after another. " * 6
    + "</p>\n"
)
WORST = {
    "<div>": "<div>",
    "<b><i><a href=x>": "<b><i><a href=x>",
    "<p><b>": "<p><b>",
    "<ul><li>x</ul>": "<ul><li>x</ul>",
    "<table><tr><td>": "<table><tr><td>",
    "<b>x</b>": "<b>x</b>",
    "<a href=…>x</a>": '<a href="https://example.org/">x</a>',
    "<sup id=a>": "<sup id=a><a href=#a>x</a></sup>",
    "<x>": "<x>",
    "</p>": "</p>",
    '<a b=" unclosed': '<a b="',
    "<!--": "<!--",
    "&": "&",
    "&#9": "&#9",
    "nbsp": "\u00a0x",
    "words": "word ",
}


def payloads() -> list[tuple[str, str]]:
    found = []
    for name in ("dompurify", "html5sec", "html5sec-rss", "xss-lists", "feedparser-sanitize"):
        for entry in json.loads((DATA / f"{name}.json").read_text("utf-8")):
            payload = entry.get("payload") or entry.get("input_html") or entry.get("feed_xml") or ""
            found.append((name, payload))
    return found


def safety() -> int:
    unsafe = unstable = cleaned = refused = 0
    for name, payload in payloads():
        results = []
        for place, template, escaped in PLACES:
            html = template.format(escape(payload) if escaped else payload)
            results.append((place, clean(html)))
        try:
            results.append(("note", render_note(payload)))
        except Unreadable:
            refused += 1
        results.append(("document", render_document(payload)))
        for place, html in results:
            cleaned += 1
            if wrong := violations(html):
                unsafe += 1
                print(f"UNSAFE {name}, as {place}: {wrong[:3]} {payload[:80]!r}")
            if clean(html) != html:
                unstable += 1
                print(f"UNSTABLE {name}, as {place}: {payload[:80]!r}")
    print(f"payloads cleaned {cleaned:,}: unsafe {unsafe}, changed by a second cleaning {unstable}")
    print(f"payloads refused as notes: {refused}")
    return unsafe + unstable


def words_kept() -> int:
    entries = json.loads((DATA / "feedparser-sanitize.json").read_text("utf-8"))
    keep = [entry for entry in entries if entry["kind"] == "keep" and entry.get("input_html")]
    lost = 0
    for entry in keep:
        words = unescape(nh3.clean(entry["input_html"], tags=set())).split()
        if text_of(clean(entry["input_html"])).split() != words:
            lost += 1
            print(f"LOST {entry['file']}: {entry['input_html'][:100]!r}")
    print(f"items to keep {len(keep)}: words lost in {lost}")
    return lost


def milliseconds(work: Callable[[], object], times: int = 7) -> float:
    taken = []
    for _ in range(times):
        begun = perf_counter()
        work()
        taken.append((perf_counter() - begun) * 1000)
    return min(taken)


def speed() -> None:
    article = PARAGRAPH * (50_000 // len(PARAGRAPH))
    cleaner = bleach.Cleaner(tags=TAGS, strip=True)
    print(f"\narticle of {len(article):,} characters, best of 7, ms")
    print(f"  nh3 alone     {milliseconds(lambda: nh3.clean(article)):8.1f}")
    print(f"  bleach alone  {milliseconds(lambda: cleaner.clean(article)):8.1f}")
    print(f"  clean()       {milliseconds(lambda: clean(article)):8.1f}")


def worst() -> None:
    print(f"\n{'worst inputs, CPU seconds at':24} {'250 KB':>9} {'500 KB':>9} {'1 MB':>9}   the last")
    for name, unit in WORST.items():
        cells, ending = [], ""
        for size in (250_000, 500_000, 1_000_000):
            begun = process_time()
            try:
                clean(unit * (size // len(unit)))
                ending = "cleaned"
            except (TooDeep, TooLarge) as refusal:
                ending = str(refusal)
            cells.append(f"{process_time() - begun:9.2f}")
        print(f"{name:24} {' '.join(cells)}   {ending}")


def just_below_the_limit() -> None:
    print(f"\n{'just below the limit':24} {'CPU s':>9} {'characters':>12}")
    for name in ("<b>x</b>", "<a href=…>x</a>", "<ul><li>x</ul>", "&"):
        amount = COSTLIEST // {"<ul><li>x</ul>": 2, "<a href=…>x</a>": 2}.get(name, 1) - 1
        html = WORST[name] * amount
        begun = process_time()
        clean(html)
        print(f"{name:24} {process_time() - begun:9.2f} {len(html):12,}")


def main() -> int:
    wrong = 0
    if DATA.is_dir():
        wrong = safety() + words_kept()
    else:
        print(f"No data in {DATA}: safety not measured. Name its folder in BENCH_DATA.")
    speed()
    worst()
    just_below_the_limit()
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
