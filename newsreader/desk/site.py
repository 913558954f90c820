"""The curators' site. What somebody may not open is as missing there as what doesn't exist."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


class DeskSite(AdminSite):
    """Django's admin site: visitors are sent to sign in, readers and curators without the right get a 404."""

    site_header = "Newsreader desk"
    site_title = "Newsreader desk"
    index_title = "The desk"
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

    def password_change(  # type: ignore[override]
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponseBase:
        """One's own password is changed on one's own account page, which limits guesses at the present one."""
        return redirect("accounts:account")

    def get_urls(self) -> list[Any]:
        """Without “view on site”, which tells the address, and with it the title, of any row of any model."""
        return [url for url in super().get_urls() if getattr(url, "name", "") != "view_on_site"]
