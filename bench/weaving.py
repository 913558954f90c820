"""What weaving costs: 0, 50 and 200 marks on a 20 KB article, one edit on a large one, and how large inputs grow.

Needs no data: the articles are made here. Figures are the least of several runs, in milliseconds of CPU.
"""

import random
import sys
import time
from collections.abc import Callable
from html.parser import HTMLParser

from newsreader.core.text import layout, text_of
from newsreader.core.weave import Mark, weave, weave_blocks

TEXT = (
    "the government said on Monday that talks about the water supply of Ünïted cities would not &amp; could not "
    "continue until June, when “everybody” is back; nobody’s surprised"
)
WORDS = TEXT.split()
SLOWEST = 1000.0  # milliseconds: no operation may take longer


def article(size: int) -> str:
    """About `size` characters of paragraphs, with an emphasis and a link in each, and a list after every eighth."""
    chance = random.Random(size)
    blocks, length = [], 0
    while length < size:
        before = len(blocks)
        words = chance.choices(WORDS, k=60)
        words[7], words[9] = f"<em>{words[7]}", f"{words[9]}</em>"
        words[20], words[22] = f'<a href="https://example.org/a">{words[20]}', f"{words[22]}</a>"
        blocks.append(f"<p>{' '.join(words)}</p>")
        if len(blocks) % 9 == 8:
            items = [f"<li>{' '.join(chance.choices(WORDS, k=9))}</li>" for _ in range(5)]
            blocks.append("<ul>" + "\n".join(items) + "</ul>")
        length += sum(map(len, blocks[before:]))
    return "\n".join(blocks)


def mark(number: int, start: int, end: int) -> Mark:
    name = f"m{number:06}"
    return Mark(name, start, end, ("yellow", "green")[number % 2], f"#n-{name}", "Your highlight", number % 3 == 0)


def scattered(html: str, number: int, length: int = 60) -> list[Mark]:
    """Marks anywhere, of up to twice that length: many overlap."""
    chance = random.Random(number)
    size = len(text_of(html))
    starts = [chance.randrange(size) for _ in range(number)]
    return [mark(n, start, start + chance.randint(1, 2 * length)) for n, start in enumerate(starts)]


