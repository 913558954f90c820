"""A file of another application's: looked at, taken in behind the page, undone. Its rows are the record.

Each row is one transaction that also says so: a worker that is killed in the middle has done each once or not at all.
"""

import datetime as dt
import logging
from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Count
from django.utils import timezone
from django_tasks import TaskResultStatus, task
from django_tasks_db.models import DBTaskResult

from newsreader.accounts.models import User
from newsreader.articles.models import Article
from newsreader.core.sentence import Sentence
from newsreader.intake.confined import confined
from newsreader.intake.imports.bringing import address_of, take, text_is
from newsreader.intake.imports.shape import Export, Item, as_plain, from_plain
from newsreader.intake.imports.undoing import undo as undo_row
from newsreader.intake.models import Import, ImportRow
from newsreader.intake.shape import Refused

__all__ = ["Refused", "counts", "forecast", "is_stuck", "look", "start", "undo"]

CHUNK = 50  # rows of one task: others get their turn between
KEPT_LOOKED = dt.timedelta(days=1)  # a file that was looked at and left
_PRIORITY = 5  # behind pages for which somebody waits, before those that an import lets come
State, Outcome = Import.State, ImportRow.Outcome
# The rows that are left to do in each state.
_WORK: dict[str, tuple[str, ...]] = {
    State.RUNNING: (Outcome.WAITS,),
    State.UNDOING: (Outcome.ADDED, Outcome.MARKED),
}

logger = logging.getLogger(__name__)


def look(name: str, data: bytes, *, reader: User) -> Import:
    """Reads the file and keeps what is in it, for its reader to look at. Raises `Refused`. Nothing is taken in yet."""
    export: Export = confined("newsreader.intake.imports.reading:read_export", name[-255:], data)
    return _keep(export, name, reader)


@transaction.atomic
def _keep(export: Export, name: str, reader: User) -> Import:
    left = timezone.now() - KEPT_LOOKED
    Import.objects.filter(reader=reader, state=State.LOOKED, made__lt=left).delete()
    run = Import.objects.create(reader=reader, name=name.replace("\0", "")[-255:], kind=export.kind)
    rows = (_row(run, number, row) for number, row in enumerate(export.rows, 1))
    ImportRow.objects.bulk_create(rows, batch_size=500)
    return run


def _row(run: Import, number: int, row: Any) -> ImportRow:
    where = _plain(row.where)
    if not isinstance(row, Item):
        return ImportRow(run=run, number=number, where=where, outcome=Outcome.LEFT, told=_plain(row.why))
    return ImportRow(run=run, number=number, where=where, title=row.title, address=address_of(row), item=as_plain(row))


def _plain(said: str) -> dict[str, object]:
    return Sentence.of(ValueError(said)).plain


@transaction.atomic
def start(run: Import) -> bool:
    """Begins to take it in, or goes on where nobody is at it any more; False where that was done before."""
    begun = Import.objects.filter(pk=run.pk, state=State.LOOKED).update(state=State.RUNNING)
    if begun or is_stuck(run):
        work_on.using(priority=_PRIORITY).enqueue(run.pk)
    run.refresh_from_db()
    return bool(begun)


@transaction.atomic
def undo(run: Import) -> bool:
    """Begins to take away what it added; what is not yet taken in stays out."""
    begun = Import.objects.filter(pk=run.pk, state__in=(State.RUNNING, State.DONE)).update(state=State.UNDOING)
    if begun:
        work_on.using(priority=_PRIORITY).enqueue(run.pk)
    run.refresh_from_db()
    return bool(begun)


def is_stuck(run: Import) -> bool:
    """Whether it is on its way and no task is: the last one failed, or killed too many workers."""
    if run.state not in _WORK:
        return False
    tasks = DBTaskResult.objects.filter(task_path=work_on.module_path)
    alive = tasks.filter(status__in=(TaskResultStatus.READY, TaskResultStatus.RUNNING))
    return not any(kept["args"] == [run.pk] for kept in alive.values_list("args_kwargs", flat=True))


@task()
def work_on(pk: int) -> None:
    """The next rows of an import, and then the rest in a task of its own."""
    run = Import.objects.filter(pk=pk).select_related("reader").first()
    if run is None:
        return
    for number in _next(run)[:CHUNK]:
        step(run, number)
    _go_on(run)


def finish(run: Import) -> None:
    """All that is left of it, here and now: for the command line."""
    while numbers := _next(run):
        for number in numbers:
            step(run, number)
    _go_on(run)


