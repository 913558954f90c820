"""The replica that a request reads from. Looks at all of them now and then; one that fails gets a rest."""

import logging
import random
from collections.abc import Sequence
from threading import Lock
from time import monotonic

from django.db import DEFAULT_DB_ALIAS, connections

from newsreader.replicas.positions import GONE, replayed, written
from newsreader.replicas.watch import Watch

logger = logging.getLogger(__name__)

TOLD = {
    "near": (logging.INFO, "%s is read from."),
    "behind": (logging.WARNING, "%s is too far behind: it isn't read from until it has caught up."),
    "away": (logging.WARNING, "%s can't be read from: it is tried again now and then."),
}


class Choice:
    """One for each process."""

    def __init__(self, names: Sequence[str], lag: float) -> None:
        self.watch = Watch(tuple(names), lag)
        self._looking, self._telling = Lock(), Lock()
        self._primary_rests = 0.0  # until when it isn't asked, having been away

    def alias(self, stamp: int | None) -> str:
        """A replica that is near enough and has what was written up to `stamp`; the primary where there is none."""
        self._look()
        near = self.watch.near(monotonic())
        for name in random.sample(near, len(near)):
            try:
                self._connect(name)
                if stamp is None or replayed(name) >= stamp:
                    return name
            except GONE as error:
                self.failed(name, error)
        return DEFAULT_DB_ALIAS

    def failed(self, name: str, error: Exception) -> None:
        """Gives it a rest, and says so."""
        connections[name].close()
        self.watch.failed(name, monotonic())
        self._tell(str(error))

    def _connect(self, name: str) -> None:
        """Sees that there is a connection. Raises OperationalError."""
        connection = connections[name]
        connection.close_if_health_check_failed()
        connection.ensure_connection()

    def _look(self) -> None:
        """In one thread of the process at a time; the others go on with what is known."""
        if not self.watch.due(monotonic()) or not self._looking.acquire(blocking=False):
            return
        try:
            begin = monotonic()  # by now, all that was written lies before the position that the primary tells next
            self.watch.saw(self._primary(begin), self._positions(), begin)
            self._tell()
        finally:
            self._looking.release()

    def _primary(self, now: float) -> int | None:
        if now < self._primary_rests:
            return None
        try:
            return written()
        except GONE:
            self._primary_rests = now + self.watch.lag
            return None

    def _positions(self) -> dict[str, int]:
        positions = {}
        for name in self.watch.awake(monotonic()):
            try:
                positions[name] = replayed(name)
            except GONE as error:
                self.failed(name, error)
        return positions

    def _tell(self, why: str = "") -> None:
        with self._telling:
            news = self.watch.news(monotonic())
        for name, state in news:
            level, words = TOLD[state]
            logger.log(level, f"{words} (%s)" if why else words, name, *([" ".join(why.split())] if why else []))
