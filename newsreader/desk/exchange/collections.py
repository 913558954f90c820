"""Collections out and in, with their articles in order. A reader's own copy in one, if there is any, stays unseen."""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import Prefetch
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from newsreader.articles.models import Article, Collection, CollectionItem
from newsreader.desk.exchange.files import Row
from newsreader.desk.exchange.kinds import Values, Written, Wrong, said, state
from newsreader.desk.exchange.labels import Labels
from newsreader.desk.exchange.models import ImportRow
from newsreader.desk.journal import Way
from newsreader.intake.dates import read_date

Items = list[list[Any]]  # [key of an article, what the collection says of it]
NAMED = 5


class Collections(Labels):
    model = Collection
    columns = ("name", "slug", "introduction", "state", "dated", "articles")
    several = ordered = skipped = frozenset({"articles"})
    long = frozenset({"introduction"})

    def rows(self) -> Any:
        items = CollectionItem.objects.filter(article__owner=None).order_by("position", "id").select_related("article")
        light = items.only("collection", "position", "article__slug")
        return super().rows().prefetch_related(Prefetch("items", light, to_attr="listed"))

    def shown(self, one: Any) -> Values:
        return {
            **{column: getattr(one, column) for column in ("name", "slug", "introduction")},
            "state": str(one.state),
            "dated": one.dated.isoformat() if one.dated else None,
            "articles": [item.article.slug for item in one.listed],
        }

    def exported(self, keys: Sequence[int]) -> Iterator[Values]:
        found = {one.pk: one for one in self.rows().filter(pk__in=keys)}
        for one in (found[key] for key in keys if key in found):
            yield self.shown(one)

    def field(self, column: str, text: str) -> Any:
        if column == "state":
            return state(Collection, text)
        if column == "dated":
            day = read_date(text)
            if text and day is None:
                raise Wrong(_("“{given}” is no date; write it as 2024-05-31").format(given=text[:60]))
            return (day.date() if isinstance(day, dt.datetime) else day).isoformat() if day else None
        return super().field(column, text)

    # Looking

    def look(self, rows: Sequence[Row]) -> set[str]:
        """Which of the slugs in these rows there are articles for."""
        slugs: set[str] = set()
        for row in rows:
            try:
                slugs.update(self.value("articles", row.cells.get("articles", [])))
            except Wrong:  # said of its row
                continue
        return set(keys_of(sorted(slugs)))

    def more(self, row: Row, one: Any, looked: set[str], out: ImportRow) -> list[str]:
        if "articles" not in row.cells:
            return []
        present = self.shown(one)["articles"] if one else []
        if self.is_same("articles", row.cells["articles"], present):
            return []
        try:
            slugs = self.value("articles", row.cells["articles"])
        except Wrong as error:
            return [said("articles", error)]
        if unknown := [slug for slug in slugs if slug not in looked]:
            n, named = len(unknown), ", ".join(slug[:60] for slug in unknown[:NAMED])
            told = ngettext("there is no article {slugs}", "there are no articles {slugs}", n).format(slugs=named)
            return [said("articles", Wrong(told if n <= NAMED else f"{told}, …"))]
        if slugs != present:
            out.values["articles"] = slugs
            if one:
                out.before["articles"] = present
        return []

    # Writing

    def put(self, one: Any, row: ImportRow, into: Written) -> None:
        if "articles" not in row.values:
            return
        before, keys = in_order(one), keys_of(row.values["articles"])
        notes: dict[int, str] = {int(key): str(note) for key, note in before}
        # What was deleted since it was looked at isn't missed here: its row would say what nobody can change.
        after = [[keys[slug], notes.get(keys[slug], "")] for slug in row.values["articles"] if slug in keys]
        arrange(one, after)
        if row.target:  # a new one goes away with all that is in it
            into.ways.append(Way(self.label, "items", before, after, [one.pk]))


def keys_of(slugs: Sequence[str]) -> dict[str, int]:
    """Keys of the library's articles with these slugs."""
    found: dict[str, int] = {}
    for start in range(0, len(slugs), 500):
        those = Article.objects.filter(owner=None, slug__in=slugs[start : start + 500])
        found.update(those.order_by().values_list("slug", "pk"))
    return found


def in_order(collection: Collection) -> Items:
    """The library's articles in a collection, each with what it says of it there."""
    items = collection.items.filter(article__owner=None).order_by("position", "id")
    return [list(item) for item in items.values_list("article_id", "note")]


def arrange(collection: Collection, items: Items) -> None:
    """Makes these its articles, in this order. Those that were deleted meanwhile are left out."""
    there = set(Article.objects.filter(owner=None, pk__in=[key for key, _note in items]).values_list("pk", flat=True))
    collection.items.filter(article__owner=None).delete()
    CollectionItem.objects.bulk_create(
        [
            CollectionItem(collection=collection, article_id=key, position=position, note=note)
            for position, (key, note) in enumerate((item for item in items if item[0] in there), 1)
        ],
        batch_size=500,
    )
    collection.changed = timezone.now()
    Collection.objects.filter(pk=collection.pk).update(changed=collection.changed)
