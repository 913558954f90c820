"""What every page of the desk has in common. Rows that a page doesn't list don't exist for it."""

import json
from functools import partial, wraps
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar, cast

from django.contrib import admin, messages
from django.contrib.admin.models import LogEntry
from django.db import models
from django.http import Http404, HttpRequest
from django.views.decorators.http import require_POST

from newsreader.accounts.models import User
from newsreader.desk import journal
from newsreader.desk.models import Deed, Entry

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


def only_posted(view: Any) -> Any:
    """A deed as a method of a page: missing for who may change none of its rows, else for a POST."""

    @wraps(view)
    def answer(self: Any, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not self.has_change_permission(request):
            raise Http404
        return require_POST(partial(view, self))(request, *args, **kwargs)

    return answer


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

    def may_take_back(self, request: HttpRequest, keys: list[int]) -> bool:
        """Whether whoever asks may undo what was done to these rows; by permission, where rows are alike."""
        return self.has_change_permission(request)

    def tell(self, request: HttpRequest, told: str, entry: Entry | None) -> None:
        """Says what a deed did, with a button that takes it back; without an entry, that there was nothing to do."""
        level = messages.SUCCESS if entry else messages.INFO
        way_back = f"undo-{entry.pk}" if entry and entry.ways else ""
        self.message_user(request, told, level, extra_tags=way_back)  # templates/admin/base_site.html shows it

    # What is done on these pages stands in the journal, whatever model they are for.

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        journal.record(Deed.ADDED, by=whose(request), about=obj)
        return super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        if message:  # saved as it was, nothing was done
            self.note(request, obj, message)
        return super().log_change(request, obj, message)

    def note(self, request: HttpRequest, obj: Any, message: Any) -> None:
        """Writes a change of one row into the journal; `message` is Django's, structured or in words."""
        told = (
            message if isinstance(message, str) else LogEntry(change_message=json.dumps(message)).get_change_message()
        )
        journal.record(Deed.EDITED, by=whose(request), about=obj, told=told)

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        for obj in queryset:
            journal.record(Deed.DELETED, by=whose(request), about=obj)
        return super().log_deletions(request, queryset)

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:
        """Only what a filter of the list offers.

        Django allows any column of the model in a list's address: `?exact__contains=…` would tell a curator, word
        by word, what a reader has marked.
        """
        offered: set[Any] = {self.date_hierarchy, *self.lookups}
        offered |= {name for one in self.get_list_filter(request) for name in _columns(one)}
        return lookup.split("__", maxsplit=1)[0] in offered and super().lookup_allowed(lookup, value, request)


def _columns(list_filter: Any) -> list[Any]:
    """What a filter of a list is called in its address."""
    if isinstance(list_filter, tuple | list):
        return [list_filter[0]]
    name = getattr(list_filter, "parameter_name", list_filter)
    return [str(name).split("__", maxsplit=1)[0], *getattr(list_filter, "other_names", ())]
