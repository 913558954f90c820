"""make_library: what it makes is as valid as what people make, the same each time, and never mixed with theirs."""

import hashlib
import os
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from newsreader.accounts.models import User
from newsreader.annotations.models import Highlight, Tag
from newsreader.articles.models import Article, CollectionItem, Reading, Revision
from newsreader.core.clean import clean
from newsreader.core.prose import render_note
from newsreader.core.text import minutes, text_of, words
from newsreader.intake import invented
from newsreader.intake.making import Wanted, make
from newsreader.search.service import search
from tests.factories import make_article, make_user

ROOT = Path(__file__).parents[2]


def run(**options):
    out = StringIO()
    call_command("make_library", **{"articles": 120, "highlights": 90, "readers": 3, **options}, stdout=out)
    return out.getvalue()


def wanted(**numbers):
    asked = {"articles": 60, "highlights": 40, "readers": 2, "seed": 1, "length": 80, "batch": 10, **numbers}
    return Wanted(**asked, until=timezone.now())


def contents():
    """Everything that a seed decides, without keys of rows."""
    return (
        list(Article.objects.order_by("document").values_list("slug", "content_hash", "state", "owner__username")),
        list(Revision.objects.order_by("article__slug", "number").values_list("article__slug", "number", "title")),
        list(Highlight.objects.order_by("public_id").values_list("public_id", "exact", "note", "status", "start")),
        list(Reading.objects.order_by("reader", "article").values_list("article__slug", "place", "position")),
        sorted(Tag.highlights.through.objects.values_list("highlight__public_id", "tag__name")),
    )


class Stop(Exception):
    """What a person's Ctrl-C is."""


def stopping_after(what, number):
    def progress(step):
        if step.what == what and step.number >= number:
            raise Stop

    return progress


@pytest.mark.django_db
def test_made_articles_are_as_valid_as_any():
    said = run(articles=1_000, highlights=0)
    assert "articles            1,000 of 1,000" in said
    for article in Article.objects.prefetch_related("revisions"):
        assert text_of(article.html) == article.text
        assert article.length == len(article.text)
        assert article.words == words(article.text, article.language)
        assert article.minutes == minutes(article.text, article.language)
        assert article.content_hash == hashlib.sha256(article.html.encode()).hexdigest()
        newest, *older = article.revisions.all()
        assert newest.html == article.html
        assert newest.number == len(older) + 1
        assert article.added == article.dated <= timezone.now()
    for article in [*Article.objects.filter(revisions__number=2)[:5], *Article.objects.all()[:30]]:
        article.full_clean(exclude=["document"])
        assert clean(article.html) == article.html
    assert Article.objects.filter(revisions__number=2).exists()
    assert {"en", "de", "fr", "ja", ""} == set(Article.objects.values_list("language", flat=True))
    assert {"draft", "withdrawn", "published"} == set(Article.objects.values_list("state", flat=True))
    assert CollectionItem.objects.exists()
    assert Article.objects.exclude(owner=None).exists()


@pytest.mark.django_db
def test_made_passages_stand_where_they_say_or_are_lost():
    run(articles=400, highlights=400, readers=3)
    statuses = Counter()
    for one in Highlight.objects.select_related("article", "revision"):
        statuses[one.status] += 1
        assert one.revision.text[one.made_start : one.made_end] == one.exact
        assert one.status != "kept" or one.article.text[one.start : one.end] == one.exact
        assert one.note_html == render_note(one.note)
    for one in [*Highlight.objects.lost(), *Highlight.objects.all()[:20]]:
        one.full_clean(exclude=["start", "end"] if one.status == "lost" else ())
    assert statuses.total() == 400
    assert statuses["kept"] > 350
    assert statuses["lost"] > 0
    assert Counter(Highlight.objects.values_list("reader__username", flat=True)) == {
        "reader-1": 134,
        "reader-2": 133,
        "reader-3": 133,
    }
    assert 150 < Highlight.objects.exclude(note="").count() < 250
    assert set(Highlight.objects.values_list("colour", flat=True)) == set(Highlight.Colour.values)
    assert Tag.highlights.through.objects.exists()
    assert {"inbox", "later", "archive"} == set(Reading.objects.values_list("place", flat=True))
    assert Reading.objects.filter(favourite=True).exists()


