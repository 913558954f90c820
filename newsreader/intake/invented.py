"""Articles that nobody wrote, for measuring: believable in everything that a search or a list can feel. Pure.

An article returns to a few words of its topic and of its own, and names people who are named nowhere else, so that
documents differ as real ones do. The same seed and number give the same article on every machine.
"""

import contextlib
import datetime as dt
import pickle
import re
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import ceil, log
from random import Random
from typing import NamedTuple

from newsreader.core.passages import Span, tidy
from newsreader.core.text import WORDS_A_MINUTE, minutes, words
from newsreader.intake.invented_words import Vocabulary, distinct, lemma, name, vocabulary

SPREAD = 0.6  # of the logarithm of an article's length
LANGUAGES = (("en", 0.82), ("de", 0.08), ("fr", 0.05), ("", 0.03), ("ja", 0.02))  # "": English that nobody declared
STATES = (("published", 0.98), ("draft", 0.015), ("withdrawn", 0.005))
OWNED = 0.03  # of the articles are on a reader's shelf
REVISED = 0.02  # have lost a paragraph since they came in
COLLECTED = 0.006
YEARS = 8
_STARS = re.compile(r"\*(\w+)\*")
_SENTENCE = re.compile(r"[^.?。\n ][^.?。\n]*+[.?。]?")


class Block(NamedTuple):
    """A paragraph, a heading or a quotation: its words counted, its text, its canonical HTML."""

    words: int
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class Filing:
    """What articles are filed under, by name."""

    sources: tuple[str, ...]
    topics: tuple[str, ...]
    collections: tuple[str, ...]
    authors: tuple[str, ...]
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Invented:
    """An article's values.

    `source`, `topics` and `collection` are places in `Filing`; `owner` is in [0, 1), None in the library; `late` is by
    how many hours it came out later than its turn. `before` is the HTML of its first revision where the present one
    is its second, else "".
    """

    title: str
    slug: str
    standfirst: str
    byline: str
    language: str
    state: str
    owner: float | None
    late: int
    source: int
    topics: tuple[int, ...]
    collection: int | None
    html: str
    before: str
    text: str
    words: int
    minutes: int


@lru_cache(maxsize=1)
def filing() -> Filing:
    """Sources, topics, collections, authors and tags. Always the same."""
    dice = Random("filing")  # noqa: S311 - nothing here is a secret
    papers = ("Courier", "Post", "Herald", "Review", "Gazette", "Observer", "Letter", "Ledger")
    return Filing(
        sources=distinct(40, lambda: f"The {name(dice)} {dice.choice(papers)}"),
        topics=distinct(24, lambda: lemma(dice, 2).capitalize()),
        collections=distinct(12, lambda: f"{name(dice)} in {dice.randrange(3, 20)} parts"),
        authors=distinct(300, lambda: f"{name(dice)} {name(dice)}"),
        tags=distinct(40, lambda: lemma(dice, 2)),
    )


def article(seed: int, number: int, *, length: int = 300) -> Invented:
    """The article of that number, of `length` words on average."""
    dice = Random(seed << 32 | number)  # noqa: S311 - nothing here is a secret
    filed = filing()
    language = _one_of(LANGUAGES, dice)
    tongue = vocabulary(language)
    topics = tuple({skewed(dice, len(filed.topics)) for _ in range(dice.randint(1, 3))})
    own = [
        *dice.choices(_subjects(language, topics[0]), k=6),
        *tongue.between(dice, 1_000, len(tongue.words), 3),
    ]
    count = max(20, min(length * 30, round(dice.lognormvariate(log(length) - SPREAD**2 / 2, SPREAD))))
    writer = Writer(dice, tongue, own, count + 80)
    blocks = writer.blocks(count)
    had = [block.html for block in blocks]
    revised = len(blocks) > 3 and dice.random() < REVISED
    if revised:
        del blocks[dice.randrange(1, len(blocks))]
    text = "\n".join([block.text for block in blocks])
    spaced = sum([block.words for block in blocks])
    return Invented(
        title=writer.title(),
        slug="-".join(own[:5])[:80],
        standfirst=writer.sentence(14)[1] if dice.random() < 0.6 else "",
        byline=filed.authors[skewed(dice, len(filed.authors))] if dice.random() < 0.8 else "",
        language=language,
        state=_one_of(STATES, dice),
        owner=dice.random() if dice.random() < OWNED else None,
        late=dice.randrange(24 * 20),
        source=skewed(dice, len(filed.sources)),
        topics=topics,
        collection=dice.randrange(len(filed.collections)) if dice.random() < COLLECTED else None,
        html="\n".join([block.html for block in blocks]),
        before="\n".join(had) if revised else "",
        text=text,
        words=spaced if tongue.space else words(text, language),
        minutes=max(1, ceil(spaced / WORDS_A_MINUTE)) if tongue.space else minutes(text, language),
    )


def articles(seed: int, numbers: Iterable[int], length: int) -> list[Invented]:
    """Those of these numbers."""
    return [article(seed, number, length=length) for number in numbers]


