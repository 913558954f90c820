"""The dry run: a file is read and judged row by row, and kept, so that exactly this can be written afterwards."""

from collections import Counter

from django.conf import settings
from django.db.models import Count
from django.utils import timezone

from newsreader.accounts.models import User
from newsreader.desk.exchange.articles import LABELS
from newsreader.desk.exchange.files import Rows
from newsreader.desk.exchange.kinds import Kind, Seen, batches
from newsreader.desk.exchange.models import KEPT, Import, ImportRow

LATEST = 5  # files of one person's that are kept at a time
NAMES = 200


def limit() -> int:
    """The largest file, in bytes."""
    return int(settings.IMPORT_LIMIT)


def look(kind: Kind, data: bytes, name: str, *, owner: User | None) -> Import:
    """Judges what is in a file, against what there is now. Raises files.Broken, with nothing kept.

    Not one transaction: SQLite would let nobody else write until the last row is judged.
    """
    _throw_away(owner)
    rows, seen = Rows(data, kind.known), Seen()
    # Done until it is whole: what a killed process leaves behind can't be imported.
    job = Import.objects.create(owner=owner, kind=kind.label, name=name[:200], done=True)
    try:
        for batch in batches(rows):
            judged = kind.judge(batch, seen)
            for one in judged:
                one.job = job
            ImportRow.objects.bulk_create(judged)
    except BaseException:
        job.delete()
        raise
    job.about = {
        "unknown": list(rows.unknown),
        "makes": {column: list(seen.makes.get(column, ()))[:NAMES] for column in LABELS},
        "many": {column: len(seen.makes.get(column, ())) for column in LABELS},
    }
    job.done = False
    job.save(update_fields=["about", "done"])
    return job


def totals(job: Import) -> Counter[str]:
    """How many rows of each verdict."""
    return Counter(dict(job.rows.order_by().values_list("verdict").annotate(n=Count("pk"))))


def _throw_away(owner: User | None) -> None:
    """What is too old, whoever's it was, and of this person's all but the latest."""
    Import.objects.filter(made__lte=timezone.now() - KEPT).delete()
    mine = Import.objects.filter(owner=owner).order_by("-made", "-pk")
    Import.objects.filter(pk__in=list(mine.values_list("pk", flat=True)[LATEST - 1 :])).delete()
