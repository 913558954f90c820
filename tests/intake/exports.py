"""Exports of our own, in the forms that their applications document, for tests of imports."""

import io
import json
import zipfile
from pathlib import Path

SAMPLES = Path(__file__).parent / "samples" / "imports"

PIANO = (
    '<div class="page"><p>The ferry left the harbour at six, an hour late.</p>'
    "<p>Nobody had asked about the <a href='https://harbour.example/pianos'>piano</a>. It was simply there.</p>"
    "<p>By noon the fog had closed over the islands.</p></div>"
)
PIANO_MARKS = (
    "A note on all of it.\n\n\n\n"
    "> Nobody had asked about the [piano](https://harbour.example/pianos). \n\n#sea #deep night\n\nNobody at all?\n\n"
    "> at six, an hour late.\n> Nobody had asked \n\n"
    "> words that are not in it "
)


def sample(name):
    return (SAMPLES / name).read_bytes()


def zipped(**entries):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in entries.items():
            archive.writestr(name, text)
    return packed.getvalue()


def omnivore(content=PIANO, marks=PIANO_MARKS):
    """A zip as Omnivore packed it: one page with its text and highlights, one that is only a link, one without."""
    entries = [
        {
            "id": "1",
            "slug": "the-piano-1",
            "title": "The ferry that carried a piano",
            "description": "It left an hour late.",
            "author": "Mara Quill",
            "url": "https://harbour.example/piano",
            "state": "Archived",
            "readingProgress": 100,
            "labels": ["ferries"],
            "savedAt": "2023-11-14T22:13:20.000Z",
            "publishedAt": "2023-11-01T06:00:00.000Z",
        },
        {
            "id": "2",
            "slug": "fog-2",
            "title": "Fog",
            "url": "https://harbour.example/fog",
            "state": "Active",
            "labels": [],
        },
        {"id": "3", "slug": "none-3", "title": "None", "url": "", "state": "Active"},
    ]
    return zipped(
        **{
            "metadata_0_to_20.json": json.dumps(entries),
            "content/the-piano-1.html": content,
            "highlights/the-piano-1.md": marks,
        }
    )
