"""Chinese, Japanese, Thai and Korean: any stretch of characters is found, in the index that SQLite keeps of them."""

import re
import sqlite3
from urllib.parse import unquote

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import call_command
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from newsreader.annotations import services
from newsreader.annotations.models import Highlight
from newsreader.articles.models import Article
from newsreader.core.asked import Words
from newsreader.core.query import parse
from newsreader.search import windows
from newsreader.search.service import search
from newsreader.search.snippets import CLOSE, OPEN
from newsreader.search.sqlite import trigrams
from newsreader.search.unspaced import _LETTER, BYTES, is_unspaced, runs, wanted_runs, with_marks
from tests.factories import make_article, mark

NOBODY = AnonymousUser()
TOKYO = "<p>東京都は日本の首都です。港にはフェリーが着いた。</p>"
only_sqlite = pytest.mark.only_on("sqlite", "PostgreSQL keeps no trigrams")


def titles(words, user=NOBODY, **asked):
    """Of what has all the words."""
    page = search(words, user=user, **asked)
    return [result.title for result in page.whole]


def marked(result):
    return "".join(f"[{text}]" if is_hit else text for text, is_hit in result.snippet)


def run(sql, *params):
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall() if cursor.description else []


def is_true():
    """Whether the trigrams are those that the rows would have if they were indexed anew."""
    kept = []
    for each in (trigrams.ARTICLES, trigrams.HIGHLIGHTS):
        everything = f"SELECT term, doc, col, offset FROM {each.places} ORDER BY 1, 2, 3, 4"
        before = run(everything)
        for sql in each.rebuild:
            run(sql)
        kept.append(before == run(everything))
    return all(kept)


# What is looked for


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("東京", ("東京",)),
        ("日本、東京", ("日本", "東京")),
        ("東京タワー2020", ("東京タワー2020",)),
        ("A座", ("a座",)),
        ('"東京 タワー。"', ("東京 タワー",)),
        ("ภาษาไทย", ("ภาษาไทย",)),
        ("harbour 東京 -京都", ("東京",)),
        ("harbour OR 東京", ("東京",)),
        ("harbour", ()),
    ],
)
def test_a_stretch_is_looked_for_as_it_stands(typed, expected):
    assert wanted_runs(parse(typed).root) == expected


@given(st.text(min_size=1), st.booleans())
def test_whatever_holds_such_a_character_has_a_stretch_to_look_for(text, phrase):
    words = Words(f"東{text}", phrase=phrase)
    assert is_unspaced(words)
    assert all(run.strip() for run in runs(words))
    assert runs(words)


def test_stretches_are_marked_beside_the_hits_that_are_there():
    assert with_marks(f"a {OPEN}東京{CLOSE} 東京都 A座", ("東京", "a座")) == (
        f"a {OPEN}東京{CLOSE} {OPEN}東京{CLOSE}都 {OPEN}A座{CLOSE}"
    )
    assert with_marks("東京", ()) == "東京"


# What is found


@pytest.mark.django_db
@pytest.mark.parametrize(
    "typed",
    ["東京都", "東京", "京", "首都です", "す", "フェリー", "ェリ", "着いた", "た", "東京 着いた", "“日本の首都”"],
)
def test_every_stretch_of_a_text_is_found_also_at_its_end(typed):
    make_article("Tokyo", TOKYO)
    make_article("Other", "<p>上海是中国的城市</p>")
    assert titles(typed) == ["Tokyo"]


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["ภาษา", "ไทย", "ท", "학교", "ဘာသာ", "ភាសា"])
def test_thai_korean_burmese_and_khmer_are_found_by_a_part(typed):
    make_article("Many", "<p>ฉันพูดภาษาไทย</p><p>학교에서 배운다</p><p>မြန်မာဘာသာစကား</p><p>ភាសាខ្មែរ</p>", standfirst="")
    assert titles(typed) == ["Many"]


@pytest.mark.django_db
def test_characters_must_stand_side_by_side():
    make_article("Apart", "<p>東の京</p>")
    assert titles("東京") == []
    assert titles("東 京") == ["Apart"]


