"""One row of an import, onto its reader's shelf: an article, its state, and the passages marked in it.

Everything here happens in the transaction of its row. What is there already is added to, never changed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from newsreader.accounts.models import User
from newsreader.annotations.bringing import bring, first_words
from newsreader.annotations.services import revise_article
from newsreader.articles.models import Article, Reading
from newsreader.articles.services import add_article, note_state, source_named
from newsreader.core.passages import Quote
from newsreader.core.sentence import Sentence
from newsreader.core.text import text_of
from newsreader.intake import addressing, arrivals
from newsreader.intake.imports.shape import Item, Marked
from newsreader.intake.imports.stubs import paragraph, stub, title_of
from newsreader.intake.models import Arrival, ImportRow
from newsreader.intake.pages import Page
from newsreader.intake.shape import Document

_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,3}")
Outcome = ImportRow.Outcome


@dataclass
class Taken:
    """What became of a row. `made` is plain: what an undo may take away again."""

    outcome: str
    article: Article
    said: Sentence | None = None
    made: dict[str, Any] = field(default_factory=dict)


def take(item: Item, html: str, *, reader: User) -> Taken:
    """Puts the item on the shelf; `html` is its cleaned text, "" where the export has none."""
    item, address = _with_tags(item), address_of(item)
    found = on_the_shelf(item, address, reader=reader)
    if found is None:
        article, arrival = _add(item, html, address, reader)
        is_stub = not html
    else:
        article, arrival = found, _unfinished(found)
        is_stub = arrival is not None or _made_as_stub(article)
        if html and arrival is not None:
            arrivals.fill(arrival, _page(item, html, address))
            article.refresh_from_db()
            is_stub = False
        elif is_stub:
            _lengthen(article, item.marked, reader)
    new, lost = _mark(article, item.marked, reader, is_stub=is_stub)
    if found is None:
        made: dict[str, Any] = {"article": True, "stub": is_stub, "state": _note_state(article, item, reader)}
        outcome = Outcome.ADDED
    else:
        made, outcome = {}, Outcome.MARKED if new else Outcome.THERE
    made["highlights"] = new
    return Taken(outcome, article, _said(item, len(new), lost), made)


def address_of(item: Item) -> str:
    """Its address as an article on the shelf has it; as it is where it can't be fetched."""
    try:
        return addressing.normal(item.address) if item.address else ""
    except addressing.Refused:
        return item.address


def on_the_shelf(item: Item, address: str, *, reader: User) -> Article | None:
    """The reader's own article of this address; of what has none (a book), the one of this title."""
    own = Article.objects.filter(owner=reader).exclude(state=Article.State.WITHDRAWN)
    if address:
        arrival = Arrival.objects.of(reader).filter(address=address).select_related("article").first()
        if arrival and arrival.article.state != Article.State.WITHDRAWN:
            there: Article = arrival.article
            return there
        found: Article | None = own.filter(address=address).order_by("pk").first()
        return found
    title = title_of(item, short="")
    same = own.filter(title__iexact=title)
    book: Article | None = same.filter(byline=item.byline).order_by("pk").first() or same.order_by("pk").first()
    return book if book is None or not (book.byline and item.byline) or book.byline == item.byline else None


def _with_tags(item: Item) -> Item:
    """Tags of an article are its passages': readers tag passages here."""
    tagged = (replace(mark, tags=tuple(dict.fromkeys((*mark.tags, *item.tags)))) for mark in item.marked)
    return replace(item, marked=tuple(tagged)) if item.tags else item


