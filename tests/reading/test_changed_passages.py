"""A passage whose words changed: the sign with then and now, what was lost, decisions, and the notebook's filter."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from newsreader.annotations.changed import undo_move
from newsreader.annotations.models import Highlight
from newsreader.annotations.services import delete, edit, revise_article
from newsreader.articles.models import Article
from newsreader.core.clean import clean
from newsreader.reading.pages import changed as pages
from tests.factories import HARBOUR, make_article, mark
from tests.reading.pages import parsed

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}

GONE = (
    "<p>Nobody had asked about the piano. <em>It was simply there</em>, under a tarpaulin, when the ramp came up.</p>"
)
CORRECTED = HARBOUR.replace("forty passengers", "fifty passengers").replace(GONE, "")


@pytest.fixture
def client(signed_in, ada):
    """Ada's."""
    return signed_in(ada)


@pytest.fixture
def passages(ada, article):
    """One that was edited, one that was lost, one that was kept."""
    for words, fields in (
        ("with forty passengers and a piano", {}),
        ("Nobody had asked about the piano.", {"note": "*Odd*.", "tags": ["music"]}),
        ("Lamp oil", {"note": "Kept."}),
    ):
        mark(article, ada, words, **fields)
    revise_article(article, html=clean(CORRECTED))
    return list(Highlight.objects.order_by("id"))


@pytest.fixture
def edited(passages):
    return passages[0]


@pytest.fixture
def lost(passages):
    return passages[1]


def address(passage, what=""):
    return f"/highlights/{passage.public_id}/{what}"


def place(passage):
    return f"{passage.article.get_absolute_url()}#h-{passage.public_id}"


def page_of(client, article):
    return parsed(client.get(article.get_absolute_url()))


def pieces(element):
    """Then and now, with what went in [] and what came in {}."""
    marks = {"del": "[{}]", "ins": "{{{}}}"}
    return "".join(one if isinstance(one, str) else marks[one.tag].format(one.text) for one in element.children)


def sent_by(form, button):
    """What a browser sends, and where, when that button of the form is pressed."""
    (pressed,) = [one for one in form.all("button") if one.text.strip().startswith(button)]
    return pressed.at.get("formaction") or form.at["action"], form.fields()


def press(client, element, button, **headers):
    (form,) = [form for form in element.all("form") if any(one.text.startswith(button) for one in form.all("button"))]
    to, sent = sent_by(form, button)
    return client.post(to, sent, headers=headers or None)


def words_now(passage):
    passage.refresh_from_db()
    passage.article.refresh_from_db()
    return passage.article.text[passage.start : passage.end]


# The signs


def test_an_edited_passage_without_a_note_stands_in_the_margin_with_then_and_now(client, article, edited):
    page = page_of(client, article)
    note = page.one(id=f"n-{edited.public_id}")
    sign = note.one("details", class_="changed")
    assert sign.one("summary").text == "The words changed"
    assert pieces(sign.one(class_="diff")) == "with [forty]{fifty} passengers and a piano"
    assert len(sign.all("time")) == 2
    assert edited.reason in sign.text
    assert page.one(id=f"h-{edited.public_id}").at["aria-label"].endswith("without a note, the words changed")


def test_a_kept_passage_has_no_sign(client, article, passages):
    page = page_of(client, article)
    kept = page.one(id=f"n-{passages[2].public_id}")
    assert not kept.all(class_="changed")
    assert page.one(id=f"h-{passages[2].public_id}").at["aria-label"] == "Passage, yellow, with a note"


def test_a_passage_that_moved_says_so_and_how_much_of_it_is_left(client, ada):
    story = make_article(html=HARBOUR)
    passage = mark(story, ada, "By noon the fog had closed over the islands")
    last = HARBOUR.strip().splitlines()[-1]
    revise_article(story, html=clean(f"{last}{HARBOUR.replace(last, '')}"))
    passage.refresh_from_db()
    assert passage.status == "moved"
    sign = page_of(client, story).one("details", class_="changed")
    assert sign.one("summary").text == "The words moved"
    assert "All of them are left." in sign.text


@pytest.mark.parametrize(
    ("score", "told"),
    [(1.0, "All"), (0.95, "Nearly all"), (0.8, "Most"), (0.6, "More than half"), (0.1, "Less than half")],
)
def test_how_much_of_a_moved_passage_is_left_is_told_in_words(score, told):
    assert pages.why("moved", "It moved.", score) == f"It moved. {told} of them are left."
    assert pages.why("edited", "83% of the words are left.", score) == "83% of the words are left."


