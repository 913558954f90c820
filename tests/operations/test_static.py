"""What browsers get: scripts and styles made small, whose names and addresses of each other hold; pages compressed."""

import json
import mimetypes
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from newsreader.storage import modules, shrink, whole
from scripts.browser import find

COMMENT = re.compile(r"/\*|^\s*//", re.MULTILINE)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    return {**browser_type_launch_args, "executable_path": find()}


@pytest.fixture
def static(first_start: Path) -> Path:
    return first_start / "static"


@pytest.fixture
def names(static: Path) -> dict[str, str]:
    """Under which name a file is served."""
    return json.loads((static / "staticfiles.json").read_text())["paths"]


def test_scripts_and_styles_are_served_without_their_comments(static, names):
    for name, served in names.items():
        if name.startswith(("js/", "css/")):
            assert not COMMENT.search((static / served).read_text()), name


def test_a_list_of_stylesheets_is_one_file_whose_addresses_hold(static, names):
    for name in ("css/app.css", "css/article.css"):
        text = (static / names[name]).read_text()
        assert "@import" not in text
        addresses = re.findall(r'url\("?([^")]+)', text)
        assert addresses
        for address in addresses:
            assert (static / "css" / address).exists(), address


def test_a_sheet_takes_in_others_from_other_folders(tmp_path):
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts/one.css").write_text('a { background: url("../../icons/a.svg") url("data:,") }')
    (tmp_path / "all.css").write_text('@import "parts/one.css";\nb { color: red }')
    assert whole(tmp_path / "all.css") == 'a { background: url("../icons/a.svg") url("data:,") }\nb { color: red }'


def test_modules_import_each_other_in_circles_under_one_hash(static, names):
    assert len({names[name].split(".")[-2] for name in names if name.startswith("js/")}) == 1
    for name, served in names.items():
        if name.startswith("js/"):
            for imported in re.findall(r'(?:from|import\(?)\s*"\./([^"]+)"', (static / served).read_text()):
                assert (static / "js" / imported).exists(), (name, imported)
                assert (static / "js" / f"{imported}.br").exists()


def test_a_page_asks_at_once_for_all_that_its_modules_import(db, article):
    page = Client().get(article.get_absolute_url()).content.decode()
    for entry in ("js/app.js", "js/reader.js"):
        assert modules(entry)
        for name in modules(entry):
            assert page.count(f'<link rel="modulepreload" href="/static/{name}" fetchpriority="low">') == 1, name


def test_every_module_is_understood_as_it_is_served(page, static, names):
    """The one that takes comments out knows no grammar: a browser reads each module, with all that it imports."""
    complaints = []
    page.on("pageerror", lambda error: complaints.append(str(error)))

    def answer(route):
        path = static / route.request.url.removeprefix("http://library.test/")
        if path.is_file():
            route.fulfill(body=path.read_bytes(), content_type=mimetypes.guess_type(path)[0])
        else:
            route.fulfill(
                body="<!doctype html><html data-keys=on><body><main></main></body></html>", content_type="text/html"
            )

    page.route("**/*", answer)
    page.goto("http://library.test/")
    entries = [served for name, served in sorted(names.items()) if name.startswith("js/") and name != "js/sw.js"]
    broken = page.evaluate(
        """async (entries) => {
          const broken = [];
          for (const entry of entries) {
            await import(`/${entry}`).catch((error) => error instanceof SyntaxError && broken.push(entry, `${error}`));
          }
          return broken;
        }""",
        entries,
    )
    assert broken == []
    assert not [words for words in complaints if "SyntaxError" in words]


RULES = r"""([written, served]) => [written, served].map((text) => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(text);
  const bare = (words) => words?.replace(/\s/g, "");
  const head = (rule) => rule.selectorText ?? bare(rule.cssText.split("{")[0]);
  const told = (rule) => rule.cssRules
    ? [head(rule), bare(rule.style?.cssText), ...[...rule.cssRules].map(told)] : rule.cssText;
  return JSON.stringify([...sheet.cssRules].map(told)).replaceAll("*:", ":");
})"""


def test_a_stylesheet_says_the_same_as_it_is_served(page):
    """The one that makes it small knows no grammar either: a browser reads both."""
    for sheet in sorted((settings.BASE_DIR / "static/css").rglob("*.css")):
        written, served = page.evaluate(RULES, [whole(sheet), shrink(sheet)])
        assert written == served, sheet.name


def test_pages_are_compressed_each_time_to_another_length(client, article):
    """So their length tells a stranger nothing about the token that stands in them (BREACH)."""
    lengths = set()
    for _ in range(8):
        answer = client.get(article.get_absolute_url(), headers={"Accept-Encoding": "gzip"})
        assert answer.headers["Content-Encoding"] == "gzip"
        lengths.add(len(answer.content))
    assert len(lengths) > 1
