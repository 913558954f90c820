"""What a reader does about a passage whose words have changed."""

import pytest

from newsreader.annotations import changed, services
from newsreader.articles.services import note_position
from newsreader.core.clean import clean
from newsreader.core.passages import Quote
from tests.factories import HARBOUR, mark


def corrected(article, old, new):
    """The article after `old` became `new` in it."""
    return services.revise_article(article, html=clean(HARBOUR.replace(old, new)))


@pytest.fixture
def edited(ada, article):
    """“forty passengers and a piano”, of which a figure was corrected."""
    highlight = mark(article, ada, "with forty passengers and a piano", note="So many?")
    corrected(article, "forty passengers", "fifty passengers")
    highlight.refresh_from_db()
    return highlight


def words_now(highlight):
    return highlight.article.text[highlight.start : highlight.end]


def test_an_edited_passage_keeps_what_it_was_and_says_what_became_of_it(edited):
    assert edited.status == "edited"
    assert edited.exact == "with forty passengers and a piano"
    assert edited.revision.text[edited.made_start : edited.made_end] == edited.exact
    assert words_now(edited) == "with fifty passengers and a piano"
    assert edited.reason


def test_accepting_makes_the_present_words_those_that_are_meant(edited):
    changed.accept(edited, version=1)
    edited.refresh_from_db()
    assert (edited.status, edited.exact) == ("kept", "with fifty passengers and a piano")
    assert edited.revision.number == 2
    assert edited.revision.text[edited.made_start : edited.made_end] == edited.exact
    assert (edited.version, edited.note) == (2, "So many?")


def test_undoing_the_move_makes_it_lost_with_its_former_words_until_they_come_back(edited, article):
    changed.undo_move(edited, version=1)
    edited.refresh_from_db()
    assert (edited.status, edited.span, edited.exact) == ("lost", None, "with forty passengers and a piano")
    without = HARBOUR.replace("forty passengers", "fifty passengers").replace("an hour late", "two hours late")
    services.revise_article(article, html=clean(without))
    edited.refresh_from_db()
    assert edited.status == "lost"
    services.revise_article(article, html=clean(HARBOUR))
    edited.refresh_from_db()
    assert (edited.status, words_now(edited)) == ("kept", "with forty passengers and a piano")


def test_other_words_can_be_chosen_for_a_lost_passage_and_its_note_stays(ada, article):
    highlight = mark(article, ada, "Nobody had asked about the piano.", note="Odd.")
    services.revise_article(article, html=clean("<p>By noon the piano was out of tune.</p>"))
    highlight.refresh_from_db()
    assert highlight.status == "lost"
    highlight.article.refresh_from_db()
    changed.choose(highlight, quote=Quote("the piano was out of tune", "", "", None), version=1)
    highlight.refresh_from_db()
    assert (highlight.status, highlight.exact, highlight.note) == ("kept", "the piano was out of tune", "Odd.")
    assert words_now(highlight) == highlight.exact


def test_words_that_are_not_there_are_refused_and_nothing_changes(edited):
    with pytest.raises(services.Unplaced):
        changed.choose(edited, quote=Quote("a grand piano fell", "", "", None), version=1)
    edited.refresh_from_db()
    assert (edited.status, edited.version) == ("edited", 1)


def test_there_is_nothing_to_accept_in_a_lost_passage(edited):
    changed.undo_move(edited, version=1)
    with pytest.raises(ValueError, match="no longer in the text"):
        changed.accept(edited, version=2)


@pytest.mark.parametrize("act", [changed.accept, changed.undo_move])
def test_a_decision_on_an_older_version_is_refused(edited, act):
    services.edit(edited, version=1, colour="rose", note="Meanwhile.")
    with pytest.raises(services.Stale):
        act(edited, version=1)
    edited.refresh_from_db()
    assert edited.status == "edited"


def test_how_far_somebody_has_read_is_carried_too(ada, article):
    reading = note_position(article, reader=ada, position=article.text.index("two coils"))
    corrected(article, "<p>The ferry", "<p>A correction stands here now.</p><p>The ferry")
    reading.refresh_from_db()
    article.refresh_from_db()
    assert article.text[reading.position :].startswith("two coils")
