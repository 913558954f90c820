"""/healthz: whether the databases are there. 200 while the primary answers, 503 otherwise; JSON, the same for anybody.

It stands before everything else: it is asked under any host name, without https, and without an account. The
databases are asked in a thread of their own, and no longer than PATIENCE; at most once a second in each process.
"""

from collections.abc import Callable
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


class HealthMiddleware:
    """Answers PATH, and lets everything else pass."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.probes = [Probe(alias) for alias in (DEFAULT_DB_ALIAS, *settings.REPLICAS)]

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info != PATH or request.method not in {"GET", "HEAD"}:
            return self.get_response(request)
        primary, *replicas = [probe.state() for probe in self.probes]
        told = {"primary": primary, "replicas": replicas} if replicas else {"primary": primary}
        return JsonResponse(told, status=200 if primary == "ok" else 503, headers={"Cache-Control": "no-store"})


class Probe:
    """One database. A question that isn't answered is not asked a second time meanwhile."""

    def __init__(self, alias: str) -> None:
        self.alias = alias
        self._lock = Lock()
        self._done = Event()
        self._asked = float("-inf")
        self._answer = ""

    def state(self) -> str:
        """ "ok", "away", or of a server that is no replica "detached"."""
        with self._lock:
            if not self._answer or (self._done.is_set() and monotonic() - self._asked > AGAIN):
                self._asked, self._answer, self._done = monotonic(), "away", Event()
                Thread(target=self._ask, args=[self._done], daemon=True).start()
            done, rest = self._done, self._asked + PATIENCE - monotonic()
        done.wait(max(0.0, rest))
        return self._answer

    def _ask(self, done: Event) -> None:
        self._answer = ask(self.alias)
        done.set()


def ask(alias: str) -> str:
    """Over a connection of its own, which is what a process without one would need."""
    try:
        if alias == DEFAULT_DB_ALIAS:
            with connections[alias].cursor() as cursor:
                cursor.execute("SELECT 1")
        else:
            replayed(alias)
    except NoReplica:
        return "detached"
    except Error:
        return "away"
    finally:
        connections[alias].close()
    return "ok"
