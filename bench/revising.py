"""An edit of an article with many highlights, through the service that every edit takes: CPU seconds at 1x, 2x, 4x.

At 4x it is one article of 1 MB with 10,000 highlights, on SQLite, index and all. The reference is the same edit of
the same article without a highlight: cleaning aside, what any edit of such a text costs.
"""

import os
import tempfile
import time
from collections.abc import Iterator
from random import Random
from typing import Any

from bench.anchoring import SEED, prose, scattered

SIZES = (1, 2, 4)


def main() -> None:
    """Fill a library of its own in a temporary folder and print the table."""
    with tempfile.TemporaryDirectory() as var:
        os.environ |= {"NEWSREADER_VAR": var, "DJANGO_SETTINGS_MODULE": "bench.harness.site"}
        os.environ.pop("DATABASE_URL", None)
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        rows: dict[str, list[float]] = {}
        for size in SIZES:
            for name, seconds in edits(size, highlights=0):
                rows.setdefault(f"reference: {name}", []).append(seconds)
            for name, seconds in edits(size, highlights=2_500 * size):
                rows.setdefault(name, []).append(seconds)
        print(f"{'250 KB and 2,500 highlights, CPU s':56}" + "".join(f"{size:>8}x" for size in SIZES))
        for name, times in rows.items():
            print(f"{name:56}" + "".join(f"{seconds:9.2f}" for seconds in times))


def edits(size: int, *, highlights: int) -> Iterator[tuple[str, float]]:
    """Each edit by name with the CPU seconds that saving it took."""
    from newsreader.annotations.services import revise_article

    rng = Random(SEED)
    text = prose(rng, 250_000 * size)
    article = make(text, highlights, rng)
    paragraphs = text.split("\n")
    other = prose(Random(SEED + 1), 250_000 * size)
    for name, new in (
        ("one word put in", text[:100_000] + "hello " + text[100_000:]),
        ("500 edits for each 250 KB", scattered(rng, text, 500 * size)),
        ("paragraphs shuffled", "\n".join(rng.sample(paragraphs, len(paragraphs)))),
        ("rewritten", other),
        ("one word put in, with all highlights lost", f"{other} more"),
        ("the old text again, with a line before it", f"A line before it.\n{text}"),
    ):
        html = "\n".join(f"<p>{line}</p>" for line in new.split("\n"))
        start = time.process_time()
        revise_article(article, html=html)
        yield name, time.process_time() - start


def make(text: str, highlights: int, rng: Random) -> Any:
    """An article with so many highlights of one reader all over it."""
    from django.utils.crypto import get_random_string

    from newsreader.accounts.models import User
    from newsreader.annotations.models import Highlight
    from newsreader.articles.models import Article
    from newsreader.articles.services import add_article
    from newsreader.core.passages import Span, quote_at

    html = "\n".join(f"<p>{line}</p>" for line in text.split("\n"))
    article = add_article(title=get_random_string(12), html=html, state=Article.State.PUBLISHED)
    reader = User.objects.create_user(get_random_string(12))
    revision = article.revisions.get()
    places = sorted({(at, at + rng.randint(5, 300)) for at in rng.sample(range(len(article.text) - 300), highlights)})
    rows = []
    for start, end in places:
        quote = quote_at(article.text, Span(start, end))
        words = {"exact": quote.exact, "prefix": quote.prefix, "suffix": quote.suffix}
        span = {"start": start, "end": end, "made_start": start, "made_end": end}
        rows.append(
            Highlight(
                article=article, reader=reader, revision=revision, colour="yellow", key=f"{start}", **words, **span
            )
        )
    Highlight.objects.bulk_create(rows)
    return article


if __name__ == "__main__":
    main()
