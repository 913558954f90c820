"""One row of an import, undone: what it added and nobody has touched since goes, the rest stays, with the reason."""

from __future__ import annotations

from newsreader.accounts.models import User
from newsreader.annotations.models import Highlight
from newsreader.articles.models import Article, Reading
from newsreader.core.sentence import Sentence
from newsreader.intake.models import ImportRow

Outcome = ImportRow.Outcome


def undo(row: ImportRow, *, reader: User) -> tuple[str, Sentence | None]:
    """What becomes of the row. In the transaction of its caller."""
    made = row.made
    brought = Highlight.objects.filter(pk__in=made.get("highlights", ()), reader=reader)
    stay = brought.filter(version__gt=1).count()
    brought.filter(version=1).delete()
    if not made.get("article"):
        return _told(stay)
    article = row.article if row.article and row.article.owner_id == reader.pk else None
    if article is None:
        return Outcome.REMOVED, None
    if stay:
        return Outcome.STAYS, Sentence("Passages in it were changed since.")
    if article.highlights.exists():
        return Outcome.STAYS, Sentence("There are passages in it that did not come with this file.")
    if _is_read(article, reader, made.get("state") or {}):
        return Outcome.STAYS, Sentence("It was read, or put elsewhere, since.")
    article.delete()
    return Outcome.REMOVED, None


def _told(stay: int) -> tuple[str, Sentence | None]:
    if stay:
        return Outcome.STAYS, Sentence("Passages in it were changed since.")
    return Outcome.REMOVED, None


def _is_read(article: Article, reader: User, state: dict[str, object]) -> bool:
    reading = Reading.objects.filter(article=article, reader=reader).first()
    if reading is None:
        return False
    moved = any(getattr(reading, name) != value for name, value in state.items())
    return bool(moved or reading.position or reading.last_read)
