"""What a save at the desk changed, told in the journal with what it was before, and the way back.

A text that changed is a revision besides; a save that changes only a title or a date is known by its entry alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, TextField
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from newsreader.accounts.models import User
from newsreader.annotations.services import Revised
from newsreader.articles.models import Article
from newsreader.desk import journal
from newsreader.desk.journal import Way
from newsreader.desk.models import Deed, Entry
from newsreader.desk.services import DEEDS

OWN = ("title", "standfirst", "byline", "state", "published", "language", "address")
LABELS = ("sources", "topics")
# What follows from those, and goes back with them.
_FOLLOWS = ("dated", "words", "minutes")
_SHOWN = 200  # code points of a value, in words
MOST_TOLD = 100


@dataclass(frozen=True, slots=True)
class Before:
    """An article as it was stored before a save."""

    values: Mapping[str, Any]
    labels: Mapping[str, set[int]]
    number: int = 0

    @classmethod
    def of(cls, article: Article) -> "Before":
        """As it is in the database now."""
        stored = Article.objects.defer("text", "html").get(pk=article.pk)
        labels = {name: set(getattr(stored, name).values_list("pk", flat=True)) for name in LABELS}
        number = stored.revisions.order_by("-number").values_list("number", flat=True).first() or 0
        return cls({name: getattr(stored, name) for name in (*OWN, *_FOLLOWS)}, labels, number)


@dataclass(slots=True)
class _Change:
    told: list[str] = field(default_factory=list)
    ways: list[Way] = field(default_factory=list)


def record(article: Article, before: Before, *, revised: Revised, reason: str, by: User) -> Entry | None:
    """Writes into the journal what a save changed, with before and after; None where it changed nothing."""
    now = Before.of(article)
    done = _Change()
    if revised.revision:
        done.told.append(_("Text: revision {number}.").format(number=revised.revision.number))
        done.ways.append(Way("articles.article", "html", before.number, revised.revision.number, [article.pk]))
    _columns(article, before, now, done)
    for name in LABELS:
        _labels(article, name, before.labels[name], now.labels[name], done)
    if not done.ways:
        return None
    if reason:
        done.told.append(_("Reason: {reason}").format(reason=reason))
    state = now.values["state"]
    deed = DEEDS[state] if state != before.values["state"] else Deed.EDITED
    return journal.record(deed, by=by, about=article, told="\n".join(done.told), ways=done.ways)


def about(article: Article) -> list[Entry]:
    """The newest entries of the journal on one article, those on many at once among them."""
    # The keys are stored as JSON, in which neither database has an index: as text both find one in it.
    listed = Entry.objects.filter(kind="articles.article", at__gte=article.added).annotate(
        keys=Cast("rows", TextField())
    )
    key = str(article.pk)
    among = Q(keys__startswith=f"[{key},") | Q(keys__contains=f", {key},") | Q(keys__endswith=f", {key}]")
    return list(listed.filter(Q(keys=f"[{key}]") | among).select_related("undone")[:MOST_TOLD])


def _columns(article: Article, before: Before, now: Before, done: _Change) -> None:
    """The article's own fields; they go back together, so that a date and what is sorted by it don't part."""
    names = [name for name in OWN if before.values[name] != now.values[name]]
    if not names:
        return
    for name in names:
        label = str(getattr(Article._meta.get_field(name), "verbose_name", name))
        then, after = _said(name, before.values[name]), _said(name, now.values[name])
        told = _("{field}: {then} → {now}").format(field=label[:1].upper() + label[1:], then=then, now=after)
        done.told.append(told)
    columns = [*names, *(name for name in _FOLLOWS if before.values[name] != now.values[name])]
    if any(way.field == "html" for way in done.ways):  # which brings its own
        columns = [name for name in columns if name not in {"words", "minutes"}]
    key = str(article.pk)
    as_before = {key: {name: _plain(before.values[name]) for name in columns}}
    as_now = {key: {name: _plain(now.values[name]) for name in columns}}
    done.ways.append(Way("articles.article", "*", as_before, as_now, [article.pk]))


def _labels(article: Article, name: str, had: set[int], has: set[int], done: _Change) -> None:
    """Sources or topics that came or went."""
    if had == has:
        return
    known = Article._meta.get_field(name)
    names = dict(known.related_model._default_manager.filter(pk__in=had ^ has).values_list("pk", "name"))  # type: ignore[union-attr]
    signs = [f"− {names[pk]}" for pk in sorted(had - has)] + [f"+ {names[pk]}" for pk in sorted(has - had)]
    label = str(getattr(known, "verbose_name", name))
    done.told.append(f"{label[:1].upper()}{label[1:]}: {', '.join(signs)}")
    for pk in sorted(had ^ has):
        done.ways.append(Way("articles.article", name, pk in had, pk in has, [article.pk], pk))


def _said(name: str, value: Any) -> str:
    if not value:
        return _("empty")
    if name == "state":
        return str(Article.State(value).label)
    if name == "published":
        return date_format(timezone.localtime(value), "SHORT_DATETIME_FORMAT")
    return f"“{value[: _SHOWN - 1]}…”" if len(value) > _SHOWN else f"“{value}”"


def _plain(value: Any) -> Any:
    """As JSON keeps it, and a query understands it again."""
    return value.isoformat() if hasattr(value, "isoformat") else value
