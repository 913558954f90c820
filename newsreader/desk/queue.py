"""What is done behind the pages, as curators see it: the queue, what failed in it, and the last runs.

What a reader saves and takes in is theirs: of that there are kinds and numbers, never an address, a name or a time.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from newsreader.core.sentence import Sentence
from newsreader.intake.models import Arrival, Entry, Feed, Import
from newsreader.intake.work import alive
from newsreader.language import worded

# Whose sources are, theirs is what comes in.
MAY_SEE, MAY_ACT = "articles.view_source", "articles.change_source"
LATELY = dt.timedelta(days=1)
RUNS = 20
FEEDS = 20


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of task. `shared` is what is no reader's alone, so that each run may be told."""

    path: str
    name: Any
    shared: bool = False


KINDS = (
    Kind("newsreader.intake.arrivals.fetch", _("Pages that readers saved")),
    Kind("newsreader.intake.imports.services.work_on", _("Libraries that readers bring from elsewhere")),
    Kind("newsreader.intake.feeds.polling.visit_all", _("Rounds of the feeds"), shared=True),
    Kind("newsreader.intake.feeds.taking.whole", _("Full texts of what feeds only summarise"), shared=True),
)
OTHER = _("Other work")
_BY_PATH = {kind.path: kind for kind in KINDS}
SHARED = [kind.path for kind in KINDS if kind.shared]


@dataclass(slots=True)
class Line:
    """One kind, in numbers. `late` is how many wait for a time to come."""

    kind: Kind
    ready: int = 0
    late: int = 0
    running: int = 0
    done: int = 0


@dataclass(frozen=True, slots=True)
class Failure:
    """Tasks of one kind that failed by one exception; `said` is the last one's words, of what is no reader's."""

    kind: Kind
    error: str
    count: int
    last: dt.datetime
    said: str

    @property
    def short(self) -> str:
        return self.error.rpartition(".")[2]


@dataclass(frozen=True, slots=True)
class Run:
    """One task that came to its end."""

    kind: Kind
    about: str
    at: dt.datetime
    took: float
    ok: bool


@dataclass(frozen=True, slots=True)
class Trouble:
    """A feed that could not be read, and why."""

    feed: Feed
    why: str


@dataclass(frozen=True, slots=True)
class Behind:
    """As much of it as the front page says."""

    at_work: bool
    failed: int


@dataclass(frozen=True, slots=True)
class Queue:
    """Everything that the page shows."""

    at_work: bool
    seen: dt.datetime | None
    lines: list[Line]
    failures: list[Failure]
    runs: list[Run]
    arrivals: dict[str, int]
    imports: int
    troubles: list[Trouble]


def queue() -> Queue:
    """In a fixed number of statements."""
    arrivals = dict(Arrival.objects.exclude(state="done").order_by().values_list("state").annotate(Count("pk")))
    failing = Feed.objects.exclude(failures=0).filter(state=Feed.State.FOLLOWED).select_related("source")
    return Queue(
        at_work=alive.is_at_work(),
        seen=alive.seen(),
        lines=list(_lines()),
        failures=list(_failures()),
        runs=list(_runs()),
        arrivals=arrivals,
        imports=Import.objects.filter(state__in=(Import.State.RUNNING, Import.State.UNDOING)).count(),
        troubles=[Trouble(feed, _why(feed)) for feed in failing.order_by("-failures", "pk")[:FEEDS]],
    )


def behind() -> Behind:
    """In two statements."""
    return Behind(alive.is_at_work(), DBTaskResult.objects.failed().count())


def kind_of(path: str) -> Kind:
    return _BY_PATH.get(path) or Kind(path, OTHER)


def _lines() -> Iterator[Line]:
    now = timezone.now()
    ready, running = Q(status=TaskResultStatus.READY), Q(status=TaskResultStatus.RUNNING)
    later = Q(run_after__gt=now, run_after__year__lt=9999)  # the queue's own sign for “at once”
    counted = {
        row["task_path"]: row
        for row in DBTaskResult.objects.order_by()
        .values("task_path")
        .annotate(
            ready=Count("pk", filter=ready & ~later),
            late=Count("pk", filter=ready & later),
            running=Count("pk", filter=running),
            done=Count("pk", filter=Q(status=TaskResultStatus.SUCCESSFUL, finished_at__gt=now - LATELY)),
        )
    }
    for kind in (*KINDS, *(Kind(path, OTHER) for path in counted if path not in _BY_PATH)):
        row: Any = counted.get(kind.path, {})
        yield Line(kind, **{name: row.get(name, 0) for name in ("ready", "late", "running", "done")})


def _failures() -> Iterator[Failure]:
    failed = DBTaskResult.objects.failed().order_by().values("task_path", "exception_class_path")
    groups = list(failed.annotate(count=Count("pk"), last=Max("finished_at")).order_by("-last"))
    latest = {group["last"] for group in groups}
    told = DBTaskResult.objects.failed().filter(task_path__in=SHARED, finished_at__in=latest)
    said = {(one.task_path, one.exception_class_path): _last_line(one.traceback) for one in told}
    for group in groups:
        path, error = group["task_path"], group["exception_class_path"]
        yield Failure(kind_of(path), error, group["count"], group["last"], said.get((path, error), ""))


def _last_line(traceback: str) -> str:
    return traceback.strip().rpartition("\n")[2][:300]


def _runs() -> Iterator[Run]:
    ended = DBTaskResult.objects.finished().filter(task_path__in=SHARED).exclude(finished_at=None)
    tasks = list(ended.order_by("-finished_at").defer("traceback")[:RUNS])
    entries = Entry.objects.filter(pk__in=[_first(task) for task in tasks if task.task_path.endswith(".whole")])
    names = {entry.pk: entry.feed.source.name for entry in entries.select_related("feed__source")}
    for task in tasks:
        took = (task.finished_at - (task.started_at or task.finished_at)).total_seconds()
        ok = task.status == TaskResultStatus.SUCCESSFUL
        yield Run(kind_of(task.task_path), names.get(_first(task), ""), task.finished_at, took, ok)


def _why(feed: Feed) -> str:
    return worded(Sentence.again(feed.told)) if feed.told else ""


def _first(task: Any) -> Any:
    return next(iter(task.args_kwargs.get("args", ())), None)
