"""What happens at the same moment: edits, marks, notes and decisions from several connections to one database file."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from newsreader.annotations import changed, services
from newsreader.annotations.models import Highlight
from newsreader.articles.models import Article, Reading
from newsreader.articles.services import note_position
from newsreader.core.clean import clean
from newsreader.core.passages import Quote
from tests.factories import HARBOUR, make_article, make_user, mark

WORDS = ("an hour late", "forty passengers", "Nobody had asked", "two coils", "Lamp oil", "North quay", "out of tune")


@pytest.fixture
def ada(transactional_db):
    return make_user("ada", first_name="Ada")


@pytest.fixture
def ben(transactional_db):
    return make_user("ben", first_name="Ben")


@pytest.fixture
def article(transactional_db):
    return make_article("The ferry that carried a piano")


def at_once(*jobs):
    """Runs each in a thread with a connection of its own, all let go together, and answers what they answer."""
    gate = Barrier(len(jobs))

    def run(job):
        try:
            connection.ensure_connection()
            gate.wait(timeout=60)
            return job()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return [done.result(timeout=120) for done in [pool.submit(run, job) for job in jobs]]


def read(article):
    """The article as another request holds it: read before whatever happens next."""
    return Article.objects.get(pk=article.pk)


def edit_of(article, html):
    """An edit by somebody who opened the article before."""
    opened = read(article)
    return lambda: services.revise_article(opened, html=clean(html))


def assert_sound(article):
    """The newest revision is the text, and every highlight stands on its words or is lost."""
    stored = read(article)
    revisions = list(stored.revisions.order_by("number"))
    assert [one.number for one in revisions] == list(range(1, len(revisions) + 1))
    assert revisions[-1].html == stored.html
    for one in Highlight.objects.filter(article=stored).select_related("revision"):
        assert one.revision.text[one.made_start : one.made_end] == one.exact
        if one.status == "kept":
            assert stored.text[one.start : one.end].split() == one.exact.split()
        assert (one.span is None) == (one.status == "lost")
        assert one.end is None or one.end <= stored.length


# Edits


def test_edits_at_the_same_moment_each_make_a_revision_and_carry_from_the_one_before(ada, article):
    for words in WORDS:
        mark(article, ada, words)
    texts = [f"<p>Correction {n}.</p>" * n + HARBOUR for n in range(1, 5)]
    answers = at_once(*(edit_of(article, text) for text in texts))
    assert sorted(answer.revision.number for answer in answers) == [2, 3, 4, 5]
    assert {answer.did.kept for answer in answers} == {len(WORDS)}
    assert_sound(article)


def test_an_edit_takes_nothing_back_that_was_saved_since_it_read_the_article(article):
    opened = read(article)
    services.revise_article(read(article), state="withdrawn", title="Another title")
    services.revise_article(opened, html="<p>Two words.</p>")
    stored = read(article)
    assert (stored.state, stored.title, stored.text) == ("withdrawn", "Another title", "Two words.")
    assert (opened.state, opened.title, opened.text) == ("withdrawn", "Another title", "Two words.")
    assert stored.revisions.first().title == "Another title"


def test_an_edit_that_fails_half_way_leaves_everything_as_it_was(ada, article):
    made = mark(article, ada, "forty passengers")
    before = (read(article).html, made.start)
    with pytest.raises(IntegrityError):  # its revision can't be written
        services.revise_article(read(article), html="<p>First.</p>\n" + article.html, reason=None)
    made.refresh_from_db()
    assert (read(article).html, made.start) == before
    assert article.revisions.count() == 1


# Marks


def test_what_is_marked_while_an_edit_runs_stands_on_its_words_in_the_new_text(ada, article):
    def marking(words):
        opened = read(article)
        start = opened.text.index(words)
        return lambda: services.highlight(opened, reader=ada, quote=Quote(words, "", "", start))

    at_once(*(marking(words) for words in WORDS), edit_of(article, "<p>A correction stands here.</p>" + HARBOUR))
    stored = read(article)
    assert stored.revisions.count() == 2
    assert sorted(stored.text[one.start : one.end] for one in Highlight.objects.all()) == sorted(WORDS)
    assert_sound(article)


def test_a_mark_that_waits_for_an_edit_to_end_stands_on_the_text_that_it_leaves(ada, article):
    opened = read(article)
    quote = Quote("Lamp oil", "", "", opened.text.index("Lamp oil"))

    def marking():
        try:
            return services.highlight(opened, reader=ada, quote=quote)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            services.revise_article(article, html=clean("<p>A correction stands here.</p>" + HARBOUR))
            waiting = pool.submit(marking)  # begins while the edit holds the article, ends after it
        made = waiting.result(timeout=120)
    assert (made.revision.number, made.start) == (2, read(article).text.index("Lamp oil"))
    assert_sound(article)


def test_words_that_an_edit_takes_while_they_are_marked_are_refused_or_lost_never_elsewhere(ada, article):
    opened = read(article)
    quote = Quote("Lamp oil", "", "", opened.text.index("Lamp oil"))

    def marking():
        try:
            return services.highlight(opened, reader=ada, quote=quote, note="Mine.")
        except services.Unplaced:
            return None

    made, _ = at_once(marking, edit_of(article, HARBOUR.replace("<li>Lamp oil</li>", "")))
    if made:
        made.refresh_from_db()
        assert (made.status, made.note) == ("lost", "Mine.")
    assert Highlight.objects.count() == bool(made)
    assert_sound(article)


def test_the_same_request_twice_at_once_makes_one_highlight_with_one_note(ada, article):
    quote = Quote("Lamp oil", "", "", article.text.index("Lamp oil"))

    def marking(opened):
        return lambda: services.highlight(opened, reader=ada, quote=quote, note="Mine.", tags=["sea"], key="k1")

    answers = at_once(*(marking(read(article)) for _ in range(4)))
    assert len({one.pk for one in answers}) == 1
    assert Highlight.objects.get().note == "Mine."


def test_the_same_words_marked_in_two_windows_at_once_make_one_highlight_with_both_notes(ada, article):
    quote = Quote("Lamp oil", "", "", article.text.index("Lamp oil"))

    def marking(opened, note):
        return lambda: services.highlight(opened, reader=ada, quote=quote, note=note, key=note)

    at_once(*(marking(read(article), note) for note in ("One.", "Two.", "Three.")))
    assert sorted(Highlight.objects.get().note.split("\n\n")) == ["One.", "Three.", "Two."]


# Notes, the bin and decisions, while an edit runs


def test_a_note_saved_and_a_passage_deleted_while_an_edit_runs_are_both_kept(ada, ben, article):
    noted, binned, others = mark(article, ada, "Lamp oil"), mark(article, ada, "two coils"), mark(article, ben, "Rope")
    longer = "<p>A correction stands here.</p>" + HARBOUR
    at_once(
        edit_of(article, longer),
        lambda: services.edit(noted, version=1, colour="rose", note="Meanwhile.", tags=["sea"]),
        lambda: services.delete(binned),
    )
    stored = read(article)
    for one, words in ((noted, "Lamp oil"), (binned, "two coils"), (others, "Rope")):
        one.refresh_from_db()
        assert stored.text[one.start : one.end] == words
    assert (noted.colour, noted.note, noted.version) == ("rose", "Meanwhile.", 2)
    assert binned.deleted
    assert_sound(article)


def test_the_bin_is_emptied_while_an_edit_carries_what_is_in_it(ada, article):
    made = [mark(article, ada, words) for words in WORDS]
    Highlight.objects.filter(pk__in=[one.pk for one in made[2:]]).update(deleted=timezone.now() - timedelta(days=31))
    longer = "<p>A correction stands here.</p>" + HARBOUR
    at_once(edit_of(article, longer), *(lambda one=one: services.delete(one) for one in made[:2]))
    assert all(one.deleted for one in Highlight.objects.all())
    services.delete(made[0])
    assert Highlight.objects.count() == 2
    assert_sound(article)


@pytest.mark.parametrize("act", [changed.accept, changed.undo_move])
def test_a_decision_while_an_edit_runs_is_about_the_text_before_or_after_it(ada, article, act):
    made = mark(article, ada, "with forty passengers and a piano")
    services.revise_article(article, html=clean(HARBOUR.replace("forty", "fifty")))
    mine = Highlight.objects.get(pk=made.pk)
    at_once(lambda: act(mine, version=1), edit_of(article, "<p>Again.</p>" + HARBOUR.replace("forty", "sixty")))
    stored = Highlight.objects.get()
    assert stored.version == 2
    if act is changed.undo_move:
        assert stored.status == "lost"
    else:
        assert stored.exact in {"with fifty passengers and a piano", "with sixty passengers and a piano"}
    assert_sound(article)


def test_two_decisions_on_one_version_at_once_are_one_decision(ada, article):
    made = mark(article, ada, "with forty passengers and a piano")
    services.revise_article(article, html=clean(HARBOUR.replace("forty", "fifty")))

    def deciding(act, mine):
        def decide():
            try:
                return act(mine, version=1)
            except services.Stale:
                return None

        return decide

    acts = (changed.accept, changed.undo_move, changed.undo_move, changed.accept)
    answers = at_once(*(deciding(act, Highlight.objects.get(pk=made.pk)) for act in acts))
    assert len([one for one in answers if one]) == 1
    assert Highlight.objects.get().version == 2
    assert_sound(article)


def test_words_that_the_reader_never_saw_are_not_accepted(ada, article):
    made = mark(article, ada, "with forty passengers and a piano")
    services.revise_article(article, html=clean(HARBOUR.replace("forty", "fifty")))
    services.revise_article(article, html=clean(HARBOUR.replace("forty", "sixty")))
    made.refresh_from_db()
    with pytest.raises(services.Stale):
        changed.accept(made, version=1, words="with fifty passengers and a piano")
    made.refresh_from_db()
    assert (made.status, made.version) == ("edited", 1)
    changed.accept(made, version=1, words="with sixty passengers and a piano")
    assert Highlight.objects.get().exact == "with sixty passengers and a piano"


def test_how_far_somebody_reads_while_an_edit_runs_is_never_less_than_before(ada, article):
    note_position(article, reader=ada, position=40)
    far = read(article).text.index("two coils")
    opened = read(article)
    at_once(
        lambda: note_position(opened, reader=ada, position=far),
        edit_of(article, "<p>A correction stands here.</p>" + HARBOUR),
    )
    assert Reading.objects.get().position >= far


# Twice, quickly


def test_an_edit_that_is_taken_back_at_once_leaves_all_as_it_was(ada, article):
    for words in WORDS:
        mark(article, ada, words)
    before = list(Highlight.objects.order_by("pk").values_list("pk", "start", "end", "status"))
    services.revise_article(article, html="<p>Placeholder.</p>")
    assert {one.status for one in Highlight.objects.all()} == {"lost"}
    services.revise_article(article, html=clean(HARBOUR))
    assert list(Highlight.objects.order_by("pk").values_list("pk", "start", "end", "status")) == before


def test_a_lost_passage_does_not_come_back_on_the_same_words_that_stood_elsewhere_all_along(ada):
    twice = "<p>It left at six, an hour late.</p><p>Fog came up.</p><p>The post too was an hour late that day.</p>"
    article = make_article(html=twice)
    made = mark(article, ada, "an hour late")
    services.revise_article(article, html=clean(twice.replace("<p>It left at six, an hour late.</p>", "")))
    made.refresh_from_db()
    assert made.status == "lost"
    services.revise_article(article, html=clean(twice.replace("<p>It left at six, an hour late.</p>", "<p>New.</p>")))
    made.refresh_from_db()
    assert made.status == "lost"
    services.revise_article(article, html=clean(twice))
    made.refresh_from_db()
    assert (made.status, made.start) == ("kept", article.text.index("an hour late"))


def test_a_place_that_the_reader_refused_is_not_taken_again_by_the_next_edit(ada, article):
    last = "<p>By noon the fog had closed over the islands &amp; the piano was out of tune.</p>"
    made = mark(article, ada, "By noon the fog had closed over the islands & the piano was out of tune.")
    moved = last + HARBOUR.replace(last, "")
    services.revise_article(article, html=clean(moved))
    made.refresh_from_db()
    assert made.status == "moved"
    changed.undo_move(made, version=1)
    services.revise_article(article, html=clean(moved + "<p>A correction.</p>"))
    made.refresh_from_db()
    assert made.status == "lost"


def test_two_thousand_highlights_are_written_in_one_edit_each_to_its_own_place(ada):
    article = make_article(html="".join(f"<p>Line {n:04} of the log.</p>" for n in range(2000)))
    rows = [article.text.index(f"Line {n:04}") for n in range(2000)]
    revision = article.revisions.get()
    Highlight.objects.bulk_create(
        Highlight(
            article=article,
            reader=ada,
            revision=revision,
            exact=article.text[start : start + 9],
            start=start,
            end=start + 9,
            made_start=start,
            made_end=start + 9,
        )
        for start in rows
    )
    services.revise_article(article, html="<p>First.</p>\n" + article.html)
    assert Highlight.objects.filter(status="kept").count() == 2000
    assert_sound(article)
