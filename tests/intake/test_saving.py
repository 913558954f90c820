"""Pages of the web on a reader's own shelf, fetched from a server of this machine."""

from io import StringIO
from ipaddress import ip_address

import pytest
from django.core.management import CommandError, call_command

from newsreader.articles.models import Article
from newsreader.intake.addresses import Allowed
from newsreader.intake.saving import Refused, save_page
from newsreader.intake.web import Failed, Web
from tests.intake.fault_server import served

pytestmark = pytest.mark.django_db


@pytest.fixture
def server():
    with served() as (port, handler):
        yield port, handler


@pytest.fixture
def web(server):
    return Web(Allowed.of([f"127.0.0.1:{server[0]}"]), lambda host, port: [ip_address("127.0.0.1")])


@pytest.fixture
def address(server):
    return f"http://news.example:{server[0]}/page"


def test_a_page_is_on_the_shelf_of_whoever_saved_it_and_nobody_else_s(ada, ben, web, address):
    article = save_page(address, reader=ada, web=web).article
    assert (article.title, article.address, article.owner) == ("The ferry", address, ada)
    assert article.text == "The ferry left the harbour at six, an hour late."
    assert [source.name for source in article.sources.all()] == ["news.example"]
    assert article.revisions.get().editor == ada
    assert article in Article.objects.visible_to(ada)
    assert article not in Article.objects.visible_to(ben)


def test_saved_twice_it_is_there_once_and_fetched_once(ada, web, address, server):
    first, second = (save_page(address, reader=ada, web=web) for _ in range(2))
    assert (first.new, second.new) == (True, False)
    assert first.article == second.article
    assert server[1].hits == ["/page"]


def test_another_address_that_leads_to_the_same_page_is_the_same_article(ada, web, address, server):
    first = save_page(address, reader=ada, web=web)
    again = save_page(f"http://news.example:{server[0]}/to?/page", reader=ada, web=web)
    assert (again.article, again.new) == (first.article, False)


def test_two_readers_have_two_articles(ada, ben, web, address):
    one, other = (save_page(address, reader=reader, web=web).article for reader in (ada, ben))
    assert one != other


def test_the_encoding_that_the_server_states_counts(ada, web, server):
    article = save_page(f"http://news.example:{server[0]}/latin", reader=ada, web=web).article
    assert article.title == "Łódź"


@pytest.mark.parametrize(("path", "error"), [("missing", Failed), ("picture", Failed), ("empty", Refused)])
def test_what_can_t_be_saved_leaves_nothing(ada, web, server, path, error):
    with pytest.raises(error):
        save_page(f"http://news.example:{server[0]}/{path}", reader=ada, web=web)
    assert not Article.objects.exists()


def test_the_command_saves_what_it_can_and_names_the_rest(ada, server, settings):
    settings.FETCH_ALLOW = Allowed.of([f"127.0.0.1:{server[0]}"])
    good, bad = (f"http://127.0.0.1:{server[0]}/{path}" for path in ("page", "missing"))
    out, err = StringIO(), StringIO()
    with pytest.raises(CommandError, match="1 of 2 could not be saved"):
        call_command("save_url", good, bad, reader="Ada", stdout=out, stderr=err)
    assert "The ferry: saved" in out.getvalue()
    assert f"{bad}: There is no page at this address." in err.getvalue()
    with pytest.raises(CommandError, match="Nobody here signs in as nobody"):
        call_command("save_url", good, reader="nobody")


def test_without_the_operator_s_leave_nothing_of_this_machine_is_fetched(ada, server):
    err = StringIO()
    with pytest.raises(CommandError):
        call_command("save_url", f"http://127.0.0.1:{server[0]}/page", reader="ada", stderr=err)
    assert "Only the usual ports" in err.getvalue()
    assert server[1].hits == []
