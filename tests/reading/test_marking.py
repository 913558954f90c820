"""Marking a passage: with script and without, and all that can go wrong on the way."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from newsreader.annotations.models import Highlight
from newsreader.annotations.services import revise_article
from tests.factories import make_article, mark
from tests.reading.pages import parsed

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
TWICE = "<p>The piano left first.</p><p>Then the ferry left, and the piano came back.</p>"


@pytest.fixture
def client(signed_in, ada):
    """Ada's."""
    return signed_in(ada)


def address(article):
    return f"{article.get_absolute_url()}highlights/"


def selected(article, words, **more):
    """What script sends for a selection."""
    start = article.text.index(words)
    end = start + len(words)
    around = {"before": article.text[max(0, start - 32) : start], "after": article.text[end : end + 32]}
    return {"exact": words, "hint": start, "colour": "rose", **around, **more}


def typed(words, **more):
    """What the form under the article sends."""
    return {"exact": words, "colour": "rose", "note": "", "tags": "", **more}


def numbers_of_blocks(page):
    return [int(one.at["id"][2:]) for one in page.all(id=True) if one.at["id"].startswith("b-")]


# Without JavaScript


def test_the_form_under_the_article_marks_the_words_and_comes_back_to_them(client, ada, article):
    form = parsed(client.get(article.get_absolute_url())).one(id="mark-words").one("form")
    assert form.at["action"] == address(article)
    sent = form.fields() | {"exact": "forty passengers", "note": "Count *them*.", "tags": "Sea, to check"}
    response = client.post(form.at["action"], sent)
    made = Highlight.objects.get()
    assert response.status_code == 303
    assert response["Location"] == f"{article.get_absolute_url()}#h-{made.public_id}"
    assert (made.exact, made.note, made.colour, made.reader) == ("forty passengers", "Count *them*.", "yellow", ada)
    assert {tag.name for tag in made.tags.all()} == {"sea", "to-check"}


def test_typed_words_may_have_plain_quotes_dashes_and_spaces(client, article):
    client.post(address(article), typed('"We sail  when we\r\nsail,"'))
    assert Highlight.objects.get().exact == "“We sail when we sail,”"


@pytest.mark.parametrize("words", ["a submarine", "Forty Passengers", "   ", "\u200b"])
def test_words_that_stand_nowhere_are_refused_and_all_that_was_typed_stays(client, article, words):
    response = client.post(address(article), typed(words, note="My\r\nnote", tags="a, b", colour="violet"))
    form = parsed(response, 422).one(id="mark-words").one("form")
    assert form.one(role="alert").text.strip()
    kept = form.fields()
    assert (kept["note"], kept["tags"], kept["colour"]) == ("My\r\nnote", "a, b", "violet")
    assert kept["exact"].strip() == words.strip()
    assert not Highlight.objects.exists()


def test_words_that_stand_twice_are_asked_about_and_the_answer_is_marked(client):
    article = make_article(html=TWICE)
    asked = parsed(client.post(address(article), typed("piano", note="Which?\r\nThis.", tags="x")))
    form = asked.one("form", class_="composer")
    places = form.all("input", name="hint")
    second = article.text.index("piano", 12)
    assert [place.at["value"] for place in places] == [str(article.text.index("piano")), str(second)]
    assert "Then the ferry left, and the" in form.text
    response = client.post(form.at["action"], form.fields() | {"hint": second})
    made = Highlight.objects.get()
    assert response["Location"].endswith(f"#h-{made.public_id}")
    assert (made.start, made.note, made.tags.get().name, made.colour) == (second, "Which?\nThis.", "x", "rose")


def test_the_place_that_was_chosen_is_marked_though_it_is_spelt_another_way(client):
    article = make_article(html="<p>It's late.</p><p>Or so the mate said: It’s late.</p>")
    form = parsed(client.post(address(article), typed("It's late"))).one("form", class_="composer")
    second = article.text.index("It’s")
    client.post(form.at["action"], form.fields() | {"hint": second})
    made = Highlight.objects.get()
    assert (made.start, made.exact) == (second, "It’s late")


def test_choosing_a_place_twice_makes_one_highlight(client):
    article = make_article(html=TWICE)
    form = parsed(client.post(address(article), typed("piano", note="n"))).one("form", class_="composer")
    for _ in range(2):
        client.post(form.at["action"], form.fields())
    assert Highlight.objects.get().note == "n"


