"""Near-duplicates among real posts, with copies planted of which a share of the words was changed.

Found pairs of those planted at 5, 15 and 30 % (goals 99, 95, 80 %), false pairs among those reported (goal 1 %), and
texts per second. The collection has versions of its own (one post on two sites): pairs that nobody planted count as
false, and are listed, unless their titles are nearly the same.
"""

import json
import os
import random
import sys
import time
from pathlib import Path

from rapidfuzz.fuzz import token_set_ratio

from newsreader.core.duplicates import pairs, sketch, versions

DATA = Path(os.environ.get("BENCH_DATA") or Path(__file__).resolve().parents[2] / "shared/data")
PLANTED = 200  # for each share
SHARES = {0.05: 99, 0.15: 95, 0.30: 80}
SAME_TITLE = 90  # of 100, by words


def main() -> None:
    """Print the table."""
    path = DATA / "news-text/us-gov-posts.jsonl"
    if not path.exists():
        print("Duplicates: no data (BENCH_DATA names the folder); nothing was measured.")
        return
    posts = [json.loads(line) for line in path.read_text().splitlines()]
    titles = {f"post {n}": post["title"] for n, post in enumerate(posts)}
    texts = {f"post {n}": post["text"] for n, post in enumerate(posts)}
    vocabulary = [word for post in posts[:300] for word in post["text"].split()]
    dice = random.Random(7)
    planted = plant(texts, vocabulary, dice)

    begun = time.process_time()
    sketches = {name: sketch(text) for name, text in texts.items()}
    sketching = time.process_time() - begun
    begun = time.process_time()
    near = [(one, other) for one, other, _ in pairs(sketches)]
    pairing = time.process_time() - begun
    begun = time.process_time()
    reported = {(one, other) for one, other in near if versions(texts[one], texts[other])}
    looking = time.process_time() - begun

    print(f"Near-duplicates: {len(texts):,} texts, of them {len(planted)} planted")
    print(f"{'words changed':>14}{'planted':>9}{'found %':>9}{'goal':>6}")
    for share, goal in SHARES.items():
        mine = [pair for pair, one in planted.items() if one == share]
        print(f"{share:>14.0%}{len(mine):>9}{100 * sum(pair in reported for pair in mine) / len(mine):>9.1f}{goal:>6}")
    others = {tuple(sorted(origin(name) for name in pair)) for pair in reported}
    own = sorted((titles[one], titles[other]) for one, other in others if one != other)
    false = [pair for pair in own if token_set_ratio(*(title.casefold() for title in pair)) < SAME_TITLE]
    wrong = 100 * len(false) / len(reported)
    print(f"reported {len(reported):,} of {len(near):,} near pairs; false {wrong:.2f} % (goal 1)")
    print("\n".join(f"  counted as false: {one} | {other}" for one, other in false))
    print(
        f"sketching {len(texts) / sketching:,.0f} texts/s, pairs {pairing * 1000:,.0f} ms, closer look {looking:.2f} s"
    )
    scale(dice, vocabulary)


def plant(texts: dict[str, str], vocabulary: list[str], dice: random.Random) -> dict[tuple[str, str], float]:
    """Adds changed copies of long posts; {(post, copy): share of its words that was changed}."""
    originals = [name for name, text in texts.items() if len(text.split()) >= 100]
    planted: dict[tuple[str, str], float] = {}
    for share in SHARES:
        for name in dice.sample(originals, PLANTED):
            copy = f"{name}, {share:.0%}"
            texts[copy] = changed(texts[name], share, vocabulary, dice)
            planted[name, copy] = share
    return planted


def origin(name: str) -> str:
    return name.partition(",")[0]


def scale(dice: random.Random, vocabulary: list[str]) -> None:
    """How the search for pairs grows: sketches of texts of unrelated words."""
    for number in (1_000, 10_000):
        sketches = {n: sketch(" ".join(dice.choices(vocabulary, k=300))) for n in range(number)}
        begun = time.process_time()
        found = sum(1 for _ in pairs(sketches))
        took = time.process_time() - begun
        print(f"{number:>7,} unrelated texts: {found} pairs in {took:.2f} s")


def changed(text: str, share: float, vocabulary: list[str], dice: random.Random) -> str:
    """The text with that share of its words exchanged, dropped or doubled, at random places."""
    words = text.split(" ")
    for at in dice.sample(range(len(words)), int(share * len(words))):
        words[at] = dice.choice([dice.choice(vocabulary), "", f"{words[at]} {dice.choice(vocabulary)}"])
    return " ".join(words)


if __name__ == "__main__":
    sys.exit(main())
