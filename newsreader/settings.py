"""Settings: all from the environment, each with a default that works on a bare machine (table in README.md)."""

import os
from pathlib import Path
from urllib.parse import urlsplit

import dj_database_url
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

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
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
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
                "newsreader.reading.context.shell",
            ],
        },
    },
]

DATABASES = {
    "default": dj_database_url.config(
        default=f"sqlite:///{VAR / 'newsreader.sqlite3'}", conn_max_age=600, conn_health_checks=True
    )
}
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
LANGUAGES = [("en-gb", _("English"))]
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

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}
