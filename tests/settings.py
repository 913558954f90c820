"""The project's settings, in a folder of this process's own, with what is slow on purpose made quick."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

# Before the settings are read: no test touches the library in var/, or follows this shell's environment.
FOLDER = Path(tempfile.mkdtemp(prefix="newsreader-tests-"))
atexit.register(shutil.rmtree, FOLDER, ignore_errors=True)
for name in [name for name in os.environ if name.startswith(("NEWSREADER_", "DATABASE_REPLICA", "DATABASE_POOLED"))]:
    del os.environ[name]
os.environ["NEWSREADER_VAR"] = str(FOLDER)

from newsreader.settings import *  # noqa: E402, F403
from newsreader.settings import BASE_DIR, DATABASES, PASSWORD_HASHERS, STORAGES  # noqa: E402

# argon2 and hashed static files are tested where they matter.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *PASSWORD_HASHERS]
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
STATIC_ROOT = BASE_DIR / "static"
# A real file, locks and transactions as everywhere; only nobody waits for the disk, since no power cut ends a test.
# Programs that tests start read the project's own settings, and do wait.
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"]["init_command"] += "PRAGMA synchronous=OFF;"
