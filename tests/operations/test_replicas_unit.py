"""Which replica is asked, and which settings name one: what needs no server."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from hypothesis import given
from hypothesis import strategies as st

from newsreader import environment
from newsreader.articles.models import Article, Reading
from newsreader.replicas import connection_for_reads
from newsreader.replicas.middleware import noting_writes, stamp_of
from newsreader.replicas.positions import failed
from newsreader.replicas.router import Router, Turn, alias_for_reads, reading
from newsreader.replicas.watch import Watch

PRIMARY = "postgres://newsreader:secret@db1/newsreader"


@pytest.fixture
def watch():
    return Watch(("replica1", "replica2"), lag=10)


# What is known of replicas


def test_a_replica_that_nobody_has_looked_at_is_not_read_from(watch):
    assert watch.due(0)
    assert watch.near(0) == []


def test_a_replica_that_has_what_the_primary_has_is_read_from(watch):
    watch.saw(500, {"replica1": 500, "replica2": 499}, 0)
    assert watch.near(0) == ["replica1"]


def test_on_a_busy_primary_a_replica_is_near_when_it_has_what_was_there_at_the_look_before(watch):
    watch.saw(500, {"replica1": 480}, 0)
    watch.saw(900, {"replica1": 870}, 2.5)
    assert watch.near(2.5) == ["replica1"]


def test_a_replica_that_stands_still_is_behind_when_the_lag_that_is_allowed_has_passed(watch):
    for second in range(0, 20):
        watch.saw(500 + second, {"replica1": 500}, second)
        assert ("replica1" in watch.near(second)) == (second <= 10)
    assert watch.state("replica1", 19) == "behind"


def test_after_a_quiet_hour_a_replica_has_to_prove_itself_anew(watch):
    watch.saw(500, {"replica1": 500}, 0)
    watch.saw(9000, {"replica1": 500}, 3600)
    assert watch.near(3600) == []
    assert watch.state("replica1", 3600) == "unproven"


def test_one_that_failed_rests_and_is_asked_again(watch):
    watch.saw(500, {"replica1": 500, "replica2": 500}, 0)
    watch.failed("replica1", 1)
    assert (watch.near(1), watch.awake(1)) == (["replica2"], ["replica2"])
    assert watch.awake(11) == ["replica1", "replica2"]
    watch.saw(600, {"replica1": 600, "replica2": 600}, 11)
    assert watch.near(11) == ["replica1", "replica2"]


def test_while_the_primary_is_away_nobody_writes_and_replicas_are_read_from(watch):
    for second in range(0, 60, 2):
        watch.saw(None, {"replica1": 500}, second)
    assert watch.near(59) == ["replica1"]


def test_what_became_of_a_replica_is_said_once_and_its_return_too(watch):
    watch.saw(500, {"replica1": 500, "replica2": 500}, 0)
    assert watch.news(0) == [("replica1", "near"), ("replica2", "near")]
    watch.failed("replica2", 1)
    assert (watch.news(1), watch.news(2)) == ([("replica2", "away")], [])
    watch.saw(500, {"replica1": 500, "replica2": 500}, 12)
    assert (watch.news(12), watch.news(13)) == ([("replica2", "near")], [])


@given(st.lists(st.tuples(st.floats(0.1, 9), st.integers(0, 100), st.integers(0, 100)), min_size=1, max_size=30))
def test_whatever_is_seen_no_replica_is_read_from_that_lacks_what_was_written_longer_ago_than_the_lag(steps):
    watch, now, primary, replica, written = Watch(("replica1",), lag=10), 0.0, 0, 0, []
    for wait, wrote, replayed in steps:
        now, primary = now + wait, primary + wrote
        replica = min(primary, replica + replayed)
        written.append((now, primary))
        watch.saw(primary, {"replica1": replica}, now)
        if watch.near(now):
            assert all(position <= replica for when, position in written if when < now - 10)


# The router


def test_outside_of_a_request_and_in_one_that_may_write_everything_is_the_primarys():
    assert alias_for_reads() == Router().db_for_read(Article) == "default"
    with reading(Turn()):
        assert alias_for_reads() == connection_for_reads().alias == "default"


@pytest.mark.django_db
def test_a_request_reads_from_its_replica_until_it_writes(settings, article, ada):
    settings.DATABASE_ROUTERS = ["newsreader.replicas.router.Router"]
    turn = Turn("replica1")
    with reading(turn), connection.execute_wrapper(noting_writes(turn)):
        settle = Article.objects.select_for_update()
        assert (Article.objects.all().db, settle.db) == ("default", "default")  # the test is a transaction
        Reading(reader=ada, article=article)  # Django asks where it would be saved
        assert (turn.alias, turn.wrote) == ("replica1", False)
        Article.objects.using("default").get(pk=article.pk)
        assert (turn.alias, turn.wrote) == ("replica1", False)
        Article.objects.filter(pk=article.pk).update(title="Another")
        assert (turn.alias, turn.wrote) == ("default", True)


def test_outside_of_a_transaction_it_is_the_replica_that_is_asked(settings):
    settings.DATABASE_ROUTERS = ["newsreader.replicas.router.Router"]
    with reading(Turn("replica1")):
        assert Article.objects.all().db == "replica1"
        assert Article.objects.select_for_update().db == "default"
    assert Article.objects.all().db == "default"


@pytest.mark.django_db
def test_a_transaction_reads_what_it_wrote_itself(settings):
    settings.DATABASE_ROUTERS = ["newsreader.replicas.router.Router"]
    with reading(Turn("replica1")), transaction.atomic():
        assert Article.objects.all().db == "default"


def test_rows_read_from_different_servers_may_be_joined_and_only_the_primary_gets_tables():
    one, other = Article(), Article()
    one._state.db, other._state.db = "default", "replica1"
    assert Router().allow_relation(one, other)
    assert Router().allow_migrate("default", "articles")
    assert not Router().allow_migrate("replica1", "articles")


@pytest.mark.parametrize(
    ("state", "theirs"),
    [(None, True), ("08006", True), ("57P01", True), ("40001", True), ("57014", False), ("53300", False)],
)
def test_a_search_that_was_cut_off_is_no_failure_of_the_server(state, theirs):
    from django.db import OperationalError

    error, cause = OperationalError(), Exception()
    cause.sqlstate = state
    error.__cause__ = cause
    assert failed(error) == theirs


@pytest.mark.parametrize(
    ("value", "position"), [("", None), ("1f", 31), ("zz", None), ("é", None), ("f" * 99, 16**16 - 1)]
)
def test_whatever_stands_in_the_cookie_is_a_position_or_nothing(value, position):
    request = HttpRequest()
    request.COOKIES["written"] = value
    assert stamp_of(request) == position


# Settings


@pytest.fixture
def named(monkeypatch, tmp_path):
    def databases(**variables):
        for name in ("DATABASE_URL", "DATABASE_REPLICA_URLS", "DATABASE_POOLED"):
            monkeypatch.delenv(name, raising=False)
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        return environment.databases(tmp_path / "newsreader.sqlite3")

    return databases


@pytest.mark.parametrize("between", [" ", ",", ", ", "\n"])
def test_replicas_are_named_with_commas_or_spaces_between(named, between):
    urls = between.join(f"postgres://newsreader:secret@db{number}/newsreader" for number in (2, 3))
    databases = named(DATABASE_URL=PRIMARY, DATABASE_REPLICA_URLS=urls)
    assert [(alias, one["HOST"]) for alias, one in databases.items()] == [
        ("default", "db1"), ("replica1", "db2"), ("replica2", "db3"),
    ]  # fmt: skip


def test_a_server_that_is_gone_is_noticed_in_seconds_and_the_address_may_say_otherwise(named):
    urls = "postgres://u:p@db2/n postgres://u:p@db3/n?connect_timeout=9"
    databases = named(DATABASE_URL=PRIMARY, DATABASE_REPLICA_URLS=urls)
    waits = [databases[alias]["OPTIONS"]["connect_timeout"] for alias in ("default", "replica1", "replica2")]
    assert waits == [5, 2, 9]


def test_behind_a_pooler_nothing_is_kept_on_a_connection(named):
    pooled = named(DATABASE_URL=PRIMARY, DATABASE_REPLICA_URLS="postgres://u:p@db2/n", DATABASE_POOLED="true")
    for one in pooled.values():
        assert one["DISABLE_SERVER_SIDE_CURSORS"] is True
        assert one["OPTIONS"]["prepare_threshold"] is None
    assert not named(DATABASE_URL=PRIMARY)["default"].get("DISABLE_SERVER_SIDE_CURSORS")


@pytest.mark.parametrize(
    "variables",
    [
        {"DATABASE_REPLICA_URLS": "postgres://u:secret@db2/n"},
        {"DATABASE_URL": PRIMARY, "DATABASE_REPLICA_URLS": "sqlite:///secret"},
        {"DATABASE_URL": PRIMARY, "DATABASE_REPLICA_URLS": "db2:secret"},
        {"DATABASE_URL": "secret"},
    ],
)
def test_what_cannot_be_right_stops_the_start_with_its_name_and_no_password(named, variables):
    with pytest.raises(ImproperlyConfigured, match="DATABASE_") as told:
        named(**variables)
    assert "secret" not in str(told.value)


def test_without_replicas_no_answer_has_the_cookie(client, db):
    answer = client.post("/accounts/sign-out/")
    assert isinstance(answer, HttpResponse)
    assert "written" not in answer.cookies
