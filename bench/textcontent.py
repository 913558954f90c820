"""Does a browser read what we wrote? Chromium's textContent of cleaned pages beside our text of them.

    python -m bench.textcontent

Cleans `source.html.gz` and `expected.html` of every folder in articles-readability (below BENCH_DATA), lets
Chromium parse the result, and compares text and elements. Ends with 1 if any text or element differs.
"""

import gzip
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from newsreader.core.clean import clean
from newsreader.core.text import text_of

DATA = Path(os.environ.get("BENCH_DATA", "../shared/data")) / "articles-readability"
PAGE = (
    '<!doctype html><html lang="en"><meta charset="utf-8"><title>x</title><body><div id="prose">{}</div></body></html>'
)
READ = "() => { const prose = document.getElementById('prose'); return [prose.textContent, prose.innerHTML]; }"


def documents() -> Iterator[tuple[str, str]]:
    for folder in sorted(path for path in DATA.iterdir() if path.is_dir()):
        packed = gzip.decompress((folder / "source.html.gz").read_bytes())
        yield f"{folder.name} source", packed.decode("utf-8", errors="replace")
        yield f"{folder.name} expected", (folder / "expected.html").read_text("utf-8")


def compare(page: Page, html: str) -> tuple[bool, bool]:
    """Whether Chromium finds the same text, and the same elements, as we wrote."""
    page.set_content(PAGE.format(html))
    text, elements = page.evaluate(READ)
    return text == text_of(html), elements.replace("&nbsp;", "\u00a0") == html


def main() -> int:
    if not DATA.is_dir():
        print(f"No data in {DATA}: nothing compared. Name its folder in BENCH_DATA.")
        return 0
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    differing, pages, characters = [], 0, 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=arguments)
        page = browser.new_page()
        for name, source in documents():
            html = clean(source, base_url="https://example.org/news/")
            same_text, same_elements = compare(page, html)
            same_again = clean(html) == html
            pages, characters = pages + 1, characters + len(text_of(html))
            if not (same_text and same_elements and same_again):
                differing.append(f"{name:50} {same_text!s:6} {same_elements!s:9} {same_again!s:6}")
        browser.close()
    if differing:
        print(f"{'page':50} text   elements  clean twice")
        print("\n".join(differing))
    print(f"{pages} pages, {characters:,} characters: {pages - len(differing)} equal, {len(differing)} different")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
