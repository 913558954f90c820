"""How right anchoring is and how fast: real revisions, mutations, the peer, and times at 1x, 2x and 4x.

    python -m bench.anchoring [--half even|odd|all] [--only real|mutations|speed] [--show CLASS] [--no-peer]

Right: the found range overlaps the true one by more than half of the longer. Partial: it overlaps. Wrong: it does not,
or the passage is gone. Fixed seed; the rules were tuned on the even pairs and texts only.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import re
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

from bench.mutations import EXISTING, GONE, Case, Range, paragraph_ranges, sentence_ranges
from bench.peer import locate_as_peer
from newsreader.core.passages import Lost, Placed, Quote, Span, locate, quote_at
from newsreader.core.revise import carry

SEED = 20_260_101
TEXTS = 120
WAYS = ("carry", "locate", "peer")
OUTCOMES = ("right", "partial", "wrong", "lost")
Tally = dict[str, dict[str, Counter[str]]]  # class -> way -> outcome


def main() -> None:
    """Print what was asked for; say so and end well when the data is not there."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--half", choices=("even", "odd", "all"), default="all")
    parser.add_argument("--only", choices=("real", "mutations", "speed"))
    parser.add_argument("--show", default="", help="print the cases of this class that are not right")
    parser.add_argument("--no-peer", action="store_true")
    args = parser.parse_args()
    data = Path(os.environ.get("BENCH_DATA", "../shared/data"))
    ways = WAYS[:2] if args.no_peer else WAYS
    for name, run in (("real", real), ("mutations", mutated)):
        if args.only in (None, name):
            if data.is_dir():
                run(data, args.half, ways, args.show)
            else:
                print(f"{name}: no data in {data}; set BENCH_DATA.")
    if args.only in (None, "speed"):
        speed()


def real(data: Path, half: str, ways: tuple[str, ...], show: str) -> None:
    """The pairs of posts before and after editing."""
    tally: Tally = defaultdict(lambda: defaultdict(Counter))
    with gzip.open(data / "revisions/revision-pairs.jsonl.gz", "rt", encoding="utf-8") as file:
        pairs = [json.loads(line) for line in file]
    for pair in chosen(pairs, half):
        old, new = pair["old"]["text"], pair["new"]["text"]
        spans = [Span(anchor["old_start"], anchor["old_end"]) for anchor in pair["anchors"]]
        carried = carry(old, new, spans)
        for anchor, answer in zip(pair["anchors"], carried, strict=True):
            quote = Quote(anchor["exact"], anchor["prefix"], anchor["suffix"], anchor["old_start"])
            truth = None if anchor["status"] == "removed" else (anchor["new_start"], anchor["new_end"])
            found = {"carry": answer.span, "locate": span_of(locate(new, quote))}
            if "peer" in ways:
                found["peer"] = locate_as_peer(new, quote)
            for way in ways:
                result = outcome(found[way], truth)
                tally[anchor["status"]][way][result] += 1
                tally[anchor["status"]][way]["edges"] += result == "right" and edges(new, found[way], truth)
                if anchor["status"] == show and result != "right" and way != "peer":
                    explain(f"{way}: {result} {answer if way == 'carry' else ''}", quote, new, truth, found[way])
    table(f"Real revisions, {half} pairs", tally, ways)


def mutated(data: Path, half: str, ways: tuple[str, ...], show: str) -> None:
    """Mutations of news texts: every class on every text, one passage each."""
    with (data / "news-text/us-gov-posts.jsonl").open(encoding="utf-8") as file:
        texts = [text for line in file if 3_000 < len(text := json.loads(line)["text"]) < 16_000]
    rng = Random(SEED)
    rng.shuffle(texts)
    spare = texts[TEXTS : TEXTS + 80]
    words = sorted({word for text in spare for word in re.findall(r"[A-Za-z]{2,}", text)})
    sentences = [text[a:b] for text in spare for a, b in sentence_ranges(text) if 40 < b - a < 250]
    tally: Tally = defaultdict(lambda: defaultdict(Counter))
    for number, text in chosen(list(enumerate(texts[:TEXTS])), half):
        for name, mutation in {**EXISTING, **GONE}.items():
            fresh = Random(f"{SEED} {number} {name}")
            for kind in ("phrase", "sentence", "crossing"):
                case = passage(fresh, text, kind, words, sentences)
                made = mutation(case) if case else None
                if not made:
                    continue
                quote = quote_at(made.old, Span(*made.span))
                answer = carry(made.old, made.new, [Span(*made.span)])[0]
                found = {"carry": answer.span, "locate": span_of(locate(made.new, quote))}
                if "peer" in ways:
                    found["peer"] = locate_as_peer(made.new, quote)
                for way in ways:
                    result = outcome(found[way], made.truth)
                    tally[name][way][result] += 1
                    tally[name][way]["edges"] += result == "right" and edges(made.new, found[way], made.truth)
                    if name == show and result != "right" and way != "peer":
                        explain(
                            f"{way}: {result} {answer if way == 'carry' else ''}",
                            quote,
                            made.new,
                            made.truth,
                            found[way],
                        )
    table(f"Mutations, {half} texts", tally, ways)


