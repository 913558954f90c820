"""A library in a folder of its own, and the programs of scripts/ run on it as make runs them."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
PATIENCE = 120  # seconds; a busy machine is slow, not broken

type_of_run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def var(tmp_path: Path) -> Path:
    """Where the library under test is kept."""
    return tmp_path / "var"


@pytest.fixture
def environment(var: Path) -> dict[str, str]:
    """A bare machine's, and where to keep things."""
    return {**bare_environment(), "NEWSREADER_VAR": str(var)}


def bare_environment() -> dict[str, str]:
    """This process's variables without those that settings read."""
    ours = ("NEWSREADER_", "DATABASE_", "DJANGO_", "HOST", "PORT")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)}


@pytest.fixture
def run(environment: dict[str, str]) -> type_of_run:
    """`run("backup", "", PORT="8001")`: a program of scripts/ to its end."""

    def program(name: str, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", f"scripts.{name}", *arguments],
            cwd=ROOT, env={**environment, **more}, capture_output=True, text=True, timeout=PATIENCE, check=False,
        )  # fmt: skip

    return program


@pytest.fixture(scope="session")
def first_start(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a library that has been started once, to be copied: a start compresses every static file."""
    var = tmp_path_factory.mktemp("first") / "var"
    prepare = [sys.executable, "-m", "scripts.prepare", "http://127.0.0.1:8000"]
    bare = {**bare_environment(), "NEWSREADER_VAR": str(var)}
    answer = subprocess.run(prepare, cwd=ROOT, env=bare, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout.startswith("http://127.0.0.1:8000/")
    return var


@pytest.fixture
def library(first_start: Path, var: Path) -> Path:
    """The database of such a library."""
    shutil.copytree(first_start, var)
    return var / "newsreader.sqlite3"
