"""Which replicas are near enough to the primary, by what was seen of them. Pure: `now` is seconds of any one clock."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field

LOOK = 1.0  # seconds between two looks, or a quarter of the lag that is allowed


@dataclass(slots=True)
class Watch:
    """What one process knows of the replicas `names`, of which each may be `lag` seconds behind.

    Clocks of several machines are never compared: a position in the primary's log is noted with the time it was seen
    at, and a replica that has passed it has everything that was written by then. Between two looks it may fall behind
    by as much again as lies between them.
    """

    names: tuple[str, ...]
    lag: float
    _looked: float = field(default=float("-inf"))
    _marks: deque[tuple[float, int]] = field(default_factory=deque)  # when the primary was where
    _proven: dict[str, float] = field(default_factory=dict)  # a replica has what the primary had then
    _rests: dict[str, float] = field(default_factory=dict)  # a replica that failed, until when it isn't asked
    _told: dict[str, str] = field(default_factory=dict)  # what was last said of a replica

    def due(self, now: float) -> bool:
        """Whether it's time to look again."""
        return now - self._looked >= min(LOOK, self.lag / 4)

    def awake(self, now: float) -> list[str]:
        """Those that may be asked for their position."""
        return [name for name in self.names if self._rests.get(name, now) <= now]

    def saw(self, primary: int | None, replicas: Mapping[str, int], now: float) -> None:
        """Takes in a look: positions in the log; None for a primary that doesn't answer."""
        self._looked = now
        if primary is not None:
            self._marks.append((now, primary))
        while self._marks and now - self._marks[0][0] > self.lag:
            self._marks.popleft()
        for name, position in replicas.items():
            self._rests.pop(name, None)
            if primary is None:
                self._proven[name] = now  # nobody can write: what it has is all there is
            elif passed := [when for when, mark in self._marks if mark <= position]:
                self._proven[name] = max(passed)

    def failed(self, name: str, now: float) -> None:
        """It can't be asked: it gets a rest, as long as it might be behind."""
        self._rests[name] = now + self.lag
        self._proven.pop(name, None)

    def state(self, name: str, now: float) -> str:
        """What it is now: "near", "behind", "away", or "unproven" while it hasn't been watched for long enough."""
        if self._rests.get(name, now) > now:
            return "away"
        if now - self._proven.get(name, float("-inf")) <= self.lag:
            return "near"
        watched = now - self._marks[0][0] if self._marks else 0.0
        return "behind" if watched > self.lag / 2 else "unproven"

    def near(self, now: float) -> list[str]:
        """Those that may be read from."""
        return [name for name in self.names if self.state(name, now) == "near"]

    def news(self, now: float) -> list[tuple[str, str]]:
        """(name, state) of each replica whose state has changed since it was told."""
        states = {name: self.state(name, now) for name in self.names}
        fresh = {name: state for name, state in states.items() if state not in {"unproven", self._told.get(name)}}
        self._told |= fresh
        return list(fresh.items())