def test_what_was_lost_stands_whole_with_its_context_and_the_places_that_look_like_it(client, article, lost):
    card = page_of(client, article).one(id="lost").one("article")
    assert card.one(class_="exact").text == lost.exact
    around = [one.text.strip("… \n") for one in card.all(class_="said")[0].all(class_="ctx")]
    assert around == [lost.prefix.strip(), lost.suffix.strip()]
    assert card.one("em").text == "Odd"
    assert card.one("a", class_="tag").text == "music"
    assert card.one("a", data_choose="").at["href"] == address(lost, "words/")


def test_the_places_that_look_like_a_lost_passage_are_at_most_three_and_not_looked_for_without_end(
    client, ada, monkeypatch
):
    story = make_article(html="<p>The tide was late.</p>" + "<p>The mayor said that the tide was late again.</p>" * 9)
    passage = mark(story, ada, "The tide was late.")
    undo_move(passage, version=1)
    offered = page_of(client, story).one(id="lost").all("form")
    assert 1 <= len(offered) <= 3
    monkeypatch.setattr(pages, "LOOKED_FOR", 0)
    assert not page_of(client, story).one(id="lost").all("form")
    assert page_of(client, story).one(id="lost").one(class_="exact").text == "The tide was late."


def test_many_changed_passages_cost_no_more_queries_than_one(client, article, ada, edited):
    def queries():
        with CaptureQueriesContext(
            connection,
        ) as asked:
            client.get(article.get_absolute_url())
        return len(asked)

    queries()
    one = queries()
    article.refresh_from_db()
    for words in ("The ferry", "an hour late", "a piano", "two coils", "North quay"):
        mark(article, ada, words, tags=["t"])
    Highlight.objects.exclude(status="lost").update(status="edited", score=0.5)
    for passage in Highlight.objects.exclude(pk=edited.pk).order_by("id")[3:5]:
        undo_move(passage, version=1)
    assert queries() == one


def test_a_place_that_has_nothing_to_do_with_a_lost_passage_is_not_offered(client, article, lost):
    assert not page_of(client, article).one(id="lost").all("form")


# Decisions, by plain forms


def test_accepting_comes_back_to_the_words_and_the_sign_is_gone(client, article, edited):
    response = press(client, page_of(client, article).one(id=f"n-{edited.public_id}"), "Accept")
    assert (response.status_code, response["Location"]) == (303, place(edited))
    edited.refresh_from_db()
    assert (edited.status, edited.exact) == ("kept", "with fifty passengers and a piano")
    assert not page_of(client, article).all(class_="changed")


def test_undoing_the_move_puts_it_among_what_is_lost(client, article, edited):
    response = press(client, page_of(client, article).one(id=f"n-{edited.public_id}"), "Undo the move")
    assert response.status_code == 303
    lost = page_of(client, article).one(id="lost")
    assert [one.text for one in lost.all(class_="exact")] == [
        "with forty passengers and a piano",
        "Nobody had asked about the piano.",
    ]


def test_a_place_that_looks_like_it_is_marked_with_one_button(client, article, edited):
    undo_move(edited, version=1)
    card = page_of(client, article).one(id=f"n-{edited.public_id}")
    assert press(client, card, "Mark these words").status_code == 303
    assert words_now(edited) == "with fifty passengers and a piano"
    assert edited.status == "kept"


def test_other_words_are_typed_on_a_page_of_their_own(client, article, lost):
    page = parsed(client.get(address(lost, "words/")))
    assert lost.exact in page.text
    form = page.one("form", class_="composer")
    sent = form.fields() | {"exact": "the piano was out of tune"}
    response = client.post(form.at["action"], sent)
    assert (response.status_code, response["Location"]) == (303, place(lost))
    assert words_now(lost) == "the piano was out of tune"
    assert (lost.status, lost.note, [tag.name for tag in lost.tags.all()]) == ("kept", "*Odd*.", ["music"])


def test_where_the_typed_words_stand_twice_the_reader_says_which(client, article, lost):
    form = parsed(client.get(address(lost, "words/"))).one("form", class_="composer")
    which = parsed(client.post(form.at["action"], form.fields() | {"exact": "piano"})).one("form", class_="composer")
    chosen = which.all("input", type="radio")
    assert len(chosen) == 2
    response = client.post(which.at["action"], which.fields() | {"hint": chosen[1].at["value"]})
    assert response.status_code == 303
    lost.refresh_from_db()
    assert (lost.exact, lost.start) == ("piano", int(chosen[1].at["value"]))


