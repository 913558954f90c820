"""What a search finds, for whom, and that nothing typed breaks it."""

from itertools import count

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext

from newsreader.accounts.models import User
from newsreader.annotations import services
from newsreader.articles.models import Article
from newsreader.core.query import parse
from newsreader.search.plan import plan
from newsreader.search.results import COUNT_LIMIT
from newsreader.search.service import search
from newsreader.search.snippets import Piece
from newsreader.search.sqlite import backend as sqlite
from newsreader.search.sqlite.fts import written as as_fts5
from tests.counting import calls_of
from tests.factories import make_article, mark

pytestmark = pytest.mark.django_db
NOBODY = AnonymousUser()


def titles(words, user=NOBODY, **asked):
    """Of what has all the words."""
    page = search(words, user=user, **asked)
    return [result.title for result in page.whole]


def kinds(words, user, **asked):
    return [result.kind for result in search(words, user=user, **asked).results]


def text_of_pieces(result):
    return "".join(f"[{text}]" if is_hit else text for text, is_hit in result.snippet)


# What is found


def test_all_words_are_required():
    make_article("Both", "<p>A piano on a ferry.</p>")
    make_article("One", "<p>A piano.</p>", standfirst="")
    assert titles("piano ferry") == ["Both"]


def test_words_may_stand_in_title_standfirst_byline_and_text():
    make_article("Zeppelin", "<p>It rained.</p>", standfirst="Over the harbour.", byline="Mary Poppins")
    assert titles("zeppelin harbour poppins rained") == ["Zeppelin"]


def test_a_phrase_wants_its_words_side_by_side():
    make_article("Apart", "<p>The country is a good host.</p>")
    make_article("Together", "<p>The host country said no.</p>")
    assert titles('"host country"') == ["Together"]
    assert titles("“host country”") == ["Together"]
    assert sorted(titles("host country")) == ["Apart", "Together"]


def test_a_minus_leaves_out():
    make_article("Paris", "<p>Consent in France.</p>")
    make_article("Bamako", "<p>Consent in Mali.</p>")
    assert titles("consent -France") == ["Bamako"]
    assert titles('consent -"in Mali"') == ["Paris"]
    assert titles("consent -France -Mali") == []


def test_only_leaving_out_finds_nothing_and_says_so():
    make_article("Bamako", "<p>Consent in Mali.</p>")
    page = search("-France", user=NOBODY)
    assert page.results == ()
    assert page.hints


def test_accents_case_and_endings_are_folded():
    make_article("Coffee", "<p>Das Café schließt. Cà phê Việt. They were running.</p>")
    assert titles("CAFE") == ["Coffee"]
    assert titles("cafe\u0301") == ["Coffee"]
    assert titles("viet") == ["Coffee"]  # two accents on one letter
    assert titles("runs") == ["Coffee"]


def test_the_title_counts_for_more_than_the_text():
    make_article("A harbour", "<p>A zeppelin, and another zeppelin, landed here at night.</p>")
    make_article("A zeppelin", "<p>It landed in the harbour, and another one came at night.</p>")
    assert titles("zeppelin") == ["A zeppelin", "A harbour"]


def test_other_scripts_are_found_by_their_words():
    make_article("Arabic", "<p>قالت الحكومة إنها موافقة</p>")
    make_article("Greek", "<p>Η κυβέρνηση συμφωνεί</p>")
    assert titles("الحكومة") == ["Arabic"]
    assert titles("ΚΥΒΈΡΝΗΣΗ") == ["Greek"]


def test_the_snippet_is_pieces_with_the_hits_marked():
    make_article("Peace", "<p>Peacekeeping rests on the consent of the host country.</p>", standfirst="")
    (result,) = search("consent host", user=NOBODY).results
    assert text_of_pieces(result) == "Peacekeeping rests on the [consent] of the [host] country."
    (result,) = search('"host country"', user=NOBODY).results
    assert Piece("host country", True) in result.snippet


def test_a_snippet_holds_what_looks_like_html_as_text():
    make_article("Markup", "<p>Write &lt;b&gt;consent&lt;/b&gt; in bold.</p>", standfirst="")
    (result,) = search("consent", user=NOBODY).results
    assert text_of_pieces(result) == "Write <b>[consent]</b> in bold."


def test_the_snippet_shows_the_standfirst_where_only_that_has_the_words():
    make_article("Peace", "<p>Something else.</p>", standfirst="All about consent.")
    (result,) = search("consent", user=NOBODY).results
    assert text_of_pieces(result) == "All about [consent]."


def test_an_article_opens_at_the_words():
    article = make_article("Quiet", "<p>It rests on the host-country's consent, and.</p><p>More.</p>", standfirst="")
    (result,) = search('"host country"', user=NOBODY).results
    assert result.url == f"{article.get_absolute_url()}#:~:text=host%2Dcountry%27s%20consent%2C%20and."
    (result,) = search("quiet", user=NOBODY).results
    assert result.url == article.get_absolute_url()