def write(seed: int, first: int, last: int, length: int, batch: int) -> None:
    """Writes the articles [first, last) to the standard output, a pickled list for each batch."""
    with contextlib.suppress(BrokenPipeError):  # nobody is waiting for the rest
        for start in range(first, last, batch):
            pickle.dump(articles(seed, range(start, min(start + batch, last)), length), sys.stdout.buffer)
            sys.stdout.buffer.flush()


def dated(until: dt.datetime, number: int, total: int, late: int) -> dt.datetime:
    """When the article of that number of `total` came out: they fill YEARS, in order but for some days."""
    back = dt.timedelta(days=365.25 * YEARS) * (1 - (number + 1) / max(total, number + 1))
    return until - back - dt.timedelta(days=20) + dt.timedelta(hours=late)


def note(dice: Random) -> str:
    """A reader's note in Markdown: a sentence or two, sometimes with a word in stars."""
    tongue = vocabulary("en")
    writer = Writer(dice, tongue, tongue.between(dice, 100, 5_000, 9), 40)
    said = [writer.sentence(dice.randint(4, 18))[1] for _ in range(dice.choice((1, 1, 2)))]
    return f"{' '.join(said)} *{writer.own[0]}*" if dice.random() < 0.2 else " ".join(said)


def note_html(note: str) -> str:
    """What render_note makes of such a note, a hundred times as fast."""
    shown = _STARS.sub(r"<em>\1</em>", note)
    return f"<p>{shown}</p>" if note else ""


def passage(dice: Random, text: str, part: int, parts: int) -> Span:
    """A sentence, sometimes two or three, in that part of a text; of a very short text just the part."""
    ends = [match.span() for match in _SENTENCE.finditer(text)]
    if len(ends) < parts:
        return tidy(text, Span(len(text) * part // parts, len(text) * (part + 1) // parts))
    first = int((part + dice.random()) * len(ends) / parts)
    last = min(len(ends) - 1, first + dice.choice((0, 0, 0, 1, 2)))
    return Span(ends[first][0], ends[last][1])


class Writer:
    """Makes sentences out of words that were drawn at once: drawing is what takes time."""

    def __init__(self, dice: Random, tongue: Vocabulary, own: list[str], count: int) -> None:
        self.dice, self.tongue, self.own = dice, tongue, own
        self._drawn, self._at = tongue.drawn(dice, count), 0

    def title(self) -> str:
        """Seven words, five of them the article's own."""
        own, joiners = self.own, self.tongue.words[: self.tongue.common]
        choice = self.dice.choice
        line = self.tongue.space.join([own[0], choice(joiners), own[6], own[1], own[2], choice(joiners), own[7]])
        return line[0].upper() + line[1:]

    def sentence(self, count: int) -> tuple[int, str]:
        """How many words there are in it, and the sentence. One of them is the article's own."""
        random, own, space = self.dice.random, self.own, self.tongue.space
        said = self._drawn[self._at : self._at + count] or [own[0]]
        self._at += count
        size = len(said)
        said[int(random() * size)] = own[int(random() * len(own))]
        chance = random()
        if chance < 0.12:
            said[int(random() * size)] = str(int(1 / (random() + 0.0005)) + 1)
        elif chance < 0.2 and space:
            said[int(random() * size)] = name(self.dice)
        elif chance < 0.6 and size > 6:
            said[size // 2] += "," if space else "、"
        line = space.join(said)
        end = "。" if not space else "." if chance < 0.95 else "?"
        return size, line[0].upper() + line[1:] + end

    def blocks(self, count: int) -> list[Block]:
        """Paragraphs of about `count` words in all, with a heading or a quotation here and there."""
        random = self.dice.random
        made: list[Block] = []
        while count > 0:
            kind = random()
            if made and kind < 0.06:
                size, line = self.sentence(5)
                made.append(Block(size, line[:-1], f"<h2>{line[:-1]}</h2>"))
                count -= size
            made.append(self._paragraph(1 if kind > 0.96 else max(1, min(2 + int(random() * 4), count // 17)), kind))
            count -= made[-1].words
        return made

    def _paragraph(self, count: int, kind: float) -> Block:
        random, space = self.dice.random, self.tongue.space
        sentences = [self.sentence(5 + int(random() * 24)) for _ in range(count)]
        lines = [line for _, line in sentences]
        text = space.join(lines)
        if kind > 0.96:
            html = f"<blockquote>{text}</blockquote>"
        elif kind > 0.86:
            html = f"<p>{space.join([f'<em>{lines[0]}</em>', *lines[1:]])}</p>"
        else:
            html = f"<p>{text}</p>"
        return Block(sum([size for size, _ in sentences]), text, html)


def skewed(dice: Random, count: int) -> int:
    """A place below `count`; the first ones more often."""
    return int(((count + 3) / 3) ** dice.random() * 3 - 3)


@lru_cache(maxsize=256)
def _subjects(language: str, topic: int) -> list[str]:
    """Words that articles about a topic return to."""
    tongue = vocabulary(language)
    dice = Random(f"topic {topic}")  # noqa: S311 - nothing here is a secret
    return tongue.between(dice, tongue.common, min(6_000, len(tongue.words)), 150)


def _one_of(shares: Sequence[tuple[str, float]], dice: Random) -> str:
    rest = dice.random()
    for value, share in shares:
        rest -= share
        if rest < 0:
            return value
    return shares[0][0]
