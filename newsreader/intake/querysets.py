"""How arrivals are asked for."""

from collections.abc import Iterable
from typing import Any, Self

from django.db import models

from newsreader.accounts.models import User


class ArrivalQuerySet(models.QuerySet[Any]):
    def of(self, reader: User) -> Self:
        """This reader's. Nobody else sees what they save."""
        return self.filter(reader=reader)

    def unfinished(self) -> Self:
        return self.exclude(state="done")

    def by_article(self, articles: Iterable[int]) -> dict[int, Any]:
        """The unfinished one of each of these articles that has one: one statement for a whole list."""
        rows = self.unfinished().filter(article__in=list(articles)).defer("handed")
        return {row.article_id: row for row in rows}