@pytest.mark.django_db
def test_words_and_stretches_go_together():
    make_article("Both", f"<p>The ferry to Tokyo.</p>{TOKYO}")
    make_article("Latin", "<p>The ferry to Tokyo.</p>")
    assert titles("ferry 東京") == ["Both"]
    assert titles("ferry -東京") == ["Latin"]
    assert titles("東京 -ferry") == []
    assert sorted(titles("ferry OR 京都")) == ["Both", "Latin"]
    for typed in ("ferries 東京", "(ferries OR 京都) 東京"):
        (result,) = search(typed, user=NOBODY).results
        assert {piece.text for piece in result.snippet if piece.is_hit} == {"ferry", "東京"}


@pytest.mark.django_db
def test_fields_narrow_a_stretch(ada):
    article = make_article("京都の港", TOKYO, standfirst="")
    made = mark(article, ada, "日本の首都", note="大阪ではない")
    assert titles("title:京都") == ["京都の港"]
    assert titles("title:東京") == []
    assert titles("text:東京") == ["京都の港"]
    assert titles("text:京都の") == []
    for typed, kind in (
        ("quote:首都", "passages"),
        ("note:大阪", "notes"),
        ("大阪で", "notes"),
        ("日本の", "passages"),
    ):
        (found,) = search(typed, user=ada, kind=kind).results
        assert found.highlight == made
    assert search("note:大阪", user=ada, kind="articles").results[0].article == article
    assert search("title:京都", user=ada, kind="passages").results[0].highlight == made


@pytest.mark.django_db
def test_the_snippet_marks_the_stretch():
    make_article("Tokyo", TOKYO, standfirst="")
    for typed in ("首都", "京都は日本"):
        (result,) = search(typed, user=NOBODY).results
        assert f"[{typed}]" in marked(result)
    assert unquote(result.url).endswith("#:~:text=京都は日本")


@pytest.mark.django_db
def test_where_it_stands_in_the_title_or_often_comes_first():
    make_article("Once", "<p>港と船</p>", standfirst="")
    make_article("Often", "<p>港と港、そして港</p>", standfirst="")
    make_article("港", "<p>船</p>", standfirst="")
    make_article("Later", "<p>港だけ</p>", standfirst="")
    assert titles("港")[:2] == ["港", "Often"]
    scores = [result.score for result in search("港", user=NOBODY).results]
    assert scores[0] == 1.0
    assert scores == sorted(scores, reverse=True)


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["港", "港町の"])
def test_pages_of_stretches_follow_each_other_across_windows(monkeypatch, typed):
    monkeypatch.setattr(windows, "WINDOW", 5)
    for number in range(13):
        make_article(f"Article {number}", f"<p>{'港町の船。' * (number % 4 + 1)}</p>")
    whole = titles(typed, limit=100)
    parts, after = [], ""
    while len(parts) < 20:
        page = search(typed, user=NOBODY, limit=3, after=after)
        parts += [result.title for result in page.results]
        after = page.next
        if not after:
            break
    assert parts == whole
    assert len(set(whole)) == 13


@only_sqlite
@pytest.mark.django_db
def test_a_common_character_is_read_off_the_texts(monkeypatch, ada):
    make_article("Tokyo", TOKYO)
    monkeypatch.setattr(trigrams, "COMMON", 0)
    assert titles("京") == ["Tokyo"]
    assert titles("title:京") == []
    assert search("title:京", user=ada, kind="passages").results == ()


@pytest.mark.django_db
def test_ada_s_stretches_are_never_bens(ada, ben):
    article = make_article("Tokyo", TOKYO)
    mark(article, ada, "日本の首都", note="大阪ではない")
    make_article("秘密の港", owner=ada)
    for typed in ("大阪", "大阪では", "note:大阪", "秘密", "秘密の港"):
        page = search(typed, user=ben)
        assert (page.results, page.counts["all"], page.meant) == ((), 0, "")


# What keeps it


