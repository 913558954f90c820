"""The WSGI application of the unit page, for whichever server a bench starts."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.harness.unit")

application = get_wsgi_application()
