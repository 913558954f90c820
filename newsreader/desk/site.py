"""The curators' site. What somebody may not open is as missing there as what doesn't exist."""

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar, cast

from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from newsreader.accounts.models import User

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


class DeskSite(AdminSite):
    """Django's admin site: visitors are sent to sign in, readers and curators without the right get a 404."""

    site_header = _("Newsreader desk")
    site_title = _("Newsreader desk")
    index_title = _("The desk")
    empty_value_display = "–"

    def __init__(self, name: str = "admin") -> None:
        super().__init__(name)
        self.disable_action("delete_selected")  # what goes for ever, goes one by one

    def admin_view(self, view: View, cacheable: bool = False) -> View:
        guarded = super().admin_view(view, cacheable)

        @wraps(guarded)
        def found(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.user.is_authenticated and not self.has_permission(request):
                raise Http404
            try:
                return guarded(request, *args, **kwargs)
            except PermissionDenied:
                raise Http404 from None

        return cast(View, found)

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """What waits for whoever asks, above Django's list of all there is."""
        from newsreader.desk.front import waiting  # noqa: PLC0415 models are not loaded when the site is made

        return super().index(request, {**waiting(cast("User", request.user)), **(extra_context or {})})

    def password_change(  # type: ignore[override]
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponseBase:
        """One's own password is changed on one's own account page, which limits guesses at the present one."""
        return redirect("accounts:account")

    def get_urls(self) -> list[Any]:
        """Without “view on site”, which tells the address, and with it the title, of any row of any model."""
        from newsreader.desk import queue_pages  # noqa: PLC0415 models are not loaded when the site is made
        from newsreader.desk.front import publish  # noqa: PLC0415

        ours = [
            path("articles/article/<int:pk>/publish/", self.admin_view(publish), name="publish_draft"),
            *queue_pages.urls(self.admin_view),
        ]
        return [*ours, *(url for url in super().get_urls() if getattr(url, "name", "") != "view_on_site")]
