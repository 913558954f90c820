"""Feeds and subscription lists of other projects' tests and of the wild: what is read of them, beside what they say.

Truth: the `Expect` lines of feedparser's files, the results beside gofeed's, and for real feeds what a plain walk over
their XML finds, which knows nothing of ours. An entry, title, link or date is right where it is the same but for
markup and white space. An OPML list is right with all its feeds in their folders, and the same after export and import.
"""

import ast
import datetime as dt
import json
import os
import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from email.utils import parsedate_to_datetime
from pathlib import Path
from time import perf_counter
from typing import Any
from urllib.parse import urljoin

from lxml import etree

from newsreader.intake.feeds.decoding import decoded
from newsreader.intake.feeds.entries import line, words_of
from newsreader.intake.feeds.opml import Subscription, read_opml, write_opml
from newsreader.intake.feeds.parsing import read_feed
from newsreader.intake.feeds.shape import Feed
from newsreader.intake.shape import Refused

DATA = Path(os.environ.get("BENCH_DATA") or Path(__file__).resolve().parents[2] / "shared/data")
URL = "http://127.0.0.1:8097/feeds/feed.xml"
ENOUGH = 0.98
WHAT = ("entries", "title", "link", "date", "words", "encoding")
NO_FEEDS = re.compile(r"FirstEntry|unknown_feed|invalid\.json|newsboat/empty\.xml|xml-iso88591")
MOJIBAKE = re.compile("[\x80-\x9f]|Ã[\u0080-\u00bf]|â€|Ð[\u0080-\u00bf]")


@dataclass
class Told:
    """What should be found: entries by number and field, the feed's own fields under -1."""

    entries: int | None = None
    fields: list[tuple[int, str, Any]] = field(default_factory=list)
    encoding: str = ""


def main() -> int:
    """Print both tables; 1 where less is right than should be."""
    if not (DATA / "feeds").is_dir():
        print("Feeds: no data (BENCH_DATA names the folder); nothing was measured.")
        return 0
    return max(feeds(), lists())


def feeds() -> int:
    right, asked, ended, slowest = Counter[str](), Counter[str](), Counter[str](), (0.0, "")
    for path in inputs():
        name = path.relative_to(DATA / "feeds").as_posix()
        data, charset, media_type = path.read_bytes(), *headers(path)
        begun = perf_counter()
        try:
            feed: Feed | None = read_feed(data, location(data), media_type, charset)
            ended["entries"] += 1
        except Refused as refused:
            feed = None
            ended["one clear error"] += 1
            if not NO_FEEDS.search(name):
                print(f"refused: {name}: {refused}")
        except Exception as error:
            ended["neither"] += 1
            print(f"FAILED: {name}: {error!r}")
            continue
        slowest = max(slowest, (perf_counter() - begun, name))
        if feed is None:
            # Legacy letters with nothing to say which: what is refused is not taken for others.
            continue
        for what, is_right, seen, wanted in compared(feed, truth(path), data, charset):
            asked[what] += 1
            right[what] += is_right
            if not is_right:
                print(f"wrong: {name}: {what}: {seen!r:.90} for {wanted!r:.90}")
        # A gap in the text is honest where the bytes are broken, which decides the name of the file.
        gap = "" if "bozo_" in name else "\ufffd"
        wrong = [text for text in texts(feed) if MOJIBAKE.search(text) or (gap and gap in text)]
        asked["texts without wrong characters"] += len(list(texts(feed)))
        right["texts without wrong characters"] += len(list(texts(feed))) - len(wrong)
        for text in wrong:
            print(f"wrong characters: {name}: {text!r:.90}")
    print(f"\n{ended.total()} files: " + ", ".join(f"{number} in {end}" for end, number in ended.items()))
    print(f"slowest {slowest[0] * 1000:.0f} ms, {slowest[1]}\n")
    print(f"{'':<34}{'asked':>8}{'right':>8}{'share':>9}")
    for what in (*WHAT, "texts without wrong characters"):
        print(f"{what:<34}{asked[what]:>8}{right[what]:>8}{right[what] / max(1, asked[what]):>9.1%}")
    return int(ended["neither"] > 0 or any(right[what] < ENOUGH * asked[what] for what in WHAT[:4]))


def inputs() -> Iterator[Path]:
    """The feeds: of gofeed's pairs not the results."""
    for path in sorted((DATA / "feeds").rglob("*")):
        result = path.suffix == ".json" and (path.with_suffix(".xml").exists() or path.stem.endswith("_expected"))
        if path.is_file() and not result:
            yield path


def headers(path: Path) -> tuple[str, str]:
    """(charset, media type) that the opening comment says came along."""
    found = re.search(rb"Header:\s*Content-type:\s*([^\r\n]+)", path.read_bytes()[:2000], re.IGNORECASE)
    said = found[1].decode("latin-1") if found else ""
    charset = re.search(r"charset\s*=\s*[\"' ]*([\w-]+)", said)
    return charset[1] if charset else "", said.partition(";")[0].strip()