def test_passages_and_notes_are_found_and_open_at_the_highlight(ada, article):
    made = mark(article, ada, "forty passengers", note="Zeppelins carry fewer")
    (passage,) = search("forty passengers", user=ada, kind="passages").results
    (note,) = search("zeppelin", user=ada).results
    assert (passage.kind, note.kind) == ("passages", "notes")
    assert passage.highlight == note.highlight == made
    assert passage.url == note.url == f"{article.get_absolute_url()}#h-{made.public_id}"
    assert text_of_pieces(note) == "[Zeppelins] carry fewer"


def test_kinds_are_merged_with_the_best_of_each_first(ada):
    for number in range(3):
        article = make_article(f"Article {number}", f"<p>{'consent ' * (number + 1)}and {number} more.</p>")
        mark(article, ada, "consent and", note="Consent, noted")
    found = kinds("consent", ada)
    assert sorted(found[:3]) == ["articles", "notes", "passages"]
    assert len(found) == 9
    scores = [result.score for result in search("consent", user=ada).results]
    assert scores == sorted(scores, reverse=True)
    assert scores[0] == 1.0


def test_kind_narrows_the_results_and_not_the_counts(ada, article):
    mark(article, ada, "forty passengers", note="Forty!")
    page = search("forty", user=ada, kind="notes")
    assert [result.kind for result in page.results] == ["notes"]
    assert page.counts == {"all": 3, "articles": 1, "passages": 1, "notes": 1}


def test_pages_follow_each_other_without_gap_or_repetition(ada):
    for number in range(12):
        article = make_article(f"Article {number}", f"<p>{'consent ' * (number % 4 + 1)}{'filler ' * number}</p>")
        mark(article, ada, "consent", note="consent")
    whole = [(r.kind, r.article.pk) for r in search("consent", user=ada, limit=36).results]
    parts, after = [], ""
    for number in range(8):
        page = search("consent", user=ada, after=after, limit=5)
        assert page.before == number * 5
        parts += [(r.kind, r.article.pk) for r in page.results]
        after = page.next
        assert bool(after) is (number < 7)
    assert parts == whole
    assert len(set(whole)) == 36


@pytest.mark.parametrize("after", ["", "~", "x", "0~0.0~0.0~0.0", "-1", "9" * 5_000, "\0", "\ud800", "²", "F" * 12])
def test_a_cursor_that_is_none_begins_at_the_beginning(ada, after):
    make_article("Consent")
    assert titles("consent", ada, after=after) == ["Consent"]


def test_a_cursor_of_another_query_begins_at_the_beginning(ada):
    for number in range(3):
        make_article(f"Consent {number}")
    after = search("consent", user=ada, limit=2).next
    assert len(titles("consent", ada, after=after)) == 1
    assert len(titles("Consent", ada, after=after)) == 3
    assert len(titles("consent", ada, after=after, kind="articles")) == 3


# Who finds it


def test_ada_s_passages_and_notes_are_never_in_bens_results_or_counts(ada, ben, article):
    mark(article, ada, "forty passengers", note="xylophone")
    for words in ("forty passengers", "xylophone"):
        for kind in ("all", "passages", "notes"):
            page = search(words, user=ben, kind=kind)
            assert not [result for result in page.results if result.highlight]
            assert page.counts["passages"] == page.counts["notes"] == 0
            assert search(words, user=NOBODY, kind=kind).counts["notes"] == 0
    assert search("xylophone", user=ben).counts["all"] == 0


def test_drafts_withdrawn_and_private_articles_are_found_by_nobody_else(ada, ben, cleo):
    make_article("Zeppelin draft", state="draft")
    make_article("Zeppelin withdrawn", state="withdrawn")
    make_article("Zeppelin of ada", owner=ada)
    for user in (ben, cleo, NOBODY):
        page = search("zeppelin", user=user)
        assert (page.results, page.counts["all"], page.next) == ((), 0, "")
    assert titles("zeppelin", ada) == ["Zeppelin of ada"]


def test_visitors_find_nothing_where_reading_is_not_open(settings, ada, article):
    settings.OPEN_READING = False
    assert search("piano", user=NOBODY).counts["all"] == 0
    assert search("piano", user=NOBODY).results == ()
    assert titles("piano", ada) == [article.title]


def test_a_highlight_of_a_withdrawn_article_is_found_without_a_link(ada, cleo, article):
    mark(article, ada, "forty passengers", note="zeppelin")
    mark(article, cleo, "forty passengers", note="zeppelin")
    article.state = "withdrawn"
    article.save()
    (note,) = search("zeppelin", user=ada).results
    assert (note.title, note.url) == (article.title, "")
    (note,) = search("zeppelin", user=cleo).results
    assert note.url  # a curator may open it


def test_what_is_in_the_bin_is_not_found(ada, article):
    services.delete(mark(article, ada, "forty passengers", note="zeppelin"))
    assert search("zeppelin", user=ada).counts["all"] == 0
    assert search("forty", user=ada, kind="passages").results == ()