def test_words_without_anything_or_in_no_colour_are_refused(client, article):
    for broken in ({"exact": ""}, {"colour": "red"}, {"colour": ""}, {"hint": "x"}, {"hint": "-1"}):
        assert client.post(address(article), selected(article, "forty") | broken).status_code == 422
    assert not Highlight.objects.exists()


# With htmx


def test_script_gets_the_blocks_touched_and_the_one_note(client, ada, article):
    for words in ("Lamp oil", "forty"):
        mark(article, ada, words, note="Another.")
    sent = selected(article, "passengers and a piano", note="Mine.", tags="sea", key="k1")
    response = client.post(address(article), sent, headers=HTMX)
    made = Highlight.objects.get(key="k1")
    page = parsed(response)
    block = page.one(id="b-0")
    assert block.at["hx-swap-oob"] == "true"
    assert block.text == article.text.split("\n")[0]
    assert len(block.all("a", class_="hl-ref")) == 2  # with the mark that was there before
    assert [one.at["id"] for one in page.all(class_="note")] == [f"n-{made.public_id}"]
    assert not page.all(class_="t-flag")  # script draws the flags from the marks, so that an answer stays small
    assert numbers_of_blocks(page) == [0]
    assert "Another." not in page.text
    assert response["HX-Reswap"] == "none"
    assert json.loads(response["HX-Trigger-After-Swap"]) == {"highlighted": {"id": made.public_id, "colour": "rose"}}


def test_the_block_that_comes_back_is_the_one_that_a_reload_shows(client, article):
    response = client.post(address(article), selected(article, "It was simply there, under", note="n"), headers=HTMX)
    block = parsed(response).one(id="b-1")
    reloaded = parsed(client.get(article.get_absolute_url())).one("article", id="text").one(id="b-1")
    assert block.at.pop("hx-swap-oob") == "true"

    def told(element):
        return [(one.tag, one.at, one.text) for one in element.walk()]

    assert told(block) == told(reloaded)


def test_a_passage_over_several_blocks_brings_each_of_them_and_no_other(client, article):
    start = article.text.index("simply there")
    words = article.text[start : article.text.index("Lamp") + 4]
    page = parsed(client.post(address(article), selected(article, words), headers=HTMX))
    assert numbers_of_blocks(page) == [1, 2]


def test_a_mark_without_note_and_tags_has_nothing_in_the_margin(client, article):
    page = parsed(client.post(address(article), selected(article, "forty"), headers=HTMX))
    assert not page.all(class_="note")


def test_a_retry_answers_the_same_passage(client, article):
    sent = selected(article, "forty passengers", key="k1", note="n")
    first, second = (client.post(address(article), sent, headers=HTMX) for _ in range(2))
    assert first["HX-Trigger-After-Swap"] == second["HX-Trigger-After-Swap"]
    assert Highlight.objects.count() == 1


def test_the_answer_costs_the_same_queries_with_1_and_with_100_highlights_around(signed_in, django_user_model, ada):
    article = make_article(html=f"<p>{' '.join(f'Line {n} of it.' for n in range(120))}</p>")

    def taken(words):
        reader = signed_in(django_user_model.objects.get(pk=ada.pk))
        with CaptureQueriesContext(connection) as queries:
            response = reader.post(address(article), selected(article, words, note="n"), headers=HTMX)
        assert response.status_code == 200
        return len(queries)

    mark(article, ada, "Line 0 of", note="n", tags=["a"])
    first = taken("Line 1 of")
    for n in range(2, 100):
        mark(article, ada, f"Line {n} of", note="n", tags=["a", "b"])
    assert taken("Line 110 of") == first


# What a browser does to text on the way


def test_line_ends_of_a_browser_are_the_article_s_again(client, article):
    words = "a piano.\nNobody"
    client.post(address(article), selected(article, words) | {"exact": words.replace("\n", "\r\n")}, headers=HTMX)
    assert Highlight.objects.get().exact == words


def test_line_ends_in_a_note_are_kept_as_one_character(client, article):
    client.post(address(article), selected(article, "forty", note="One\r\ntwo\r\n\r\nthree"))
    assert Highlight.objects.get().note == "One\ntwo\n\nthree"