def location(data: bytes) -> str:
    """Where the feed was fetched, as its comment says."""
    found = re.search(rb"Header:\s*Content-Location:\s*(/\S+)", data[:2000])
    return urljoin(URL, found[1].decode()) if found else URL


def truth(path: Path) -> Told:
    if "feedparser" in path.parts:
        return expected(path)
    if "gofeed" in path.parts:
        for result in (path.with_suffix(".json"), path.with_name(path.stem + "_expected.json")):
            if result.exists() and result != path:
                return of_gofeed(json.loads(result.read_text()))
        return Told()
    return walked(path)


def compared(feed: Feed, told: Told, data: bytes, charset: str) -> Iterator[tuple[str, bool, Any, Any]]:
    if told.entries is not None:
        yield "entries", len(feed.entries) == told.entries, len(feed.entries), told.entries
    for number, name, wanted in told.fields:
        if number >= len(feed.entries):
            yield name, False, None, wanted
            continue
        one: Any = feed.entries[number] if number >= 0 else feed
        match name:
            case "title":
                yield name, same_words(one.title, wanted), one.title, wanted
            case "link":
                seen = one.address if number >= 0 else one.site
                yield name, seen.rstrip("/") == urljoin(URL, wanted).rstrip("/"), seen, wanted
            case "date":
                yield name, one.published and one.published.replace(microsecond=0) == wanted, one.published, wanted
            case "words":
                yield name, same_words(one.html, wanted), one.html, wanted
    if told.encoding:
        seen, wanted = decoded(data, charset), data.decode(told.encoding, "replace")
        keep = re.compile(r"[\r\n\ufeff]+")
        yield "encoding", keep.sub("", seen) == keep.sub("", wanted), told.encoding, told.encoding


def same_words(one: str, other: str) -> bool:
    """The same but for markup, to whatever depth it was escaped, and white space."""
    for _ in range(3):
        one, other = words_of(one), words_of(other)
    return re.sub(r"\s", "", one) == re.sub(r"\s", "", other)


def texts(feed: Feed) -> Iterator[str]:
    yield feed.title
    for entry in feed.entries:
        yield from (entry.title, entry.byline, words_of(entry.html), *entry.topics)


# What feedparser expects


def expected(path: Path) -> Told:
    """Of an expression as `entries[0]['title'] == 'x'` what is about things that we keep."""
    told = Told()
    text = path.read_bytes()[:6000].decode("utf-8", "replace").replace("\0", "")
    found = re.search(r"Expect:\s*(.+)", text)
    if path.suffix == ".json" or not found:
        return told
    try:
        tree = ast.parse(found[1].replace("not bozo and ", "", 1).strip(), mode="eval")
    except SyntaxError:
        return told
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare) and all(isinstance(one, ast.Eq) for one in node.ops):
            *sides, last = node.left, *node.comparators
            try:
                value = ast.literal_eval(last)
            except ValueError:
                continue
            for side in sides:
                note(told, side, value)
    return told


def note(told: Told, side: ast.expr, value: Any) -> None:
    if isinstance(side, ast.Call) and ast.unparse(side.func) == "ord":
        side, value = side.args[0], chr(value)
    written = re.sub(r"\.(\w+)", r"['\1']", ast.unparse(side))
    if written == "encoding":
        # The web's rules take these for Windows-1252, which has all their letters.
        told.encoding = "cp1252" if value in {"us-ascii", "iso-8859-1"} else value
        return
    entry = re.match(r"entries\[(\d+)\]", written)
    number = int(entry[1]) if entry else -1
    path = re.sub(r"^(entries\[\d+\]|feed)", "", written)
    if entry and re.fullmatch(r"\['(published|updated)_parsed'\]", path):
        told.fields.append((number, "date", dt.datetime(*value[:6], tzinfo=dt.UTC)))
    elif re.fullmatch(r"\['title'\]|\['title_detail'\]\['value'\]", path):
        told.fields.append((number, "title", value))
    elif path == "['link']":
        told.fields.append((number, "link", value))
    elif entry and re.fullmatch(
        r"\['(summary|description)'\]|\['content'\]\[0\]\['value'\]|\['summary_detail'\]\['value'\]", path
    ):
        told.fields.append((number, "words", value))


# What gofeed found


def of_gofeed(result: dict[str, Any]) -> Told:
    items = result.get("items", result.get("entries")) or []
    told = Told(entries=len(items))
    if result.get("title"):
        told.fields.append((-1, "title", result["title"]))
    for number, item in enumerate(items):
        if item.get("title"):
            told.fields.append((number, "title", item["title"]))
        if link := item.get("link"):
            told.fields.append((number, "link", link))
        for name in ("publishedParsed", "pubDateParsed", "updatedParsed"):
            if item.get(name):
                told.fields.append((number, "date", moment(item[name])))
                break
        if (words := item.get("content") or item.get("description")) and isinstance(words, str):
            told.fields.append((number, "words", words))
    return told


