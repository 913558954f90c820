"""One article becomes another: what readers marked in it goes over, carried like by an edit, or stays lost.

Nothing of a reader's is given up: passages of both stay, words, notes and tags are not touched.
"""

from typing import Any

from django.db import transaction

from newsreader.annotations.carrying import Forecast, carry_all
from newsreader.annotations.models import Highlight
from newsreader.annotations.services import write_columns
from newsreader.articles.models import Article, Reading
from newsreader.core.revise import Versions

COLUMNS = (
    *("article_id", "revision_id", "made_start", "made_end"),
    *("start", "end", "status", "score", "reason"),
)

Row = dict[str, Any]
Moved = dict[int, tuple[Row, Row]]  # key of a highlight -> its columns before and after


def forecast_merge(article: Article, into: Article) -> Forecast:
    """What becomes of the live highlights of `article` if it is merged into the other. Reads only, and no notes."""
    columns = ("reader_id", "start", "end", "exact", "prefix", "suffix", "status", "score", "reason", "deleted")
    live = list(Highlight.objects.live().filter(article=article).order_by("id").only(*columns))
    return carry_all(live, Versions(article.text, into.text))


@transaction.atomic
def move_highlights(article: Article, into: Article) -> tuple[Forecast, Moved]:
    """Moves every highlight of `article`, binned ones too, and how far readers came in it, to the other one.

    Those that find their words again stand on the newest revision of `into`; lost ones keep the one they were made on.
    """
    Article.objects.select_for_update().filter(pk__in=(article.pk, into.pk)).order_by("pk").values_list("pk", flat=True)
    rows = Highlight.objects.filter(article=article).order_by("id")
    moving = list(rows.select_for_update(no_key=True).defer("note", "note_html"))
    before = {one.pk: _columns(one) for one in moving}
    versions = Versions(article.text, into.text)
    did = carry_all(moving, versions)
    newest = into.revisions.order_by("-number").values_list("pk", flat=True)[0]
    for one in moving:
        one.article_id = into.pk
        if one.start is not None and one.end is not None:
            one.revision_id, one.made_start, one.made_end = newest, one.start, one.end
    write_columns(moving, *COLUMNS)
    _move_readings(article, into, versions)
    return did, {one.pk: (before[one.pk], _columns(one)) for one in moving}


def _columns(highlight: Highlight) -> Row:
    return {name: getattr(highlight, name) for name in COLUMNS}


def _move_readings(article: Article, into: Article, versions: Versions) -> None:
    """How readers stand to it counts for the other one, where they have no state of that."""
    known = Reading.objects.filter(article=into).values("reader")
    for reading in Reading.objects.filter(article=article).exclude(reader__in=known).order_by("id"):
        reading.pk = None  # a second row: what it was to the first article stays
        reading.article, reading.position = into, versions.place(reading.position)
        reading._state.adding = True
        reading.save(force_insert=True)
