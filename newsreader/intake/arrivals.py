"""Pages that readers save. Each is on its reader's shelf at once, and its text follows from behind the page.

It is theirs alone: two readers who save one address have two articles. Every change of an arrival's state is one
transaction with its row locked, so that a task that is begun twice has its effect once.
"""

from dataclasses import dataclass, replace

from django.conf import settings
from django.db import transaction
from django_tasks import task

from newsreader.accounts.models import User
from newsreader.annotations.bringing import place_by_words
from newsreader.annotations.services import revise_article
from newsreader.articles.models import Article
from newsreader.articles.services import add_article, source_named
from newsreader.core.sentence import Sentence
from newsreader.intake import addressing, pictures
from newsreader.intake.confined import confined
from newsreader.intake.models import Arrival
from newsreader.intake.pages import Page
from newsreader.intake.seeds import moment
from newsreader.intake.shape import Refused
from newsreader.intake.web import Failed, Web
from newsreader.intake.work import later

TRIES = 4  # after 30 seconds, 2 minutes, a quarter of an hour
FIRST = 10  # priority in the queue: a person waits for it
OUR_FAULT = Sentence("It could not be read, by a fault of this program.")
FETCHED, PASTED = Sentence("The page was fetched."), Sentence("The text was pasted.")
HANDED_MOST = 8_000_000  # characters of a page that a browser hands over
_WAITING, _FAILED, _DONE = Arrival.State.WAITING, Arrival.State.FAILED, Arrival.State.DONE


@dataclass(frozen=True, slots=True)
class Expected:
    """What was saved, and whether it is new: an address that is there already is not fetched again."""

    arrival: Arrival
    new: bool

    @property
    def article(self) -> Article:
        article: Article = self.arrival.article
        return article


@transaction.atomic
def expect(
    address: str, *, reader: User, title: str = "", handed: str = "", html: str = "", queued: bool = True
) -> Expected:
    """Puts a page on the reader's shelf, to be fetched. One that failed is tried again.

    `handed` is the page's HTML as the reader's browser has it: it is read in place of fetching, also where the page is
    there already. `html` (canonical) is what is known of its text meanwhile. With `queued` a worker fetches it, else
    the caller does. Raises `addressing.Refused`.
    """
    address = addressing.normal(address)
    # Whoever saves it twice at once waits here for the first.
    User.objects.select_for_update(no_key=True).get(pk=reader.pk)
    known = Arrival.objects.of(reader).filter(address=address).select_related("article").first()
    known = known or _there(reader, address)
    if known is None:
        article = add_article(
            title=title or addressing.short(address),
            html=html,
            owner=reader,
            editor=reader,
            state=Article.State.PUBLISHED,
            address=address,
        )
        arrival = Arrival.objects.create(reader=reader, address=address, article=article, handed=handed)
        if queued:
            _enqueue(arrival)
        return Expected(arrival, new=True)
    if known.article.state == Article.State.WITHDRAWN:  # its reader had taken it off the shelf
        Article.objects.filter(pk=known.article_id).update(state=Article.State.PUBLISHED)
    if handed or known.state == _FAILED:
        again(known, handed=handed, queued=queued)
    return Expected(known, new=False)


def _there(reader: User, address: str) -> Arrival | None:
    """The reader's own copy that came otherwise, by a file or an import: it counts as one that arrived."""
    article = Article.objects.filter(owner=reader, address=address).first()
    if article is None:
        return None
    return Arrival.objects.create(reader=reader, address=address, article=article, state=_DONE)


@transaction.atomic
def again(arrival: Arrival, *, handed: str = "", queued: bool = True) -> None:
    """Tries once more, from the beginning."""
    arrival.state, arrival.tries, arrival.told = _WAITING, 0, {}
    arrival.handed = handed or arrival.handed
    arrival.save(update_fields=["state", "tries", "told", "handed", "changed"])
    if queued:
        _enqueue(arrival)


def _enqueue(arrival: Arrival, after: int = 0) -> None:
    fetch.using(priority=FIRST, run_after=later.moment(after) if after else None).enqueue(arrival.pk)


