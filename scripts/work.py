"""The worker beside the web server: `manage.py worker`, for as long as the one who started it is there."""

import os

import django
from django.core.management import call_command

from scripts.serve import end_with_parent

if __name__ == "__main__":
    end_with_parent()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsreader.settings")
    django.setup()
    call_command("worker")
