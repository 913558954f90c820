"""What the search bench asks: classes of queries, each with many different words of the same kind, and the raw SQL.

Raw is the database's own full-text search for the same words: rank and the best 20 with snippets, no permission, no
counts. Words come from the made library itself, the same ones for the same library.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from random import Random
from typing import Any

MANY = 60  # queries of a class
RARE = 20  # documents at most that a rare word is in
LITE_ARTICLES = """
    SELECT rowid, title, snippet(search_articles, 3, '[', ']', '…', 32), rank
    FROM search_articles WHERE search_articles MATCH %s ORDER BY rank LIMIT 20"""
LITE_NOTES = """
    SELECT rowid, exact, snippet(search_highlights, 1, '[', ']', '…', 32), rank
    FROM search_highlights WHERE search_highlights MATCH %s ORDER BY rank LIMIT 20"""
POSTGRES_ARTICLES = """
    SELECT id, title, ts_headline('newsreader_english', text, q), relevance
    FROM (SELECT id, title, text, q, ts_rank(search_vector, q) AS relevance
          FROM articles_article, to_tsquery('newsreader_english', %s) q
          WHERE search_vector @@ q ORDER BY relevance DESC LIMIT 20) best"""
POSTGRES_NOTES = """
    SELECT id, exact, ts_headline('newsreader_english', note, q), relevance
    FROM (SELECT id, exact, note, q, ts_rank(search_vector, q) AS relevance
          FROM annotations_highlight, to_tsquery('newsreader_english', %s) q
          WHERE search_vector @@ q ORDER BY relevance DESC LIMIT 20) best"""
FILTERED = """
    SELECT a.id, a.title, substr(a.text, 1, 240) FROM articles_article a
    WHERE EXISTS (SELECT 1 FROM articles_article_sources f JOIN articles_source s ON s.id = f.source_id
                  WHERE f.article_id = a.id AND s.name = %s)
      AND EXISTS (SELECT 1 FROM articles_article_topics f JOIN articles_topic t ON t.id = f.topic_id
                  WHERE f.article_id = a.id AND t.name = %s)
      AND NOT EXISTS (SELECT 1 FROM articles_reading r WHERE r.article_id = a.id AND r.reader_id = %s AND NOT r.unread)
    ORDER BY a.dated DESC, a.id DESC LIMIT 20"""
_WORD = re.compile(r"\b[a-z]{2,}\b")
_NAME = re.compile(r"(?<=[a-z] )[A-Z][a-z]{5,}\b")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a reader types, and the raw statement for the same."""

    typed: str
    sql: str
    values: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Library:
    """What words are drawn from: texts of English articles, and a reader's notes."""

    postgres: bool
    texts: Sequence[str]
    notes: Sequence[str]
    reader: Any

    @classmethod
    def there(cls, reader: Any) -> "Library":
        from django.db import connection

        from newsreader.annotations.models import Highlight
        from newsreader.articles.models import Article

        english = Article.objects.in_the_library().filter(language="en").order_by("pk")
        keys = list(english.values_list("pk", flat=True))
        some = Random(7).sample(keys, min(400, len(keys)))
        texts = list(Article.objects.filter(pk__in=some).order_by("pk").values_list("text", flat=True))
        notes = list(Highlight.objects.of(reader).exclude(note="").order_by("pk").values_list("note", flat=True))
        return cls(connection.vendor == "postgresql", texts, notes, reader)

    def classes(self) -> dict[str, list[Asked]]:
        """The queries of each class, MANY of them where the library has so many."""
        kinds: dict[str, Callable[[Random], Iterator[Asked]]] = {
            "a rare word": self._rare,
            "a common word": self._common,
            "two words": self._two,
            "a phrase": self._phrase,
            "a prefix": self._prefix,
            "a question of 15 words": self._question,
            "three filters, no word": self._filters,
            "own notes": self._notes,
        }
        return {name: _different(make(Random(name))) for name, make in kinds.items()}

    def hits(self, asked: Asked, most: int = 1_001) -> int:
        """How many rows the raw statement's words have; `most` at most."""
        from django.db import connection

        if asked.sql == FILTERED:
            return 0
        notes = asked.sql in {LITE_NOTES, POSTGRES_NOTES}
        table = "annotations_highlight" if notes else "articles_article"
        if self.postgres:
            inner = f"SELECT 1 FROM {table} WHERE search_vector @@ to_tsquery('newsreader_english', %s)"
        else:
            table = "search_highlights" if notes else "search_articles"
            inner = f"SELECT 1 FROM {table} WHERE {table} MATCH %s"
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM ({inner} LIMIT {most}) few", asked.values)
            return int(cursor.fetchone()[0])

    def _rare(self, dice: Random) -> Iterator[Asked]:
        """Names, mostly: in RARE documents at most."""
        while True:
            names = _NAME.findall(dice.choice(self.texts))
            if names and self.hits(asked := self._words(name := dice.choice(names).lower(), [name]), RARE + 1) <= RARE:
                yield asked

    def _common(self, dice: Random) -> Iterator[Asked]:
        """Of the hundred most used."""
        from newsreader.intake.invented_words import vocabulary

        for word in dice.sample(vocabulary("en").words[:90], 90):
            if word not in {"or", "not", "and"}:
                yield self._words(word, [word])

    def _two(self, dice: Random) -> Iterator[Asked]:
        while True:
            words = [word for word in _WORD.findall(dice.choice(self.texts)) if word not in {"or", "not", "and"}]
            pair = dice.sample(words, 2)
            yield self._words(" ".join(pair), pair)

    def _phrase(self, dice: Random) -> Iterator[Asked]:
        while True:
            runs = re.findall(r"\b[a-z]{2,} [a-z]{3,}(?: [a-z]{3,})?\b", dice.choice(self.texts))
            phrase = dice.choice(runs)
            joined = " <-> ".join(f"'{word}'" for word in phrase.split())
            yield self._asked(f'"{phrase}"', f'"{phrase}"', joined)

    def _prefix(self, dice: Random) -> Iterator[Asked]:
        while True:
            word = dice.choice([word for word in _WORD.findall(dice.choice(self.texts)) if len(word) > 5])
            yield self._asked(f"{word[:4]}*", f'"{word[:4]}" *', f"'{word[:4]}':*")

    def _question(self, dice: Random) -> Iterator[Asked]:
        while True:
            words = _WORD.findall(dice.choice(self.texts))
            telling = dice.sample(sorted({word for word in words if len(word) > 5}), 6)
            words = ["what", "did", "the", telling[0], "of", telling[1], "say", "about", *telling[2:4], "and", "the"]
            words += [telling[4], "with", telling[5]]
            fts = " OR ".join(f'"{word}"' for word in words)
            yield self._asked(f"{' '.join(words)}?", fts, " | ".join(f"'{word}'" for word in words))

    def _filters(self, dice: Random) -> Iterator[Asked]:
        from newsreader.intake.invented import filing

        filed = filing()
        while True:
            source, topic = dice.choice(filed.sources), dice.choice(filed.topics)
            yield Asked(f'source:"{source}" topic:{topic} is:unread', FILTERED, (source, topic, self.reader.pk))

    def _notes(self, dice: Random) -> Iterator[Asked]:
        while True:
            word = dice.choice([word for word in _WORD.findall(dice.choice(self.notes)) if len(word) > 2] or ["the"])
            if self.postgres:
                yield Asked(f"in:notes {word}", POSTGRES_NOTES, (f"'{word}':B",))
            else:
                yield Asked(f"in:notes {word}", LITE_NOTES, (f'note : "{word}"',))

    def _words(self, typed: str, words: Sequence[str]) -> Asked:
        return self._asked(
            typed, " AND ".join(f'"{word}"' for word in words), " & ".join(f"'{word}'" for word in words)
        )

    def _asked(self, typed: str, fts: str, tsquery: str) -> Asked:
        if self.postgres:
            return Asked(typed, POSTGRES_ARTICLES, (tsquery,))
        return Asked(typed, LITE_ARTICLES, (fts,))


def _different(drawn: Iterator[Asked]) -> list[Asked]:
    """The first MANY that differ; fewer where the library has no more."""
    found: dict[str, Asked] = {}
    for asked in islice(drawn, MANY * 20):
        found.setdefault(asked.typed, asked)
        if len(found) == MANY:
            break
    return list(found.values())
