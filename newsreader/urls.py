"""The map of the house: readers' pages, accounts, and the curators' desk."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("newsreader.reading.urls")),
    path("accounts/", include("newsreader.accounts.urls")),
    path("desk/", admin.site.urls),
]

handler400 = "newsreader.reading.errors.bad_request"
handler403 = "newsreader.reading.errors.forbidden"
handler404 = "newsreader.reading.errors.missing"
handler500 = "newsreader.reading.errors.broken"
