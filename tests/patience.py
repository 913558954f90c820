"""Hands that wait until a page's scripts are there.

Playwright acts on what is parsed so far. A key that is pressed before the page's modules have run is nobody's, and a
form sent before htmx is awake is sent without it: on a busy machine that is a test that fails by chance.
"""

from functools import wraps

from playwright.sync_api import BrowserContext, Locator, Page

ON_WHAT_IS_FOUND = (
    "check", "clear", "click", "dblclick", "drag_to", "fill", "focus", "hover", "press", "press_sequentially",
    "select_option", "set_checked", "set_input_files", "tap", "uncheck",
)  # fmt: skip
ON_KEYS = ("down", "insert_text", "press", "type")


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
