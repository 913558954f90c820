"""Settings: all from the environment, each with a default that works on a bare machine (table in README.md)."""

import os
from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONE, SELF

from newsreader import environment

BASE_DIR = Path(__file__).resolve().parent.parent
VAR = Path(os.environ.get("NEWSREADER_VAR") or BASE_DIR / "var")

SECRET_KEY = os.environ.get("NEWSREADER_SECRET_KEY") or environment.secret_key(VAR / "secret_key")
DEBUG = environment.flag("NEWSREADER_DEBUG", default=False)

# Where readers reach it. Everything that depends on https follows from this one address.
URL = environment.address("NEWSREADER_URL", default="http://127.0.0.1:8000")
HTTPS = URL.startswith("https://")
ALLOWED_HOSTS = [urlsplit(URL).hostname or "", "127.0.0.1", "localhost", "[::1]"]
if extra := os.environ.get("HOST", "").strip():
    ALLOWED_HOSTS += ["*"] if extra in {"0.0.0.0", "::"} and not HTTPS else [extra]  # noqa: S104
CSRF_TRUSTED_ORIGINS = [URL]
# How many proxies stand in front: 0 believes no forwarded header, 1 believes the last one's.
PROXIES = environment.number("NEWSREADER_PROXIES", default=1 if HTTPS else 0)

# What readers may do
OPEN_READING = environment.flag("NEWSREADER_OPEN_READING", default=True)
SIGNUP = environment.flag("NEWSREADER_SIGNUP", default=False)
# What may be fetched beyond the public web: everything else of this machine's network is refused.
FETCH_ALLOW = environment.allowed("NEWSREADER_FETCH_ALLOW")
INVITATION_DAYS = environment.number("NEWSREADER_INVITATION_DAYS", default=7, least=1)
# Lets the operator, nobody else, open a reader's note at the desk. Readers are told so, the journal tells each opening.
NOTES_AT_DESK = environment.flag("NEWSREADER_NOTES_AT_DESK", default=False)

INSTALLED_APPS = [
    "newsreader.accounts",
    "newsreader.articles",
    "newsreader.annotations",
    "newsreader.intake",
    "newsreader.search",
    "newsreader.reading",
    "newsreader.desk",
    "newsreader.desk.apps.DeskAdminConfig",  # django.contrib.admin on our own site
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "django_tasks_db",
    "csp",
]

MIDDLEWARE = [
    "newsreader.health.HealthMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Pages become a fifth of their size. From sizes a secret beside a stranger's words could be guessed (BREACH): but
    # Django masks the CSRF token anew for every page, and this middleware adds up to 100 random bytes.
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "newsreader.replicas.middleware.ReplicaMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "newsreader.accounts.middleware.LanguageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "newsreader.accounts.middleware.WhoseMiddleware",
    "newsreader.accounts.middleware.SignInRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "newsreader.urls"
WSGI_APPLICATION = "newsreader.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "newsreader.accounts.context.look",
                "newsreader.reading.context.shell",
            ],
        },
    },
]

DATABASES = environment.databases(VAR / "newsreader.sqlite3")
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # WAL lets readers read while one writes. IMMEDIATE takes the write lock before a transaction reads, so
    # that two writers wait for each other and don't fail. FULL: what was answered survives a power cut.
    DATABASES["default"]["OPTIONS"] = {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-16000;",
    }
    # A file, not memory: browser tests write from several threads.
    DATABASES["default"]["TEST"] = {"NAME": str(VAR / "test.sqlite3")}
REPLICAS = tuple(alias for alias in DATABASES if alias != "default")
REPLICA_LAG = environment.number("DATABASE_REPLICA_LAG", default=10)  # seconds that one may be behind
DATABASE_ROUTERS = ["newsreader.replicas.router.Router"] if REPLICAS else []
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Accounts
AUTH_USER_MODEL = "accounts.User"
LOGIN_URL = "accounts:sign-in"
LOGIN_REDIRECT_URL = "reading:library"
LOGOUT_REDIRECT_URL = "reading:library"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

# Language and time
LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", "English"), ("de", "Deutsch")]  # each in its own words
LOCALE_PATHS = [BASE_DIR / "newsreader/locale"]
FORMAT_MODULE_PATH = ["newsreader.locale"]  # dates: only what we write otherwise than Django
TIME_ZONE = os.environ.get("NEWSREADER_TIME_ZONE") or "UTC"
USE_TZ = True

# Static files: hashed names, so that a browser keeps them for ever.
STATIC_URL = "static/"
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "newsreader.storage.HashedStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_KEEP_ONLY_HASHED_FILES = True

# Safety
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 90
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True  # forms and hx-headers carry the token, so no script needs the cookie
CSRF_FAILURE_VIEW = "newsreader.reading.errors.csrf_failure"
if HTTPS:
    # The proxy that ends TLS sends this header; without a proxy nobody reaches the https address.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
DATA_UPLOAD_MAX_MEMORY_SIZE = 8 * 1024 * 1024

# Work behind the pages: the queue is a table, so that it needs nothing more and is saved with what it belongs to.
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
WORKER_THREADS = environment.number("NEWSREADER_WORKER_THREADS", default=4)

IMPORT_LIMIT = environment.number("NEWSREADER_IMPORT_MB", default=20) * 1_000_000  # a file of articles, in bytes
# Documents that are uploaded (newsreader.intake), in bytes, files and seconds: what one request may bring at the desk,
# and what is taken of it.
UPLOAD_MOST = max(50_000_000, IMPORT_LIMIT + 1_000_000)
UPLOAD_LIMITS = {
    "document": 5_000_000,
    "documents": 300,
    "entries": 2_000,  # of an archive
    "unpacked": 50_000_000,
    "ratio": 100,  # of an entry unpacked to packed
    "depth": 10,  # folders
    "seconds": 20,
}
# The same for readers, who send their files one by one where there is script.
READER_UPLOAD_MOST = 50_000_000
READER_UPLOAD_LIMITS = {**UPLOAD_LIMITS, "documents": 50, "entries": 500}
DATA_UPLOAD_MAX_NUMBER_FILES = 300
FILE_UPLOAD_HANDLERS = [
    "newsreader.intake.receiving.Limited",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "filters": {"not-repeated": {"()": "newsreader.replicas.middleware.NotRepeated"}},
    "loggers": {
        "newsreader.replicas": {"level": "INFO"},  # says when one is used, as it says when one is not
        "django.request": {"filters": ["not-repeated"]},
    },
}
