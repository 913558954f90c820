"""Other applications' exports: what is found of what is in them, what is kept of each, and a second import.

What is present is counted by plain means that know nothing of ours: the records of a table, `url` keys, `href`s, the
rules between clippings. Found is what is taken, or left with its reason. Beside the data of other projects stand the
samples of our tests, for formats of which the data has none. A field is kept where the article on the shelf, its
reader's state of it or a passage has what the file says; tags count only where there are passages to carry them.
Broken are the same files cut off in the middle.
"""

import csv
import html
import io
import json
import os
import re
import subprocess
import sys
import tempfile
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

HERE = Path(__file__).resolve().parents[1]
DATA = Path(os.environ.get("BENCH_DATA") or HERE.parent / "shared/data")
SAMPLES = HERE / "tests/intake/samples/imports"
FIELDS = ("address", "title", "text", "date", "place", "unread", "star", "note", "passage", "placed", "tags")


def main() -> int:
    """Print one row for each file; 1 where something is missing, or comes twice."""
    with tempfile.TemporaryDirectory() as var:
        settings = {
            "NEWSREADER_VAR": var,
            "DATABASE_URL": f"sqlite:///{var}/bench.sqlite3",
            "DJANGO_SETTINGS_MODULE": "newsreader.settings",
        }
        return subprocess.run([sys.executable, "-m", "bench.imports", "one"], env=os.environ | settings).returncode


def one_database() -> int:
    import django

    django.setup()
    from django.db import connection

    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        return measured()
    finally:
        connection.creation.destroy_test_db(connection.settings_dict["NAME"], verbosity=0)


def measured() -> int:
    if not (DATA / "imports").is_dir():
        print(f"No data in {DATA / 'imports'}: only our own samples are measured. Name its folder in BENCH_DATA.")
    print(f"{'':<48}{'kind':<16}{'present':>8}{'found':>7}{'taken':>7}{'again':>7}{'broken':>9}{'ms':>7}")
    wrong, refused, cut = 0, Counter[str](), 0
    kept, asked = Counter[str](), Counter[str]()
    for number, (name, data) in enumerate(files()):
        present = counted(name, data)
        row = Measured(name, data, number)
        broken = row.broken()
        refused[broken] += 1
        cut += 1
        print(
            f"{name[-46:]:<48}{row.kind:<16}{present:>8}{row.found:>7}{row.taken:>7}{row.again:>7}{broken:>9}{row.ms:>7.0f}",
            flush=True,
        )
        wrong += present != row.found or row.again != 0 or broken == "FAILED"
        kept.update(row.kept)
        asked.update(row.asked)
    print(f"\nCut in the middle: {cut} files, " + ", ".join(f"{number} {what}" for what, number in refused.items()))
    print(f"\n{'field':<12}{'in files':>9}{'kept':>7}{'share':>9}")
    for field in FIELDS:
        print(f"{field:<12}{asked[field]:>9}{kept[field]:>7}{kept[field] / max(1, asked[field]):>9.1%}")
    return int(wrong > 0)


