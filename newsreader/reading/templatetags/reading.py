"""Template words of the readers' pages. `cleaned` is the one place that trusts HTML: what core.clean has written."""

from datetime import date, datetime
from functools import lru_cache
from unicodedata import bidirectional

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from newsreader.annotations.models import Highlight
from newsreader.core.prose import Unreadable, render_note
from newsreader.core.wording import Piece, words
from newsreader.language import worded
from newsreader.reading.pages.changed import TOLD
from newsreader.reading.pages.coming import told as told_alone

register = template.Library()
register.filter(worded)
register.filter("standing", told_alone)


@register.filter
def cleaned(html: str) -> SafeString:
    """Canonical HTML (an article's, woven or not, or a rendered note's) as it is."""
    return mark_safe(html)  # noqa: S308 - written by core.clean, and by core.weave on top of it


@register.filter
@lru_cache(maxsize=256)
def prose(markdown: str) -> SafeString:
    """A curator's Markdown as HTML; nothing of what can't be rendered, which the forms at the desk don't take."""
    try:
        return cleaned(render_note(markdown))
    except Unreadable:
        return SafeString("")


@register.simple_tag
@lru_cache(maxsize=256)
def icon(name: str, flip: bool = False) -> SafeString:
    """An icon of the sprite, hidden from screen readers: a label or words stand beside it."""
    return format_html(
        '<svg class="i{}" aria-hidden="true" focusable="false"><use href="{}#i-{}"></use></svg>',
        " i-flip" if flip else "",
        static("icons/icons.svg"),
        name,
    )


@register.filter
def rtl(text: str) -> bool:
    """Whether it runs from right to left: its first letter that has a direction says so, as for `dir="auto"`."""
    directions = (bidirectional(letter) for letter in text)
    return next((way for way in directions if way in {"L", "R", "AL"}), "L") != "L"


@register.filter
def day(when: datetime | date | None) -> str:
    """“16 Jun” in this year, “16 Jun 2023” in another."""
    if when is None:
        return ""
    local = timezone.localtime(when) if isinstance(when, datetime) else when
    return date_format(local, _of_the_year(local.year == timezone.localdate().year))


def _of_the_year(this_one: bool) -> str:
    """The formats of newsreader/locale: “16 Jun” and “16 Jun 2023”, “16. Juni” and “16. Juni 2023”."""
    return "MONTH_DAY_FORMAT" if this_one else "SHORT_DATE_FORMAT"


@lru_cache(maxsize=1024)
def _time_tag(when: date, today: date, language: str) -> SafeString:
    told = date_format(when, _of_the_year(when.year == today.year))
    return format_html('<time datetime="{}">{}</time>', when.isoformat(), told)


@register.filter
def time_tag(when: datetime) -> SafeString:
    """`day` in its <time>; many notes share a day, so it is written once."""
    return _time_tag(timezone.localtime(when).date(), timezone.localdate(), get_language())


@register.filter
def moment(when: datetime) -> SafeString:
    """`day` with the time of day, in its <time>: two revisions may be of the same day."""
    return format_html('<time datetime="{}">{}</time>', timezone.localtime(when).isoformat(), moment_said(when))


@register.filter
def moment_said(when: datetime) -> str:
    """The same without its element, for where there can be none."""
    return f"{day(when)}, {date_format(timezone.localtime(when), 'TIME_FORMAT')}"


@register.filter
def within(colour: str) -> str:
    """The name of a highlight's colour inside of a sentence."""
    return Highlight.Colour(colour).within


@register.filter
def told(status: str) -> str:
    """What became of a passage, in words; nothing where it is as it was marked."""
    return str(TOLD.get(status, ""))


@register.filter
def compared(then: str, now: str) -> list[Piece]:
    """What became of the words `then`, piece by piece."""
    return words(then, now)


@register.filter
def shortened(words: str) -> str:
    """The first 240 code points, with an ellipsis where there are more."""
    return words if len(words) <= 240 else f"{words[:239].rstrip()}…"


@register.filter
def percent(part: int, whole: int) -> int:
    """`part` of `whole` in percent, 0 to 100; 0 of nothing."""
    return min(100, round(100 * part / whole)) if whole else 0