def test_words_that_are_not_there_are_refused_and_what_was_typed_stays(client, article, lost):
    sent = {"exact": "a grand piano fell", "version": "1"}
    page = parsed(client.post(address(lost, "words/"), sent), status=422)
    assert "These words are not in the article." in page.one(role="alert").text
    assert page.one("textarea").text.strip() == "a grand piano fell"
    card = parsed(client.post(address(lost, "words/"), sent | {"hint": "3"}, headers=HTMX), status=422)
    assert "not in the article as it is now" in card.one(role="alert").text
    assert card.one("form").fields()["exact"] == "a grand piano fell"
    lost.refresh_from_db()
    assert (lost.status, lost.version) == ("lost", 1)


@pytest.mark.parametrize("sent", [{}, {"exact": "Rope"}, {"version": "1"}, {"exact": "Rope", "version": "x"}])
def test_what_is_no_choice_is_refused(client, lost, sent):
    assert client.post(address(lost, "words/"), sent).status_code == 422
    lost.refresh_from_db()
    assert lost.status == "lost"


# What two windows do


@pytest.mark.parametrize("act", ["accept/", "undo-move/"])
def test_a_decision_on_an_older_version_shows_what_is_there_now(client, edited, act):
    edit(edited, version=1, colour="rose", note="Meanwhile.")
    page = parsed(client.post(address(edited, act), {"version": "1"}), status=409)
    assert "meanwhile" in page.one(role="alert").text
    assert page.one("details", class_="changed").one("form").fields()["version"] == "2"
    edited.refresh_from_db()
    assert edited.status == "edited"


def test_words_that_the_reader_has_not_seen_are_not_accepted(client, article, edited):
    note = page_of(client, article).one(id=f"n-{edited.public_id}")
    revise_article(article, html=clean(CORRECTED.replace("fifty", "sixty")))
    response = press(client, note, "Accept")
    page = parsed(response, status=409)
    assert pieces(page.one(class_="diff")) == "with [forty]{sixty} passengers and a piano"
    edited.refresh_from_db()
    assert edited.status == "edited"


def test_script_gets_the_whole_text_with_a_409(client, article, edited):
    edit(edited, version=1, colour="rose", note="Meanwhile.")
    response = client.post(address(edited, "accept/"), {"version": "1"}, headers=HTMX)
    page = parsed(response, status=409)
    assert page.one(hx_swap_oob="innerHTML:#text").one("mark", data_c="rose")
    assert "Meanwhile." in page.one(id=f"n-{edited.public_id}").text
    assert json.loads(response["HX-Trigger-After-Swap"])["stale"]["id"] == edited.public_id


def test_there_is_nothing_to_accept_in_what_is_lost(client, lost):
    page = parsed(client.post(address(lost, "accept/"), {"version": "1"}), status=409)
    assert "no longer in the text" in page.one(role="alert").text


def test_other_words_for_an_older_version_keep_what_was_typed(client, lost):
    edit(lost, version=1, colour="rose", note="Meanwhile.")
    page = parsed(client.post(address(lost, "words/"), {"exact": "Lamp oil", "version": "1"}), status=409)
    form = page.one("form", class_="composer")
    assert form.one("textarea").text.strip() == "Lamp oil"
    assert client.post(form.at["action"], form.fields()).status_code == 303
    assert words_now(lost) == "Lamp oil"


# What script gets


def test_script_gets_the_blocks_of_the_former_place_and_of_the_new_one(client, article, edited):
    start = article.text.index("North quay")
    sent = {"exact": "North quay", "hint": str(start), "version": "1"}
    response = client.post(address(edited, "words/"), sent, headers=HTMX)
    page = parsed(response)
    blocks = [one for one in page.all(hx_swap_oob="true") if one.at["id"].startswith("b-")]
    assert [one.text.split("\n")[0] for one in blocks] == ["Port", article.text.split("\n")[0]]
    assert not blocks[1].all("mark")
    assert blocks[0].one("mark").text == "North quay"
    assert json.loads(response["HX-Trigger-After-Swap"]) == {"chosen": {"id": edited.public_id, "colour": "yellow"}}


