"""Hostile input is read in a process of its own, which is killed where it takes too long or too much. No Django.

For pure functions of `newsreader.core` and `newsreader.intake` whose arguments and results can be pickled. Processes
are kept warm: a call costs 0.2 ms and its pickling (5 MB there and back: 80 ms), the first of a process 0.2 to 0.5 s.
From any thread; MOST calls run at a time in each process of ours, the others wait for their turn.
"""

from __future__ import annotations

import atexit
import dataclasses
import enum
import io
import logging
import os
import pickle
import select
import subprocess
import sys
import threading
import time
import traceback
from pathlib import Path
from typing import Any

from newsreader.core.sentence import Sentence
from newsreader.intake.cell import BEGUN, LENGTH, NAMED
from newsreader.intake.shape import Refused

__all__ = ["Broke", "Overran", "confined"]

SECONDS = 9.5  # with what starting and killing take, an item has ten
MEMORY = 500_000_000  # bytes of address space, in all
MOST = 6
IDLE = 60  # seconds; a process that rested longer is let go
START = 60  # seconds that a process may take to begin: a machine may be very busy
_LARGEST = 200_000_000  # bytes of an answer

_ROOT = Path(__file__).resolve().parent.parent.parent
_KEPT = ("PYTHONPATH", "PYTHONHOME", "PYTHONDONTWRITEBYTECODE", "LD_LIBRARY_PATH")  # all that it gets to know of ours
# UTC: what a date without a zone means is not for a library to decide. One arena: address space is what is limited.
_ENVIRONMENT = {"LANG": "C.UTF-8", "PYTHONUTF8": "1", "TZ": "UTC", "MALLOC_ARENA_MAX": "1"}
_PLAIN = {
    "builtins": {"ValueError", "bytearray", "complex", "frozenset", "set"},
    "collections": {"Counter", "OrderedDict", "defaultdict", "deque"},
    "datetime": {"date", "datetime", "time", "timedelta", "timezone"},
}

_log = logging.getLogger(__name__)


class Overran(Refused):
    """It took too long or too much, and was stopped."""


class Broke(Refused):
    """The function raised what it doesn't promise to raise. The log has where."""