def test_a_lost_highlight_is_still_found(ada, article):
    mark(article, ada, "forty passengers", note="zeppelin")
    services.revise_article(article, html="<p>Nothing of that is left here.</p>")
    (note,) = search("zeppelin", user=ada).results
    assert note.highlight.status == "lost"


# Whatever is typed

HOSTILE = [
    *("C++", "don't", "a:b", "title:x", "NOT NOT", "AND", "a OR", "NEAR(a b, 2)", '"', '""', "'", "^a", "a*", "*"),
    *("-", "--", "{text} : a", "(", "a)", "a + b", "\0", "a\0b", "%s %d %", "'; DROP TABLE x; --", "\\",),
    "\ufdd0a\ufdd1",
    *("🙂", "👩‍👩‍👧", "قالت الحكومة", "政府", "हिन्दी", "\u0301", "\u200b", "ﬁ", "ß", "\ud800", "𞤀𞤁", "𞤀 piano"),
    *("word " * 10_000, "a" * 100_000, "(" * 100_000, '"a" ' * 10_000, "-a " * 10_000, "the -the " * 5_000),
    '"' + "the " * 10_000 + '"',
]  # fmt: skip


@pytest.fixture
def fifty(ada):
    """Fifty articles full of a common word, each with a note of ada's."""
    for number in range(50):
        article = make_article(f"The {number}", f"<p>{'the word and a ' * 1_000}</p>")
        mark(article, ada, "the word", note="a word in the margin")
    return ada


def test_whatever_is_typed_gets_an_answer_for_a_bounded_amount_of_work(fifty):
    """Counted, since a machine may be busy with other things; bench/nasties.py has the milliseconds.

    The most statements are those of one that looks for a word near each that nothing has: small ones, of indexes. Of
    100,000 letters the first ones are taken.
    """
    for typed in HOSTILE:
        with CaptureQueriesContext(connection) as asked:
            calls = calls_of(lambda typed=typed: search(typed, user=fifty))
        assert calls < 1_000_000, typed[:20]
        assert len(asked) < 1_000, typed[:20]
        assert max((len(one["sql"]) for one in asked), default=0) < 25_000, typed[:20]


def test_signs_around_words_do_not_hide_them():
    make_article("Code", "<p>They don't write C++ at 10:30.</p>")
    for typed in ("don't", "don’t", "C++", "10:30", "(write)", "^code", "write*"):
        assert titles(typed) == ["Code"], typed


only_sqlite = pytest.mark.only_on("sqlite", "SQLite's clock; PostgreSQL: test_postgres")


@only_sqlite
def test_whatever_is_typed_is_a_bounded_number_of_instructions_for_sqlite(fifty, monkeypatch):
    looks = count()
    monkeypatch.setattr(sqlite, "_STEP", 1_000)
    monkeypatch.setattr(sqlite, "monotonic", lambda: next(looks) and 0.0)
    for typed in HOSTILE:
        before = next(looks)
        search(typed, user=fifty)
        assert next(looks) - before < 200, typed[:20]  # thousands of instructions


@only_sqlite
def test_a_search_that_takes_too_long_is_cut_off_and_says_so(fifty, monkeypatch):
    monkeypatch.setattr(sqlite, "PATIENCE", -1.0)
    monkeypatch.setattr(sqlite, "_STEP", 10)
    page = search("the word", user=fifty)
    assert page.results == ()
    assert "too long" in page.hints[-1]
    monkeypatch.undo()
    assert search("the word", user=fifty).results


@only_sqlite
def test_another_error_of_the_database_is_not_hidden():
    with pytest.raises(OperationalError, match="disk"), sqlite.bounded():
        raise OperationalError("disk I/O error")


def test_counts_are_exact_to_the_limit_and_then_stop(ada, article):
    article.text = "common"
    copies = []
    for number in range(COUNT_LIMIT + 5):
        article.pk, article.slug = None, f"copy-{number}"
        copies.append(Article(**{f.attname: getattr(article, f.attname) for f in Article._meta.concrete_fields}))
    Article.objects.bulk_create(copies)
    page = search("common", user=ada)
    assert page.counts["articles"] == page.counts["all"] == COUNT_LIMIT + 1


def test_the_number_of_queries_does_not_grow_with_the_results(ada):
    taken = []
    for number in range(12):
        article = make_article(f"Article {number}", "<p>consent is given</p>", source=f"Source {number}")
        mark(article, ada, "consent", note="consent")
        if number in {0, 11}:
            search("consent", user=ada, limit=36)  # what is remembered of words is remembered now
            with CaptureQueriesContext(connection) as queries:
                search("consent", user=User.objects.get(pk=ada.pk), limit=36)
            taken.append(len(queries))
    assert taken[0] == taken[1] <= 15


def test_every_word_is_quoted_for_the_database():
    def written(typed, kind):
        return as_fts5(plan(parse(typed).root, kind), kind)

    assert written('"NOT" "a b" -c', "articles") == '("NOT" AND "a b") NOT ("c")'
    assert written("a OR b*", "notes") == '({note} : "a" OR {note} : "b" *)'
    assert written("title:a text:b", "articles") == '{title} : "a" AND {standfirst text} : "b"'
