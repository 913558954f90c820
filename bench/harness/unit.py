"""Settings and URLs of the unit that benches compare with: one tiny page behind the project's own middleware.

The visitor is signed in, with session and user loaded from the database, as for every real page.
"""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from newsreader.settings import *  # noqa: F403 the unit must stand behind the very same settings

ROOT_URLCONF = "bench.harness.unit"
WSGI_APPLICATION = "bench.harness.wsgi.application"


def unit(request: HttpRequest) -> HttpResponse:
    """Who is signed in, and nothing else."""
    return HttpResponse(f"<!doctype html><title>unit</title><p>{request.user.pk}")


urlpatterns = [path("unit/", unit)]
