"""What the frame around every page needs, asked for only where a template uses it."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from newsreader.annotations.models import Tag
from newsreader.articles.models import Collection, Source


class Shell:
    """The side column's lists: one query each, at most once a page."""

    def __init__(self, request: HttpRequest) -> None:
        self._user = request.user

    def sources(self) -> list[Source]:
        return list(Source.objects.in_use()[:8])

    def collections(self) -> list[Collection]:
        return list(Collection.objects.all()[:8])

    def tags(self) -> list[Tag]:
        return list(Tag.objects.of(self._user).most_used()[:8])


def shell(request: HttpRequest) -> dict[str, Any]:
    """`shell`, and whether visitors may make an account."""
    made: Callable[[], Shell] = lambda: Shell(request)  # noqa: E731
    return {"shell": made, "signup": settings.SIGNUP}
