"""Other forms of a word are found in the languages that the library holds, and English costs nothing for it."""

import re

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from newsreader.articles.models import Article
from newsreader.core.asked import Any, Words
from newsreader.core.query import parse
from newsreader.search.forms import Family, folded, indexed_as
from newsreader.search.service import search
from newsreader.search.sqlite import vocabulary
from newsreader.search.sqlite.vocabulary import Forms, with_forms
from tests.factories import HARBOUR, make_article, mark

NOBODY = AnonymousUser()
only_sqlite = pytest.mark.only_on("sqlite", "PostgreSQL stems by the article's language")

WRITTEN = {
    "de": ("Haus Hauses Häuser Häusern", "Zeitung Zeitungen", "Straße Straßen Strasse", "Kind Kinder Kindern"),
    "fr": ("maison maisons", "national nationale nationaux", "continuer continuait"),
    "es": ("canción canciones", "trabajo trabajos trabajaba"),
    "nl": ("krant kranten", "boek boeken"),
    "sv": ("tidning tidningar tidningen tidningarna",),
    "it": ("giornale giornali", "veloce veloci velocemente"),
    "pt": ("jornalista jornalistas",),
    "ru": ("город города городом", "новость новости новостями"),
}
TOGETHER = [(language, words) for language, lines in WRITTEN.items() for words in lines]


def titles(words, user=NOBODY):
    """Of the articles that have all the words."""
    page = search(words, user=user, kind="articles")
    return sorted(result.title for result in page.whole)


def run(sql, *params):
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "words"), TOGETHER)
def test_every_form_of_a_word_finds_the_others(language, words):
    forms = words.split()
    for number, form in enumerate(forms):
        make_article(f"{number}", f"<p>Hier {form}.</p>", language=language, standfirst="")
    for form in forms:
        assert len(titles(form)) == len(forms), form


@only_sqlite
@pytest.mark.django_db
def test_a_form_is_marked_and_another_word_is_still_required():
    make_article("Häuser", "<p>Die Häuser am Hafen.</p>", language="de", standfirst="")
    make_article("Haus", "<p>Ein Haus im Wald.</p>", language="de", standfirst="")
    assert titles("Haus Hafen") == ["Häuser"]
    result = search("haus hafen", user=NOBODY).results[0]
    assert {piece.text for piece in result.snippet if piece.is_hit} == {"Häuser", "Hafen"}
    assert titles("hafen -haus") == []


@only_sqlite
@pytest.mark.django_db
def test_phrases_beginnings_short_words_and_signs_stay_as_they_are():
    make_article("One", "<p>Die Häuser, der Tag.</p>", language="de")
    for typed in ('"Haus"', "Hau*", "Tag", "Haus-Boot", "C++", "24", "港町"):
        (leaf,) = parse(typed).leaves()
        assert with_forms(leaf) == leaf
    assert with_forms(None) is None


@only_sqlite
@pytest.mark.django_db
def test_the_typed_form_stands_first_and_the_field_stays():
    make_article("One", "<p>Die Häuser.</p>", language="de-AT")
    root = with_forms(parse("title:Haus -Haus OR x").root)
    assert isinstance(root, Any)
    forms = next(node for node in root.nodes[0].nodes if isinstance(node, Forms))
    assert forms == Forms((Words("Haus", field="title"), Words("hauser", field="title")))


@only_sqlite
@pytest.mark.django_db
def test_in_an_english_library_a_query_is_left_alone_after_one_look():
    make_article("One", "<p>houses and housing</p>", language="en")
    make_article("Two", "<p>houses and housing</p>", language="")
    make_article("Three", "<p>houses</p>", language="xx")
    with CaptureQueriesContext(connection) as queries:
        root = parse("house running -ship").root
        assert with_forms(root) is root
    assert len(queries) == 1


