"""A start warns of an SQLite with a fault, and of a team's machine with a key of its own."""

import sqlite3

import pytest

from newsreader.checks import has_fix, key_is_shared, sqlite_is_safe


@pytest.mark.parametrize("version", [(3, 6, 23), (3, 44, 6), (3, 50, 7), (3, 50, 9), (3, 51, 3), (3, 52, 0), (4, 0, 0)])
def test_a_version_with_the_fix_is_safe(version):
    assert has_fix(version)


@pytest.mark.parametrize("version", [(3, 7, 0), (3, 40, 1), (3, 44, 5), (3, 45, 0), (3, 50, 6), (3, 51, 2)])
def test_a_version_without_the_fix_is_not(version):
    assert not has_fix(version)


@pytest.mark.only_on("sqlite", "about SQLite")
def test_only_a_database_that_is_used_is_warned_of(monkeypatch):
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 40, 1))
    assert [warning.id for warning in sqlite_is_safe(None, databases=["default"])] == ["newsreader.W001"]
    assert sqlite_is_safe(None, databases=None) == []


@pytest.mark.parametrize(
    ("replicas", "key", "warnings"), [((), "", 0), (("replica1",), "", 1), (("replica1",), "the same everywhere", 0)]
)
def test_a_key_of_ones_own_is_warned_of_where_there_are_several_machines(
    monkeypatch, settings, replicas, key, warnings
):
    settings.REPLICAS = replicas
    monkeypatch.setenv("NEWSREADER_SECRET_KEY", key)
    assert len(key_is_shared(None, databases=["default"])) == warnings