def _next(run: Import) -> list[int]:
    run.refresh_from_db(fields=["state"])
    wanted = _WORK.get(run.state, ())
    rows = ImportRow.objects.filter(run=run, outcome__in=wanted).order_by("number")
    return list(rows.values_list("number", flat=True)[:CHUNK])


def _go_on(run: Import) -> None:
    """Ends it where nothing is left, else puts the rest into the queue."""
    with transaction.atomic():
        run = Import.objects.select_for_update().get(pk=run.pk)
        if _next(run):
            work_on.using(priority=_PRIORITY).enqueue(run.pk)
            return
        if run.state in _WORK:
            run.state = State.DONE if run.state == State.RUNNING else State.UNDONE
            run.finished = timezone.now()
            run.save(update_fields=["state", "finished"])


def step(run: Import, number: int) -> None:
    """One row, forwards or backwards. A row that fails by a fault of ours says so, and the others go on."""
    html, refused = "", None
    row = ImportRow.objects.get(run=run, number=number)
    if row.outcome == Outcome.WAITS:  # costly, and no matter how often it is done
        html, refused = _cleaned(row)
    try:
        with transaction.atomic():
            _do(run, number, html, refused)
    except Exception:
        logger.exception("Row %s of import %s failed", number, run.pk)
        told = _plain(Sentence("It could not be taken in, by a fault of this program."))
        still = ImportRow.objects.filter(run=run, number=number, outcome__in=(row.outcome,))
        still.update(outcome=Outcome.FAILED if row.outcome == Outcome.WAITS else Outcome.STAYS, told=told)


def _cleaned(row: ImportRow) -> tuple[str, Sentence | None]:
    html = row.item.get("html", "")
    if not html:
        return "", None
    try:
        clean: str = confined("newsreader.intake.imports.stubs:cleaned", html, row.address)
    except (Refused, ValueError) as error:
        return "", Sentence.of(error)
    return (clean if text_is(clean) else ""), None


def _do(run: Import, number: int, html: str, refused: Sentence | None) -> None:
    # Held until the end: who undoes or begins it meanwhile waits, and so does whoever saves for the same reader.
    state = Import.objects.select_for_update().values_list("state", flat=True).get(pk=run.pk)
    reader = User.objects.select_for_update(no_key=True).get(pk=run.reader_id)
    row = ImportRow.objects.select_for_update().get(run=run, number=number)
    if state == State.RUNNING and row.outcome == Outcome.WAITS:
        taken = take(from_plain(row.item), html, reader=reader)
        said = taken.said or (Sentence("The text in the file was left: {why}", why=refused) if refused else None)
        row.outcome, row.article, row.made = taken.outcome, taken.article, taken.made
        row.told = said.plain if said else {}
        row.title = row.title or taken.article.title
        row.item.pop("html", None)  # it is on the shelf now
    elif state == State.UNDOING and row.outcome in (Outcome.ADDED, Outcome.MARKED):
        row.outcome, why = undo_row(row, reader=reader)
        row.told = why.plain if why else {}
        if row.outcome == Outcome.REMOVED:
            row.article = None if row.made.get("article") else row.article
    else:
        return
    row.save(update_fields=["outcome", "article", "made", "told", "title", "item"])


def counts(run: Import) -> Counter[str]:
    """How many rows there are of each outcome."""
    rows = ImportRow.objects.filter(run=run).order_by().values_list("outcome").annotate(number=Count("pk"))
    return Counter(dict(rows))


def forecast(rows: Iterable[ImportRow], *, reader: User) -> None:
    """Says of rows that wait, in memory, what taking them in would do: a fixed number of statements."""
    rows = [row for row in rows if row.outcome == Outcome.WAITS]
    own = Article.objects.filter(owner=reader).exclude(state=Article.State.WITHDRAWN)
    addresses = {row.address for row in rows if row.address}
    there = set(own.filter(address__in=addresses).values_list("address", flat=True))
    there |= set(own.filter(arrivals__address__in=addresses).values_list("arrivals__address", flat=True))
    titles = set(own.filter(title__in={row.title for row in rows if not row.address}).values_list("title", flat=True))
    for row in rows:
        known = row.address in there if row.address else row.title in titles
        marked = len(row.item.get("marked", ()))
        if known and marked:
            row.told = Sentence(
                "It is on your shelf: passages that are new to it are added ({marked}).", marked=marked
            ).plain
        elif known:
            row.told = Sentence("It is on your shelf already.").plain
        elif marked:
            row.told = Sentence("It is added, with its passages ({marked}).", marked=marked).plain
        else:
            row.told = Sentence("It is added.").plain
