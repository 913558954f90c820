"""The WSGI application that the server in `make run` loads."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsreader.settings")

application = get_wsgi_application()

# What is loaded by now stays for ever, and a page makes thousands of small objects that go with it: the collector
# need look neither at the one nor so often for the other.
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 20)
