"""Books in EPUB, made here: as few files as make one, each of which a test can replace."""

import io
import zipfile

CONTAINER = """<?xml version="1.0"?>
<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0">
  <rootfiles><rootfile full-path="{path}" media-type="application/oebps-package+xml"/></rootfiles>
</container>"""
PACKAGE = """<?xml version="1.0" encoding="UTF-8"?>
<package xmlns="http://www.idpf.org/2007/opf" xmlns:opf="http://www.idpf.org/2007/opf" version="{version}">
  <metadata xmlns:dc="http://purl.org/dc/elements/1.1/">{metadata}</metadata>
  <manifest>{manifest}</manifest><spine>{spine}</spine>{guide}
</package>"""
METADATA = (
    '<dc:title>The Lock</dc:title><dc:creator opf:role="aut">Ben Rowe</dc:creator><dc:language>en-GB</dc:language>'
    '<dc:date opf:event="publication">2020-03-04</dc:date><dc:publisher>Pier Press</dc:publisher>'
)
CHAPTER = '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"><head><title/></head>{}'
XHTML = "application/xhtml+xml"


def chapter(body):
    return CHAPTER.format(f"<body>{body}</body></html>")


def epub(
    *chapters,
    metadata=METADATA,
    version="2.0",
    guide="",
    beside=(),
    linear=(),
    more=(),
    files=None,
    replace=None,
    squeeze=True,
):
    """The bytes of a book of `chapters`, each the inside of a body, or whole as bytes.

    `beside` are numbers of those with linear="no"; `more` are items of the manifest; `files` are added, and `replace`
    takes the place of what would be there. What only repeats itself must not be squeezed: that looks like a bomb.
    """
    named = {f"text/{number}.xhtml": one for number, one in enumerate(chapters, 1)}
    items = [f'<item id="c{n}" href="{path}" media-type="{XHTML}"/>' for n, path in enumerate(named, 1)]
    spine = [
        f'<itemref idref="c{n}"{" linear=" + chr(34) + "no" + chr(34) if n in beside else ""}/>'
        for n in range(1, len(named) + 1)
    ]
    whole = {
        "META-INF/container.xml": CONTAINER.format(path="OEBPS/book.opf"),
        "OEBPS/book.opf": PACKAGE.format(
            version=version,
            metadata=metadata,
            manifest="".join([*items, *more]),
            spine="".join([*linear, *spine]),
            guide=guide,
        ),
        **{f"OEBPS/{path}": one if isinstance(one, bytes) else chapter(one) for path, one in named.items()},
        **(files or {}),
    }
    whole.update(replace or {})
    return packed(whole, squeeze=squeeze)


def packed(files, *, squeeze=True):
    """A zip as EPUB wants it: what it is comes first, unpacked."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED if squeeze else zipfile.ZIP_STORED) as archive:
        archive.writestr("mimetype", "application/epub+zip", zipfile.ZIP_STORED)
        for path, data in files.items():
            if data is not None:
                archive.writestr(path, data)
    return stream.getvalue()
