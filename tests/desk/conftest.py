"""The desk in the distribution's Chromium. What the browser complains of is a failure."""

import pytest

from scripts.browser import find
from tests.patience import patient


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    return {**browser_type_launch_args, "executable_path": find()}


@pytest.fixture
def complaints(page):
    """Console errors, errors of scripts, and everything that the Content-Security-Policy stopped."""
    heard = []
    page.on("console", lambda message: heard.append(message.text) if message.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.add_init_script(
        "document.addEventListener('securitypolicyviolation',"
        " event => console.error('CSP', event.violatedDirective, event.blockedURI))"
    )
    return heard


@pytest.fixture
def context(context):
    return patient(context)
