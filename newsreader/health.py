"""/healthz: whether the databases are there, and a worker. 200 while the primary answers, 503 otherwise; JSON.

The same for anybody. A worker that is away makes no 503: pages are served without one. It stands before everything
else: it is asked under any host name, without https, and without an account. The databases are asked in a thread of
their own, and no longer than PATIENCE; at most once a second in each process.
"""

from collections.abc import Callable
from contextlib import suppress
from threading import Event, Lock, Thread
from time import monotonic

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, Error, connections
from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase

from newsreader.replicas.positions import NoReplica, replayed

PATH = "/healthz"
PATIENCE = 3.0  # seconds
AGAIN = 1.0  # seconds that an answer is good for
OK, AWAY = "ok", "away"


class HealthMiddleware:
    """Answers PATH, and lets everything else pass."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.probes = [Probe(alias) for alias in (DEFAULT_DB_ALIAS, *settings.REPLICAS)]

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info != PATH or request.method not in {"GET", "HEAD"}:
            return self.get_response(request)
        (primary, worker), *replicas = [probe.state() for probe in self.probes]
        told: dict[str, object] = {"primary": primary, "worker": worker}
        if replicas:
            told["replicas"] = [state for state, _ in replicas]
        return JsonResponse(told, status=200 if primary == OK else 503, headers={"Cache-Control": "no-store"})


class Probe:
    """One database. A question that isn't answered is not asked a second time meanwhile."""

    def __init__(self, alias: str) -> None:
        self.alias = alias
        self._lock = Lock()
        self._done = Event()
        self._asked = float("-inf")
        self._answer: tuple[str, str] | None = None

    def state(self) -> tuple[str, str]:
        """ "ok", "away", or of a server that is no replica "detached"; and whether the primary knows of a worker."""
        with self._lock:
            if not self._answer or (self._done.is_set() and monotonic() - self._asked > AGAIN):
                self._asked, self._answer, self._done = monotonic(), (AWAY, AWAY), Event()
                Thread(target=self._ask, args=[self._done], daemon=True).start()
            done, rest = self._done, self._asked + PATIENCE - monotonic()
        done.wait(max(0.0, rest))
        return self._answer

    def _ask(self, done: Event) -> None:
        self._answer = ask(self.alias)
        done.set()


def ask(alias: str) -> tuple[str, str]:
    """Over a connection of its own, which is what a process without one would need."""
    worker = AWAY
    try:
        if alias == DEFAULT_DB_ALIAS:
            with connections[alias].cursor() as cursor:
                cursor.execute("SELECT 1")
            with suppress(Error):  # a library that is not migrated yet has nobody at work
                worker = OK if is_at_work(alias) else AWAY
        else:
            replayed(alias)
    except NoReplica:
        return "detached", worker
    except Error:
        return AWAY, worker
    finally:
        connections[alias].close()
    return OK, worker


def is_at_work(alias: str) -> bool:
    from newsreader.intake.work import alive  # noqa: PLC0415 models are not loaded when the middleware is

    return alive.is_at_work(alias)
