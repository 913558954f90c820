"""Beginnings of words that are too common to be merged, and what is weighed: by estimates of the index itself."""

import pytest
from django.contrib.auth.models import AnonymousUser

from newsreader.core.asked import Words
from newsreader.core.query import parse
from newsreader.search.service import search
from newsreader.search.sqlite import beginnings, costs
from tests.factories import make_article, mark

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.only_on("sqlite", "PostgreSQL's index is another one"),
]
NOBODY = AnonymousUser()


def titles(words, user=NOBODY):
    return {result.title for result in search(words, user=user).results}


@pytest.fixture
def all_common(monkeypatch):
    """As if every beginning were too common."""
    monkeypatch.setattr(beginnings, "MOST", -1)


def words_for(beginning, user=NOBODY):
    return [leaf.text for leaf in beginnings.bounded(parse(beginning).root, user).nodes]


def test_a_beginning_that_is_rare_stays_one():
    make_article("Ferry")
    root = parse("fer*").root
    assert beginnings.bounded(root, NOBODY) == root


def test_the_commonest_words_stand_for_a_beginning_that_is_too_common(all_common, monkeypatch):
    monkeypatch.setattr(beginnings, "WORDS", 2)
    make_article("Ferry", "<p>Ferry ferry ferment ferment ferment ferment ferret. Café cafés.</p>", standfirst="")
    assert words_for("fer*") == ["ferment", "ferry"]
    assert words_for("CAF*") == ["cafe", "cafes"]


def test_it_finds_marks_and_leaves_out_as_the_beginning_does(all_common, ada):
    article = make_article("Ferries", "<p>The ferry came late.</p>", standfirst="")
    make_article("Barges", "<p>A barge came, too.</p>", standfirst="")
    mark(article, ada, "ferry", note="Ferrymen")
    assert titles("fer*") == {"Ferries"}
    assert titles("came -fer*") == {"Barges"}
    assert titles("title:fer*") == {"Ferries"}
    assert titles("(fer* OR bar*) came") == {"Ferries", "Barges"}
    assert {one.kind for one in search("fer*", user=ada).results} == {"articles", "passages", "notes"}
    (result,) = search("fer*", user=NOBODY).results
    assert [piece.text for piece in result.snippet if piece.is_hit] == ["ferry"]


def test_it_reads_no_text_that_the_reader_may_not_see(all_common, ada, ben):
    make_article("Zeppelin of ada", owner=ada)
    mark(make_article(), ada, "forty passengers", note="zebra")
    root = parse("ze*").root
    assert sorted(words_for("ze*", ada)) == ["zebra", "zeppelin"]
    assert beginnings.bounded(root, ben) == beginnings.bounded(root, NOBODY) == root


def test_the_index_tells_how_many_pages_a_beginning_has():
    for number in range(30):
        make_article(f"Article {number}", f"<p>{' '.join(f'zeppelin{number}x{n}' for n in range(300))}</p>")
    assert costs.pages("zep") > costs.pages("qua")
    assert costs.pages("ZÉP") == costs.pages("zep")


def test_what_is_common_is_not_weighed_beside_what_is_rare(monkeypatch):
    monkeypatch.setattr(costs, "SMALL", 0)
    for number in range(9):
        make_article(f"Article {number}", "<p>The ferry.</p>" if number else "<p>The zeppelin.</p>")
    the, ferry, zeppelin = Words("the"), Words("ferry"), Words("zeppelin")
    weighed = costs.affordable([the, zeppelin])
    assert weighed(zeppelin)
    assert not weighed(the)
    assert costs.affordable([the])(the)
    monkeypatch.setattr(costs, "BUDGET", 0.0)
    monkeypatch.setattr(costs, "LAST", 0.0)
    assert not any(map(costs.affordable([ferry, zeppelin]), [ferry, zeppelin]))
    assert search("the ferry", user=NOBODY).counts["articles"] == 8


def test_where_nothing_can_be_weighed_the_title_comes_first(monkeypatch):
    for name in ("SMALL", "BUDGET", "LAST"):
        monkeypatch.setattr(costs, name, 0)
    make_article("A ferry at night", "<p>It sailed.</p>", standfirst="")
    make_article("Sailing", "<p>A ferry ferry ferry at night.</p>", standfirst="")
    found = [result.title for result in search('"ferry at night" "at night"', user=NOBODY).results]
    assert found == ["A ferry at night", "Sailing"]
