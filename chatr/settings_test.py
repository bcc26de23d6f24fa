"""The settings the test suite runs under: the real ones, made quick and able to build a test database."""

from .settings import *  # noqa: F403
from .settings import DATABASE_OWNER_URL, DATABASE_URL, database

# Tests create their database as the owner, then every test speaks as the app role (chatr/testing/fixtures.py).
DATABASES = {"default": database(DATABASE_OWNER_URL or DATABASE_URL) | {"CONN_MAX_AGE": 0}}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = STORAGES | {  # noqa: F405
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
}
SITE_URL = "http://localhost:8000"
SESSION_ENGINE = "django.contrib.sessions.backends.db"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
