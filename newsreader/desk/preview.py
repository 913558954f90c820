"""What an edit will do, said before it is saved: to readers' highlights, in numbers only, and what cleaning does."""

import hashlib
from collections import Counter
from dataclasses import asdict, dataclass
from html.parser import HTMLParser

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, npgettext

from newsreader.annotations.forecast import Forecast
from newsreader.annotations.services import Revised
from newsreader.core.text import text_of

NAMED = 12  # names of what was taken out: a page saved from the web has hundreds


@dataclass(frozen=True, slots=True)
class Preview:
    """An edit that isn't saved: the text as it will be stored, and what comes of it.

    `forecast` is None where the text stays the same. `seen` goes into the form: a save that brings it back was
    shown exactly this. It answers an honest editor's question and guards nothing, so it carries no secret.
    """

    html: str
    forecast: Forecast | None
    cleaning: str
    seen: str

    @property
    def loses(self) -> int:
        return self.forecast.lost if self.forecast else 0

    @property
    def sentences(self) -> list[str]:
        """What becomes of highlights, for the panel."""
        if self.forecast is None:
            return [_("The text is unchanged: there will be no new revision, and every highlight stays as it is.")]
        return foretold(self.forecast)


def foretold(forecast: Forecast) -> list[str]:
    """“Of 12 highlights of 3 readers: 9 kept, 1 edited, 1 moved, 1 lost.”, and what about those lost before."""
    said = [_("Nobody has highlighted anything that stands in the text now.")]
    if forecast.total:
        whose = npgettext("of", "{n} reader", "{n} readers", forecast.readers).format(n=forecast.readers)
        of = ngettext("Of {n} highlight of {readers}:", "Of {n} highlights of {readers}:", forecast.total)
        became = _("{kept} kept, {edited} edited, {moved} moved, {lost} lost.").format(**asdict(forecast))
        said = [f"{of.format(n=forecast.total, readers=whose)} {became}"]
    if n := forecast.back:
        back = ngettext("{n} lost before comes back with this text.", "{n} lost before come back with this text.", n)
        said.append(back.format(n=n))
    if n := forecast.gone:
        said.append(ngettext("{n} lost before stays lost.", "{n} lost before stay lost.", n).format(n=n))
    return said


def said(revised: Revised) -> str:
    """What an edit did to readers' highlights, in numbers only."""
    if revised.revision is None:
        return _("The text is unchanged: no revision was made.")
    did, number = revised.did, revised.revision.number
    if not did.total + did.back + did.gone:
        return _("Revision {number} of the text. Nobody has highlighted anything in it.").format(number=number)
    told = _("Revision {number} of the text. Highlights carried over: {carried}, lost: {lost}.").format(
        number=number, carried=did.total - did.lost + did.back, lost=did.lost
    )
    still = _("Lost before, and still: {n}.").format(n=did.gone)
    return f"{told} {still}" if did.gone else told


def seen(stamp: str, html: str, forecast: Forecast | None) -> str:
    """Stands for one text on one state of the article, with what it loses."""
    told = f"{stamp}\n{forecast.lost if forecast else 0}\n{html}"
    return hashlib.sha256(told.encode()).hexdigest()[:32]


def cleaning(raw: str, cleaned: str, *, typed: str | None = None) -> str:
    """What cleaning did to the HTML `raw`, in a sentence. Where that was made of Markdown, what was `typed` counts:
    not what Markdown has put in."""
    if raw == cleaned:
        return _("Cleaning changes nothing in it.")
    before, after = _Names(raw), _Names(cleaned)
    gone = sorted(before.found - after.found)
    if typed is not None and typed != raw:
        own = _Names(typed).found
        gone = [name for name in gone if name in own]
        if not gone:
            return _("Cleaning changes nothing in it.")
    if gone:
        names, more = ", ".join(gone[:NAMED]), len(gone) - NAMED
        if more > 0:
            return _("Cleaning takes out or replaces: {names} and {n} more.").format(names=names, n=more)
        return _("Cleaning takes out or replaces: {names}.").format(names=names)
    if _spaceless("".join(before.words)) != _spaceless(text_of(cleaned)):
        return _("Cleaning changes some characters of its words.")
    return _("Cleaning only tidies how the HTML is written. Its words stay the same.")


class _Names(HTMLParser):
    """Counts the elements (“<b>”), attributes (“href”) and comments of HTML, and keeps its words."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found: Counter[str] = Counter()
        self.words: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.update([f"<{tag}>", *(name for name, value in attrs)])

    def handle_comment(self, data: str) -> None:
        self.found[_("comments")] += 1

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def _spaceless(text: str) -> str:
    return "".join(text.split())