def passage(rng: Random, text: str, kind: str, words: list[str], sentences: list[str]) -> Case | None:
    """A passage of the text: three to eight words, a sentence, or words across a paragraph's end."""
    whole = [(a, b) for a, b in sentence_ranges(text) if b - a > 40 and len(text[a:b].split()) >= 8]
    if not whole:
        return None
    start, end = rng.choice(whole)
    if kind == "phrase":
        places = [(m.start() + start, m.end() + start) for m in re.finditer(r"\w+", text[start:end])]
        size = rng.randint(3, 8)
        first = rng.randrange(max(1, len(places) - size))
        start, end = places[first][0], places[min(first + size, len(places)) - 1][1]
    elif kind == "crossing":
        after = [(a, b) for a, b in paragraph_ranges(text) if a > end and len(text[a:b].split()) >= 6]
        if not after:
            return None
        a, b = after[0]
        if a - end > 1_500:
            return None
        end = a + text[a:b].find(" ", 20) if " " in text[a + 20 : b] else b
    return Case(rng, text, start, end, words, sentences)


def chosen(items: list[Any], half: str) -> Iterator[Any]:
    """Every second one, or all."""
    yield from items[{"even": 0, "odd": 1, "all": 0}[half] :: 1 if half == "all" else 2]


def span_of(answer: Placed | Lost) -> Span | None:
    return answer.span if isinstance(answer, Placed) else None


def outcome(found: Span | None, truth: Range | None) -> str:
    if found is None:
        return "right" if truth is None else "lost"
    if truth is None:
        return "wrong"
    shared = min(found.end, truth[1]) - max(found.start, truth[0])
    if shared <= 0:
        return "wrong"
    return "right" if 2 * shared > max(found.end - found.start, truth[1] - truth[0]) else "partial"


def edges(text: str, found: Span | None, truth: Range | None) -> bool:
    """Whether both ends are at the true words; signs at the ends don't count."""
    if found is None or truth is None:
        return True
    return _words_only(text, found.start, found.end) == _words_only(text, *truth)


def _words_only(text: str, start: int, end: int) -> Range:
    while start < end and not text[start].isalnum():
        start += 1
    while end > start and not text[end - 1].isalnum():
        end -= 1
    return start, end


def explain(title: str, quote: Quote, new: str, truth: Range | None, found: Span | None) -> None:
    print(f"\n{title}")
    print(f"  old   {quote.prefix!r} {quote.exact!r} {quote.suffix!r}")
    for name, span in (("true", truth), ("found", (found.start, found.end) if found else None)):
        if span:
            a, b = span
            print(f"  {name:5} {new[max(0, a - 32) : a]!r} {new[a:b]!r} {new[b : b + 32]!r}")


def table(title: str, tally: Tally, ways: tuple[str, ...]) -> None:
    """Per class and way: right, partial, wrong, lost in per cent, and edges on the true words among the right."""
    print(f"\n{title}: right / partial / wrong / lost in %, (edges right)")
    print(f"{'class':28}{'n':>5}" + "".join(f"{way:>36}" for way in ways))
    sums: dict[str, dict[str, Counter[str]]] = {
        group: defaultdict(Counter) for group in ("all that exist", "all that are gone")
    }
    for name, by_way in tally.items():
        _row(name, by_way, ways)
        gone = name in GONE or name == "removed"
        for way in ways:
            sums["all that are gone" if gone else "all that exist"][way] += by_way[way]
    for name, by_way in sums.items():
        _row(name, by_way, ways)


