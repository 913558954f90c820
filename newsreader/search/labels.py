"""Which sources and topics the filters of one search mean, looked up once for all that it looks through."""

from typing import Any

from django.db.models import QuerySet

from newsreader.articles.models import Article, Source, Topic
from newsreader.core.asked import All, Filter, Node

LABELS = ("source", "topic")
_MANY = 100  # of so many, the database keeps the list


class Labels:
    """What they mean for as long as one search takes."""

    def __init__(self) -> None:
        self._meant: dict[tuple[str, str], list[int] | QuerySet[Any]] = {}

    def filings(self, name: str, value: str) -> QuerySet[Any]:
        """What files articles under a source or a topic that is called so."""
        through = Article.sources.through if name == "source" else Article.topics.through
        return through._default_manager.filter(**{f"{name}__in": self.meant(name, value)})

    def meant(self, name: str, value: str) -> list[int] | QuerySet[Any]:
        """The keys of those sources or topics."""
        asked = (name, value)
        if asked not in self._meant:
            called = (Source if name == "source" else Topic).objects.called(value).values_list("pk", flat=True)
            keys = list(called[: _MANY + 1])
            self._meant[asked] = keys if len(keys) <= _MANY else called
        return self._meant[asked]


def required(node: Node | None) -> list[Filter]:
    """The filters by a source or topic that every result has to fit."""
    nodes = node.nodes if isinstance(node, All) else (node,)
    return [one for one in nodes if isinstance(one, Filter) and one.name in LABELS]
