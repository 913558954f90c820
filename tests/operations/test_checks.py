"""The check of SQLite's version knows which releases have the fault."""

import sqlite3

import pytest

from newsreader.checks import has_fix, sqlite_is_safe


@pytest.mark.parametrize("version", [(3, 6, 23), (3, 44, 6), (3, 50, 7), (3, 50, 9), (3, 51, 3), (3, 52, 0), (4, 0, 0)])
def test_a_version_with_the_fix_is_safe(version):
    assert has_fix(version)


@pytest.mark.parametrize("version", [(3, 7, 0), (3, 40, 1), (3, 44, 5), (3, 45, 0), (3, 50, 6), (3, 51, 2)])
def test_a_version_without_the_fix_is_not(version):
    assert not has_fix(version)


def test_only_a_database_that_is_used_is_warned_of(monkeypatch):
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 40, 1))
    assert [warning.id for warning in sqlite_is_safe(None, databases=["default"])] == ["newsreader.W001"]
    assert sqlite_is_safe(None, databases=None) == []
