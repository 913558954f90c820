"""Readers put something on their own shelf: by address, by text, by file; and pages say what becomes of it."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from newsreader.articles.models import Article
from newsreader.articles.services import remove
from newsreader.core.sentence import Sentence
from newsreader.intake import own, pasted
from newsreader.intake.arrivals import expect, fail, fill
from newsreader.intake.models import Arrival
from newsreader.intake.pages import Page
from newsreader.intake.shape import Document, Refused
from newsreader.intake.web import Failed
from newsreader.reading.pages.adding import Asked, bookmarklet
from newsreader.reading.pages.coming import coming
from tests.factories import make_article
from tests.reading.pages import parsed

ADDRESS = "https://news.example/ferry"
ADD, TEXT, FILES = "/add/", "/add/text/", "/add/files/"
HTMX = {"HX-Request": "true", "HX-Current-URL": "http://testserver/add/"}
FERRY = "The ferry left the harbour at six, an hour late, with forty passengers and a piano."
PLAIN = f"A piano crosses the sea\n\n{FERRY}\n\nNobody had asked about the piano, and it was simply there."


@pytest.fixture
def hers(signed_in, ada):
    return signed_in(ada)


@pytest.fixture
def failed(ada):
    arrival = expect(ADDRESS, reader=ada).arrival
    fail(arrival, Failed(Sentence("There is no page at this address.")))
    arrival.refresh_from_db()
    return arrival


def came(arrival, html="<p>The ferry left the harbour.</p>", title="The ferry"):
    document = Document(title, "", "", "", None, "en", html)
    return fill(arrival, Page(document, arrival.address))


# The page, and what fills it


@pytest.mark.parametrize(
    ("query", "asked"),
    [
        ({"url": ADDRESS, "title": "The ferry"}, Asked(ADDRESS, "The ferry")),
        ({"title": "The ferry", "text": f"Read this: {ADDRESS}."}, Asked(ADDRESS, "The ferry")),
        ({"title": ADDRESS}, Asked(ADDRESS)),
        ({"text": "Only words to keep"}, Asked(text="Only words to keep")),
        ({}, Asked()),
    ],
)
def test_what_another_application_shares_is_an_address_or_a_text(query, asked, rf):
    assert Asked.of(rf.get("/", query).GET) == asked


@pytest.mark.django_db
def test_the_form_is_filled_and_nothing_is_saved_by_looking(hers):
    page = parsed(hers.get(ADD, {"title": "The ferry", "text": f"Look: {ADDRESS}"}))
    fields = page.one("form", id="add-address").fields()
    assert (fields["url"], fields["title"]) == (ADDRESS, "The ferry")
    page = parsed(hers.get(ADD, {"text": "<script>x</script> a text"}))
    assert page.one("form", id="add-text").fields()["text"] == "<script>x</script> a text"
    assert not Article.objects.exists()


@pytest.mark.django_db
def test_only_the_window_of_the_bookmarklet_keeps_its_opener(hers):
    assert hers.get(ADD, {"url": ADDRESS}).headers["Cross-Origin-Opener-Policy"] == "unsafe-none"
    assert hers.get(ADD).headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert hers.get("/").headers["Cross-Origin-Opener-Policy"] == "same-origin"


def test_the_bookmarklet_names_this_library_and_nothing_breaks_out_of_it():
    code = bookmarklet("https://library.example/add/")
    assert code.startswith("javascript:")
    assert "'https://library.example/add/'" in code
    assert "%" not in code  # a browser would decode it
    assert "evil()" not in bookmarklet("https://library.example/add/');evil();('")


@pytest.mark.django_db
def test_the_manifest_shares_to_the_form_by_get(client):
    target = client.get("/manifest.webmanifest").json()["share_target"]
    assert (target["action"], target["method"]) == (ADD, "GET")
    assert target["params"] == {"title": "title", "text": "text", "url": "url"}


@pytest.mark.django_db
def test_a_visitor_is_shown_no_way_to_add(client):
    assert 'href="/add/"' not in client.get("/").content.decode()
    assert client.get(ADD, {"url": ADDRESS}).headers["Location"].startswith("/accounts/sign-in/?next=/add/")


@pytest.mark.django_db
def test_an_empty_library_invites_its_reader_to_begin(hers, client):
    form = parsed(hers.get("/")).one("form", class_="joined")
    assert (form.at["action"], form.at["method"]) == (ADD, "post")
    assert hers.post(ADD, form.fields() | {"url": ADDRESS}).status_code == 303
    assert "first-url" not in client.get("/").content.decode()


@pytest.mark.django_db
def test_saving_takes_the_token_of_the_reader_s_own_form(ada):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    strict.force_login(ada)
    for address in (ADD, TEXT, FILES):
        assert strict.post(address, {"url": ADDRESS, "text": FERRY}).status_code == 403
    assert not Article.objects.exists()


# Addresses


@pytest.mark.django_db
def test_without_script_the_page_goes_to_the_shelf_which_shows_it_on_its_way(hers, ada):
    answer = hers.post(ADD, {"url": "news.example/ferry", "title": "A piano at sea"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    row = parsed(hers.get("/")).one("article", class_="row")
    assert row.at["data-state"] == "fetching"
    assert "A piano at sea" in row.text
    assert "You can leave this page" in row.text
    assert Article.objects.get().owner == ada


@pytest.mark.django_db
def test_with_htmx_the_field_is_empty_again_and_the_row_comes_along(hers):
    page = parsed(hers.post(ADD, {"url": ADDRESS}, headers=HTMX))
    assert page.one("form", id="add-address").fields()["url"] == ""
    row = page.one("ol", hx_swap_oob="afterbegin:#added").one("article", class_="row")
    look = row.one(hx_get=True)
    assert look.at["hx-trigger"].startswith("load delay:2s")
    assert f"row={Article.objects.get().pk}" in look.at["hx-get"]


@pytest.mark.django_db
@pytest.mark.parametrize(("typed", "told"), [("", "Type or paste"), ("mailto:a@b.example", "http"), ("http://", "")])
@pytest.mark.parametrize("headers", [{}, HTMX])
def test_what_is_no_address_says_so_at_the_field_and_stays_in_it(hers, typed, told, headers):
    page = parsed(hers.post(ADD, {"url": typed, "title": "A piano at sea"}, headers=headers), 422)
    form = page.one("form", id="add-address")
    assert form.one("input", name="url").at["aria-invalid"] == "true"
    assert told in form.one(id="url-err").text
    assert form.fields()["url"] == typed
    assert form.fields()["title"] == "A piano at sea"
    assert not Article.objects.exists()


@pytest.mark.django_db
def test_what_is_there_already_says_so_and_links_to_it(hers, ada):
    article = came(expect(ADDRESS, reader=ada).arrival)
    page = parsed(hers.post(ADD, {"url": f"{ADDRESS}?utm_source=x"}, headers=HTMX))
    assert "on your shelf already" in page.text
    assert page.one("a", href=article.get_absolute_url()).text == "The ferry"
    assert not page.all("article", class_="row")
    assert hers.post(ADD, {"url": ADDRESS}).headers["Location"] == article.get_absolute_url()


@pytest.mark.django_db
def test_a_page_that_was_handed_over_is_kept_for_the_worker(hers):
    hers.post(ADD, {"url": ADDRESS, "title": "x", "handed": "<p>As I see it</p>"})
    assert Arrival.objects.get().handed == "<p>As I see it</p>"


# What becomes of it


@pytest.mark.django_db
def test_a_failure_says_why_on_the_shelf_and_what_can_be_done(hers, failed):
    row = parsed(hers.get("/")).one("article", class_="row")
    assert row.at["data-state"] == "failed"
    assert "There is no page at this address." in row.text
    form = row.one("form", class_="row-coming")
    assert form.at["action"] == f"/arrivals/{failed.pk}/again/"
    assert form.one("a").at["href"] == f"/arrivals/{failed.pk}/text/"
    assert form.one("button", name="removed").at["formaction"] == "/library/state/"
    assert not row.all(hx_trigger=True)  # nothing is asked any more


@pytest.mark.django_db
def test_trying_again_puts_it_on_its_way(hers, failed):
    answer = hers.post(f"/arrivals/{failed.pk}/again/", {"next": "/?place=all"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/?place=all")
    failed.refresh_from_db()
    assert (failed.state, failed.tries) == ("waiting", 0)
    page = parsed(hers.get("/"))
    assert page.one("article", class_="row").at["data-state"] == "fetching"


@pytest.mark.django_db
def test_a_look_changes_nothing_until_there_is_something_new_then_brings_the_row(hers, ada):
    arrival = expect(ADDRESS, reader=ada).arrival
    look = parsed(hers.get("/")).one("article", class_="row").one(hx_get=True).at["hx-get"]
    answer = hers.get(look, headers=HTMX)
    assert parsed(answer).one("span").at["hx-get"] == look
    assert "HX-Retarget" not in answer.headers
    article = came(arrival)
    answer = hers.get(look, headers=HTMX)
    assert answer.headers["HX-Retarget"] == f"#row-{article.pk}"
    row = parsed(answer).one("article", class_="row")
    assert (row.at["data-state"], row.one("h3").text) == ("unread", "The ferry")
    assert not row.all(hx_trigger=True)


@pytest.mark.django_db
def test_a_look_at_what_was_removed_meanwhile_takes_its_row_away(hers, ada):
    arrival = expect(ADDRESS, reader=ada).arrival
    look = parsed(hers.get("/")).one("article", class_="row").one(hx_get=True).at["hx-get"]
    article = came(arrival)
    remove([article.pk], reader=ada)
    assert hers.get(look, headers=HTMX).headers["HX-Reswap"] == "delete"


@pytest.mark.django_db
def test_looks_become_rarer(ada):
    import datetime as dt

    arrival = expect(ADDRESS, reader=ada).arrival
    pauses = []
    for seconds in (0, 30, 100, 10_000):
        Arrival.objects.update(changed=arrival.made - dt.timedelta(seconds=seconds))
        pauses.append(coming(Arrival.objects.get()).pause)
    assert pauses[0] == 2
    assert pauses == sorted(pauses)
    assert pauses[-1] == 30


@pytest.mark.django_db
def test_an_article_without_its_text_shows_what_is_known_and_then_becomes_the_page_to_read(hers, ada):
    arrival = expect(ADDRESS, reader=ada, title="A piano at sea").arrival
    address = arrival.article.get_absolute_url()
    answer = hers.get(address)
    page = parsed(answer)
    assert page.one("h1").text == "A piano at sea"
    assert page.all("a", href=ADDRESS)
    assert "no-store" in answer.headers["Cache-Control"]  # the service worker keeps no copy
    look = page.one(id="coming").one(hx_get=True).at["hx-get"]
    came(arrival)
    assert hers.get(look, headers=HTMX).headers["HX-Redirect"] == address
    answer = hers.get(address)
    assert parsed(answer).one(id="text").text.strip() == "The ferry left the harbour."
    assert "no-store" not in answer.headers.get("Cache-Control", "")


@pytest.mark.django_db
def test_what_is_read_already_stays_until_its_reader_asks_for_the_whole_text(hers, ada):
    arrival = expect(ADDRESS, reader=ada, html="<p>The first words.</p>").arrival
    page = parsed(hers.get(arrival.article.get_absolute_url()))
    assert page.one(id="text").text.strip() == "The first words."
    look = page.one(id="coming").one(hx_get=True).at["hx-get"]
    came(arrival, "<p>The first words.</p>\n<p>And all others.</p>")
    answer = hers.get(look, headers=HTMX)
    assert "HX-Redirect" not in answer.headers
    assert parsed(answer).one("a").at["href"] == arrival.article.get_absolute_url()


@pytest.mark.django_db
def test_a_reader_s_own_says_that_nobody_else_sees_it_and_can_be_removed_there(hers, ada):
    mine, library = make_article("Mine", owner=ada), make_article("Everybody’s")
    form = parsed(hers.get(mine.get_absolute_url())).one("form", class_="only-you")
    assert "Only you see this." in form.text
    hers.post(form.at["action"], form.fields() | {"removed": "true"})
    mine.refresh_from_db()
    assert mine.state == "withdrawn"
    assert "Only you see this." not in hers.get(library.get_absolute_url()).content.decode()


@pytest.mark.django_db
def test_ben_sees_nothing_of_what_ada_waits_for(signed_in, ben, failed):
    his = signed_in(ben)
    for address in (f"/arrivals/{failed.pk}/", f"/arrivals/{failed.pk}/text/", failed.article.get_absolute_url()):
        assert his.get(address).status_code == 404
    assert his.post(f"/arrivals/{failed.pk}/again/").status_code == 404
    failed.refresh_from_db()
    assert failed.state == "failed"


@pytest.mark.django_db
def test_the_library_asks_once_about_all_that_is_on_its_way_and_only_where_something_may_be(hers, ada):
    def asked():
        with CaptureQueriesContext(
            connection,
        ) as caught:
            assert hers.get("/").status_code == 200
        return [query["sql"] for query in caught]

    make_article()
    hers.get("/")
    plain = asked()
    assert not any("intake_arrival" in sql for sql in plain)
    expect(f"{ADDRESS}/0", reader=ada)
    one = asked()
    for number in range(1, 6):
        expect(f"{ADDRESS}/{number}", reader=ada)
    assert len(asked()) == len(one)
    assert sum("intake_arrival" in sql for sql in one) == 1


# Texts


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (PLAIN, "text"),
        ("5 < 6 and 7 > 2, they say.", "text"),
        ("- one\n- two", "text"),
        ("# A piano\n\nIt was there.", "markdown"),
        ("---\ntitle: A piano\n---\n\nIt was there.", "markdown"),
        ("It was **there**, and [here](https://a.example/).", "markdown"),
        ("  <!DOCTYPE html><html><body><p>It was there.</p></body></html>", "html"),
        ("<p>It was there.</p>", "html"),
    ],
)
def test_a_text_is_recognised_by_its_looks(text, kind):
    assert pasted.recognised(text) == kind


def test_a_title_that_was_given_stands_above_and_no_word_of_the_text_is_lost():
    document = pasted.read_pasted(PLAIN, title="My own name for it")
    assert document.title == "My own name for it"
    assert "A piano crosses the sea" in document.html
    assert FERRY in document.html
    assert "<h2" not in pasted.read_pasted(PLAIN, title="A piano crosses the sea").html
    assert pasted.read_pasted(PLAIN).title == "A piano crosses the sea"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("sent", "html"),
    [
        ({"text": PLAIN}, f"<p>{FERRY}</p>"),
        ({"text": f"# A piano\n\n{FERRY} **Really.**", "title": "x"}, "<strong>Really.</strong>"),
        ({"text": f"<p>{FERRY}</p><script>alert(1)</script>", "kind": ""}, f"<p>{FERRY}</p>"),
        ({"text": f"<p>{FERRY}</p> is how a paragraph is written", "kind": "text"}, "&lt;p&gt;"),
    ],
)
def test_a_text_is_an_article_of_its_reader_alone(hers, ada, sent, html):
    answer = hers.post(TEXT, sent)
    article = Article.objects.get()
    assert (answer.status_code, answer.headers["Location"]) == (303, article.get_absolute_url().replace("%", "%"))
    assert html in article.html
    assert "alert" not in article.html
    assert (article.owner, article.state) == (ada, "published")
    assert article.revisions.get().editor == ada


@pytest.mark.django_db
def test_the_same_text_is_there_once_for_its_reader_and_again_when_it_was_removed(hers, ada, ben):
    first = own.paste(PLAIN, reader=ada).article
    assert own.paste(PLAIN, reader=ben).new
    remove([first.pk], reader=ada)
    page = parsed(hers.post(TEXT, {"text": PLAIN}, headers=HTMX))
    assert "on your shelf already" in page.text
    first.refresh_from_db()
    assert first.state == "published"
    assert Article.objects.filter(owner=ada).count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["", "   \n ", "# \n", "<p></p>"])
def test_a_text_without_words_is_refused_at_its_field_and_nothing_typed_is_lost(hers, text):
    page = parsed(hers.post(TEXT, {"text": text, "title": "A piano", "kind": "html"}, headers=HTMX), 422)
    form = page.one("form", id="add-text")
    assert form.one(id="text-err").text
    assert form.fields()["title"] == "A piano"
    assert not Article.objects.exists()
    page = parsed(hers.post(TEXT, {"text": text, "title": "A piano"}), 422)
    assert "open" in page.one("form", id="add-text").at or any(
        "open" in way.at for way in page.all("details", class_="way")
    )


def test_a_text_of_any_length_is_a_file(ada):
    with pytest.raises(Refused, match="upload it as a file"):
        own.paste("a" * (pasted.LONGEST + 1), reader=ada)


@pytest.mark.django_db
def test_a_text_takes_the_place_of_a_page_that_can_not_be_fetched(hers, failed):
    address = f"/arrivals/{failed.pk}/text/"
    page = parsed(hers.get(address))
    assert "There is no page at this address." in page.text
    assert page.one("form", id="add-text").fields()["title"] == ""  # its address is no title
    assert parsed(hers.post(address, {"text": " "}), 422).one(id="text-err").text
    answer = hers.post(address, {"text": PLAIN})
    failed.article.refresh_from_db()
    assert answer.headers["Location"] == failed.article.get_absolute_url()
    assert (failed.article.title, failed.article.address) == ("A piano crosses the sea", ADDRESS)
    failed.refresh_from_db()
    assert failed.state == "done"
    assert hers.get(address).status_code == 303


# Files


def files(*named):
    return {"sent": [SimpleUploadedFile(name, data) for name, data in named]}


@pytest.mark.django_db
def test_several_files_are_several_articles(hers, ada):
    answer = hers.post(FILES, files(("a.txt", PLAIN.encode()), ("b.html", f"<title>B</title><p>{FERRY}</p>".encode())))
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    assert set(Article.objects.values_list("title", "owner")) == {("A piano crosses the sea", ada.pk), ("B", ada.pk)}


@pytest.mark.django_db
def test_a_file_that_is_refused_says_why_and_stops_no_other(hers):
    page = parsed(hers.post(FILES, files(("a.pdf", b"%PDF-1.7"), ("b.txt", PLAIN.encode()))), 422)
    refused = page.one("li", class_="not-taken")
    assert "a.pdf" in refused.text
    assert "save it as" in refused.text
    assert Article.objects.get().title == "A piano crosses the sea"
    assert "A piano crosses the sea" in page.one(id="sent").text


@pytest.mark.django_db
def test_the_same_file_again_is_not_added_twice(hers):
    hers.post(FILES, files(("a.txt", PLAIN.encode())))
    page = parsed(hers.post(FILES, files(("b.txt", PLAIN.encode())), headers=HTMX))
    assert "is on your shelf already" in page.text
    assert not page.all("article", class_="row")
    assert Article.objects.count() == 1


@pytest.mark.django_db
def test_no_file_is_said_so(hers):
    assert "Choose one file" in parsed(hers.post(FILES), 422).one(id="files-err").text
    assert "Choose one file" in parsed(hers.post(FILES, headers=HTMX), 422).text


@pytest.mark.django_db
def test_a_reader_may_send_so_much_and_no_more(hers, settings):
    settings.READER_UPLOAD_MOST = 20_000
    assert hers.post(FILES, files(("a.txt", b"words " * 2_000))).status_code == 303
    assert hers.post(FILES, files(("a.txt", b"words " * 4_000))).status_code == 413


@pytest.mark.django_db
def test_what_is_done_with_a_row_on_this_page_changes_that_row_and_nothing_that_is_not_there(hers, ada):
    arrival = expect(ADDRESS, reader=ada).arrival
    sent = {"article": arrival.article_id, "place": "archive", "next": "/add/"}
    page = parsed(hers.post(reverse("reading:states"), sent, headers=HTMX))
    assert page.one("article", class_="row").at["data-place"] == "archive"
    assert not page.all(id="views")
