"""The map of the house: readers' pages, accounts, and the curators' desk."""

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.generic import RedirectView

urlpatterns = [
    path("", include("newsreader.reading.urls")),
    path("accounts/", include("newsreader.accounts.urls")),
    # The admin has a sign-in page of its own, without limits: ours stands in front of it.
    path(
        "desk/login/",
        login_not_required(RedirectView.as_view(pattern_name="accounts:sign-in", query_string=True)),
    ),
    path("desk/", admin.site.urls),
]

handler400 = "newsreader.reading.errors.bad_request"
handler403 = "newsreader.reading.errors.forbidden"
handler404 = "newsreader.reading.errors.missing"
handler500 = "newsreader.reading.errors.broken"
