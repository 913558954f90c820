"""What every page of the desk has in common. Rows that a page doesn't list don't exist for it."""

from typing import TYPE_CHECKING, Any, ClassVar, TypeVar, cast

from django.contrib import admin
from django.db import models
from django.http import Http404, HttpRequest

from newsreader.accounts.models import User

M = TypeVar("M", bound=models.Model)

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[M]
else:  # not subscriptable at run time

    class ModelAdmin(admin.ModelAdmin):
        """So that `Desk[Article]` is only a word for the type checker."""

        def __class_getitem__(cls, model: type[models.Model]) -> type[admin.ModelAdmin]:
            return cls


def whose(request: HttpRequest) -> User:
    """Who asks. The site lets nobody in who isn't signed in."""
    return cast(User, request.user)


class Desk(ModelAdmin[M]):
    """Django's ModelAdmin, with one 404 for what is missing and what isn't for the desk."""

    show_full_result_count = False
    list_per_page = 50
    view_on_site: Any = False
    # Columns that a link may filter by, besides those of list_filter.
    lookups: ClassVar[tuple[str, ...]] = ()
    formfield_overrides: ClassVar[dict[Any, dict[str, Any]]] = {models.URLField: {"assume_scheme": "https"}}

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> M:
        """The row, or a 404; Django would redirect to the front page."""
        found = super().get_object(request, object_id, from_field)
        if found is None:
            raise Http404
        return found

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:
        """Only what a filter of the list offers.

        Django allows any column of the model in a list's address: `?exact__contains=…` would tell a curator, word
        by word, what a reader has marked.
        """
        offered: set[Any] = {self.date_hierarchy, *self.lookups}
        offered |= {_column(one) for one in self.get_list_filter(request)}
        return lookup.split("__", maxsplit=1)[0] in offered and super().lookup_allowed(lookup, value, request)


def _column(list_filter: Any) -> Any:
    """What a filter of a list is called in its address."""
    if isinstance(list_filter, tuple | list):
        return list_filter[0]
    return getattr(list_filter, "parameter_name", list_filter)
