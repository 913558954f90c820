"""Behind a real PgBouncer in transaction mode, with fewer connections than readers. Part of make test-postgres."""

import os
import shutil
import signal
from concurrent.futures import ThreadPoolExecutor

import pytest

from scripts.pooler import find, pooler
from scripts.postgres import cluster as throw_away
from tests.operations.team import catch_up, environment_of, prepare, replay_paused, site, until, used

pytestmark = [
    pytest.mark.only_on("postgresql"),
    pytest.mark.skipif(find() is None, reason="PgBouncer isn't installed"),
]


@pytest.fixture(scope="module")
def cluster():
    with throw_away(replicas=1) as made:
        yield made


@pytest.fixture(scope="module")
def pooled(cluster):
    """Two connections to each server, for eight threads."""
    with pooler(cluster, size=2) as settings:
        yield settings


@pytest.fixture(scope="module")
def var(first_start, tmp_path_factory):
    folder = tmp_path_factory.mktemp("pooled") / "var"
    shutil.copytree(first_start, folder)
    return folder


@pytest.fixture(scope="module")
def slug(pooled, var):
    """Tables and all are made through it, too."""
    return prepare(pooled["DATABASE_URL"], var, DATABASE_POOLED="true")


@pytest.fixture
def library(cluster, pooled, var, slug, tmp_path):
    environment = environment_of(cluster, var) | pooled
    with site(environment, tmp_path, slug, DATABASE_REPLICA_LAG="2") as made:
        used(made)
        yield made


def test_pages_searches_and_exports_work_with_fewer_connections_than_readers(library):
    def spend_an_evening(name):
        visitor = library.visitor().sign_in(name)
        for number in range(4):
            visitor.mark("Rope, two coils", f"note {number} of {name}")
            for path in ("/", f"/articles/{library.slug}/", "/notebook/", "/search/?q=piano", "/tags/"):
                visitor.get(path)
            assert f"note 0 of {name}" in visitor.get("/notebook/export/?as=markdown")
            assert f"note 0 of {name}" in visitor.get("/accounts/data/")
            visitor.mark("Lamp oil", f"lamp {number} of {name}")

    with ThreadPoolExecutor(4) as readers:
        for one in [readers.submit(spend_an_evening, name) for name in ("ada", "ben", "ada", "ben")]:
            one.result()
    assert library.said("Traceback") == 0


def test_ones_own_writes_are_read_at_once_behind_it_too(cluster, library):
    visitor = library.visitor().sign_in("ada")
    with replay_paused(cluster):
        visitor.mark("By noon the fog", "seen through the pooler")
        assert all("seen through the pooler" in visitor.get("/notebook/") for _ in range(8))
    catch_up(cluster)


def test_a_replica_that_is_gone_behind_it_costs_no_reader_a_page(cluster, library):
    [replica] = cluster.replicas
    visitor = library.visitor()
    os.kill(replica.pid, signal.SIGQUIT)
    assert all("piano" in visitor.get(f"/articles/{library.slug}/") for _ in range(30))
    replica.stop()
    until(lambda: visitor.get("/") and library.said("replica1 can't be read from") == 2)
    replica.start()
    used(library, 2)
