"""The process behind `confined`: calls one pure function after the other, and ends when its parent does.

It has no Django, no database, no network, no secrets in its environment and starts no program. Each call has the
limits that come with it; what it does to this process is nobody's loss.
"""

from __future__ import annotations

import contextlib
import fcntl
import gc
import importlib
import logging
import math
import os
import pickle
import re
import resource
import select
import signal
import struct
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

from newsreader.core.sentence import Sentence

LENGTH = struct.Struct("!Q")  # before every request and every answer
BEGUN = b"\1"  # said when a function begins: from then on its time counts
NAMED = re.compile(r"newsreader\.(?:core|intake)(?:\.[a-z_]+)+:[A-Za-z_]+")
IDLE = 120  # seconds without work after which it leaves by itself; sooner than that nobody asks it any more
CALLS = 500
BLOATED = 200_000_000  # bytes; what a large item leaves behind would be missing for the next

_FORBIDDEN = ("socket.", "subprocess.", "os.system", "os.exec", "os.fork", "os.posix_spawn", "os.spawn", "sqlite3.")


def main() -> None:
    """Answers requests until there are no more."""
    requests, answers = os.fdopen(os.dup(0), "rb", buffering=0), os.fdopen(os.dup(1), "wb", buffering=0)
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)  # what a library prints is no answer
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent
    logging.disable(logging.CRITICAL)
    sys.addaudithook(_forbid)
    for call in range(1, CALLS + 1):
        waiting = select.poll()
        waiting.register(requests, select.POLLIN)
        request = _read(requests) if waiting.poll(IDLE * 1000) else b""
        if not request:
            return
        answer = _answer(request, requests, answers)
        last = call == CALLS or _size() > BLOATED
        _write(answers, LENGTH.pack(len(answer)) + bytes([last]) + answer)
        if last:
            return
        del request, answer


def _answer(request: bytes, requests: BinaryIO, answers: BinaryIO) -> bytes:
    """What came of the call, pickled: ("returned", value), ("raised", error), or how it failed and words for a log."""
    try:
        name, seconds, memory, arguments = pickle.loads(request)  # noqa: S301 - from our own parent
        function = _named(name)
    except Exception:
        _write(answers, BEGUN)
        return pickle.dumps(("unknown", _told()))
    _write(answers, BEGUN)
    try:
        with _Limits(requests, seconds, memory):
            return pickle.dumps(("returned", function(*arguments)), protocol=5)
    except MemoryError:
        return pickle.dumps(("memory", ""))
    except RecursionError:
        return pickle.dumps(("deep", ""))
    except Exception as error:
        if _is_ours(error):
            with contextlib.suppress(Exception):
                return pickle.dumps(("raised", error), protocol=5)
        return pickle.dumps(("broke", _told()))


def _named(name: str) -> Callable[..., Any]:
    if not NAMED.fullmatch(name):
        raise LookupError(f"{name} is no function of the core or of intake")
    module, _, function = name.partition(":")
    found: Callable[..., Any] = getattr(importlib.import_module(module), function)
    if "django" in sys.modules:
        raise LookupError(f"{name} needs Django: it is not for here")
    gc.freeze()  # what a module loads stays
    return found


def _is_ours(error: Exception) -> bool:
    """Whether it says something to a person, or to the code that called."""
    said = error.args[0] if error.args else None
    ours = type(error).__module__.startswith(("newsreader.core.", "newsreader.intake."))
    return ours or (type(error) is ValueError and isinstance(said, Sentence))


def _told() -> str:
    return traceback.format_exc(limit=-12)[-4000:]


class _Limits:
    """What one call may use. The parent's clock is the one that counts; these are for when it is gone.

    Each kills in the kernel, so that no loop in C outlives it.
    """

    def __init__(self, requests: BinaryIO, seconds: float, memory: int) -> None:
        self._requests, self._seconds, self._memory = requests, seconds, memory

    def __enter__(self) -> None:
        _set(resource.RLIMIT_FSIZE, 0)
        _set(resource.RLIMIT_NPROC, 0)
        _set(resource.RLIMIT_AS, self._memory)
        _set(resource.RLIMIT_CPU, math.ceil(time.process_time() + self._seconds) + 1)
        signal.setitimer(signal.ITIMER_REAL, self._seconds + 1)
        self._signal_when_alone(True)

    def __exit__(self, *_: object) -> None:
        self._signal_when_alone(False)
        signal.setitimer(signal.ITIMER_REAL, 0)
        _set(resource.RLIMIT_CPU, resource.RLIM_INFINITY)
        _set(resource.RLIMIT_AS, resource.RLIM_INFINITY)

    def _signal_when_alone(self, on: bool) -> None:
        """SIGIO, which ends this process, when the pipe's other end closes: nothing else comes there meanwhile."""
        pipe = self._requests.fileno()
        with contextlib.suppress(OSError):
            flags = fcntl.fcntl(pipe, fcntl.F_GETFL)
            fcntl.fcntl(pipe, fcntl.F_SETOWN, os.getpid())
            fcntl.fcntl(pipe, fcntl.F_SETFL, flags | os.O_ASYNC if on else flags & ~os.O_ASYNC)


def _set(limit: int, value: int) -> None:
    with contextlib.suppress(ValueError, OSError):  # not on every system
        _, hard = resource.getrlimit(limit)
        resource.setrlimit(limit, (value if hard == resource.RLIM_INFINITY else min(value, hard), hard))


def _size() -> int:
    """Bytes of memory that this process holds; 0 where that can't be asked."""
    with contextlib.suppress(OSError):
        return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()
    return 0


def _forbid(event: str, _: object) -> None:
    if event.startswith(_FORBIDDEN):
        raise PermissionError(f"{event} is not for here")


def _read(requests: BinaryIO) -> bytes:
    """One request; none where the parent is gone."""
    length = _exactly(requests, LENGTH.size)
    return _exactly(requests, LENGTH.unpack(length)[0]) if length else b""


def _exactly(requests: BinaryIO, length: int) -> bytes:
    read = bytearray()
    while len(read) < length:
        if not (some := requests.read(length - len(read))):
            return b""
        read += some
    return bytes(read)


def _write(answers: BinaryIO, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[answers.write(rest) :]


if __name__ == "__main__":
    with contextlib.suppress(BrokenPipeError):
        main()
