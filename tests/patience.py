"""Hands that wait until a page's scripts are there, and eyes that wait until what they look for is.

Playwright acts on what is parsed so far. A key that is pressed before the page's modules have run is nobody's, and a
form sent before htmx is awake is sent without it: on a busy machine that is a test that fails by chance. So is a test
that looks once: whatever follows from a key or a click may come a little later.
"""

from collections.abc import Callable
from functools import wraps
from time import monotonic

from playwright.sync_api import BrowserContext, Error, Frame, Locator, Page

ON_WHAT_IS_FOUND = (
    "check", "clear", "click", "dblclick", "drag_to", "fill", "focus", "hover", "press", "press_sequentially",
    "select_option", "set_checked", "set_input_files", "tap", "uncheck",
)  # fmt: skip
ON_KEYS = ("down", "insert_text", "press", "type")
PATIENCE = 10.0  # seconds, as `expect` has


def becomes(there: Page | Frame | Locator, look: str | Callable, wanted: object = True) -> None:
    """Waits until what a script, or a function of `there`, says is what is wanted: for what `expect` has no word."""
    page = there if isinstance(there, Page) else there.page
    end = monotonic() + PATIENCE
    while (seen := _seen(there, look)) != wanted:
        assert monotonic() < end, f"{seen!r} never became {wanted!r}"
        page.wait_for_timeout(20)


def _seen(there: Page | Frame | Locator, look: str | Callable) -> object:
    try:
        return look(there) if callable(look) else there.evaluate(look)
    except Error as error:  # between two pages, or what it looks at is not there yet
        return error


def patient(context: BrowserContext) -> BrowserContext:
    """The same context, in whose pages nothing is pressed before they are loaded."""
    context.on("page", _keys_wait)
    return context


def _keys_wait(page: Page) -> None:
    for name in ON_KEYS:
        setattr(page.keyboard, name, _after_load(getattr(page.keyboard, name), lambda *_: page))


def _after_load(act, page_of):
    @wraps(act)
    def waits(*args, **kwargs):
        page_of(*args).wait_for_load_state()
        return act(*args, **kwargs)

    return waits


for _name in ON_WHAT_IS_FOUND:
    setattr(Locator, _name, _after_load(getattr(Locator, _name), lambda locator, *_: locator.page))
