"""What makes the library an application on a device: its manifest, its service worker, the page without a network.

Nothing here is anybody's own, so it is the same for everybody and open also where reading is not.
"""

import hashlib
import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

# The colours of the light paper; the page's own <meta name="theme-color"> follows its theme.
PAPER = "#fbfbf9"
# What a page needs to look and work as it should. Other files come when they are used, and stay then.
FONTS = ("fonts/newsreader-roman.woff2", "fonts/instrument-sans.woff2")
SHELL = ("css/app.css", "css/article.css", "css/lists.css", "css/parts/*.css", "js/*.js", "icons/*.svg", *FONTS)
# The worker itself, and what the three sheets bring along.
IN_OTHERS = ("colours", "controls", "overlays", "rows", "print", "reader", "range", "passages", "picking", "combobox")
NOT_IN_SHELL = {"js/sw.js", *(f"css/parts/{name}.css" for name in IN_OTHERS)}


@login_not_required
@require_safe
@cache_control(max_age=3600)
def manifest(request: HttpRequest) -> HttpResponse:
    """What a device shows of it: https://www.w3.org/TR/appmanifest/"""
    home = reverse("reading:library")
    told: dict[str, Any] = {
        "id": home,
        "name": "Newsreader",
        "short_name": "Newsreader",
        "description": _("Read news slowly, and write in the margin."),
        "start_url": home,
        "scope": home,
        "display": "standalone",
        "lang": request.LANGUAGE_CODE if hasattr(request, "LANGUAGE_CODE") else settings.LANGUAGE_CODE,
        "background_color": PAPER,
        "theme_color": PAPER,
        "categories": ["news", "books", "productivity"],
        "icons": [
            _icon("icons/icon-192.png", 192),
            _icon("icons/icon-512.png", 512),
            _icon("icons/icon-maskable-512.png", 512, purpose="maskable"),
        ],
        # What other applications share is put into the form; saving it is the reader's own press of a button.
        "share_target": {
            "action": reverse("reading:add"),
            "method": "GET",
            "params": {"title": "title", "text": "text", "url": "url"},
        },
        "shortcuts": [
            {"name": _("Add to your shelf"), "url": reverse("reading:add")},
            {"name": _("Notebook"), "url": reverse("reading:notebook")},
            {"name": _("Search"), "url": reverse("reading:search")},
            {"name": _("Kept for later"), "url": f"{home}?place=later"},
        ],
    }
    return HttpResponse(json.dumps(told, ensure_ascii=False), content_type="application/manifest+json")


def _icon(name: str, size: int, purpose: str = "any") -> dict[str, str]:
    return {"src": static(name), "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}


@login_not_required
@require_safe
@cache_control(no_cache=True)
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker, from the root so that all pages are within its reach.

    It names every file of the shell: a deploy that changes one makes another worker, and so another shell.
    """
    files = shell()
    told = {
        "version": hashlib.sha256("\n".join(files).encode()).hexdigest()[:16],
        "files": files,
        "static": settings.STATIC_URL,
        "offline": reverse("reading:offline"),
    }
    script = f"self.SHELL = {json.dumps(told)};\nimportScripts({json.dumps(static('js/sw.js'))});\n"
    return HttpResponse(script, content_type="text/javascript; charset=utf-8")


@lru_cache(maxsize=1)
def shell() -> list[str]:
    """The addresses of the shell's files, with the hashes of what is in them."""
    root = Path(settings.BASE_DIR) / "static"
    names = {path.relative_to(root).as_posix() for pattern in SHELL for path in root.glob(pattern)} - NOT_IN_SHELL
    readers = {name for name in names if not name.startswith("js/desk-")}
    return [static(name) for name in sorted({*readers, "django_htmx/htmx-2.min.js"})]


@login_not_required
@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """What the worker answers with when there is neither a network nor a copy."""
    return render(request, "reading/offline.html")


@login_not_required
@require_safe
@cache_control(max_age=3600)
def robots(request: HttpRequest) -> HttpResponse:
    """Search engines may look where visitors may read, and there at articles and their lists only."""
    closed = ("accounts:account", "admin:index", "reading:search", "reading:notebook", "reading:tags", "reading:bin")
    lines = [f"Disallow: {reverse(name)}" for name in closed] if settings.OPEN_READING else ["Disallow: /"]
    return HttpResponse("\n".join(["User-agent: *", *lines, ""]), content_type="text/plain; charset=utf-8")