@task()
def fetch(pk: int) -> None:
    """Behind the page. What can be tried again is, a few times; every failure says why where the article stands."""
    arrival = Arrival.objects.filter(pk=pk, state=_WAITING).select_related("reader", "article").first()
    if arrival is None:
        return
    try:
        get(arrival, web=Web(settings.FETCH_ALLOW))
    except (Failed, Refused) as error:
        fail(arrival, error)
    except Exception:  # nobody waits for ever: the reader may try again or paste, and curators see the failure
        fail(arrival, Refused(OUR_FAULT))
        raise


def give_up(pk: int) -> None:
    """Its task is no more: it killed its workers, or was forgotten."""
    for arrival in Arrival.objects.filter(pk=pk, state=_WAITING):
        fail(arrival, Refused(OUR_FAULT))


def get(arrival: Arrival, *, web: Web) -> Article:
    """Fetches the page, or reads what was handed over, and puts it on the shelf; gives the article that it is.

    Raises `Failed` where nothing can be fetched, and `Refused` where what came can't be read.
    """
    if arrival.handed:
        page = read(arrival.handed.encode(), media_type="text/html", charset="utf-8", url=arrival.address)
    else:
        answer = web.fetch(arrival.address)
        page = read(answer.body, media_type=answer.media_type, charset=answer.charset, url=answer.url)
    return fill(arrival, page)


def read(data: bytes, *, media_type: str, charset: str, url: str) -> Page:
    """`read_page` in a process that can be killed. Raises `Refused`."""
    page: Page = confined("newsreader.intake.pages:read_page", data, media_type, charset, url)
    return page


@transaction.atomic
def fill(arrival: Arrival, page: Page, *, reason: str = FETCHED) -> Article:
    """Gives the article its text, and carries what its reader marked in what was known of it before."""
    User.objects.select_for_update(no_key=True).get(pk=arrival.reader_id)
    row = Arrival.objects.select_for_update().select_related("article", "reader").get(pk=arrival.pk)
    article: Article = row.article
    if row.state == _DONE:
        return article
    if other := _same_page(row, page.address):
        # Another address had led to this page before: there is nothing of the reader's on the new one.
        row.article = article = other
    else:
        _revise(article, page, editor=row.reader, reason=reason)
        place_by_words(article)
    Arrival.objects.filter(pk=row.pk).update(state=_DONE, told={}, handed="", article=article)
    if article.pk != arrival.article_id:
        Article.objects.filter(pk=arrival.article_id).delete()
    arrival.state, arrival.article, arrival.handed = _DONE, article, ""
    return article


def _same_page(arrival: Arrival, address: str) -> Article | None:
    """The reader's article of this very page, unless they have marked something on the one that waits."""
    if arrival.article.text or arrival.article.highlights.exists():
        return None
    others = Article.objects.filter(owner=arrival.reader_id, address=address).exclude(pk=arrival.article_id)
    found: Article | None = others.exclude(text="").first()
    return found


def _revise(article: Article, page: Page, *, editor: User, reason: str) -> None:
    document = page.document
    stated = {name: value for name in ("byline", "standfirst", "language") if (value := getattr(document, name))}
    if published := moment(document.published):
        stated["published"] = published
    # Of a page that is read again without one, the picture that is known stays.
    if picture := pictures.kept(page.picture, base=page.address):
        stated |= {"picture": picture, "picture_text": page.picture_text[:500]}
    revise_article(
        article,
        html=document.html,
        editor=editor,
        reason=reason,
        title=document.title,
        address=page.address,
        **stated,
    )
    if not article.sources.exists():
        article.sources.add(source_named(document.source or addressing.host(page.address), private=True))
    # Its topics are left out: those are the curators', and would tell everybody what a reader saves.


@transaction.atomic
def fail(arrival: Arrival, error: Exception) -> None:
    """Notes why, and tries again later where that may help."""
    row = Arrival.objects.select_for_update().get(pk=arrival.pk)
    if row.state == _DONE:
        return
    row.tries += 1
    row.told = Sentence.of(error).plain
    if isinstance(error, Failed) and error.again and row.tries < TRIES:
        _enqueue(row, later.wait(row.tries, asked=error.after))
    else:
        row.state = _FAILED
    row.save(update_fields=["state", "tries", "told", "changed"])


def paste(arrival: Arrival, page: Page) -> Article:
    """What the reader pastes in place of a page that can't be fetched."""
    kept = replace(page, address=arrival.article.address or arrival.address)
    if kept.document.title == "":
        kept = replace(kept, document=replace(kept.document, title=arrival.article.title))
    return fill(arrival, kept, reason=PASTED)