@pytest.mark.parametrize("headers", [{}, HTMX])
@pytest.mark.parametrize(
    ("note", "said"),
    [
        ("x" * 10_001, "10,000 characters"),
        ("x" * 25_000, "10,000 characters"),
        ("[" * 3_000, "too many"),
        ("NUL \0 inside", "Null characters"),
        ("> " * 40 + "deep", "nested too deep"),
    ],
    ids=["just over", "far over", "costly", "NUL", "deep"],
)
def test_a_note_that_is_refused_stays_in_the_form_with_the_reason(client, article, note, said, headers):
    sent = selected(article, "forty passengers", note=note, tags="a, b", key="k1")
    page = parsed(client.post(address(article), sent, headers=headers), 422)
    form = page.one("form", class_="unsaved-card" if headers else "composer")
    assert said in form.one(role="alert").text
    kept = form.fields()
    assert kept["note"] == note
    assert (kept["exact"], kept["tags"], kept["colour"]) == ("forty passengers", "a, b", "rose")
    if headers:
        assert (kept["hint"], kept["key"]) == (str(sent["hint"]), "k1")
    assert not Highlight.objects.exists()


def test_a_note_of_exactly_10_000_characters_with_line_ends_of_a_browser_fits(client, article):
    note = "word " * 1_999 + "wor\nd"
    assert len(note) == 10_000
    response = client.post(address(article), selected(article, "forty", note=note.replace("\n", "\r\n")), headers=HTMX)
    assert response.status_code == 200
    assert Highlight.objects.get().note == note


@pytest.mark.parametrize("name", ["exact", "before", "after", "tags", "key", "colour", "hint"])
def test_a_nul_anywhere_is_refused_and_breaks_nothing(client, article, name):
    response = client.post(address(article), selected(article, "forty") | {name: "a\0b"}, headers=HTMX)
    assert response.status_code == 422
    assert not Highlight.objects.exists()


# The article has changed since the page was opened


def test_words_that_are_still_there_are_marked_where_they_are_now(client, article):
    sent = selected(article, "forty passengers")
    revise_article(article, html="<p>An hour later than that.</p>\n" + article.html)
    page = parsed(client.post(address(article), sent, headers=HTMX))
    made = Highlight.objects.get()
    assert article.text[made.start : made.end] == "forty passengers"
    assert page.one(id="b-1").one("mark").text == "forty passengers"


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_words_that_are_gone_are_refused_and_the_note_is_kept(client, article, headers):
    sent = selected(article, "Rope, two coils", note="Strong.", tags="things")
    revise_article(article, html=article.html.replace("<li>Rope, <strong>two coils</strong></li>", ""))
    form = parsed(client.post(address(article), sent, headers=headers), 422).one(
        "form", class_="unsaved-card" if headers else "composer"
    )
    assert "It may have been edited since you opened it" in form.one(role="alert").text
    kept = form.fields()
    assert (kept["exact"], kept["note"], kept["tags"]) == ("Rope, two coils", "Strong.", "things")
    assert not Highlight.objects.exists()


# Where it may not be


@pytest.mark.parametrize("state", ["draft", "withdrawn"])
def test_nothing_is_marked_in_what_is_not_published_not_even_by_a_curator(signed_in, ada, cleo, state):
    article = make_article(state=state)
    for reader in (ada, cleo):
        assert signed_in(reader).post(address(article), selected(article, "forty")).status_code == 404
    assert not Highlight.objects.exists()


def test_a_session_that_has_ended_is_told_to_script_and_sent_to_sign_in_otherwise(article, client):
    client.logout()
    sent = selected(article, "forty", note="n")
    assert client.post(address(article), sent, headers=HTMX).status_code == 401
    response = client.post(
        address(article), sent, headers={"Referer": f"http://testserver{article.get_absolute_url()}"}
    )
    assert response.status_code == 302
    assert response["Location"] == f"/accounts/sign-in/?next={article.get_absolute_url()}"
    assert not Highlight.objects.exists()


def test_a_passage_that_is_marked_while_a_page_is_put_together_breaks_nothing(client, ada, article):
    """Between the query for the passages and the one for their tags, another window marks and tags one."""
    mark(article, ada, "forty passengers", tags=["figures"])
    asked = []

    def meanwhile(execute, sql, params, many, context):
        answer = execute(sql, params, many, context)
        if 'FROM "annotations_highlight"' in sql and "exact" in sql and not asked:
            asked.append(sql)
            mark(article, ada, "an hour late", tags=["time"])
        return answer

    with connection.execute_wrapper(meanwhile):
        answer = client.get(article.get_absolute_url())
    assert asked
    assert answer.status_code == 200
