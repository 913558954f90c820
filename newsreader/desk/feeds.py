"""What the desk's front page says of feeds: how many are followed, and which of them fail."""

from dataclasses import dataclass

from django.db.models import Count, Q

from newsreader.core.sentence import Sentence
from newsreader.intake.models import Feed
from newsreader.language import worded

ROWS = 5


@dataclass(frozen=True, slots=True)
class Failing:
    """A feed and why its last visit brought nothing."""

    feed: Feed
    why: str


@dataclass(frozen=True, slots=True)
class Feeds:
    """Of all feeds; `failing` are the worst, `failures` how many there are."""

    followed: int
    failures: int
    failing: list[Failing]


def waiting() -> Feeds:
    """In one statement, and another where there are failures."""
    fails = Q(failures__gt=0, state=Feed.State.FOLLOWED) | Q(state=Feed.State.GONE)
    followed = Q(state=Feed.State.FOLLOWED)
    counted = Feed.objects.aggregate(followed=Count("pk", filter=followed), failures=Count("pk", filter=fails))
    worst = Feed.objects.filter(fails).select_related("source").order_by("-failures", "pk")
    rows = [Failing(feed, _sentence(feed)) for feed in worst[:ROWS]] if counted["failures"] else []
    return Feeds(counted["followed"], counted["failures"], rows)


def _sentence(feed: Feed) -> str:
    said = worded(Sentence.again(feed.told)) if feed.told else ""
    return said[:1].upper() + said[1:]
