"""The project's own WSGI application, with the unit page, for whichever server a bench starts."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.harness.unit")

from newsreader.wsgi import application

__all__ = ["application"]
