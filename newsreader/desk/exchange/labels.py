"""Topics out and in, and what collections have in common with them: a name and a slug that nothing else has."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from newsreader.articles.models import Topic
from newsreader.articles.services import free_slug
from newsreader.desk.exchange.files import Row
from newsreader.desk.exchange.kinds import Kind, Meanwhile, Seen, Values, Written, Wrong, judged, said, text_in
from newsreader.desk.exchange.models import ImportRow
from newsreader.desk.renaming import folded, renamed


class Labels(Kind):
    """Found again by slug, else by name."""

    unique = ("name", "slug")
    skipped: frozenset[str] = frozenset()  # columns that are compared by the kind itself

    def shown(self, one: Any) -> Values:
        """What an export says of it."""
        raise NotImplementedError

    def look(self, rows: Sequence[Row]) -> Any:
        """What the kind needs of these rows, in a fixed number of queries."""

    def judge(self, rows: Sequence[Row], seen: Seen) -> list[ImportRow]:
        found, looked = self.find(rows), self.look(rows)
        return [self._judge(row, found, looked, seen) for row in rows]

    def find(self, rows: Sequence[Row]) -> dict[tuple[str, str], Any]:
        """Everything that has a slug of these rows, or a name that people would take for one of them."""
        names, slugs = ({text_in(row, column) for row in rows} - {""} for column in self.unique)
        wanted = {folded(name) for name in names}
        all_names = self.model._default_manager.order_by().values_list("pk", "name")
        alike = [pk for pk, name in all_names if folded(name) in wanted]
        those = list(self.rows().filter(Q(pk__in=alike) | Q(slug__in=slugs)))
        found = {("alike", folded(one.name)): one for one in those}
        return found | {key: one for one in those for key in (("name", one.name), ("slug", one.slug))}

    def others(self, values: Values, one: Any, found: dict[tuple[str, str], Any]) -> Iterator[tuple[str, Any]]:
        """What has the name or the slug that this one is to have."""
        keys = [("name", ("alike", folded(values.get("name", "")))), ("slug", ("slug", values.get("slug", "")))]
        return ((column, other) for column, key in keys if (other := found.get(key)) and other != one)

    def rows(self) -> Any:
        return self.model._default_manager.order_by("pk")

    def _judge(self, row: Row, found: dict[tuple[str, str], Any], looked: Any, seen: Seen) -> ImportRow:
        out = ImportRow(number=row.number, title=(text_in(row, "name") or text_in(row, "slug"))[:200])
        if row.problem:
            return judged(out, [row.problem])
        one = self.target(row, found)
        keys = [("alike", folded(text_in(row, "name"))), ("slug", text_in(row, "slug"))]
        try:
            seen.claim(row.number, *([("key", one.pk)] if one else []), *(key for key in keys if key[1]))
        except Wrong as error:
            return judged(out, [str(error)])
        out.target = one.pk if one else None
        wrong = self.compare(row, self.shown(one) if one else {}, self.skipped, out)
        if not one and not text_in(row, "name"):
            wrong.append(said("name", Wrong(_("a new one needs a name"))))
        for column, other in self.others(out.values, one, found):
            wrong.append(said(column, Wrong(_("“{name}” has it already").format(name=other.name))))
        return judged(out, wrong + self.more(row, one, looked, out))

    def target(self, row: Row, found: dict[tuple[str, str], Any]) -> Any:
        return found.get(("slug", text_in(row, "slug"))) or found.get(("name", text_in(row, "name")))

    def more(self, row: Row, one: Any, looked: Any, out: ImportRow) -> list[str]:
        """What else is different, and what is wrong with it."""
        return []

    # Writing

    def write(self, rows: Sequence[ImportRow], into: Written) -> list[tuple[ImportRow, str]]:
        found = self.find([Row(row.number, row.values) for row in rows])
        those = self.rows().filter(pk__in=[row.target for row in rows if row.target])
        held = {one.pk: one for one in those.select_for_update()}
        left = []
        for row in rows:
            try:
                one = held.get(row.target) if row.target else None
                if row.target and one is None:
                    raise Meanwhile(_("It was deleted meanwhile."))
                if any(self.others(row.values, one, found)):
                    raise Meanwhile(_("Another one has its name or slug by now."))
                self._change(row, one, into) if one else self._add(row, into)
            except Meanwhile as error:
                left.append((row, str(error)))
        return left

    def _add(self, row: ImportRow, into: Written) -> None:
        values = {column: value for column, value in row.values.items() if column not in self.skipped}
        values.setdefault("slug", free_slug(self.model, values["name"], max_length=70))
        one: Any = self.model._default_manager.create(**values)
        self.put(one, row, into)
        into.new.append(one)

    def _change(self, row: ImportRow, one: Any, into: Written) -> None:
        now = self.shown(one)
        if differ := [column for column in row.before if row.before[column] != now[column]]:
            told = _("Changed meanwhile: {columns}. Choose the file again to see it as it is now.")
            raise Meanwhile(told.format(columns=", ".join(differ)))
        values = {column: value for column, value in row.values.items() if column not in self.skipped}
        name, slug = values.pop("name", one.name), values.pop("slug", one.slug)
        into.ways += renamed(one, name=name, slug=slug)  # the old address leads on
        into.note(one, {column: now[column] for column in values}, values)
        for column, value in values.items():
            setattr(one, column, value)
        one.save()
        self.put(one, row, into)
        into.changed.append(one)

    def put(self, one: Any, row: ImportRow, into: Written) -> None:
        """Writes what is no column of its table."""


class Topics(Labels):
    model = Topic
    columns = ("name", "slug", "articles")
    told = frozenset({"articles"})

    def shown(self, one: Any) -> Values:
        return {"name": one.name, "slug": one.slug}

    def exported(self, keys: Sequence[int]) -> Iterator[Values]:
        counted = Count("articles", filter=Q(articles__owner=None))
        found = {one.pk: one for one in Topic.objects.filter(pk__in=keys).annotate(article_count=counted).order_by()}
        for one in (found[key] for key in keys if key in found):
            yield {**self.shown(one), "articles": one.article_count}
