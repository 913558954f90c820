"""Whether uploaded documents are in the library already, or nearly; or twice among themselves. Reads, and notes it.

Near-duplicates are looked for among the sketches that the search for duplicates has made, if that is quickly done.
"""

import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from newsreader.articles.models import Article
from newsreader.core.duplicates import ALIKE, BAND, BINS, SPREAD, likeness, spread
from newsreader.core.text import text_of
from newsreader.desk.models import Sketch, Upload, UploadedDocument

Verdict = UploadedDocument.Verdict
MOST = 50_000  # articles that are compared by their sketches: about a second
CLOSER = 3  # of the likest of these the texts are compared
PATIENCE = 5  # seconds for that
SIZE = 4 * BAND  # bytes of a band


def judge(upload: Upload, sketches: Mapping[int, bytes]) -> None:
    """Notes on the documents of `upload` which are not new. `sketches` are of their texts, by number."""
    rows = list(upload.documents.exclude(verdict=Verdict.REFUSED).defer("html"))
    there = in_the_library({row.content_hash for row in rows})
    first: dict[str, UploadedDocument] = {}
    for row in rows:
        if row.content_hash in there:
            row.verdict, row.other_id = Verdict.THERE, there[row.content_hash]
        elif row.content_hash in first:
            row.verdict, row.twin = Verdict.TWICE, first[row.content_hash]
        else:
            first[row.content_hash] = row
    new = {row.number: row for row in rows if row.verdict == Verdict.NEW}
    _note_near(new, {number: sketches[number] for number in new if sketches.get(number)})
    changed = [row for row in rows if row.verdict != Verdict.NEW]
    UploadedDocument.objects.bulk_update(changed, ["verdict", "other", "twin", "shared"], batch_size=100)


def in_the_library(hashes: Iterable[str]) -> dict[str, int]:
    """{hash of a text: key of the article that has it}, whatever its state; of several the oldest."""
    known = Article.objects.filter(owner=None, content_hash__in=list(hashes)).order_by("-pk")
    return dict(known.values_list("content_hash", "pk"))


def _note_near(new: Mapping[int, UploadedDocument], sketches: Mapping[int, bytes]) -> None:
    """Compares with the library, and each with those before it."""
    if not sketches:
        return
    near: defaultdict[int, list[tuple[float, str, int]]] = defaultdict(list)  # likeness, of what, its key
    for number, like, key in _like(sketches, _library()):
        near[number].append((like, "article", key))
    for number, like, key in _like(sketches, sketches.items()):
        if key < number:
            near[number].append((like, "document", key))
    until = time.monotonic() + PATIENCE
    for number, candidates in sorted(near.items()):
        if time.monotonic() > until:
            break  # the search for duplicates finds them later
        row = new[number]
        best = sorted(candidates, reverse=True)[:CLOSER]
        text = _text_of(row)
        shared, what, key = max((spread(text, _other(what, key, new)), what, key) for _, what, key in best)
        if shared >= SPREAD:
            row.verdict, row.shared = Verdict.ALIKE, shared
            row.other_id = key if what == "article" else None
            row.twin = new[key] if what == "document" else None


def _library() -> Iterator[tuple[int, bytes]]:
    sketched = Sketch.objects.filter(article__owner=None, article__merged_into=None).exclude(article__state="withdrawn")
    newest = sketched.order_by("-article")[:MOST]
    for key, numbers in newest.values_list("article", "numbers").iterator(chunk_size=2_000):
        if numbers:
            yield key, bytes(numbers)


def _like(new: Mapping[int, bytes], known: Iterable[tuple[int, bytes]]) -> Iterator[tuple[int, float, int]]:
    """(number of a new one, how alike, key of a known one): pairs that share a band of their sketches."""
    bands: defaultdict[tuple[int, bytes], list[int]] = defaultdict(list)
    starts = range(0, 4 * BINS, SIZE)
    for number, numbers in new.items():
        for start in starts:
            bands[start, numbers[start : start + SIZE]].append(number)
    for key, numbers in known:
        together: set[int] = set()
        for start in starts:
            together.update(bands.get((start, numbers[start : start + SIZE]), ()))
        for number in together:
            if (like := likeness(new[number], numbers)) >= ALIKE:
                yield number, like, key


def _text_of(row: UploadedDocument) -> str:
    return text_of(UploadedDocument.objects.values_list("html", flat=True).get(pk=row.pk))


def _other(what: str, key: int, new: Mapping[int, UploadedDocument]) -> str:
    if what == "document":
        return _text_of(new[key])
    text: str = Article.objects.values_list("text", flat=True).get(pk=key)
    return text
