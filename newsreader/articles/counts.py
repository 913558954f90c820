"""How many articles are in a reader's places. Counted so that it costs the same in a large library."""

from dataclasses import dataclass

from django.db.models import Count, Q

from newsreader.accounts.someone import Someone
from newsreader.articles.models import Article, Reading


@dataclass(frozen=True, slots=True)
class Counts:
    """Articles in each place, and those of the inbox that are unread."""

    inbox: int
    later: int
    archive: int
    unread: int


def counts(user: Someone) -> Counts:
    """Most articles have no Reading row, so the inbox is what remains of all when the others are taken off."""
    visible = Article.objects.visible_to(user).count()
    if not user.is_authenticated:
        return Counts(inbox=visible, later=0, archive=0, unread=visible)
    own = Q(article__owner=user) & ~Q(article__state="withdrawn")
    seen = Q(article__state="published", article__owner=None) | own
    noted = Reading.objects.filter(seen, reader=user).aggregate(
        later=Count("pk", filter=Q(place="later")),
        archive=Count("pk", filter=Q(place="archive")),
        read=Count("pk", filter=Q(place="inbox", unread=False)),
    )
    inbox = visible - noted["later"] - noted["archive"]
    return Counts(inbox=inbox, later=noted["later"], archive=noted["archive"], unread=inbox - noted["read"])
