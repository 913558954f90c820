"""How articles are asked for, in words: `Article.objects.visible_to(user).unread_by(user).newest()`."""

from functools import cache, lru_cache
from typing import Any, Self

from django.apps import apps
from django.conf import settings
from django.db import connections, models
from django.db.models import Exists, OuterRef, Q

from newsreader.accounts.models import User
from newsreader.accounts.someone import Someone

Statement = tuple[str, tuple[Any, ...]]


class ArticleQuerySet(models.QuerySet[Any]):
    """Every view starts from `visible_to`: what is foreign is as missing as what doesn't exist."""

    def visible_to(self, user: Someone) -> Self:
        """Published articles, and this reader's own copies but for those that they removed."""
        if user.is_authenticated:
            return self.filter(_seen_by(user))
        return self.in_the_library() if settings.OPEN_READING else self.none()

    def hidden_from(self, user: Someone) -> Self:
        """All others."""
        if user.is_authenticated:
            return self.exclude(_seen_by(user))
        return self.exclude(state="published", owner=None) if settings.OPEN_READING else self

    def openable_by(self, user: Someone) -> Self:
        """What `user` may open as a page: a curator also previews drafts and what was withdrawn."""
        if _curates(user):
            return self.filter(Q(owner=None) | Q(owner=user) & ~Q(state="withdrawn"))
        return self.visible_to(user)

    def in_the_library(self) -> Self:
        """Published, for everybody who may read here."""
        return self.filter(state="published", owner=None)

    def placed(self, place: str, user: Someone) -> Self:
        """In this reader's inbox, later or archive; a visitor has everything in the inbox."""
        if not user.is_authenticated:
            return self if place == "inbox" else self.none()
        mine = self._readings(user)
        if place == "inbox":
            return self.exclude(Exists(mine.exclude(place="inbox")))
        return self.filter(pk__in=self._noted_by(user).filter(place=place).values("article"))

    def unread_by(self, user: Someone) -> Self:
        if not user.is_authenticated:
            return self
        return self.exclude(Exists(self._readings(user).filter(unread=False)))

    def favourites_of(self, user: Someone) -> Self:
        if not user.is_authenticated:
            return self.none()
        return self.filter(pk__in=self._noted_by(user).filter(favourite=True).values("article"))

    def marked_by(self, user: Someone) -> Self:
        """With passages of this reader's."""
        if not user.is_authenticated:
            return self.none()
        highlights = apps.get_model("annotations", "Highlight")._default_manager
        return self.filter(pk__in=highlights.filter(reader=user, deleted=None).values("article"))

    def begun_by(self, user: Someone) -> Self:
        """What this reader has read in; its `readings` are theirs alone, so that a list can follow their dates."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(readings__reader=user, readings__last_read__isnull=False)

    def in_language(self, language: str) -> Self:
        return self.filter(language=language)

    def from_source(self, slug: str, *, all_of_them: bool = False) -> Self:
        """A list's first rows come soonest by asking each article; to count `all_of_them`, from the source's own."""
        rows = _objects("Article_sources").filter(source__slug=slug)
        return self._filed(rows, all_of_them=all_of_them)

    def about(self, slug: str, *, all_of_them: bool = False) -> Self:
        """As from_source."""
        return self._filed(_objects("Article_topics").filter(topic__slug=slug), all_of_them=all_of_them)

    def _filed(self, rows: models.QuerySet[Any], *, all_of_them: bool) -> Self:
        if all_of_them:
            return self.filter(pk__in=rows.values("article"))
        return self.filter(Exists(rows.filter(article=OuterRef("pk"))))

    def in_collection(self, slug: str) -> Self:
        """Of one that is published: what a draft holds is the curators' business."""
        items = _objects("CollectionItem").filter(collection__slug=slug, collection__state="published")
        return self.filter(pk__in=items.values("article"))

    def newest(self) -> Self:
        return self.order_by("-dated", "-id")

    def oldest(self) -> Self:
        return self.order_by("dated", "id")

    def shortest(self) -> Self:
        return self.order_by("words", "-id")

    def longest(self) -> Self:
        return self.order_by("-words", "id")

    def listed(self) -> Self:
        """With what a row in a list shows, without the texts."""
        return self.defer("html", "text").prefetch_related("sources")

    def _readings(self, user: Someone) -> models.QuerySet[Any]:
        """The reader's state of each article, where most of them pass: the library is read off in its order."""
        return self._noted_by(user).filter(article=OuterRef("pk"))

    def _noted_by(self, user: Someone) -> models.QuerySet[Any]:
        """All the reader's states, where few articles pass: they are looked up, and the library is not read."""
        return _objects("Reading").filter(reader=user)


class RevisionQuerySet(models.QuerySet[Any]):
    """What an article's history is made of."""

    def shown_to(self, user: Someone) -> Self:
        """From its publication on; a curator, and whoever owns the copy, also sees what was a draft before."""
        if _curates(user):
            return self
        released = Q(number__gte=models.F("article__released"))
        return self.filter(released | Q(article__owner=user) if user.is_authenticated else released)


COUNTED = 2_000  # filings; in a library with more of them, counting would cost more than the page


