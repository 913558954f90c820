"""The pages of imports: look at a file, begin, see how far it is, undo. Each is its reader's alone."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django_tasks_db.models import DBTaskResult

from newsreader.articles.models import Article
from newsreader.intake.imports import services
from newsreader.intake.models import Import
from newsreader.intake.work.worker import drain
from tests.intake.exports import omnivore, sample

pytestmark = pytest.mark.django_db


def send(client, name, data):
    return client.post("/import/", {"file": SimpleUploadedFile(name, data)})


def page_of(response):
    return response.content.decode()


def test_a_file_is_looked_at_and_nothing_is_taken_in_before_its_reader_says_so(signed_in, ada):
    client = signed_in(ada)
    answer = send(client, "omnivore.zip", omnivore())
    assert answer.status_code == 303
    page = page_of(client.get(answer["Location"]))
    for words in (
        "Omnivore",
        "2 items can be taken in.",
        "It is added, with its passages (4).",
        "Metadata_0_to_20.json, entry 3",
    ):
        assert words in page
    assert "/progress/" not in page
    assert not Article.objects.filter(owner=ada).exists()


def test_it_is_taken_in_behind_the_page_reported_and_undone(signed_in, ada, settings):
    client = signed_in(ada)
    here = send(client, "wallabag.json", sample("wallabag.json"))["Location"]
    assert client.post(f"{here}start/")["Location"] == here
    page = page_of(client.get(here))
    assert 'hx-trigger="load delay:2s' in page
    assert "0 of 3" not in page
    services.finish(Import.objects.get())
    page = page_of(client.get(f"{here}progress/"))
    assert "It is taken in." in page
    assert "hx-trigger" not in page
    assert "Passages: 3; without their words in the text: 1." in page
    client.post(f"{here}undo/")
    services.finish(Import.objects.get())
    assert "It is undone." in page_of(client.get(here))
    assert not Article.objects.filter(owner=ada).exists()


def test_the_report_shows_only_what_was_left_out(signed_in, ada):
    client = signed_in(ada)
    here = send(client, "wallabag.json", sample("wallabag.json"))["Location"]
    page = page_of(client.get(here, {"outcome": "left"}))
    assert "It has no web address." in page
    assert "The ferry that carried a piano" not in page


def test_a_broken_file_is_refused_on_the_page_with_the_line(signed_in, ada):
    answer = send(signed_in(ada), "wallabag.json", sample("wallabag.json")[:700])
    assert answer.status_code == 422
    assert "line 9 can’t be read" in page_of(answer)
    assert not Import.objects.exists()


@pytest.mark.parametrize("data", [b"", b"\x00\x01\x02", b"PK\x03\x04broken", b"<opml version='2.0'><body/></opml>"])
def test_what_is_no_export_is_refused_in_words(signed_in, ada, data):
    answer = send(signed_in(ada), "x", data)
    assert answer.status_code == 422
    assert 'role="alert"' in page_of(answer)


def test_no_file_is_refused_in_words(signed_in, ada):
    assert signed_in(ada).post("/import/").status_code == 422


def test_bens_eyes_see_the_same_404_for_adas_file_as_for_a_missing_one(signed_in, ada, ben):
    run = services.look("omnivore.zip", omnivore(), reader=ada)
    client = signed_in(ben)
    for tail in ("", "progress/"):
        assert client.get(f"/import/{run.pk}/{tail}").status_code == 404
    for tail in ("start/", "undo/"):
        assert client.post(f"/import/{run.pk}/{tail}").status_code == 404
    run.refresh_from_db()
    assert run.state == Import.State.LOOKED


def test_a_list_of_rows_costs_the_same_for_a_few_and_for_many(signed_in, ada, django_assert_max_num_queries):
    rows = "".join(f"T{n},https://harbour.example/{n},1700000000,,unread\n" for n in range(120))
    client = signed_in(ada)
    here = send(client, "p.csv", f"title,url,time_added,tags,status\n{rows}".encode())["Location"]
    with django_assert_max_num_queries(25):
        page = page_of(client.get(here))
    assert "Page 1 of 3" in page
    assert "T119" in page_of(client.get(here, {"page": "3"}))


@pytest.mark.parametrize("page", ["0", "99", "x", "-1", "9" * 40])
def test_a_page_that_is_not_there_is_another_that_is(signed_in, ada, page):
    client = signed_in(ada)
    here = send(client, "w.json", sample("wallabag.json"))["Location"]
    assert client.get(here, {"page": page, "outcome": "nonsense"}).status_code == 200


def test_a_worker_takes_it_in(signed_in, ada):
    client = signed_in(ada)
    here = send(client, "kindle.txt", sample("kindle.txt"))["Location"]
    client.post(f"{here}start/")
    drain()
    assert Import.objects.get().state == Import.State.DONE
    assert Article.objects.filter(owner=ada).count() == 6


def test_one_that_has_stopped_can_go_on(signed_in, ada):
    client = signed_in(ada)
    here = send(client, "kindle.txt", sample("kindle.txt"))["Location"]
    client.post(f"{here}start/")
    assert "It has stopped" not in page_of(client.get(here))
    DBTaskResult.objects.all().delete()
    assert "It has stopped: go on" in page_of(client.get(here))
    client.post(f"{here}start/")
    drain()
    assert Import.objects.get().state == Import.State.DONE