def _row(name: str, by_way: dict[str, Counter[str]], ways: tuple[str, ...]) -> None:
    line = f"{name:28}{sum(by_way[ways[0]][result] for result in OUTCOMES):>5}"
    for way in ways:
        counts = by_way[way]
        total = sum(counts[result] for result in OUTCOMES) or 1
        right = f"({100 * counts['edges'] / (counts['right'] or 1):.1f})"
        line += "   " + "".join(f"{100 * counts[result] / total:6.1f}" for result in OUTCOMES) + f"{right:>9}"
    print(line)


def timed(work: Callable[[], object], repeat: int = 3) -> float:
    """The best of some runs, in milliseconds of processor time: others may be at work on the machine."""
    best = float("inf")
    for _ in range(repeat):
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    return 1_000 * best


def speed() -> None:
    """Times in milliseconds; the goals first, then what must stay linear: 1x, 2x, 4x."""
    print("\nSpeed, best of three, ms")
    rng = Random(SEED)
    text = prose(rng, 20_000)
    new = scattered(rng, text, 60)
    spans = [Span(start, start + 120) for start in range(100, 19_000, 189)][:100]
    print(f"{'carry 100 spans over an edit of 20 KB (goal 25)':60}{timed(lambda: carry(text, new, spans)):10.2f}")
    letters = list(text)
    for place in rng.sample(range(9_000, 9_120), 12):
        letters[place] = rng.choice("aeinorst")
    mutilated = "".join(letters)
    quote = quote_at(text, Span(9_000, 9_120))
    fresh = [f"{mutilated} {number}" for number in range(50)]  # never seen before, so nothing is remembered
    each = timed(lambda: [locate(one, quote) for one in fresh]) / len(fresh)
    print(f"{'locate 120 characters with 10 % other letters in 20 KB (goal 1)':60}{each:10.2f}")
    words = quote_at(text, Span(9_000, 9_120))
    fresh = [f"{new} {number}" for number in range(50)]
    each = timed(lambda: [locate(one, words) for one in fresh]) / len(fresh)
    print(f"{'locate 120 characters in an edited 20 KB':60}{each:10.2f}")
    long = prose(rng, 200_000)
    quote = quote_at(long, Span(150_000, 150_120))
    print(f"{'locate in an unchanged 200 KB':60}{timed(lambda: locate(long, quote)):10.4f}")
    for name, work in LINEAR.items():
        times = [timed(made, 1) for made in (work(Random(SEED), size) for size in (1, 2, 4))]
        print(f"{name:60}" + "".join(f"{one:10.1f}" for one in times))


