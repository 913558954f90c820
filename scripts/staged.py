"""A library of its own, served as `make run` serves it, with a browser in front of it: for pictures and audits."""

import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Error, Page, sync_playwright

from scripts.browser import find
from scripts.scenes import WIDTHS, Scene

ROOT = Path(__file__).resolve().parent.parent
THEMES = ("light", "dark", "sepia")
# Answers that a scene asks for, which Chromium logs as errors of the page.
ASKED_FOR = (
    "status of 4", "status of 5", "ERR_INTERNET_DISCONNECTED", "htmx:sendError", "htmx:afterRequest", "Error Code",
)  # fmt: skip


@dataclass
class Stage:
    """Opens scenes; keeps what pages complained of."""

    browser: Browser
    address: str
    claim: str  # the path of the page that claims the library, as long as it is not filled
    sessions: dict[str, str] = field(default_factory=dict)
    complaints: list[str] = field(default_factory=list)

    def fill(self) -> dict[str, str]:
        """Put the shelf into the library; the paths that only this library knows."""
        from scripts import shelf  # noqa: PLC0415 Django is set up by now

        at = shelf.fill()
        self.sessions = sessions()
        return at

    def context(self, who: str, width: int, **more: Any) -> BrowserContext:
        context = self.browser.new_context(base_url=self.address, **{**WIDTHS[width], **more})
        context.set_default_timeout(8_000)
        if who:
            context.add_cookies([{"name": "sessionid", "value": self.sessions[who], "url": self.address}])
        return context

    @contextmanager
    def scene(self, scene: Scene, width: int, **more: Any) -> Iterator[Page]:
        """A page in the state of the scene. One that can't be reached is noted, and shown as far as it came."""
        context = self.context(scene.who, width, **{"service_workers": "block", **scene.options, **more})
        page = context.new_page()
        page.on("console", lambda message: message.type == "error" and self._note(scene, message.text))
        page.on("pageerror", lambda error: self._note(scene, str(error)))
        try:
            page.goto(scene.path)
            page.evaluate("document.fonts.ready.then(() => null)")
            if scene.steps:
                scene.steps(page)
            page.wait_for_load_state()
        except Error as error:
            self._note(scene, f"{width}: could not be reached: {str(error).splitlines()[0]}")
        try:
            yield page
        except Error as error:
            self._note(scene, f"{width}: went away: {str(error).splitlines()[0]}")
        context.set_offline(True)  # a page that is left sends how far it was read: the next scene must not show it
        context.close()

    def _note(self, scene: Scene, words: str) -> None:
        if not any(part in words for part in ASKED_FOR):
            self.complaints.append(f"{scene.name}: {words}")


def wear(page: Page, theme: str) -> None:
    """Show the page in a theme, as its reader's device (light, dark) or its reader (sepia) would choose it."""
    page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
    page.evaluate(
        "theme => { const root = document.documentElement; root.dataset.wore ??= root.dataset.theme ?? '';"
        " root.dataset.theme = theme || root.dataset.wore; if (!root.dataset.theme) delete root.dataset.theme; }",
        theme if theme == "sepia" else "",
    )


def wanted(words: list[str], scene: Scene, width: int) -> bool:
    """Whether `words`, starts of names and widths, choose it. No words choose all."""
    widths = [word for word in words if word.isdigit()]
    names = [word for word in words if not word.isdigit()]
    by_name = not names or any(scene.name == word or scene.name.startswith(f"{word}-") for word in names)
    return by_name and width in scene.only and (not widths or str(width) in widths)


@contextmanager
def stage() -> Iterator[Stage]:
    """A new library that nobody has claimed yet. Django's settings are its."""
    # Playwright's loop makes Django believe that it runs inside async code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with _served() as (address, claim), sync_playwright() as play:
        import django  # noqa: PLC0415 after the environment says where the library is

        django.setup()
        browser = play.chromium.launch(executable_path=find())
        yield Stage(browser, address, claim.removeprefix(address))
        browser.close()


@contextmanager
def _served() -> Iterator[tuple[str, str]]:
    """Its address and the link that claims it."""
    with tempfile.TemporaryDirectory(prefix="newsreader-stage-") as var, socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        for name in [name for name in os.environ if name.startswith(("NEWSREADER_", "DATABASE_URL", "HOST"))]:
            del os.environ[name]
        os.environ |= {"NEWSREADER_VAR": var, "PORT": str(port), "DJANGO_SETTINGS_MODULE": "newsreader.settings"}
        os.environ["NEWSREADER_URL"] = f"http://127.0.0.1:{port}"
        os.environ["NEWSREADER_SIGNUP"] = "true"
        server = subprocess.Popen(
            [sys.executable, "-m", "scripts.serve"], cwd=ROOT, stdout=subprocess.PIPE, text=True, bufsize=1
        )
        try:
            claim = next((line.strip() for line in server.stdout or [] if "/claim/" in line), "")
            if not claim:
                sys.exit("The library could not be started.")
            yield f"http://127.0.0.1:{port}", claim
        finally:
            server.terminate()
            server.wait(30)


def sessions() -> dict[str, str]:
    """Somebody's session key, by username."""
    from django.test import Client  # noqa: PLC0415 Django is set up by now

    from newsreader.accounts.models import User  # noqa: PLC0415

    keys = {}
    for user in User.objects.all():
        client = Client()
        client.force_login(user)
        keys[user.username] = client.cookies["sessionid"].value
    return keys