@only_sqlite
@pytest.mark.django_db
def test_texts_in_other_writing_are_not_kept_as_trigrams(ada):
    text = "“Œuvre” – naïve… Straße, Übung, привет, सागर, שלום, 😀 ½ €"
    article = make_article("Café", f"<p>{text}</p>")
    mark(article, ada, "naïve…", note="’tis so")
    for each in (trigrams.ARTICLES, trigrams.HIGHLIGHTS):
        assert run(f"SELECT count(*) FROM {each.places}") == [(0,)]


@given(
    st.text(st.one_of(st.sampled_from("a \0é“’…ßжש€😀東ไ한ｶ"), st.characters(exclude_categories=["Cs"])), max_size=12)
)
def test_sqlite_tells_such_writing_by_its_bytes(text):
    wide = f"SELECT {trigrams._wide('text')} FROM (SELECT CAST(x'{text.encode().hex()}' AS TEXT) AS text)"
    ((found,),) = sqlite3.connect(":memory:").execute(wide)
    begun = "|".join(f"(?:{one})" for one in BYTES)
    assert bool(found) == bool(re.match(f"(?:..)*?(?:{begun})", text.encode().hex().upper()))
    if found is not None and _LETTER.search(text):
        assert found or max(text) >= "\uf900"


@only_sqlite
@pytest.mark.django_db
def test_one_character_beside_many_others_is_enough(ada):
    make_article("Café", f"<p>{'“Naïve” – so… ' * 50}港</p>")
    make_article("港", "<p>“Naïve”</p>")
    assert titles("港") == ["港", "Café"]


@only_sqlite
@pytest.mark.django_db
def test_every_way_to_write_keeps_it(ada):
    article = make_article("Tokyo", TOKYO)
    made = mark(article, ada, "日本の首都", note="大阪")
    services.revise_article(article, html="<p>北京是首都</p>")
    assert (titles("東京"), titles("北京")) == ([], ["Tokyo"])
    services.edit(made, version=Highlight.objects.get(pk=made.pk).version, colour="blue", note="no longer")
    assert search("大阪", user=ada).counts["all"] == 0
    assert is_true()
    Article.objects.update(title="Only Latin", text="letters")
    assert titles("北京") == []
    Article.objects.update(byline="記者")
    assert titles("記者") == ["Only Latin"]
    run("UPDATE articles_article SET id = id + 1000 WHERE id = %s", article.pk)
    assert is_true()
    assert titles("記者") == ["Only Latin"]
    run("UPDATE articles_article SET id = id - 1000 WHERE id = %s", article.pk + 1000)
    article.refresh_from_db()
    article.pk, article.slug, article.byline = None, "copy", "別の記者"
    Article.objects.bulk_create([article])
    assert titles("別の") == ["Only Latin"]
    made.delete()
    Article.objects.all().delete()
    assert is_true()
    assert run(f"SELECT count(*) FROM {trigrams.ARTICLES.places}") == [(0,)]


@only_sqlite
@pytest.mark.django_db
def test_a_write_that_touches_no_words_writes_no_trigrams(ada):
    article = make_article("Tokyo", TOKYO)
    made = mark(article, ada, "日本の首都", note="大阪")
    blocks = " UNION ALL ".join(
        f"SELECT id, block FROM {one.name}_data" for one in (trigrams.ARTICLES, trigrams.HIGHLIGHTS)
    )
    before = run(blocks)
    Article.objects.update(state="withdrawn")
    article.save()
    Highlight.objects.update(colour="rose")
    made.save()
    assert run(blocks) == before


@only_sqlite
@pytest.mark.django_db
@pytest.mark.parametrize("name", trigrams.ARTICLES.statements)
def test_migrate_indexes_what_was_missed_while_something_was_dropped(name):
    make_article("Gone", TOKYO)
    run(f"DROP {'TABLE' if 'TABLE' in trigrams.ARTICLES.statements[name] else 'TRIGGER'} {name}")
    if name.endswith("_insert"):
        make_article("Tokyo", TOKYO)
    call_command("migrate", verbosity=0)
    assert "Gone" in titles("東京")
    assert is_true()