@only_sqlite
@pytest.mark.django_db
def test_the_languages_are_stepped_through_in_the_index():
    for number in range(30):
        make_article(f"{number}", language=("de", "en", "fr-CA", "")[number % 4])
    assert vocabulary._languages() == {"german", "english", "french"}
    with CaptureQueriesContext(connection) as queries:
        vocabulary._languages()
    plan = str(run("EXPLAIN QUERY PLAN " + queries[0]["sql"].replace("%", "%%")))
    assert "SCAN articles_article" not in plan.replace("USING", "")
    assert plan.count("article_in_language") == 2


@only_sqlite
@pytest.mark.django_db
def test_what_is_read_of_the_vocabulary_is_bounded(monkeypatch):
    make_article("Many", f"<p>{' '.join(f'hausen{a}{b}' for a in 'bcdfg' for b in 'klmnp')} Häuser</p>", language="de")
    everything = list(vocabulary.ARTICLES.between("haus", "haus" + vocabulary.LAST))
    assert len(everything) == 26
    monkeypatch.setattr(vocabulary, "_PLACES", 5)
    assert len(list(vocabulary.ARTICLES.between("haus", "haus" + vocabulary.LAST))) == 6


@only_sqlite
@pytest.mark.django_db
def test_a_word_s_own_term_is_never_read():
    """FTS5 would count all its places."""
    make_article("Häuser", "<p>Haus Häuser Hauses Hausboot Hausarzt Haupt hauen Hauch</p>", language="de")
    for own, beginning in (("hauser", "haus"), ("hau", "hau"), ("hauch", "hau"), ("zebra", "hau")):
        read = [
            term
            for low, high in vocabulary._around(own, beginning)
            for term, *_ in vocabulary.ARTICLES.between(low, high)
        ]
        there = [term for term, *_ in vocabulary.ARTICLES.between(beginning, beginning + vocabulary.LAST)]
        assert sorted(read) == [term for term in there if term != own]
        assert len(set(read)) == len(read)


@only_sqlite
@pytest.mark.django_db
def test_terms_are_foretold_as_fts5_makes_them(ada):
    """Folding and Porter's stemmer, in Python and in SQLite, word by word."""
    text = re.sub(r"<[^>]+>", " ", HARBOUR) + " ".join(" ".join(lines) for lines in WRITTEN.values())
    text += " relational agreed flying happily libraries cries hopping sky generalizations oscillators Ünïcödé Việt"
    text += " ǅungla Ωμέγα ΚΥΒΈΡΝΗΣΗ Öğretmen ﬁnal straße ålesund Łódź Øre Æble İstanbul 10 x"
    words = sorted(set(re.findall(r"[^\W_]+", text)))
    odd = []
    for word in words:
        article = make_article("t", "<p>x</p>", standfirst="", source="")
        Article.objects.filter(pk=article.pk).update(title="t", text=word)
        terms = {
            term
            for (term,) in run("SELECT term FROM search_articles_places WHERE doc = %s AND col = 'text'", article.pk)
        }
        if terms != {indexed_as(word)}:
            odd.append((word, terms, indexed_as(word)))
        Article.objects.filter(pk=article.pk).delete()
    assert not odd


@pytest.mark.django_db
def test_forms_in_passages_and_notes_are_found(ada):
    article = make_article("Am Hafen", "<p>Die Häuser am Hafen stehen leer.</p>", language="de")
    made = mark(article, ada, "Häuser am Hafen", note="Welche Zeitungen?")
    (passage,) = search("Haus", user=ada, kind="passages").results
    (note,) = search("Zeitung", user=ada, kind="notes").results
    assert passage.highlight == note.highlight == made


@given(
    st.text(st.characters(categories=["L"]), min_size=1, max_size=12),
    st.sampled_from(["german", "french", "russian", "turkish"]),
)
def test_every_word_is_a_form_of_itself(word, language):
    family = Family(word, language)
    assert family.has(folded(word))
    assert all(folded(word).replace("ß", "ss").startswith(begin.replace("ß", "ss")) for begin in family.beginnings)