def apart(html: str, number: int) -> list[Mark]:
    """Marks on half of the text, none on another."""
    step = max(2, len(text_of(html)) // number)
    return [mark(n, n * step, n * step + step // 2) for n in range(number)]


def best(work: Callable[[], object], runs: int = 100, prepare: Callable[[], object] = lambda: None) -> float:
    """Milliseconds of CPU that the quickest run took, and no more runs than fit into two seconds."""
    took: list[float] = []
    until = time.perf_counter() + 2
    while len(took) < runs and (not took or time.perf_counter() < until):
        prepare()
        begin = time.process_time()
        work()
        took.append((time.process_time() - begin) * 1000)
    return min(took)


def row(name: str, *figures: float | str) -> None:
    print(f"{name:<46}" + "".join(f"{f if isinstance(f, str) else format(f, '.3f'):>12}" for f in figures))


def small() -> None:
    """The reader page's share: one article, its layout remembered (warm) or not (cold)."""
    html = article(20_000)
    row(f"{len(html) / 1000:.0f} KB article, ms", "warm", "cold", "segments")
    for number in (0, 50, 200):
        for kind, marks in (("apart", apart(html, max(1, number))[:number]), ("scattered", scattered(html, number))):
            segments = weave(html, marks).count('<mark class="hl"')
            warm = best(lambda marks=marks: weave(html, marks))
            cold = best(lambda marks=marks: weave(html, marks), prepare=layout.cache_clear)
            row(f"  weave, {number} marks {kind}", warm, cold, str(segments))
    row("  layout", best(lambda: layout(html)), best(lambda: layout(html), prepare=layout.cache_clear))
    row("  layout, HTML read anew from the database", best(lambda: layout(html.encode().decode())))
    row("  text_of", "", best(lambda: text_of(html)))
    row("  for comparison: one str.replace pass", "", best(lambda: html.replace("said", "<mark>said</mark>")))
    row("  for comparison: html.parser reads it", "", best(lambda: HTMLParser().feed(html)))


def one_edit() -> None:
    """The answer to a new highlight: the blocks touched, on articles of two sizes with as many marks."""
    row("\nweave_blocks around one mark, 200 marks, ms", "warm", "blocks")
    for size in (20_000, 200_000):
        html = article(size)
        marks = scattered(html, 200)
        at = marks[7].start
        row(
            f"  {size // 1000} KB article",
            best(lambda html=html, marks=marks, at=at: weave_blocks(html, marks, at, at + 60)),
            str(len(weave_blocks(html, marks, at, at + 60))),
        )


Work = Callable[[], object]


def reading(html: str) -> Work:
    return lambda: layout.__wrapped__(html)


def stripping(html: str) -> Work:
    return lambda: text_of(html)


def weaving(html: str, marks: list[Mark]) -> Work:
    return lambda: weave(html, marks)


def weaving_blocks(html: str, marks: list[Mark]) -> Work:
    return lambda: weave_blocks(html, marks, 0, len(html))


def paragraph(size: int) -> str:
    return f"<p>{' '.join(random.Random(size).choices(WORDS, k=size // 6))}</p>"


def entities(size: int) -> str:
    return f"<p>{'&amp;' * (size // 5)}</p>"


def deep(depth: int) -> str:
    return "<blockquote>\n" * depth + "<p>a</p>" + "\n</blockquote>" * depth


def nested(number: int) -> list[Mark]:
    return [mark(n, n, 9_000 - n) for n in range(number)]


ONE = article(20_000)
GROWTH: dict[str, tuple[int, Callable[[int], Work]]] = {
    "cold layout, 250 KB": (250_000, lambda n: reading(article(n))),
    "cold layout, 250 KB of entities": (250_000, lambda n: reading(entities(n))),
    "cold layout, 2,500 elements deep": (2_500, lambda n: reading(deep(n))),
    "text_of, 250 KB": (250_000, lambda n: stripping(article(n))),
    "text_of, 250 KB of entities": (250_000, lambda n: stripping(entities(n))),
    "weave 250 KB, 2,500 marks": (250_000, lambda n: weaving(article(n), scattered(article(n), n // 100))),
    "weave 20 KB, 2,500 marks apart": (2_500, lambda n: weaving(ONE, apart(ONE, n))),
    "weave 250 KB paragraph, 2,500 marks": (250_000, lambda n: weaving(paragraph(n), apart(paragraph(n), n // 100))),
    "weave 250 KB of entities, 2,500 marks": (250_000, lambda n: weaving(entities(n), apart(entities(n), n // 100))),
    "weave 2,500 equal marks": (2_500, lambda n: weaving(ONE, [mark(i, 9, 69) for i in range(n)])),
    "weave one mark on all of 250 KB": (250_000, lambda n: weaving(article(n), [mark(0, 0, n)])),
    "weave_blocks, all of 250 KB, 2,500 marks": (
        250_000,
        lambda n: weaving_blocks(article(n), scattered(article(n), n // 100)),
    ),
    "weave 250 nested marks (n² ids by nature)": (250, lambda n: weaving(ONE, nested(n))),
}


def large() -> float:
    """Growth: the same at 1×, 2× and 4×. The slowest of all."""
    row("\ngrowth, ms", "1×", "2×", "4×", "4× / 1×")
    slowest = 0.0
    for name, (size, make) in GROWTH.items():
        figures = []
        for times in (1, 2, 4):
            layout.cache_clear()  # a large heap slows every garbage collection
            work = make(size * times)
            work()
            figures.append(best(work, runs=5))
        slowest = max(slowest, *figures)
        row("  " + name, *figures, f"{figures[2] / figures[0]:.1f}")
    return slowest


def main() -> int:
    """Print the tables; 1 when an operation took longer than it may."""
    small()
    one_edit()
    slowest = large()
    print(f"\nslowest: {slowest:.0f} ms, allowed: {SLOWEST:.0f} ms")
    return int(slowest > SLOWEST)


if __name__ == "__main__":
    sys.exit(main())
