"""Articles out and in: found again by slug, else address, else title. Readers' own copies don't exist here."""

import datetime as dt
import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any, ClassVar

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from newsreader.annotations.forecast import forecast
from newsreader.annotations.services import revise_article
from newsreader.articles.models import Article, Source, Topic
from newsreader.articles.querysets import ArticleQuerySet
from newsreader.articles.services import add_article, free_slug, source_named, topic_named
from newsreader.core.clean import TooDeep, TooLarge, clean
from newsreader.core.prose import from_plain, render_document
from newsreader.core.text import text_of, words
from newsreader.desk.exchange.cells import lines
from newsreader.desk.exchange.files import Cell, Row
from newsreader.desk.exchange.finding import Found, iso, keys_of, library, shown
from newsreader.desk.exchange.kinds import Kind, Meanwhile, Seen, Values, Written, Wrong, judged, said, state, text_in
from newsreader.desk.exchange.models import ImportRow
from newsreader.desk.journal import Way
from newsreader.desk.preview import foretold
from newsreader.intake.dates import read_date
from newsreader.language import worded

LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,3}")
TEXTS: dict[str, Callable[[str, str], str]] = {
    "html": lambda text, address: clean(text, base_url=address),
    "markdown": lambda text, address: clean(render_document(text), base_url=address),
    "text": lambda text, address: from_plain(re.split(r"\n\s*\n", text)),
}
LABELS: dict[str, Any] = {"sources": source_named, "topics": topic_named}
MADE: dict[str, Any] = {"sources": Source, "topics": Topic}
# What an edit may change besides the text; the last two follow from its language.
KEPT = ("title", "standfirst", "byline", "published", "dated", "language", "address", "state")


class Articles(Kind):
    model = Article
    columns = (
        *("slug", "title", "standfirst", "byline", "published", "language", "address", "state"),
        *("sources", "topics", "html", "changed", "words"),
    )
    told = frozenset({"changed", "words"})
    also = frozenset({"markdown", "text"})
    several = frozenset({"sources", "topics"})
    long = frozenset({"standfirst"})
    longest: ClassVar[dict[str, int]] = {"sources": 200, "topics": 100}

    def all(self) -> ArticleQuerySet:
        return library()

    def exported(self, keys: Sequence[int]) -> Iterator[Values]:
        rows = library().filter(pk__in=keys).defer("text").prefetch_related("sources", "topics")
        found = {article.pk: article for article in rows}
        for article in (found[key] for key in keys if key in found):
            yield {**shown(article), "html": article.html}

    # Looking

    def judge(self, rows: Sequence[Row], seen: Seen) -> list[ImportRow]:
        found = Found(rows)
        return [self._judge(row, found, seen) for row in rows]

    def _judge(self, row: Row, found: "Found", seen: Seen) -> ImportRow:
        out = ImportRow(number=row.number, title=(text_in(row, "title") or text_in(row, "slug"))[:200])
        if row.problem:
            return judged(out, [row.problem])
        try:
            article = found.target(row)
            seen.claim(row.number, *keys_of(row, article))
        except Wrong as error:
            return judged(out, [str(error)])
        if article:
            out.target, out.title = article.pk, article.title[:200]
        wrong = self.compare(row, shown(article) if article else {}, {"slug", "html"}, out)
        if not article:
            wrong += self._new(row, out)
        try:
            self._text(row, article, found, out)
        except Wrong as error:
            wrong.append(str(error))
        if not wrong:
            _note_what_it_makes(out, found, seen)
            _note_the_date(row, article, out)
        return judged(out, wrong)

    def _new(self, row: Row, out: ImportRow) -> list[str]:
        """What is asked of a new one."""
        if slug := text_in(row, "slug"):
            try:
                out.values["slug"] = self.field("slug", slug)
            except Wrong as error:
                return [said("slug", error)]
        if not text_in(row, "title"):
            return [said("title", Wrong(_("a new article needs one")))]
        return []

    def _text(self, row: Row, article: Article | None, found: "Found", out: ImportRow) -> None:
        there = {column: row.cells[column] for column in TEXTS if column in row.cells}
        filled = [column for column, cell in there.items() if cell]
        if len(filled) > 1:
            raise Wrong(_("{columns}: only one of them can be the text").format(columns=", ".join(filled)))
        if not filled:
            if there or not article:
                raise said_wrong(next(iter(there), "html"), _("an article needs a text"))
            return
        [column] = filled
        if not isinstance(cell := there[column], str):
            raise said_wrong(column, _("a text is expected, not a list"))
        text = lines(cell)
        if article and column == "html" and _hash(text) == article.content_hash:
            return
        address = out.values.get("address", article.address if article else "")
        try:
            html = TEXTS[column](text, address)
        except (TooLarge, TooDeep) as error:
            raise said_wrong(column, worded(error)) from error
        if not html:
            raise said_wrong(column, _("no words are left of it once it is cleaned"))
        if article is None:
            out.html, out.values["html"] = html, {"words": words(text_of(html), out.values.get("language", ""))}
        elif (new := _hash(html)) != article.content_hash:
            out.html, out.values["html"] = html, {"hash": new, "words": words(text_of(html), article.language)}
            out.before["html"] = {"hash": article.content_hash, "words": article.words}
            if article.pk in found.highlighted:
                out.notes += foretold(forecast(Article.objects.only("text").get(pk=article.pk), html))

    def value(self, column: str, cell: Cell) -> Any:
        taken = super().value(column, cell)
        longest = self.longest.get(column, 0)
        if longest and any(len(name) > longest for name in taken):
            raise Wrong(_("a name has more than {n} characters").format(n=longest))
        return taken

    def field(self, column: str, text: str) -> Any:
        if column == "published":
            return _moment(text)
        if column == "state":
            return state(Article, text)
        if column == "language" and text and not LANGUAGE.fullmatch(text):
            raise Wrong(_("“{given}” is no language; write it as en or pt-BR").format(given=text[:60]))
        return super().field(column, text)

    # Writing

    def write(self, rows: Sequence[ImportRow], into: Written) -> list[tuple[ImportRow, str]]:
        targets = library().filter(pk__in=[row.target for row in rows if row.target]).defer("html", "text")
        # Locked in one order; labels are read when all are held.
        locked = list(targets.order_by("pk").select_for_update().values_list("pk", flat=True))
        held = {one.pk: one for one in targets.filter(pk__in=locked).prefetch_related("sources", "topics")}
        new = [row for row in rows if row.target is None]
        found = Found([Row(row.number, row.values) for row in new])
        left = []
        for row in rows:
            try:
                if row.target is None:
                    self._add(row, found, into)
                elif (article := held.get(row.target)) is None:
                    raise Meanwhile(_("It was deleted meanwhile."))
                else:
                    self._change(row, article, into)
            except Meanwhile as error:
                left.append((row, str(error)))
        return left

    def _add(self, row: ImportRow, found: "Found", into: Written) -> None:
        try:
            there = found.target(Row(row.number, row.values)) is not None
        except Wrong:
            there = True
        if there:
            raise Meanwhile(_("Such an article was added meanwhile."))
        values = {**row.values}
        values.pop("html")
        slug = values.pop("slug", "")
        if slug and Article.objects.filter(slug=slug).exists():
            slug = free_slug(Article, slug, max_length=100)
        labels: dict[str, Any] = {field: _named(field, values.pop(field, []), into) for field in LABELS}
        values["published"] = _parsed(values.get("published"))
        made = add_article(html=row.html, editor=into.by, slug=slug, **labels, **values)
        made.html = made.text = ""  # thousands of them are remembered
        into.new.append(made)

    def _change(self, row: ImportRow, article: Article, into: Written) -> None:
        now = {**shown(article), "html": {"hash": article.content_hash, "words": article.words}}
        differ = [column for column in row.before if row.before[column] != now[column]]
        if differ:
            told = _("Changed meanwhile: {columns}. Choose the file again to see it as it is now.")
            raise Meanwhile(told.format(columns=", ".join(differ)))
        fields = {column: value for column, value in row.values.items() if column not in {*LABELS, "html"}}
        if "published" in fields:
            fields["published"] = _parsed(fields["published"])
            fields["dated"] = fields["published"] or article.added
        html, number = (row.html, newest(article)) if "html" in row.values else (None, 0)
        columns = KEPT if html or "language" not in fields else (*KEPT, "words", "minutes")
        before = _snapshot(article, columns)
        revised = revise_article(article, html=html, editor=into.by, reason=into.reason, **fields)
        into.note(article, before, _snapshot(article, columns))
        if revised.revision:
            into.ways.append(Way(self.label, "html", number, revised.revision.number, [article.pk]))
            into.lost += revised.did.lost
        for field in LABELS:
            if field in row.values:
                _relabel(article, field, _named(field, row.values[field], into), into)
        article.html = article.text = ""
        into.changed.append(article)


