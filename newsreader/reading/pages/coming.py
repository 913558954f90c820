"""What a reader saved and whose text is not here yet, as pages show it: on its way, or failed and why."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst

from newsreader.intake import addressing
from newsreader.intake.models import Arrival
from newsreader.language import worded

# Seconds between two looks at one: short at first, while somebody waits for it.
SHORTEST, LONGEST, TRYING_AGAIN = 2, 30, 10


@dataclass(frozen=True, slots=True)
class Coming:
    """An arrival that is not finished. `seen` is what a page that shows it has seen of it."""

    pk: int
    address: str
    failed: bool
    why: str
    tries: int
    pause: int

    @property
    def seen(self) -> str:
        return f"{'failed' if self.failed else 'waiting'}-{self.tries}"

    @property
    def state(self) -> str:
        """For the stylesheet."""
        return "failed" if self.failed else "fetching"

    @property
    def host(self) -> str:
        return addressing.host(self.address)

    @property
    def url(self) -> str:
        """Where its state is asked for."""
        return reverse("reading:arrival", args=[self.pk])

    def look(self, **shown: Any) -> str:
        """The address that answers once there is more than was seen; `shown` is what the page shows of it."""
        return f"{self.url}?{urlencode({'seen': self.seen, **shown})}"


def coming(arrival: Arrival) -> Coming:
    """As pages show it."""
    waited = int((timezone.now() - arrival.changed).total_seconds())
    least = TRYING_AGAIN if arrival.tries else SHORTEST
    return Coming(
        pk=arrival.pk,
        address=arrival.address,
        failed=arrival.state == Arrival.State.FAILED,
        why=told(arrival.why),
        tries=arrival.tries,
        pause=min(LONGEST, max(least, waited // 5)),
    )


def coming_to(articles: Iterable[int]) -> dict[int, Coming]:
    """Those of these articles that are unfinished: one statement."""
    return {pk: coming(arrival) for pk, arrival in Arrival.objects.by_article(articles).items()}


def told(said: object) -> str:
    """A refusal or reason as a sentence that stands by itself."""
    words = capfirst(worded(said))
    return words if not words or words.endswith((".", "…", "!", "?")) else f"{words}."
