"""Sources, topics and collections under other names, and sources and topics merged. Their old addresses lead on.

Each is one transaction with an entry in the journal and the way back. What was filed since stays as it is.
"""

from dataclasses import dataclass, field
from typing import Any
from unicodedata import combining, normalize

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from newsreader.accounts.models import User
from newsreader.articles.models import Article, Collection, Former, Source, Topic
from newsreader.articles.services import free_slug
from newsreader.desk import journal
from newsreader.desk.journal import Way
from newsreader.desk.models import Deed, Entry

Label = Source | Topic | Collection
EXAMPLES = 3


class Taken(ValueError):
    """There is one of that name already, `other`, or one that differs in case and accents only."""

    def __init__(self, other: Label) -> None:
        super().__init__(str(other))
        self.other = other


@dataclass(frozen=True, slots=True)
class Weight:
    """What hangs on a source or topic: how many of the library's articles, a few of them, and what else."""

    label: Any
    articles: int
    published: int
    examples: list[Article] = field(default_factory=list)
    both: int = 0  # that have the one it is merged into, too
    former: list[str] = field(default_factory=list)


def folded(name: str) -> str:
    """The name without case, accents and runs of spaces: two that are the same so are not told apart by people."""
    plain = "".join(letter for letter in normalize("NFKD", name) if not combining(letter))
    return " ".join(plain.split()).casefold()


def alike(label: Label, name: str) -> Any:
    """Another of its kind that people would take for one of that `name`; None where there is none."""
    wanted = folded(name)
    known = type(label)._default_manager.of_the_library()
    others = known.exclude(pk=label.pk).order_by("pk").values_list("pk", "name")
    found = next((pk for pk, other in others if folded(other) == wanted), None)
    return type(label)._default_manager.filter(pk=found).first() if found else None


def weigh(label: Label, *, into: Label | None = None) -> Weight:
    """What a merge of it into another one moves."""
    there = _through(label)._default_manager.filter(article=OuterRef("pk"), **{_column(label): label.pk})
    mine = Article.objects.filter(Exists(there), owner=None).order_by("-dated", "-id")
    counted = mine.order_by().aggregate(all=Count("pk"), published=Count("pk", filter=Q(state="published")))
    both = 0
    if into is not None:
        other = _through(into)._default_manager.filter(article=OuterRef("pk"), **{_column(into): into.pk})
        both = mine.filter(Exists(other)).order_by().count()
    named = list(label.former.values_list("name", flat=True)) if label.pk else []
    examples = list(mine.only("title", "language", "state")[:EXAMPLES])
    return Weight(label, counted["all"], counted["published"], examples, both, named)


@transaction.atomic
def rename(label: Label, *, name: str, slug: str, by: User) -> Entry | None:
    """Gives it another name, another address, or both; None where it has them. Raises Taken."""
    if other := alike(label, name):
        raise Taken(other)
    known = type(label)._default_manager.of_the_library()
    if other := known.exclude(pk=label.pk).filter(slug=slug).first():
        raise Taken(other)
    absorb(label, name)
    give_way(type(label), slug, to=label)
    row = type(label)._default_manager.select_for_update().get(pk=label.pk)
    old, old_slug = row.name, row.slug
    ways = renamed(row, name=name, slug=slug)
    if not ways:
        return None
    label.name, label.slug = name, slug
    told = _("“{old}” is now “{new}”.").format(old=old, new=name)
    if old_slug != slug:
        told = f"{told} {old_slug} → {slug}"
    return journal.record(Deed.EDITED, by=by, about=label, told=told, ways=ways)


def absorb(label: Any, name: str) -> None:
    """Files what only readers' own copies have by that name under `label`. No journal tells it, and no way back."""
    wanted = folded(name)
    for other in type(label)._default_manager.only_of_readers().exclude(pk=label.pk):
        if folded(other.name) == wanted:
            _refile(other, label, _filings(other))
            other.delete()


def give_way(kind: Any, slug: str, *, to: Any) -> None:
    """Gives what only readers' own copies have by that address another one."""
    for other in kind._default_manager.only_of_readers().filter(slug=slug).exclude(pk=to.pk):
        other.slug = free_slug(kind, other.name, max_length=70)
        other.save(update_fields=["slug"])


def renamed(row: Label, *, name: str, slug: str) -> list[Way]:
    """What `rename` does to a locked row, for whoever writes the journal: the ways back, none where nothing differs."""
    before, after = {"name": row.name, "slug": row.slug}, {"name": name, "slug": slug}
    if before == after:
        return []
    ways = [*_no_former(row, after), *_former(row, before, kept=slug), _row(row, before, after)]
    _update(row, **after)
    row.name, row.slug = name, slug
    return ways