def prose(rng: Random, size: int, paragraph: int = 80) -> str:
    """Made-up text of a size in characters, words as often as in nature, `paragraph` words each."""
    vocabulary = ["".join(rng.choices("abcdefghilmnoprstuv", k=rng.randint(2, 10))) for _ in range(4_000)]
    weights = [1 / rank for rank in range(1, 4_001)]
    words = rng.choices(vocabulary, weights, k=size // 4)
    parts = [" ".join(words[start : start + paragraph]) + "." for start in range(0, len(words), paragraph)]
    return "\n".join(parts)[:size]


def scattered(rng: Random, text: str, edits: int) -> str:
    """The text with words replaced, put in and deleted at places all over it."""
    words = text.split(" ")
    for place in rng.sample(range(len(words)), edits):
        words[place] = rng.choice(["", "replaced", f"{words[place]} and something more"])
    return " ".join(words)


def _carry_long(rng: Random, size: int) -> Callable[[], object]:
    text = prose(rng, 250_000 * size)
    new = scattered(rng, text, 500 * size)
    return lambda: carry(text, new, [Span(start, start + 90) for start in range(0, len(text) - 90, 5_000)])


def _carry_one_paragraph(rng: Random, size: int) -> Callable[[], object]:
    text = prose(rng, 250_000 * size, paragraph=10**9)
    new = scattered(rng, text, 500 * size)
    return lambda: carry(text, new, [Span(start, start + 90) for start in range(0, len(text) - 90, 5_000)])


def _carry_rewritten(rng: Random, size: int) -> Callable[[], object]:
    text, new = prose(rng, 250_000 * size), prose(Random(SEED + 1), 250_000 * size)
    return lambda: carry(text, new, [Span(start, start + 90) for start in range(0, len(text) - 90, 5_000)])


def _carry_shuffled(rng: Random, size: int) -> Callable[[], object]:
    parts = prose(rng, 250_000 * size).split("\n")
    shuffled = rng.sample(parts, len(parts))
    text, new = "\n".join(parts), "\n".join(shuffled)
    return lambda: carry(text, new, [Span(start, start + 90) for start in range(0, len(text) - 90, 500)])


def _carry_many(rng: Random, size: int) -> Callable[[], object]:
    text = prose(rng, 100_000)
    new = scattered(rng, text, 300)
    spans = [
        Span(start, start + rng.randint(5, 300))
        for start in (rng.randrange(len(text) - 300) for _ in range(2_500 * size))
    ]
    return lambda: carry(text, new, spans)


SENTENCE = "The same sentence stands here again and again, my friend. "


def _carry_copies(rng: Random, size: int) -> Callable[[], object]:
    parts = [SENTENCE] * (2_500 * size)
    text = "".join(parts)
    for place in rng.sample(range(len(parts)), 20):
        parts[place] = "Another one. "
    new = "".join(parts)
    return lambda: carry(text, new, [Span(start, start + 40) for start in range(0, len(text) - 40, 1_500)])


def _carry_copies_in_lines(rng: Random, size: int) -> Callable[[], object]:
    parts = [SENTENCE.strip()] * (2_500 * size)
    text = "\n".join(parts)
    for place in rng.sample(range(len(parts)), 20):
        parts[place] = "Another one."
    new = "\n".join(parts)
    return lambda: carry(text, new, [Span(start, start + 40) for start in range(0, len(text) - 40, 1_500)])


def _locate_long(rng: Random, size: int) -> Callable[[], object]:
    text = prose(rng, 250_000 * size)
    new = "A new beginning. " + scattered(rng, text, 2_000 * size)
    return lambda: [locate(new, quote_at(text, Span(start, start + 120))) for start in (9_000, 90_000, 200_000)]


def _locate_gone(rng: Random, size: int) -> Callable[[], object]:
    text, new = prose(rng, 20_000), prose(Random(SEED + 1), 250_000 * size)
    return lambda: [locate(new, quote_at(text, Span(start, start + 120))) for start in (900, 9_000, 15_000)]


def _locate_copies(rng: Random, size: int) -> Callable[[], object]:
    text = SENTENCE * (2_500 * size)
    new = "A new beginning. " + text
    return lambda: [locate(new, quote_at(text, Span(start, start + 90))) for start in (90, 9_000, 90_000)]


def _locate_long_quote(rng: Random, size: int) -> Callable[[], object]:
    text = prose(rng, 250_000 * size)
    new = "A new beginning. " + scattered(rng, text, 2_000 * size)
    return lambda: locate(new, quote_at(text, Span(10_000, 10_000 + 50_000 * size)))


def _one_word(rng: Random, size: int) -> Callable[[], object]:
    text = "".join(rng.choices("abcdefghij", k=250_000 * size))
    new = text[:1_000] + "x" + text[1_000:]
    return lambda: (carry(text, new, [Span(900, 1_100)]), locate(new, quote_at(text, Span(900, 1_100))))


LINEAR = {
    "carry 250 KB, 500 edits, a span each 5 KB": _carry_long,
    "carry 250 KB in one paragraph": _carry_one_paragraph,
    "carry 250 KB that was rewritten": _carry_rewritten,
    "carry 250 KB with its paragraphs shuffled, a span each 500": _carry_shuffled,
    "carry 2,500 spans over an edit of 100 KB": _carry_many,
    "carry 2,500 copies of a sentence, 20 of them replaced": _carry_copies,
    "the same in paragraphs": _carry_copies_in_lines,
    "locate three quotes in 250 KB": _locate_long,
    "locate three quotes that are not in 250 KB": _locate_gone,
    "locate three quotes in 2,500 copies of a sentence": _locate_copies,
    "locate a quote of 50 KB in 250 KB": _locate_long_quote,
    "carry and locate in one word of 250 KB": _one_word,
}


if __name__ == "__main__":
    main()
