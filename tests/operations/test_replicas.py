"""Reading from a real streaming replica: one's own writes at once, others' soon, and no harm when it is gone.

Replay is paused to tell the two servers apart. Part of make test-postgres.
"""

import os
import shutil
import signal
from concurrent.futures import ThreadPoolExecutor

import pytest

from scripts.postgres import cluster as throw_away
from tests.operations.team import ask, catch_up, environment_of, prepare, replay_paused, site, until, used

pytestmark = pytest.mark.only_on("postgresql")

OFTEN = 12  # requests, so that both web processes and all their threads are asked
LONG = "600"  # seconds: a paused replica counts as near


@pytest.fixture(scope="module")
def cluster():
    with throw_away(replicas=1) as made:
        yield made


@pytest.fixture(scope="module")
def var(first_start, tmp_path_factory):
    folder = tmp_path_factory.mktemp("team") / "var"
    shutil.copytree(first_start, folder)
    return folder


@pytest.fixture(scope="module")
def slug(cluster, var):
    return prepare(cluster.primary.url, var)


@pytest.fixture(scope="module")
def environment(cluster, var, slug):
    return environment_of(cluster, var)


@pytest.fixture(scope="module")
def library(environment, slug, tmp_path_factory):
    """Two web processes that let the replica be far behind."""
    with site(environment, tmp_path_factory.mktemp("site"), slug, DATABASE_REPLICA_LAG=LONG) as made:
        used(made)
        yield made


@pytest.fixture
def ada(library, cluster):
    """At her browser, and what she wrote before is on the replica."""
    visitor = library.visitor().sign_in("ada")
    catch_up(cluster)
    return visitor


@pytest.fixture
def elsewhere(library, cluster):
    """ada at another browser, which hasn't written for a while."""
    visitor = library.visitor().sign_in("ada")
    catch_up(cluster)
    visitor.forget("written")
    return visitor


def entitled(cluster, title):
    """Gives the article a title, in the primary only as long as replay is paused."""
    ask(cluster.primary, "UPDATE articles_article SET title = %s WHERE title LIKE 'The ferry%%'", f"The ferry {title}")


def test_what_a_reader_wrote_they_read_at_once_and_others_when_the_replica_has_it(cluster, ada, elsewhere):
    with replay_paused(cluster):
        assert "brought by gulls" in ada.mark("Rope, two coils", "brought by gulls")
        assert all("brought by gulls" in ada.get("/notebook/") for _ in range(OFTEN))
        assert not any("brought by gulls" in elsewhere.get("/notebook/") for _ in range(OFTEN))
    catch_up(cluster)
    assert all("brought by gulls" in elsewhere.get("/notebook/") for _ in range(OFTEN))


def test_when_the_replica_has_what_a_reader_wrote_they_read_there_again(cluster, ada, library):
    ada.mark("Lamp oil", "for the long nights")
    catch_up(cluster)
    assert "written" in ada.cookies
    with replay_paused(cluster):
        entitled(cluster, "that nobody sees yet")
        assert not any("nobody sees yet" in ada.get(f"/articles/{library.slug}/") for _ in range(OFTEN))


def test_a_session_just_made_is_found_by_every_process(cluster, library):
    with replay_paused(cluster):
        ben = library.visitor().sign_in("ben")
        assert all("Sign out" in ben.get("/") for _ in range(OFTEN))
        ben.forget("written")
        assert "Sign out" not in ben.get("/")


def test_what_may_write_reads_the_primary_whatever_the_browser_says(cluster, ada, elsewhere):
    with replay_paused(cluster):
        elsewhere.forget("written")
        page = ada.mark("By noon the fog", "known to the primary only")
        [[public_id]] = ask(
            cluster.primary, "SELECT public_id FROM annotations_highlight WHERE note = 'known to the primary only'"
        )
        assert public_id in page
        assert elsewhere.open(f"/highlights/{public_id}/").status == 404
        elsewhere.post(f"/highlights/{public_id}/delete/", "/notebook/", version="1")
        [[deleted]] = ask(cluster.primary, "SELECT deleted FROM annotations_highlight WHERE public_id = %s", public_id)
        assert deleted is not None


