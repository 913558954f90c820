"""Pages of the web on a reader's own shelf, fetched behind the page from a server of this machine."""

from io import StringIO
from ipaddress import ip_address

import pytest
from django.core.management import CommandError, call_command

from newsreader.annotations.services import highlight
from newsreader.articles.models import Article
from newsreader.articles.services import remove
from newsreader.core.passages import Quote
from newsreader.intake import arrivals
from newsreader.intake.addresses import Allowed
from newsreader.intake.addressing import Refused as NoAddress
from newsreader.intake.arrivals import expect, fail, get
from newsreader.intake.models import Arrival
from newsreader.intake.shape import Refused
from newsreader.intake.web import Failed, Web
from newsreader.intake.work.worker import drain
from tests.intake.fault_server import served

pytestmark = pytest.mark.django_db


@pytest.fixture
def server(settings):
    """A web server of this machine, to which the operator lets readers go."""
    with served() as (port, handler):
        settings.FETCH_ALLOW = Allowed.of([f"127.0.0.1:{port}"])
        yield port, handler


@pytest.fixture
def web(server):
    return Web(Allowed.of([f"127.0.0.1:{server[0]}"]), lambda host, port: [ip_address("127.0.0.1")])


@pytest.fixture
def address(server):
    return f"http://news.example:{server[0]}/page"


def saved(address, reader, web):
    return get(expect(address, reader=reader).arrival, web=web)


def test_a_page_is_on_the_shelf_at_once_and_its_text_follows(ada, server):
    expected = expect(f"http://127.0.0.1:{server[0]}/page", reader=ada)
    assert expected.new
    assert expected.article.title == "127.0.0.1/page"
    assert expected.article in Article.objects.visible_to(ada)
    drain()
    article = Article.objects.get()
    assert (article.pk, article.title) == (expected.article.pk, "The ferry")
    assert Arrival.objects.get().state == "done"
    assert server[1].hits == ["/page"]


def test_it_is_of_whoever_saved_it_and_nobody_else(ada, ben, web, address):
    article = saved(address, ada, web)
    assert (article.title, article.address, article.owner) == ("The ferry", address, ada)
    assert article.text == "The ferry left the harbour at six, an hour late."
    assert [source.name for source in article.sources.all()] == ["news.example"]
    assert article.revisions.get().editor == ada
    assert article not in Article.objects.visible_to(ben)
    assert not article.topics.exists()


def test_saved_twice_it_is_there_once_and_fetched_once(ada, web, address, server):
    first = saved(address, ada, web)
    again = expect(f"{address}?utm_source=letter#top", reader=ada)
    assert (again.new, again.article) == (False, first)
    drain()
    assert server[1].hits == ["/page"]


def test_another_address_that_leads_to_the_same_page_is_the_same_article(ada, web, address, server):
    first = saved(address, ada, web)
    other = f"http://news.example:{server[0]}/to?/page"
    assert saved(other, ada, web) == first
    assert Article.objects.get() == first
    assert expect(other, reader=ada).article == first


def test_two_readers_have_two_articles(ada, ben, web, address):
    one, other = (saved(address, reader, web) for reader in (ada, ben))
    assert one != other


def test_the_encoding_that_the_server_states_counts(ada, web, server):
    assert saved(f"http://news.example:{server[0]}/latin", ada, web).title == "Łódź"


@pytest.mark.parametrize("typed", ["", "ftp://example.org/", "https://a b/", "https://example.org/" + "a" * 2_000])
def test_what_is_no_address_leaves_nothing(ada, typed):
    with pytest.raises(NoAddress):
        expect(typed, reader=ada)
    assert not Article.objects.exists()


@pytest.mark.parametrize(("path", "error"), [("missing", Failed), ("picture", Failed), ("empty", Refused)])
def test_what_can_t_be_saved_says_why_and_can_be_tried_again(ada, web, server, path, error):
    arrival = expect(f"http://news.example:{server[0]}/{path}", reader=ada).arrival
    with pytest.raises(error) as told:
        get(arrival, web=web)
    fail(arrival, told.value)
    arrival.refresh_from_db()
    assert (arrival.state, arrival.why) == ("failed", str(told.value))
    assert not expect(arrival.address, reader=ada).new
    assert Arrival.objects.get().state == "waiting"


def test_what_may_pass_is_tried_again_by_itself_and_not_for_ever(ada):
    arrival = expect("https://example.org/", reader=ada).arrival
    for _ in range(arrivals.TRIES - 1):
        fail(arrival, Failed("The server can’t be reached.", again=True))
        assert Arrival.objects.get().state == "waiting"
    fail(arrival, Failed("The server can’t be reached.", again=True))
    assert Arrival.objects.get().state == "failed"


def test_what_a_browser_hands_over_is_read_and_nothing_is_fetched(ada, server):
    page = "<title>Behind the sign-in</title><article><p>Only for those who are signed in there.</p></article>"
    expect(f"http://127.0.0.1:{server[0]}/page", reader=ada, handed=page)
    drain()
    assert Article.objects.get().text == "Only for those who are signed in there."
    assert (Arrival.objects.get().handed, server[1].hits) == ("", [])


def test_a_page_handed_over_later_takes_the_place_of_what_was_there_and_carries_the_passages(ada, web, address):
    article = saved(address, ada, web)
    mark = highlight(article, reader=ada, quote=Quote("the harbour", "", ""))
    page = "<title>The ferry</title><p>Now whole. The ferry left the harbour at six, an hour late.</p>"
    expect(address, reader=ada, handed=page)
    drain()
    mark.refresh_from_db()
    article.refresh_from_db()
    assert article.text[mark.start : mark.end] == "the harbour"
    assert article.text.startswith("Now whole.")


def test_what_its_reader_took_off_the_shelf_comes_back_when_it_is_saved_again(ada, web, address):
    article = saved(address, ada, web)
    remove([article.pk], reader=ada)
    assert not expect(address, reader=ada).new
    assert article in Article.objects.visible_to(ada)


def test_a_task_that_is_begun_twice_has_its_effect_once(ada, web, address):
    first, second = (expect(address, reader=ada).arrival for _ in range(2))
    get(first, web=web)
    second.handed = "<title>Late</title><article><p>Another text, of a task that comes too late.</p></article>"
    get(second, web=web)
    assert Article.objects.get().revisions.count() == 1


def test_the_command_saves_what_it_can_and_names_the_rest(ada, server):
    good, bad = (f"http://127.0.0.1:{server[0]}/{path}" for path in ("page", "missing"))
    out, err = StringIO(), StringIO()
    with pytest.raises(CommandError, match="1 of 2 could not be saved"):
        call_command("save_url", good, bad, reader="Ada", stdout=out, stderr=err)
    assert "The ferry: saved" in out.getvalue()
    assert f"{bad}: There is no page at this address." in err.getvalue()
    call_command("save_url", good, reader="Ada", stdout=out)
    assert "The ferry: was there already" in out.getvalue()
    with pytest.raises(CommandError, match="Nobody here signs in as nobody"):
        call_command("save_url", good, reader="nobody")


def test_without_the_operator_s_leave_nothing_of_this_machine_is_fetched(ada, server, settings):
    settings.FETCH_ALLOW = Allowed()
    err = StringIO()
    with pytest.raises(CommandError):
        call_command("save_url", f"http://127.0.0.1:{server[0]}/page", reader="ada", stderr=err)
    assert "Only the usual ports" in err.getvalue()
    assert server[1].hits == []