@pytest.mark.django_db
def test_words_are_used_as_often_as_words_are():
    made = invented.articles(7, range(600), 300)
    english = [article for article in made if article.language == "en"]
    assert 250 < sum(article.words for article in english) / len(english) < 350
    within = Counter(word for article in english for word in set(article.text.casefold().split()))
    assert within["the"] > 0.95 * len(english)
    assert sum(1 for count in within.values() if count == 1) > len(within) / 3
    # Zipf: the hundredth word is used about ten times as often as the thousandth.
    used = [count for _, count in Counter(w for a in english for w in a.text.casefold().split()).most_common(1_000)]
    assert 5 < used[99] / used[999] < 20


@pytest.mark.django_db
def test_what_is_made_is_found_and_only_by_its_reader():
    run()
    reader, other = User.objects.get(username="reader-1"), User.objects.get(username="reader-2")
    one = Highlight.objects.of(reader).exclude(note="").first()
    phrase = f'note:"{" ".join(one.note.split()[:4])}"'
    assert search(phrase, user=reader).counts["notes"] >= 1
    assert search(phrase, user=other).counts["notes"] == 0
    title = Article.objects.in_the_library().filter(language="en").first().title
    assert search(f'title:"{title}"', user=other).counts["articles"] == 1


def test_a_seed_gives_the_same_articles_in_every_process():
    code = "import hashlib; from newsreader.intake.invented import articles; print(hashlib.sha256(repr(articles(3, range(40), 90)).encode()).hexdigest())"  # fmt: skip  # noqa: E501
    said = {
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT,
            capture_output=True,
            check=True,
            env={**os.environ, "PYTHONHASHSEED": hashing},
        ).stdout
        for hashing in ("1", "2")
    }
    assert len(said) == 1
    assert invented.articles(3, [5], 90) != invented.articles(4, [5], 90)


@pytest.mark.django_db
def test_a_second_run_adds_nothing():
    run()
    before = contents()
    run()
    assert contents() == before


@pytest.mark.django_db
@pytest.mark.parametrize(("what", "number"), [("articles", 30), ("readers' states", 1), ("passages", 20)])
def test_a_run_that_was_stopped_goes_on_where_it_stopped(what, number):
    with pytest.raises(Stop):
        make(wanted(), progress=stopping_after(what, number))
    for article in Article.objects.all():
        assert article.revisions.exists()
        assert article.sources.exists()
    there = Article.objects.count()
    assert there == 30 or what != "articles"
    make(wanted(), progress=lambda step: None)
    stopped = contents()
    Highlight.objects.all().delete()
    Article.objects.all().delete()
    User.objects.all().delete()
    make(wanted(), progress=lambda step: None)
    assert contents() == stopped


@pytest.mark.django_db
def test_a_library_that_people_use_is_refused_unless_they_say_so():
    make_user("ada")
    article = make_article()
    with pytest.raises(CommandError, match="1 articles and 1 people"):
        run()
    assert Article.objects.count() == 1
    run(add=True)
    assert Article.objects.count() == 121
    assert not Highlight.objects.filter(article=article).exists()


@pytest.mark.django_db
def test_nobody_becomes_a_made_reader():
    make_user("reader-2")
    with pytest.raises(CommandError, match="reader-2"):
        run(add=True)
    assert not Article.objects.exists()


@pytest.mark.django_db
def test_made_readers_have_no_password_unless_one_was_asked_for(client):
    run(highlights=0)
    assert not User.objects.get(username="reader-1").has_usable_password()
    said = run(articles=0, highlights=0, readers=4, password=True)
    password = said.split()[-1]
    assert client.login(username="reader-4", password=password)
    assert not client.login(username="reader-1", password=password)


@pytest.mark.django_db
def test_another_seed_adds_other_articles():
    run(highlights=0)
    run(seed=2, highlights=0)
    assert Article.objects.count() == 240
    assert Article.objects.values("content_hash").distinct().count() == 240


@pytest.mark.django_db
def test_more_is_added_to_what_is_there():
    make(wanted(highlights=0), progress=lambda step: None)
    make(replace(wanted(highlights=0), articles=75), progress=lambda step: None)
    assert Article.objects.count() == 75
