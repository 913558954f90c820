"""What the frame around every page needs, asked for only where a template uses it."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import cached_property

from newsreader.accounts.alias import alias
from newsreader.annotations.models import Tag
from newsreader.articles.languages import languages
from newsreader.articles.models import Article, Collection, Source, Topic
from newsreader.reading.pages.library import language_name
from newsreader.search.models import SavedSearch

MOST = 40  # of a kind, in the library's filter; the side column shows the first eight


class Shell:
    """What the side column and the library's filter list: asked for where it is shown, and once a page."""

    def __init__(self, request: HttpRequest) -> None:
        self._user = request.user

    @cached_property
    def sources(self) -> list[Source]:
        return Source.objects.counted(Source.objects.first_in_use(MOST), self._user)

    @cached_property
    def topics(self) -> list[Topic]:
        return Topic.objects.counted(Topic.objects.first_in_use(MOST), self._user)

    @cached_property
    def collections(self) -> list[Collection]:
        return Collection.objects.published()[:MOST].with_counts(self._user)

    @cached_property
    def languages(self) -> list[tuple[str, str]]:
        """The languages of articles, each with its own name for itself."""
        seen = Article.objects.visible_to(self._user)
        known = [code for code in languages() if code and seen.filter(language=code).exists()]
        return [(code, language_name(code)) for code in known[:MOST]]

    @cached_property
    def saved(self) -> list[SavedSearch]:
        return list(SavedSearch.objects.of(self._user))

    @property
    def pinned(self) -> list[SavedSearch]:
        """Those on the library page."""
        return [one for one in self.saved if one.pinned]

    @cached_property
    def tags(self) -> list[Tag]:
        return Tag.objects.most_used_by(self._user, 8)


def shell(request: HttpRequest) -> dict[str, Any]:
    """`shell`, whose page it is, what visitors may do, and where the library stands in the world."""
    whose: Callable[[], str] = lambda: alias(request.user)  # noqa: E731
    return {
        "shell": Shell(request),
        "account": whose,
        "signup": settings.SIGNUP,
        "open_reading": settings.OPEN_READING,
        "site": settings.URL,
    }