@pytest.mark.parametrize("value", ["zz", "-1", "f" * 200, "0"])
def test_a_cookie_with_nonsense_in_it_does_no_harm(library, value):
    visitor = library.visitor()
    visitor.headers["Cookie"] = f"written={value}"
    assert "piano" in visitor.get("/")


def test_a_search_reads_from_the_replica(cluster, ada, elsewhere):
    with replay_paused(cluster):
        ada.mark("an hour late", "zanzibar")
        assert "zanzibar" in ada.get("/search/?q=note:zanzibar")
        assert "<mark>zanzibar" not in elsewhere.get("/search/?q=note:zanzibar")


def test_healthz_tells_of_both(library):
    visitor = library.visitor()
    until(lambda: visitor.get("/healthz") == '{"primary": "ok", "worker": "ok", "replicas": ["ok"]}')


def test_a_replica_that_is_too_far_behind_is_not_read_from_until_it_has_caught_up(cluster, environment, slug, tmp_path):
    with site(environment, tmp_path, slug, DATABASE_REPLICA_LAG="2") as library:
        visitor, article = library.visitor(), f"/articles/{slug}/"
        used(library)
        with replay_paused(cluster):
            entitled(cluster, "that arrived late")
            until(lambda: all("that arrived late" in visitor.get(article) for _ in range(OFTEN)))
            # A process looks when it is asked for something.
            until(lambda: visitor.get(article) and library.said("replica1 is too far behind") == 2)
        used(library, 2)
        with replay_paused(cluster):
            entitled(cluster, "that is read from the replica")
            until(lambda: not any("from the replica" in visitor.get(article) for _ in range(OFTEN)), seconds=2)
        assert library.said("replica1 is too far behind") == 2  # once for each process


def test_a_replica_that_is_killed_costs_no_reader_a_page_and_is_used_again(cluster, environment, slug, tmp_path):
    [replica] = cluster.replicas
    with site(environment, tmp_path, slug, DATABASE_REPLICA_LAG="2") as library:
        visitors = [library.visitor().sign_in("ben") for _ in range(4)]
        used(library)
        catch_up(cluster)
        for visitor in visitors:
            visitor.forget("written")
        served = []

        def read(visitor):
            for _ in range(60):
                served.append(visitor.open(f"/articles/{slug}/").status)

        with ThreadPoolExecutor(4) as readers:
            reading = [readers.submit(read, visitor) for visitor in visitors]
            until(lambda: len(served) > 40)
            os.kill(replica.pid, signal.SIGQUIT)  # its connections break without a word
            for one in reading:
                one.result()
        replica.stop()
        assert served == [200] * 240
        until(lambda: visitors[0].get("/") and library.said("replica1 can't be read from") == 2)
        assert visitors[0].get("/healthz").endswith('"replicas": ["away"]}')
        replica.start()
        used(library, 2)
        assert library.said("replica1 can't be read from") == 2
        assert library.said("Traceback") == 0


def test_while_the_primary_is_away_pages_are_read_from_the_replica(cluster, environment, slug, tmp_path):
    with site(environment, tmp_path, slug, DATABASE_REPLICA_LAG="2") as library:
        visitor = library.visitor()
        used(library)
        cluster.primary.stop()
        try:
            until(lambda: visitor.open("/healthz").status == 503)
            assert visitor.open("/healthz").text == '{"primary": "away", "worker": "away", "replicas": ["ok"]}'
            assert all("piano" in visitor.get(f"/articles/{slug}/") for _ in range(OFTEN))
        finally:
            cluster.primary.start()
        until(lambda: visitor.open("/healthz").status == 200)