def confined(function: str, *args: Any, seconds: float = SECONDS, memory: int = MEMORY) -> Any:
    """What `function` ("module:name") returns for `args`, in at most `seconds` and `memory` bytes.

    Raises `Overran` where that isn't enough and `Broke` where the function fails by a fault of its own, both `Refused`;
    and what the function raises of ours, or as a ValueError with a Sentence.
    """
    if not NAMED.fullmatch(function):
        raise LookupError(f"{function} is no function of the core or of intake")
    request = pickle.dumps((function, seconds, memory, args), protocol=5)
    with _room:
        kind, value = _asked(request, seconds)
    if kind == "returned":
        return value
    if kind == "raised":
        raise value
    if kind == "late":
        raise Overran(Sentence("reading it takes longer than {limit} s", limit=max(1, round(seconds))))
    if kind == "memory":
        raise Overran(Sentence("reading it takes more than {limit} MB of memory", limit=memory // 1_000_000))
    if kind == "deep":
        raise Overran(Sentence("its parts are nested too deep to be read"))
    if kind == "killed":
        raise Overran(Sentence("it takes too much memory, or is too damaged, to be read"))
    if kind == "unknown":
        raise LookupError(value)
    _log.error("%s failed:\n%s", function, value)
    raise Broke(Sentence("it can’t be read: it is not as this program expects it"))


def _asked(request: bytes, seconds: float) -> tuple[str, Any]:
    for _ in range(2):
        cell = _taken()
        try:
            answer = cell.ask(request, seconds)
        except _Gone:  # before it began: one that rested was ended by somebody
            cell.end()
            continue
        except BaseException:
            cell.end()
            raise
        if answer.last:
            cell.end()
        else:
            _put_back(cell)
        return answer.kind, answer.value
    raise RuntimeError("The process that reads documents does not start.")


# The processes


@dataclasses.dataclass(frozen=True, slots=True)
class _Answer:
    kind: str
    value: Any
    last: bool = True


class _Gone(Exception):
    """The other end of the pipe is closed."""


class _Late(Exception):
    """The time is over."""


class _Cell:
    """One process. Used by one thread at a time."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(  # this very Python, with a module of ours
            [sys.executable, "-m", "newsreader.intake.cell"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
            cwd=_ROOT,
            env={name: os.environ[name] for name in _KEPT if name in os.environ} | _ENVIRONMENT,
        )
        assert self._process.stdin  # noqa: S101 - for the type checker
        assert self._process.stdout  # noqa: S101
        self._to, self._from = self._process.stdin.fileno(), self._process.stdout.fileno()
        os.set_blocking(self._to, False)
        os.set_blocking(self._from, False)
        self.rests = time.monotonic()

    def ask(self, request: bytes, seconds: float) -> _Answer:
        """Raises `_Gone` where nothing was begun."""
        until = time.monotonic() + START
        try:
            self._send(LENGTH.pack(len(request)), until)
            self._send(request, until)
            self._receive(len(BEGUN), until)
        except _Late:
            raise _Gone from None
        try:
            return self._answer(time.monotonic() + seconds)
        except _Late:
            return _Answer("late", None)
        except _Gone:
            return _Answer("killed", None)

    def _answer(self, until: float) -> _Answer:
        head = self._receive(LENGTH.size + 1, until)
        length, last = LENGTH.unpack(head[:-1])[0], bool(head[-1])
        if length > _LARGEST:
            return _Answer("memory", None)
        answer = self._receive(length, until)
        try:
            kind, value = _Unpickler(io.BytesIO(answer)).load()
        except Exception:
            return _Answer("broke", traceback.format_exc(limit=-2))
        return _Answer(kind, value, last or kind == "unknown")

    def _send(self, data: bytes, until: float) -> None:
        rest = memoryview(data)
        while rest:
            _wait(self._to, select.POLLOUT, until)
            try:
                rest = rest[os.write(self._to, rest) :]
            except OSError:
                raise _Gone from None

    def _receive(self, length: int, until: float) -> bytes:
        received = bytearray()
        while len(received) < length:
            _wait(self._from, select.POLLIN, until)
            if not (some := os.read(self._from, min(length - len(received), 1 << 20))):
                raise _Gone
            received += some
        return bytes(received)

    @property
    def is_fit(self) -> bool:
        return time.monotonic() - self.rests < IDLE and self._process.poll() is None

    def end(self) -> None:
        """Kills it: it has nothing to lose."""
        self._process.kill()
        with self._process:  # closes the pipes, and waits
            pass

    def forget(self) -> None:
        """Lets go of it in a process that only inherited it."""
        self._process.returncode = 0
        with self._process:
            pass


def _wait(pipe: int, event: int, until: float) -> None:
    waiting = select.poll()
    waiting.register(pipe, event)
    if not waiting.poll(max(0.0, until - time.monotonic()) * 1000):
        raise _Late


class _Unpickler(pickle.Unpickler):
    """Takes data alone: the other end has read what strangers wrote."""

    def find_class(self, module: str, name: str) -> Any:
        if name in _PLAIN.get(module, ()):
            return super().find_class(module, name)
        if module.startswith(("newsreader.core.", "newsreader.intake.")) and "." not in name:
            found = super().find_class(module, name)
            if isinstance(found, type) and (
                dataclasses.is_dataclass(found) or issubclass(found, Exception | enum.Enum | str | tuple)
            ):
                return found
        raise pickle.UnpicklingError(f"{module}.{name} is no plain data")


# Those that rest

_room = threading.BoundedSemaphore(MOST)
_lock = threading.Lock()
_resting: list[_Cell] = []


def _taken() -> _Cell:
    """One that rests, or a new one; those that rested too long are ended."""
    with _lock:
        fit = [cell for cell in _resting if cell.is_fit]
        unfit = [cell for cell in _resting if cell not in fit]
        found = fit.pop() if fit else None
        _resting[:] = fit
    for cell in unfit:
        cell.end()
    return found or _Cell()


def _put_back(cell: _Cell) -> None:
    cell.rests = time.monotonic()
    with _lock:
        _resting.append(cell)


@atexit.register
def _end_all() -> None:
    with _lock:
        ending, _resting[:] = list(_resting), []
    for cell in ending:
        cell.end()


def _begin_anew() -> None:
    """In a process that was forked: the pipes are the other one's."""
    global _room, _lock
    _room, _lock = threading.BoundedSemaphore(MOST), threading.Lock()
    for cell in _resting:
        cell.forget()
    _resting.clear()


os.register_at_fork(after_in_child=_begin_anew)