def newest(article: Article) -> int:
    number: int = article.revisions.order_by("-number").values_list("number", flat=True)[0]
    return number


def said_wrong(column: str, why: str) -> Wrong:
    return Wrong(said(column, Wrong(why)))


def _note_what_it_makes(out: ImportRow, found: Found, seen: Seen) -> None:
    for column, known in found.names.items():
        for name in out.values.get(column, []):
            if name not in known:
                seen.makes.setdefault(column, {})[name] = None


def _note_the_date(row: Row, article: Article | None, out: ImportRow) -> None:
    """Says that a file is older than what it would change."""
    exported = text_in(row, "changed")
    if not article or not out.values or not exported or exported == iso(article.changed):
        return
    out.notes.append(_("The article was changed after this file was exported. Look at what would go back."))


def _named(field: str, names: list[str], into: Written) -> list[Any]:
    """Sources or topics of these names, made where they are new."""
    for name in names:
        if (field, name) not in into.named:
            known = MADE[field].objects.of_the_library().filter(Q(name=name) | Q(former__name=name)).exists()
            one = into.named[field, name] = LABELS[field](name)
            into.made += [] if known else [one]
    return [into.named[field, name] for name in names]


def _relabel(article: Article, field: str, labels: list[Any], into: Written) -> None:
    had = {label.pk for label in getattr(article, field).all()}
    has = {label.pk for label in labels}
    for pk in had ^ has:
        into.labels.setdefault((field, pk, pk in had), []).append(article.pk)
    getattr(article, field).set(labels)


def _snapshot(article: Article, columns: Sequence[str]) -> Values:
    values = {column: getattr(article, column) for column in columns}
    return {name: iso(value) if isinstance(value, dt.datetime) else value for name, value in values.items()}


def _hash(html: str) -> str:
    return hashlib.sha256(html.encode()).hexdigest()


def _parsed(moment: str | None) -> dt.datetime | None:
    return dt.datetime.fromisoformat(moment) if moment else None


def _moment(text: str) -> str | None:
    """A day is its first moment, and a time without a zone is meant, in the time zone of this library."""
    if not text:
        return None
    read = read_date(text)
    if read is None:
        told = _("“{given}” is no date; write it as 2024-05-31 or 2024-05-31T18:00")
        raise Wrong(told.format(given=text[:60]))
    moment = read if isinstance(read, dt.datetime) else dt.datetime.combine(read, dt.time())
    return iso(moment if timezone.is_aware(moment) else timezone.make_aware(moment))


KIND = Articles()