class Measured:
    """One file, looked at, taken in twice, and cut off."""

    def __init__(self, name: str, data: bytes, number: int) -> None:
        from newsreader.accounts.models import User
        from newsreader.intake.imports import services
        from newsreader.intake.shape import Refused

        self.name, self.data, self.kind, self.found, self.taken, self.again = name, data, "refused", 0, 0, 0
        self.kept, self.asked = Counter[str](), Counter[str]()
        reader = User.objects.create_user(f"reader{number}")
        begin = perf_counter()
        try:
            run = services.look(name, data, reader=reader)
        except Refused:
            self.ms = (perf_counter() - begin) * 1000
            return
        self.kind = run.kind
        items = [(row.pk, dict(row.item)) for row in run.rows.all()]
        services.start(run)
        services.finish(run)
        self.ms = (perf_counter() - begin) * 1000
        outcomes = services.counts(run)
        self.taken = outcomes["added"] + outcomes["marked"]
        self.found = sum(units(run.kind, item) if item else 1 for _, item in items)
        self._keeps(items)
        second = services.look(name, data, reader=reader)
        services.start(second)
        services.finish(second)
        again = services.counts(second)
        self.again = again["added"] + again["marked"]

    def _keeps(self, items: list[tuple[int, dict]]) -> None:
        from newsreader.annotations.models import Highlight
        from newsreader.articles.models import Reading
        from newsreader.intake.models import ImportRow

        for pk, item in items:
            article = ImportRow.objects.get(pk=pk).article
            if not item or article is None:
                continue
            reading = Reading.objects.filter(article=article).first() or Reading()
            mine = list(Highlight.objects.filter(article=article).prefetch_related("tags"))
            self._says("address", item.get("address"), article.address or None)
            self._says("title", item.get("title"), article.title == item.get("title"))
            self._says("text", item.get("html"), article.length > 0)
            self._says("date", item.get("added"), article.added.isoformat()[:10] == str(item.get("added"))[:10])
            self._says("place", item.get("place"), reading.place == item.get("place"))
            self._says("unread", "unread" in item, reading.unread == item.get("unread"))
            self._says("star", item.get("favourite"), reading.favourite)
            for mark in item.get("marked", ()):
                at = (
                    [one for one in mine if flat(one.exact) == flat(mark.get("words", ""))]
                    if mark.get("words")
                    else mine
                )
                self._says("passage", mark.get("words"), bool(at))
                self._says("placed", mark.get("words"), any(one.span for one in at))
                self._says("note", mark.get("note"), any(mark.get("note", "") in one.note for one in mine))
            if item.get("marked"):
                names = {tag.name for one in mine for tag in one.tags.all()}
                self._says("tags", item.get("tags"), bool(names))

    def _says(self, field: str, is_there: object, is_kept: object) -> None:
        if is_there:
            self.asked[field] += 1
            self.kept[field] += bool(is_kept)

    def broken(self) -> str:
        """What becomes of the first two thirds of it: refused with the place, or the rows that are whole."""
        from newsreader.intake.imports.reading import read_export
        from newsreader.intake.shape import Refused

        try:
            export = read_export(self.name, self.data[: len(self.data) * 2 // 3])
        except Refused as refusal:
            return "place" if re.search(r"line|entry", str(refusal)) else "refused"
        except Exception as error:
            print(f"{self.name}: {error!r}")
            return "FAILED"
        return "rows" if export.rows else "FAILED"


def flat(words: str) -> str:
    return " ".join(words.split())


def units(kind: str, item: dict) -> int:
    """What an item counts for where the file has a row for every passage."""
    if kind in ("readwise", "hypothesis"):
        return len(item["marked"])
    if kind == "kindle":
        return len(item["marked"]) + sum(1 for mark in item["marked"] if mark.get("words") and mark.get("note"))
    return 1


def files() -> Iterator[tuple[str, bytes]]:
    for folder in (DATA / "imports", SAMPLES):
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                yield str(path.relative_to(folder)), path.read_bytes()
    sys.path.insert(0, str(HERE))
    from tests.intake.exports import omnivore

    yield "omnivore.zip", omnivore()


def counted(name: str, data: bytes) -> int:
    """What is present, by plain means."""
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return sum(len(json.loads(archive.read(n))) for n in archive.namelist() if n.startswith("metadata"))
    text = data.decode("utf-8-sig")
    if name.endswith(".csv"):
        return sum(1 for row in csv.reader(io.StringIO(text)) if any(row)) - 1
    if name.endswith(".txt"):
        return text.count("==========")
    if name.endswith(".json"):
        found = json.loads(text)
        listed = found if isinstance(found, list) else found.get("bookmarks", found.get("annotations"))
        return text.count('"url": ') if listed is None else len(listed)
    return len(re.findall(r"<(?:dt|li)>\s*<a\s[^>]*href=", html.unescape(text), re.IGNORECASE))


if __name__ == "__main__":
    sys.exit(one_database() if sys.argv[1:] == ["one"] else main())