class LabelQuerySet(models.QuerySet[Any]):
    """Sources, topics and collections: what articles are filed under."""

    def with_counts(self, user: Someone) -> list[Any]:
        """Each with `count`, how many articles `user` sees under it; None in a large library. Three more queries.

        All are counted, which an index does by itself, and those taken off that `user` does not see: they are few.
        """
        return self.counted(list(self), user)

    def counted(self, labels: list[Any], user: Someone) -> list[Any]:
        """The same for a list of them."""
        many, known, unseen = _counting(self.model._meta.model_name or "", user, settings.OPEN_READING, COUNTED)
        if not labels or self._answer(many):
            for label in labels:
                label.count = None
            return labels
        all_of_them, hidden = dict(self._answer(known)), dict(self._answer(unseen))
        for label in labels:
            label.count = all_of_them.get(label.pk, 0) - hidden.get(label.pk, 0)
        return labels

    def _answer(self, statement: Statement) -> list[Any]:
        with connections[self.db].cursor() as cursor:
            cursor.execute(*statement)
            return list(cursor.fetchall())

    def _filings(self) -> models.Manager[Any]:
        through: models.Manager[Any] = self.model.articles.through._default_manager
        return through

    def first_in_use(self, most: int) -> list[Any]:
        """The first of those in use. The statement is written once: that takes Django longer than its answer does."""
        sql, values = _first_in_use(self.model._meta.model_name or "", most)
        return list(self.model._default_manager.raw(sql, values))

    def in_use(self) -> Self:
        """On at least one published article. Asked label by label, so that a large library costs no more."""
        name = self.model._meta.model_name
        on_it = self._filings().filter(article__state="published", article__owner=None)
        return self.filter(Exists(on_it.filter(**{name: OuterRef("pk")})))

    def led_to_by(self, slug: str) -> Any | None:
        """What once had this address, or swallowed what had it."""
        return self.filter(former__slug=slug).first()

    def of_the_library(self) -> Self:
        """What the desk knows: all."""
        return self

    def only_of_readers(self) -> Self:
        """What the desk must not know: none."""
        return self.none()

    def called(self, words: str) -> Self:
        """With these words in its name, now or formerly, or with this address. No order."""
        now = Q(name__icontains=words) | Q(slug__iexact=words)
        column = self.model._meta.model_name
        before = _objects("Former").filter(now, **{f"{column}__isnull": False})
        return self.filter(now | Q(pk__in=before.order_by().values(column))).order_by()


class SourceQuerySet(LabelQuerySet):
    """Sources, of which some are known only to readers who have a copy of their own from there."""

    def of_the_library(self) -> Self:
        """What the desk knows: all but those that came with readers' own copies, and that only these have."""
        return self.filter(Q(private=False) | Exists(self._library_filings()))

    def only_of_readers(self) -> Self:
        """The others, of which the desk knows nothing."""
        return self.filter(private=True).exclude(Exists(self._library_filings()))

    def _library_filings(self) -> models.QuerySet[Any]:
        return self._filings().filter(source=OuterRef("pk"), article__owner=None)

    def known_to(self, user: Someone) -> Self:
        """What the library has, and where this reader's own copies are from."""
        known = Q(private=False) | Exists(self._filings().filter(source=OuterRef("pk"), article__in=_open_to(user)))
        return self.filter(known)


class CollectionQuerySet(LabelQuerySet):
    """Collections, of which drafts are for curators alone."""

    def published(self) -> Self:
        return self.filter(state="published")

    def openable_by(self, user: Someone) -> Self:
        """What `user` may open as a page, as far as there is something in it for them."""
        return self if _curates(user) else self.published()


@cache
def _first_in_use(model: str, most: int) -> tuple[str, tuple[Any, ...]]:
    labels: LabelQuerySet = _objects(model).get_queryset()  # type: ignore[assignment]
    return labels.in_use()[:most].query.sql_with_params()


@lru_cache(maxsize=500)
def _counting(model: str, user: Someone, open_reading: bool, most: int) -> tuple[Statement, Statement, Statement]:
    """A row where there are more than `most` filings; how many each label has; how many of them `user` doesn't see.

    Written once for each reader, since that takes Django longer than the three answers take a database. What `user`
    sees depends on `open_reading`, too.
    """
    labels: LabelQuerySet = _objects(model).get_queryset()  # type: ignore[assignment]
    rows = labels._filings().order_by()
    # Asked filing by filing: as a list, the few hidden ones would be looked for in the whole library.
    hidden = _objects("Article").hidden_from(user).order_by()  # type: ignore[attr-defined]
    unseen = rows.filter(Exists(hidden.filter(pk=OuterRef("article"))))
    many = rows.values("pk")[most : most + 1]
    tallies = (some.values(model).annotate(count=models.Count("pk")) for some in (rows, unseen))
    known, taken_off = (some.values_list(model, "count") for some in tallies)
    return many.query.sql_with_params(), known.query.sql_with_params(), taken_off.query.sql_with_params()


def _seen_by(reader: User) -> Q:
    return Q(state="published", owner=None) | Q(owner=reader) & ~Q(state="withdrawn")


def _open_to(user: Someone) -> models.QuerySet[Any]:
    articles = apps.get_model("articles", "Article")._default_manager
    found: models.QuerySet[Any] = articles.visible_to(user).order_by().values("pk")
    return found


def _curates(user: Someone) -> bool:
    return user.is_authenticated and user.is_staff and user.has_perm("articles.change_article")


def _objects(model: str) -> models.Manager[Any]:
    """A neighbouring model's rows, by name: the models import this module."""
    rows: models.Manager[Any] = apps.get_model("articles", model)._default_manager
    return rows