# What stands in real feeds


def walked(path: Path) -> Told:
    data = path.read_bytes()
    if path.suffix == ".json":
        items = json.loads(data)["items"]
        told = Told(entries=len(items))
        for number, item in enumerate(items):
            told.fields += [
                (number, name, item[key]) for name, key in (("title", "title"), ("link", "url")) if item.get(key)
            ]
            if item.get("date_published"):
                told.fields.append((number, "date", moment(item["date_published"])))
        return told
    # Where the file's declaration is wrong or missing, its name is right.
    named = {"utf8-incorrect": "utf-8", "1252-incorrect": "windows-1252", "no_encoding_ISO": "iso-8859-1"}
    charset = next((encoding for part, encoding in named.items() if part in path.name), "")
    root = etree.fromstring(data.strip(), etree.XMLParser(recover=True, encoding=charset or None))
    if NO_FEEDS.search(path.as_posix()) or root is None:
        return Told()
    found = [node for node in root.iter() if isinstance(node.tag, str) and local(node) in {"item", "entry"}]
    told = Told(entries=len(found))
    for number, node in enumerate(found):
        child = {}
        for one in node:
            if isinstance(one.tag, str) and "mrss" not in one.tag and "itunes" not in one.tag:
                child.setdefault(local(one), one)
        if title := "".join(child["title"].itertext()).strip() if "title" in child else "":
            told.fields.append((number, "title", title))
        if link := linked(node, child):
            told.fields.append((number, "link", link))
        for name in ("pubdate", "published", "issued", "date", "updated", "modified"):
            if name in child and (when := moment("".join(child[name].itertext()).strip())):
                told.fields.append((number, "date", when))
                break
    return told


def local(node: Any) -> str:
    """Its name without its namespace; "" where a prefix that nobody declares stands in it."""
    name = str(node.tag).rpartition("}")[2].lower()
    return "" if ":" in name else name


def linked(node: Any, child: dict[str, Any]) -> str:
    if "origlink" in child:
        return (child["origlink"].text or "").strip()
    base = node.base or ""
    for one in node:
        if isinstance(one.tag, str) and local(one) == "link" and "mrss" not in one.tag:
            href = one.get("href") if one.get("rel", "alternate") == "alternate" else ""
            said = href or ("" if one.get("href") else (one.text or "").strip())
            if said and (written := urljoin(urljoin(URL, base), said)).startswith("http"):
                return written
    guid = child.get("guid")
    permanent = guid is not None and guid.get("isPermaLink", "true") == "true" and (guid.text or "").startswith("http")
    return guid.text.strip() if permanent and guid is not None else ""


def moment(written: str) -> dt.datetime | None:
    for read in (dt.datetime.fromisoformat, parsedate_to_datetime):
        try:
            found = read(written)
        except (ValueError, TypeError):
            continue
        return (found if found.tzinfo else found.replace(tzinfo=dt.UTC)).astimezone(dt.UTC).replace(microsecond=0)
    return None


# Subscription lists


def lists() -> int:
    read, refused, present, found, kept, same = 0, 0, 0, 0, 0, 0
    paths = sorted((DATA / "opml").rglob("*.opml"))
    for path in paths:
        data = path.read_bytes()
        addresses = [unescaped(one) for one in re.findall(rb'\s(?:xmlUrl|url)="([^"]*)"', data)]
        try:
            subscriptions = read_opml(data)
        except Refused as error:
            refused += 1
            print(f"refused: {path.name}: {error}")
            continue
        read, present = read + 1, present + len(addresses)
        found += sum(one.address == other for one, other in zip(subscriptions, addresses, strict=False))
        kept += [one.folders for one in subscriptions] == folders(data) or not folders(data)
        again = read_opml(write_opml(subscriptions, title=path.name, made=dt.datetime.now(dt.UTC)))
        same += without_lines(again) == without_lines(subscriptions)
    print(
        f"\n{len(paths)} subscription lists: {read} read, {refused} refused with the line; {found} of {present} feeds,"
    )
    print(f"folders as in the file in {kept} of {read}; the same after export and import in {same} of {read}")
    return int(found != present or same != read or kept != read)


def without_lines(subscriptions: list[Subscription]) -> list[Subscription]:
    return [replace(one, line=0) for one in subscriptions]


def unescaped(value: bytes) -> str:
    return " ".join(words_of(value.decode("utf-8", "replace")).split())


def folders(data: bytes) -> list[tuple[str, ...]]:
    """The path of each feed; [] where the file is too broken for a plain parser."""
    try:
        root = etree.fromstring(data.strip())
    except etree.XMLSyntaxError:
        return []
    return [
        tuple(line(up.get("text") or up.get("title")) for up in reversed([*node.iterancestors("outline")]))
        for node in root.iter("outline")
        if node.get("xmlUrl")
    ]


if __name__ == "__main__":
    sys.exit(main())
