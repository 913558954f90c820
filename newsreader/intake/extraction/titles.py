"""The headline and the site's name, from all the places where a page says them. Pure.

A headline is what two places agree on; the site's name is taken off where it is known, and only there.
"""

from __future__ import annotations

import re

from newsreader.intake.headline import fold, split_publisher

_LONGEST = 500
_SEPARATOR = re.compile(r"\s+[-–—|‖·•«»:]+\s+|\s*[|‖]\s*|\s*::\s*|_(?=[^_]+$)")


def headline(headings: list[str], stated: list[str], title: str, names: list[str]) -> str:
    """The best of a page's h1 elements, its stated headlines (best first), and its <title>; "" if there is none.

    A heading counts where a statement or the title has its words: a page's first h1 may be its site's name.
    """
    known = {fold(name) for name in names if fold(name)}
    stated = [bare for text in stated if (bare := without_site(text, known)) and fold(bare) not in known]
    title = without_site(title, known)
    headings = [bare for text in headings if (bare := without_site(text, known)) and fold(bare) not in known]
    others = [text for text in (*stated, title) if text]
    agreed = [text for text in headings if any(_agree(text, other) for other in others)]
    if agreed:
        heading = max(agreed, key=lambda text: len(fold(text)))
        return next((text for text in stated if _is_end(fold(text), fold(heading))), heading)
    return next(iter([*stated, *(headings if len(headings) == 1 and not title else []), title, *headings]), "")


def without_site(text: str, known: set[str]) -> str:
    """The text without the site's name before or after it."""
    text = " ".join(text.split())[:_LONGEST]
    for _ in range(3):
        cuts = list(_SEPARATOR.finditer(text))
        after = next((cut for cut in cuts if _names(fold(text[cut.end() :]), known)), None)
        before = next((cut for cut in reversed(cuts) if _names(fold(text[: cut.start()]), known)), None)
        if after and after.start():
            text = text[: after.start()].strip()
        elif before:
            text = text[before.end() :].strip()
        else:
            break
    return text


def site_in(title: str) -> str:
    """The site's name at the end of a <title>, where it looks like one."""
    return split_publisher(" ".join(title.split()), from_feed=True)[1]


def _names(part: str, known: set[str]) -> bool:
    return bool(part) and any(
        part == name or (len(name) >= 4 and part.startswith(name) and len(part) <= 3 * len(name)) for name in known
    )


def _agree(one: str, other: str) -> bool:
    """Whether one has the other's words, or they share most of them."""
    short, long = sorted((fold(one), fold(other)), key=len)
    if not short:
        return False
    if short in long and (2 * len(short) >= len(long) or len(short) >= 20):
        return True
    mine, theirs = set(one.casefold().split()), set(other.casefold().split())
    return len(mine) >= 4 and 2 * len(mine & theirs) >= min(len(mine), len(theirs))


def _is_end(short: str, long: str) -> bool:
    """A heading may have a kicker before the headline, in the same element."""
    return 12 <= len(short) < len(long) and long.endswith(short)
