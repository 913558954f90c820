"""Real Chromium, wide and as a phone. Whatever the browser complains of and the test did not declare is a failure."""

import re
from dataclasses import dataclass, field

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from scripts.browser import find
from tests.patience import patient

WIDE = {"viewport": {"width": 1440, "height": 900}}
TABLET = {"viewport": {"width": 820, "height": 1180}, "has_touch": True}
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True, "device_scale_factor": 2}

expect.set_options(timeout=10_000)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    return {**browser_type_launch_args, "executable_path": find()}


@dataclass
class Complaints:
    """Console errors, script errors and what the Content-Security-Policy stopped."""

    heard: list[str] = field(default_factory=list)
    declared: list[str] = field(default_factory=list)
    over: bool = False

    def expect(self, pattern: str) -> None:
        """Chromium logs every failed request as an error: a test that provokes one says so here."""
        self.declared.append(pattern)

    def expect_no_network(self) -> None:
        self.expect("ERR_INTERNET_DISCONNECTED")
        self.expect("htmx:(sendError|afterRequest)")

    def listen_to(self, page: Page) -> None:
        page.on("console", lambda message: message.type == "error" and self._note(f"console: {message.text}"))
        page.on("pageerror", lambda error: self._note(f"script: {error}"))
        page.add_init_script(
            "document.addEventListener('securitypolicyviolation',"
            " event => console.error('CSP', event.violatedDirective, event.blockedURI))"
        )

    def _note(self, line: str) -> None:
        if not self.over:
            self.heard.append(line)

    def undeclared(self) -> list[str]:
        return [line for line in self.heard if not any(re.search(pattern, line) for pattern in self.declared)]


@pytest.fixture
def complaints():
    heard = Complaints()
    yield heard
    assert heard.undeclared() == []


class Room:
    """The library as somebody sees it: `room.of(ada)` is a page of a browser in which ada is signed in."""

    def __init__(self, browser: Browser, address: str, complaints: Complaints) -> None:
        self.address = address
        self._browser = browser
        self._complaints = complaints
        self._contexts = []

    def of(self, user=None, *, screen=WIDE, **options) -> Page:
        # A worker in every test would only take time: where one matters, it says service_workers="allow".
        options = {"service_workers": "block", **options}
        context = patient(self._browser.new_context(base_url=self.address, **screen, **options))
        self._contexts.append(context)
        if user is not None:
            client = Client()
            client.force_login(user)
            session = client.cookies["sessionid"].value
            context.add_cookies([{"name": "sessionid", "value": session, "url": self.address}])
        page = context.new_page()
        self._complaints.listen_to(page)
        return page

    def sign_out_everybody(self) -> None:
        """As if every session had run out meanwhile."""
        Session.objects.all().delete()

    def leave(self) -> None:
        """Closes all; a page that is left still sends how far it was read, which must not meet an emptied database."""
        self._complaints.over = True
        for context in self._contexts:
            context.set_offline(True)
            context.close()


@pytest.fixture
def room(browser, live_server, complaints):
    rooms = Room(browser, live_server.url, complaints)
    yield rooms
    rooms.leave()
