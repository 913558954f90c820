"""The site's own addresses, and the unit page."""

from django.urls import path

from bench.harness.unit import unit
from newsreader.urls import *  # noqa: F403 the handlers too
from newsreader.urls import urlpatterns as site

urlpatterns = [path("unit/", unit), *site]
