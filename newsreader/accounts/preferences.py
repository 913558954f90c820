"""How somebody likes pages to look and to listen: attributes on <html>, so that nothing flashes and no style is inline.

A reader's are kept with the account; their device has them too, in a cookie, as a visitor's has. Both are only read
through `Preferences.read`, which knows every value there is: whatever else they hold counts as not chosen.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from functools import cached_property
from typing import NamedTuple, Self

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

COOKIE = "look"
LASTS = 60 * 60 * 24 * 365
PAPERS = {"light": "#fbfbf9", "sepia": "#f5ecda", "dark": "#16191f"}  # --paper of tokens.css

Words = Promise | str


class Option(NamedTuple):
    """One of the values that a preference can have."""

    value: str
    label: Words
    chosen: bool
    default: bool


# What there is to choose, in the order of the panel.
CHOICES: dict[str, dict[str, Words]] = {
    "font": {"serif": "Newsreader", "sans": _("Sans"), "legible": _("Legible")},
    "size": {str(step): str(step) for step in range(1, 7)},
    "width": {"narrow": _("Narrow"), "medium": _("Medium"), "wide": _("Wide")},
    "leading": {"tight": _("Tight"), "normal": _("Normal"), "loose": _("Loose")},
    "theme": {"light": _("Light"), "sepia": _("Sepia"), "dark": _("Dark"), "auto": _("Auto")},
    "justify": {"off": _("Off"), "on": _("On")},
    "keys": {"on": _("On"), "off": _("Off")},
    "pictures": {"ask": _("Ask each time"), "all": _("Always show")},
}


@dataclass(frozen=True)
class Preferences:
    """Immutable, and always of values that exist."""

    font: str = "serif"
    size: str = "3"
    width: str = "medium"
    leading: str = "normal"
    theme: str = "auto"
    justify: str = "off"
    keys: str = "on"
    pictures: str = "ask"  # of a reader: a visitor is always asked, whatever their device says

    @classmethod
    def read(cls, kept: object) -> Self:
        """Of what was kept; never raises."""
        given = kept if isinstance(kept, Mapping) else {}
        return cls(**{name: given[name] for name, known in CHOICES.items() if str(given.get(name)) in known})

    def changed(self, posted: Mapping[str, str]) -> Self:
        """With what a form says; what it doesn't say stays. ValueError where it names a value that there isn't."""
        told = {name: str(posted[name]) for name in CHOICES if name in posted}
        if any(value not in CHOICES[name] for name, value in told.items()):
            raise ValueError
        return replace(self, **told)

    def typography_reset(self) -> Self:
        """As a new account has it; keys and pictures are no typography."""
        return type(self)(keys=self.keys, pictures=self.pictures)

    @property
    def kept(self) -> dict[str, str]:
        """Only what differs from what everybody has."""
        return {one.name: value for one in fields(self) if (value := getattr(self, one.name)) != one.default}

    @property
    def attributes(self) -> list[tuple[str, str]]:
        """(name, value) of the data attributes on <html>."""
        return list(self.kept.items())

    @cached_property
    def options(self) -> dict[str, list[Option]]:
        """What a form offers."""
        mine, new = asdict(self), asdict(type(self)())
        return {
            name: [Option(value, label, value == mine[name], value == new[name]) for value, label in known.items()]
            for name, known in CHOICES.items()
        }

    @property
    def scheme(self) -> str:
        """What the browser paints before the styles are there."""
        return {"auto": "light dark", "dark": "dark"}.get(self.theme, "light")

    @property
    def papers(self) -> list[tuple[str, str]]:
        """(system's scheme, colour of the browser's own frame then)."""
        return [(system, PAPERS.get(self.theme, PAPERS[system])) for system in ("light", "dark")]


def on_this_device(request: HttpRequest) -> Preferences:
    """Asks no database: for visitors, and for error pages."""
    pairs = (pair.partition(":") for pair in request.COOKIES.get(COOKIE, "").split("&"))
    return Preferences.read({name: value for name, _, value in pairs})


def remember(request: HttpRequest, response: HttpResponseBase, preferences: Preferences) -> None:
    """Keeps them on the device, for pages that know nobody."""
    if preferences == on_this_device(request):
        return
    if not preferences.kept:
        response.delete_cookie(COOKIE, samesite="Lax")
        return
    response.set_cookie(
        COOKIE,
        "&".join(f"{name}:{value}" for name, value in preferences.attributes),
        max_age=LASTS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
