"""Several machines on one PostgreSQL: what they do at the same time they do once. Part of make test-postgres."""

import shutil
import subprocess
import sys

import pytest

from scripts.postgres import cluster as throw_away
from tests.operations.conftest import PATIENCE, ROOT
from tests.operations.team import ask, environment_of

pytestmark = pytest.mark.only_on("postgresql")


def test_machines_that_start_at_once_on_an_empty_database_set_it_up_once(first_start, tmp_path):
    prepare = [sys.executable, "-m", "scripts.prepare", "https://news.example.org"]
    with throw_away() as cluster:
        started = []
        for name in ("web1", "web2", "web3"):
            shutil.copytree(first_start, tmp_path / name)
            environment = environment_of(cluster, tmp_path / name)
            pipe = subprocess.PIPE
            started.append(subprocess.Popen(prepare, cwd=ROOT, env=environment, stdout=pipe, stderr=pipe, text=True))
        told = [one.communicate(timeout=PATIENCE)[1] for one in started]
        assert [one.returncode for one in started] == [0, 0, 0], told
        assert sum("Setting up the database" in words for words in told) == 1
        articles = ask(cluster.primary, "SELECT count(*), count(DISTINCT title) FROM articles_article")
        assert articles[0][0] == articles[0][1] > 1
