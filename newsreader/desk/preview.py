"""What an edit will do, said before it is saved: to readers' highlights, in numbers only, and what cleaning does."""

import hashlib
from collections import Counter
from dataclasses import dataclass
from html.parser import HTMLParser

from newsreader.annotations.forecast import Forecast
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
            return ["The text is unchanged: there will be no new revision, and every highlight stays as it is."]
        return foretold(self.forecast)


def foretold(forecast: Forecast) -> list[str]:
    """“Of 12 highlights of 3 readers: 9 kept, 1 edited, 1 moved, 1 lost.”, and what about those lost before."""
    said = ["Nobody has highlighted anything that stands in the text now."]
    if forecast.total:
        said = [
            f"Of {_many(forecast.total, 'highlight')} of {_many(forecast.readers, 'reader')}: {forecast.kept} kept, "
            f"{forecast.edited} edited, {forecast.moved} moved, {forecast.lost} lost."
        ]
    if forecast.back:
        said.append(f"{forecast.back} lost before {'comes' if forecast.back == 1 else 'come'} back with this text.")
    if forecast.gone:
        said.append(f"{forecast.gone} lost before {'stays' if forecast.gone == 1 else 'stay'} lost.")
    return said


def seen(stamp: str, html: str, forecast: Forecast | None) -> str:
    """Stands for one text on one state of the article, with what it loses."""
    told = f"{stamp}\n{forecast.lost if forecast else 0}\n{html}"
    return hashlib.sha256(told.encode()).hexdigest()[:32]


def cleaning(raw: str, cleaned: str) -> str:
    """What cleaning did to `raw`, in a sentence."""
    if raw == cleaned:
        return "Cleaning changes nothing in it."
    before, after = _Names(raw), _Names(cleaned)
    gone = sorted(before.found - after.found)
    if gone:
        rest = f" and {len(gone) - NAMED} more" if len(gone) > NAMED else ""
        return f"Cleaning takes out or replaces: {', '.join(gone[:NAMED])}{rest}."
    if _spaceless("".join(before.words)) != _spaceless(text_of(cleaned)):
        return "Cleaning changes some characters of its words."
    return "Cleaning only tidies how the HTML is written. Its words stay the same."


class _Names(HTMLParser):
    """Counts the elements (“<b>”), attributes (“href”) and comments of HTML, and keeps its words."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found: Counter[str] = Counter()
        self.words: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.update([f"<{tag}>", *(name for name, _ in attrs)])

    def handle_comment(self, data: str) -> None:
        self.found["comments"] += 1

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def _spaceless(text: str) -> str:
    return "".join(text.split())


def _many(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"
