"""Template words of the readers' pages. `cleaned` is the one place that trusts HTML: what core.clean has written."""

from datetime import date, datetime
from functools import lru_cache

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from newsreader.core.difference import Piece, words
from newsreader.reading.pages.changed import TOLD

register = template.Library()


@register.filter
def cleaned(html: str) -> SafeString:
    """Canonical HTML (an article's, woven or not, or a rendered note's) as it is."""
    return mark_safe(html)  # noqa: S308 - written by core.clean, and by core.weave on top of it


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
def day(when: datetime | date | None) -> str:
    """“16 Jun” in this year, “16 Jun 2023” in another."""
    if when is None:
        return ""
    local = timezone.localtime(when) if isinstance(when, datetime) else when
    return date_format(local, "j M" if local.year == timezone.localdate().year else "j M Y")


@lru_cache(maxsize=1024)
def _time_tag(when: date, today: date) -> SafeString:
    told = date_format(when, "j M" if when.year == today.year else "j M Y")
    return format_html('<time datetime="{}">{}</time>', when.isoformat(), told)


@register.filter
def time_tag(when: datetime) -> SafeString:
    """`day` in its <time>; many notes share a day, so it is written once."""
    return _time_tag(timezone.localtime(when).date(), timezone.localdate())


@register.filter
def moment(when: datetime) -> SafeString:
    """`day` with the time of day, in its <time>: two revisions may be of the same day."""
    local = timezone.localtime(when)
    return format_html('<time datetime="{}">{}, {}</time>', local.isoformat(), day(when), date_format(local, "H:i"))


@register.filter
def told(status: str) -> str:
    """What became of a passage, in words; nothing where it is as it was marked."""
    return TOLD.get(status, "")


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
