"""Suggestions for the search box, while one types: a fragment at an address of its own."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from newsreader.accounts.middleware import open_to_visitors
from newsreader.core.completion import slot_at, take
from newsreader.reading.pages.asked import without_nul
from newsreader.reading.pages.numbers import counted
from newsreader.search.suggest import suggestions

LETTERS = 2  # of a word, before it is taken for the beginning of a field's name


@open_to_visitors
@require_safe
@cache_control(private=True, max_age=60)
def suggest(request: HttpRequest) -> HttpResponse:
    """`q` is what the box has, `at` the caret in code points; `open` asks for all fields where nothing is typed."""
    asked = without_nul(request.GET)
    text, caret = asked.get("q", ""), asked.get("at", "")
    slot = slot_at(text, int(caret)) if caret.isascii() and caret.isdigit() and len(caret) < 9 else None
    unasked = slot is not None and not slot.field and len(slot.typed) < LETTERS and "open" not in asked
    if slot is None or unasked:
        return render(request, "reading/_suggestions.html")
    options = [
        (one.value if slot.field else f"{one.value}:", one.told, _said(one.count), take(text, slot, one.value))
        for one in suggestions(slot, request.user)
    ]
    return render(request, "reading/_suggestions.html", {"options": options})


def _said(count: int | None) -> str:
    return "" if count is None else counted(count)