def _add(item: Item, html: str, address: str, reader: User) -> tuple[Article, Arrival | None]:
    """A new article: with its text, or on its way, or as long as it is a book or can't be fetched, of marked words."""
    known = html or stub(item.marked)
    arrival = None
    if not html and address and _can_be_fetched(item.address):
        arrival = arrivals.expect(address, reader=reader, title=item.title, html=known, queued=False).arrival
        article: Article = arrival.article
        arrivals.fetch.using(priority=arrivals.FIRST - 10).enqueue(arrival.pk)
    else:
        article = add_article(
            title=title_of(item, short=addressing.short(address) if address else ""),
            html=known,
            owner=reader,
            editor=reader,
            state=Article.State.PUBLISHED,
            address=address,
            sources=[source_named(name, private=True)]
            if (name := item.source or (addressing.host(address) if address else ""))
            else [],
        )
    told: dict[str, Any] = {"byline": item.byline, "standfirst": item.standfirst, "published": item.published}
    told["language"] = item.language if _LANGUAGE.fullmatch(item.language) else ""
    told["dated"] = item.published or item.added
    told["added"] = item.added
    Article.objects.filter(pk=article.pk).update(**{name: value for name, value in told.items() if value})
    article.refresh_from_db()
    return article, arrival


def _can_be_fetched(address: str) -> bool:
    try:
        addressing.normal(address)
    except addressing.Refused:
        return False
    return True


def _page(item: Item, html: str, address: str) -> Page:
    document = Document(
        title=title_of(item, short=addressing.short(address)),
        standfirst=item.standfirst,
        byline=item.byline,
        source=item.source,
        published=item.published,
        language=item.language if _LANGUAGE.fullmatch(item.language) else "",
        html=html,
    )
    return Page(document, address)


def _unfinished(article: Article) -> Arrival | None:
    found: Arrival | None = Arrival.objects.unfinished().filter(article=article).select_related("article").first()
    return found


def _made_as_stub(article: Article) -> bool:
    """Whether it is of marked words alone, as an import made it, and no page has come in their place."""
    made = ImportRow.objects.filter(article=article, made__stub=True).exists()
    return made and not Arrival.objects.filter(article=article, state=Arrival.State.DONE).exists()


def _lengthen(article: Article, marks: Iterable[Marked], reader: User) -> None:
    """Puts words that are new below those that a stub has."""
    there = set(article.text.split("\n")) | {article.text}
    new = [mark for mark in marks if paragraph(mark) not in there and paragraph(mark) not in article.text]
    if new:
        html = "\n".join(part for part in (article.html, stub(new)) if part)
        revise_article(article, html=html, editor=reader, reason="More passages came in.")


def _mark(article: Article, marks: Iterable[Marked], reader: User, *, is_stub: bool) -> tuple[list[int], int]:
    """The new highlights, and how many of these are lost."""
    new, lost = [], 0
    for mark in marks:
        whole = not mark.words
        brought = bring(
            article,
            reader=reader,
            quote=_quote(article, mark, is_stub=is_stub),
            colour=mark.colour,
            note=mark.note,
            tags=mark.tags,
            made=mark.made,
            whole=whole,
            stub=is_stub,
        )
        if brought.new:
            new.append(brought.highlight.pk)
            lost += brought.highlight.span is None
    return new, lost


def _quote(article: Article, mark: Marked, *, is_stub: bool) -> Quote:
    if mark.words:
        return Quote(mark.words, mark.prefix, mark.suffix)
    text = article.text
    if is_stub:
        words = paragraph(mark)
        return Quote(words, hint=text.find(words) if words in text else None)
    span = first_words(text)
    return Quote(text[span.start : span.end], hint=span.start) if span else Quote(article.title)


def _note_state(article: Article, item: Item, reader: User) -> dict[str, Any]:
    """What is marked was read; bookmarks are for later. Where the export says otherwise, that is so."""
    marked = bool(item.marked)
    state = {
        "place": item.place or (Reading.Place.ARCHIVE if marked else Reading.Place.LATER),
        "unread": item.unread if item.unread is not None else not marked,
        "favourite": bool(item.favourite),
    }
    note_state(article, reader=reader, **state)
    return {**state, "place": str(state["place"])}


def _said(item: Item, new: int, lost: int) -> Sentence | None:
    if lost:
        return Sentence("Passages: {new}; without their words in the text: {lost}.", new=new, lost=lost)
    if new:
        return Sentence("Passages: {new}.", new=new)
    if item.tags and not item.marked:
        return Sentence(
            "Tags are for passages here; those of the article are kept in this list: {tags}", tags=", ".join(item.tags)
        )
    return None


def text_is(html: str) -> bool:
    """Whether there are words in it."""
    return bool(text_of(html).strip())