def test_script_gets_the_list_of_what_is_lost_whenever_it_differs(client, article, edited, lost):
    undone = parsed(client.post(address(edited, "undo-move/"), {"version": "1"}, headers=HTMX))
    assert len(undone.one(id="lost-passages").all("article")) == 2
    assert not undone.one(id="b-0").all("mark")
    sent = {"exact": "Lamp oil", "version": "1"}
    chosen = parsed(client.post(address(lost, "words/"), sent, headers=HTMX))
    assert [one.text for one in chosen.one(id="lost-passages").all(class_="exact")] == [edited.exact]
    accepted = parsed(client.post(address(lost, "accept/"), {"version": "2"}, headers=HTMX))
    assert not accepted.all(id="lost-passages")


def test_a_form_on_another_page_than_the_articles_is_answered_with_the_way_there(client, edited):
    headers = HTMX | {"HX-Current-URL": f"http://testserver{address(edited)}"}
    response = client.post(address(edited, "accept/"), {"version": "1"}, headers=headers)
    assert response["HX-Redirect"] == place(edited)


# Who may


@pytest.mark.parametrize("what", ["accept/", "undo-move/", "words/"])
def test_ben_gets_the_same_404_for_adas_passage_as_for_a_missing_one(signed_in, ben, passages, what):
    sent = {"version": "1", "exact": "Lamp oil"}
    client = signed_in(ben)
    hers = client.post(address(passages[0], what), sent)
    none = client.post(f"/highlights/aaaaaaaaaaaa/{what}", sent)
    assert (hers.status_code, hers.content) == (404, none.content)
    passages[0].refresh_from_db()
    assert (passages[0].status, passages[0].version) == ("edited", 1)


@pytest.mark.parametrize("what", ["accept/", "undo-move/", "words/"])
def test_what_a_withdrawn_article_says_now_is_not_told(client, edited, what):
    Article.objects.update(state="withdrawn")
    assert client.post(address(edited, what), {"version": "1", "exact": "Lamp oil"}).status_code == 404
    assert client.get(address(edited, "words/")).status_code == 404
    for page in (address(edited), "/notebook/?changed=1"):
        told = client.get(page).content.decode()
        assert "forty passengers" in told
        assert "fifty" not in told


def test_a_deleted_passage_is_decided_about_only_after_it_is_put_back(client, edited):
    delete(edited)
    assert client.post(address(edited, "accept/"), {"version": "1"}).status_code == 404


# The notebook


def test_the_notebook_leads_to_what_changed_and_shows_it(client, article, passages):
    page = parsed(client.get("/notebook/"))
    (link,) = page.all("a", href="?changed=1")
    assert link.text == "The story changed under 2 passages"
    page = parsed(client.get("/notebook/?changed=1"))
    found = page.all("article", class_="passage")
    assert len(found) == 2
    assert pieces(found[0].one(class_="diff")).strip() == "with [forty]{fifty} passengers and a piano"
    assert "The words changed" in found[0].text
    assert found[1].one("blockquote").text == "Nobody had asked about the piano."
    assert "No longer in the text" in found[1].text
    (chip,) = page.all(class_="chip")
    assert (chip.text, chip.one("a").at["href"]) == ("The story changed", "?")


def test_the_filter_stays_while_others_are_chosen(client, article, passages):
    page = parsed(client.get("/notebook/?changed=1&tag=music"))
    assert page.one("form", aria_label="Filter passages").fields()["changed"] == "1"
    assert len(page.all("article", class_="passage")) == 1


def test_the_newest_change_comes_first(client, ada, passages):
    other = make_article("Older, and edited later", published=None)
    Article.objects.filter(pk=other.pk).update(dated="2001-01-01T00:00Z")
    mark(other, ada, "forty passengers")
    revise_article(other, html=clean(CORRECTED))
    page = parsed(client.get("/notebook/?changed=1"))
    assert page.all("section", class_="book")[0].one("h2").text == "Older, and edited later"


def test_where_nothing_changed_the_notebook_says_nothing_of_it(client, ada, article):
    mark(article, ada, "Lamp oil")
    assert "changed" not in parsed(client.get("/notebook/")).one("main").text


def test_the_filter_costs_the_same_number_of_queries_for_two_as_for_many(client, ada, article, passages):
    def queries():
        with CaptureQueriesContext(connection) as asked:
            client.get("/notebook/?changed=1")
        return len(asked)

    queries()
    few = queries()
    article.refresh_from_db()
    for words in ("The ferry", "two coils", "North quay", "the mate said"):
        mark(article, ada, words, tags=["t"])
    Highlight.objects.exclude(status="lost").update(status="edited")
    assert queries() == few