@transaction.atomic
def merge(labels: list[Any], into: Any, *, by: User) -> tuple[int, Entry]:
    """Files what has one of `labels` under `into`, and lets them go; how many articles of the library that is."""
    kind = type(into)
    keys = {label.pk for label in labels} - {into.pk}
    locked = list(kind._default_manager.select_for_update().filter(pk__in={*keys, into.pk}).order_by("pk"))
    going = [label for label in locked if label.pk in keys]
    ways: list[Way] = []
    moved: set[int] = set()
    for label in going:
        had = _filings(label)
        moved |= set(had)
        ways += _refile(label, into, had)
        for former in label.former.all():
            ways.append(Way("articles.former", *_change(former, _column(label), label.pk, into.pk), [former.pk]))
            former.__class__._default_manager.filter(pk=former.pk).update(**{_column(label): into.pk})
        ways += _former(into, {"name": label.name, "slug": label.slug}, kept="")
        ways.append(journal.gone([label]))
        kind._default_manager.filter(pk=label.pk).delete()
    library = _library(moved)
    names = ", ".join(str(label) for label in going)
    told = _("Articles: {n}").format(n=library)
    about = f"{names} → {into}"
    return library, journal.record(Deed.MERGED, by=by, about=about, rows=[into, *going], told=told, ways=ways)


def _refile(label: Any, into: Any, had: list[int]) -> list[Way]:
    """Takes the one label off these articles, and puts the other one on those that don't have it."""
    through, column, name = _through(into), _column(into), _field(into)
    there = set(through._default_manager.filter(**{column: into.pk}).values_list("article", flat=True))
    new = [pk for pk in had if pk not in there]
    rows = [through(article_id=pk, **{f"{column}_id": into.pk}) for pk in new]
    through._default_manager.bulk_create(rows, batch_size=journal.BATCH, ignore_conflicts=True)
    through._default_manager.filter(**{column: label.pk}).delete()
    # Whoever has one of them open in a form is told that it isn't as they saw it.
    for start in range(0, len(had), journal.BATCH):
        Article.objects.filter(pk__in=had[start : start + journal.BATCH]).update(changed=timezone.now())
    return [
        Way("articles.article", name, False, True, new, into.pk),
        Way("articles.article", name, True, False, had, label.pk),
    ]


def _former(label: Label, was: dict[str, str], *, kept: str) -> list[Way]:
    """Lets a name and an address lead to `label`; an address that it has itself is not worth a row."""
    slug = "" if was["slug"] == kept else was["slug"]
    column, rows = _column(label), Former.objects.filter(**{f"{_column(label)}__isnull": False})
    known = rows.filter(slug=slug).first() if slug else None
    if known is None:
        made = Former.objects.create(name=was["name"], slug=slug, **{column: label})
        return [journal.made([made])]
    before = {"name": known.name, f"{column}_id": getattr(known, f"{column}_id")}
    after = {"name": was["name"], f"{column}_id": label.pk}
    Former.objects.filter(pk=known.pk).update(**after)
    return [Way("articles.former", "*", {str(known.pk): before}, {str(known.pk): after}, [known.pk])]


def _no_former(label: Label, now: dict[str, str]) -> list[Way]:
    """Forgets of its former names the one that it has again."""
    again = list(label.former.filter(Q(slug=now["slug"]) | Q(slug="", name=now["name"])))
    if not again:
        return []
    way = journal.gone(again)
    Former.objects.filter(pk__in=[one.pk for one in again]).delete()
    return [way]


def _row(row: Label, before: dict[str, str], after: dict[str, str]) -> Way:
    key = str(row.pk)
    return Way(row._meta.label_lower, "*", {key: before}, {key: after}, [row.pk])


def _change(row: Former, column: str, before: int, after: int) -> tuple[str, Any, Any]:
    return "*", {str(row.pk): {f"{column}_id": before}}, {str(row.pk): {f"{column}_id": after}}


def _update(row: Label, **values: Any) -> None:
    changed = {"changed": timezone.now()} if isinstance(row, Collection) else {}
    type(row)._default_manager.filter(pk=row.pk).update(**values, **changed)


def _filings(label: Any) -> list[int]:
    filed: QuerySet[Any] = _through(label)._default_manager.filter(**{_column(label): label.pk})
    return list(filed.order_by("article").values_list("article", flat=True))


def _library(keys: set[int]) -> int:
    """How many of these articles are the library's: readers' own copies move along, and are nobody's business."""
    ordered, number = sorted(keys), 0
    for start in range(0, len(ordered), journal.BATCH):
        number += Article.objects.filter(owner=None, pk__in=ordered[start : start + journal.BATCH]).count()
    return number


def _through(label: Label) -> Any:
    return type(label).articles.through


def _column(label: Label) -> str:
    return str(label._meta.model_name)


def _field(label: Label) -> str:
    return f"{_column(label)}s"
