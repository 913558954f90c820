"""What made readers do in a made library: what they read, keep and like, and the passages that they mark.

Passages are set on an article's first text; where it was revised since, they are carried over as any others are.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from random import Random

from django.db import transaction
from django.db.models import DateField, Model

from newsreader.accounts.models import User
from newsreader.annotations.carrying import carry_all
from newsreader.annotations.models import ALPHABET, Highlight, Tag
from newsreader.annotations.tags import tags_named
from newsreader.articles.models import Article, Reading, Revision
from newsreader.core.passages import quote_at
from newsreader.core.revise import Versions
from newsreader.intake import invented

MARK = "made/"  # the documents of made articles begin so: no file that is loaded is called so
READ = 1_000  # articles of which a reader has a state, at most; of a small library a tenth
TOGETHER = 5  # passages that a reader marks in one article
REVISED = 0.05  # of the articles that they mark in are ones that were revised since


@transaction.atomic
def note_readings(reader: User, library: Sequence[int], seed: int) -> None:
    """What the reader has put where, read and liked: more of the newer ones. Nothing where there is anything."""
    if Reading.objects.filter(reader=reader).exists():
        return
    dice = Random(f"{seed} readings {reader.username}")  # noqa: S311 - nothing here is a secret
    keys = {library[int(len(library) * dice.random() ** 0.5)] for _ in range(min(READ, len(library) // 10))}
    rows = []
    for key, length, dated in Article.objects.filter(pk__in=keys).order_by("pk").values_list("pk", "length", "dated"):
        begun = dice.random() < 0.7
        rows.append(
            Reading(
                reader=reader,
                article_id=key,
                place=dice.choice(("inbox", "inbox", "later", "archive")),
                unread=not begun,
                favourite=dice.random() < 0.08,
                position=dice.randrange(length) if begun else 0,
                last_read=dated + dt.timedelta(hours=dice.randrange(1, 400)) if begun else None,
            )
        )
    Reading.objects.bulk_create(rows)


@contextmanager
def dates_as_given(*models: type[Model]) -> Iterator[None]:
    """Rows of these models that are written meanwhile came in, or were changed, when they say, and not just now."""
    fields = [field for model in models for field in model._meta.concrete_fields if isinstance(field, DateField)]
    were = [(field, field.auto_now, field.auto_now_add) for field in fields]
    for field in fields:
        field.auto_now = field.auto_now_add = False
    try:
        yield
    finally:
        for field, now, add in were:
            field.auto_now, field.auto_now_add = now, add


def key_of(seed: int) -> str:
    """How the keys of made passages begin, so that they are told from a person's and counted."""
    return f"made-{seed}-"


class Marking:
    """Marks passages, TOGETHER of a reader's in one article: the n-th passage is the (n modulo readers)-th reader's."""

    def __init__(self, seed: int, until: dt.datetime, readers: Sequence[User], library: Sequence[int]) -> None:
        self._seed, self._until = seed, until
        self._readers, self._library = readers, library
        revised = Article.objects.in_the_library().filter(revisions__number=2, document__startswith=MARK)
        self._revised = list(revised.order_by("pk").values_list("pk", flat=True)) or library
        self._tags: dict[int, list[Tag]] = {}

    @transaction.atomic
    def write(self, numbers: Sequence[int]) -> None:
        """The passages of these numbers."""
        places = [self._place(number) for number in numbers]
        keys = {pk for pk, _ in places}
        articles = Article.objects.in_bulk(keys)
        revisions: dict[int, list[Revision]] = {}
        for revision in Revision.objects.filter(article__in=keys).order_by("article", "number"):
            revisions.setdefault(revision.article_id, []).append(revision)
        made = [
            self._highlight(number, reader, articles[pk], revisions[pk][0])
            for number, (pk, reader) in zip(numbers, places, strict=True)
        ]
        for pk in (pk for pk in keys if len(revisions[pk]) > 1):
            versions = Versions(revisions[pk][0].text, articles[pk].text)
            carry_all([one for one in made if one.article_id == pk], versions)
        with dates_as_given(Highlight):
            Highlight.objects.bulk_create(made)
        self._tag(made)

    def _place(self, number: int) -> tuple[int, User]:
        """The article and the reader."""
        turn, who = divmod(number, len(self._readers))
        dice = Random(f"{self._seed} place {who} {turn // TOGETHER}")  # noqa: S311
        among = self._revised if dice.random() < REVISED else self._library
        return among[int(len(among) * dice.random())], self._readers[who]

    def _highlight(self, number: int, reader: User, article: Article, revision: Revision) -> Highlight:
        dice = Random(f"{self._seed} passage {number}")  # noqa: S311
        turn = number // len(self._readers)
        text = article.text if revision.html == article.html else revision.text
        span = invented.passage(dice, text, turn % TOGETHER, TOGETHER)
        words = quote_at(text, span)
        moment = min(self._until, article.dated + dt.timedelta(minutes=dice.randrange(10, 20_000)))
        note = invented.note(dice) if turn % 2 == 0 else ""
        return Highlight(
            public_id="".join(dice.choices(ALPHABET, k=12)),
            reader=reader,
            article=article,
            revision=revision,
            made_start=span.start,
            made_end=span.end,
            start=span.start,
            end=span.end,
            exact=words.exact,
            prefix=words.prefix,
            suffix=words.suffix,
            colour=dice.choice(Highlight.Colour.values),
            note=note,
            note_html=invented.note_html(note),
            created=moment,
            updated=moment,
            key=f"{key_of(self._seed)}{number}",
        )

    def _tag(self, made: Sequence[Highlight]) -> None:
        """No tag on half of them, and up to three on the others."""
        dice = Random(f"{self._seed} tags {made[0].key}")  # noqa: S311
        through = Tag.highlights.through
        pairs = []
        for one in made:
            tags = self._tags.get(one.reader_id) or self._tags.setdefault(one.reader_id, self._own_tags(one.reader))
            chosen = {invented.skewed(dice, len(tags)) for _ in range(dice.choice((0, 0, 0, 1, 2, 3)))}
            pairs += [through(highlight_id=one.pk, tag_id=tags[place].pk) for place in sorted(chosen)]
        through._default_manager.bulk_create(pairs)

    def _own_tags(self, reader: User) -> list[Tag]:
        dice = Random(f"{self._seed} tags of {reader.username}")  # noqa: S311
        return tags_named(dice.sample(invented.filing().tags, 12), reader=reader)
