"""Every setting of the portal, read from the environment with types, in one place.

With nothing set this describes a local portal (``SITE_URL`` on a loopback address). Anything else is
production: https only, no example data, and it refuses to start with a missing or example secret.
``docs/settings.md`` explains each variable to the person who runs the portal.
"""

import ipaddress
from pathlib import Path
from urllib.parse import urlsplit

import environ
from celery.schedules import crontab
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()


def is_loopback(host: str | None) -> bool:
    """Whether a host name means this very machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host or "").is_loopback
    except ValueError:
        return False


def secret(name: str, example: str) -> str:
    """A secret from the environment; the example value serves local use alone.

    :raises ImproperlyConfigured: in production when it is missing or still the example
    """
    value = env.str(name, default=example)
    if not LOCAL and (not value or value == example or value.startswith("example-")):
        raise ImproperlyConfigured(f"Set {name} to a secret of your own: SITE_URL is not a loopback address.")
    return value


# Where the portal lives

SITE_URL = env.str("SITE_URL", default="http://localhost:8000").rstrip("/")
_site = urlsplit(SITE_URL)
if _site.scheme not in ("http", "https") or not _site.hostname or _site.path:
    raise ImproperlyConfigured(f"SITE_URL must be like https://portal.example.org, not {SITE_URL!r}.")
LOCAL = is_loopback(_site.hostname)
if not LOCAL and _site.scheme != "https":
    raise ImproperlyConfigured("SITE_URL must start with https:// unless it is a loopback address.")

DEBUG = env.bool("DEBUG", default=False)
if DEBUG and not LOCAL:
    raise ImproperlyConfigured("DEBUG can only be on when SITE_URL is a loopback address.")

SITE_NAME = "ChATR portal"
SECRET_KEY = secret("SECRET_KEY", "example-secret-key-for-local-use-only-0123456789abcdefghij")
# Fernet keys, newest first: the first encrypts, all of them decrypt. See chatr/encryption.
FIELD_KEYS = secret("FIELD_KEYS", "nw2Hwmb4jmUDEbBbNYQ3Zt2LbBqBNHn2NrsAWXYHbUs=").split(",")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"] if LOCAL else [_site.hostname])
CSRF_TRUSTED_ORIGINS = [SITE_URL]
# The conference area as a whole: address, menu and queries. Off until somebody switches it on, but for example data.
CONFERENCES_ENABLED = env.bool("CONFERENCES_ENABLED", default=LOCAL)
CLOSED_AREAS = () if CONFERENCES_ENABLED else ("conferences",)
EXIT_URL = env.str("EXIT_URL", default="https://www.bbc.co.uk/weather")  # where "Exit this page" leads
if urlsplit(EXIT_URL).scheme != "https" or not urlsplit(EXIT_URL).hostname:
    raise ImproperlyConfigured("EXIT_URL must be a full address that starts with https://")
PROGRAMME_EMAIL = env.str("PROGRAMME_EMAIL", default="chatr@example.org")

# Apps: the kernel first, then the areas built on it

INSTALLED_APPS = [
    "chatr.database",  # before django.core's commands: its migrate also grants rights and lays reference data
    "chatr.staff.apps.StaffAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "django.contrib.sitemaps",
    "chatr.accounts",
    "chatr.audit",
    "chatr.notifications",
    "chatr.files",
    "chatr.workdays",
    "chatr.links",
    "chatr.encryption",
    "chatr.retention",
    "chatr.privacy",
    "chatr.help_contacts",
    "chatr.pages",
    "chatr.web",
    "chatr.examples",
    "training",
    "conferences",
    "engagement.directory",
    "engagement",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "crispy_forms",
    "crispy_forms_gds",
    "csp",
]

MIDDLEWARE = [
    "engagement.directory.middleware.OpenFeed",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "chatr.web.middleware.PrivacyHeaders",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "chatr.accounts.middleware.SecondFactorRequired",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "chatr.urls"
WSGI_APPLICATION = "chatr.wsgi.application"

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
                "csp.context_processors.nonce",
                "chatr.web.context_processors.site",
            ],
        },
    }
]

# Database: two roles. DATABASE_URL is the app role, which owns nothing; DATABASE_OWNER_URL is used by migrations alone.

DATABASE_URL = env.str("DATABASE_URL", default="postgres://portal_app@127.0.0.1:5432/portal")


def database(url: str) -> dict:
    """Connection settings that hold behind PgBouncer in transaction mode."""
    return env.db_url_config(url) | {
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": True,
        "ATOMIC_REQUESTS": False,  # operations own their transactions; a refusal must not undo its own audit event
    }


DATABASES = {"default": database(DATABASE_URL)}
if DATABASE_OWNER_URL := env.str("DATABASE_OWNER_URL", default=""):
    DATABASES["owner"] = database(DATABASE_OWNER_URL)
APP_DATABASE_ROLE = DATABASES["default"].get("USER") or "portal_app"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Broker, cache and background work

REDIS_URL = env.str("REDIS_URL", default="redis://127.0.0.1:6379/0")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "OPTIONS": {"socket_timeout": 2, "socket_connect_timeout": 2},  # seconds; a page never waits longer for it
    }
}
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A worker keeps its database connection between tasks, as a web process does between requests (see chatr/celery.py);
# left alone Celery opens one for each task, which costs more than most tasks do.
CELERY_DB_REUSE_MAX = 10**9
# A page that queued a message never waits long for a broker that is down: beat's scan sends it anyway.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_timeout": 2,
    "socket_connect_timeout": 2,
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0,
    "interval_max": 0,
    "connect_retries_timeout": 2,
}
CELERY_TIMEZONE = "Europe/London"
CELERY_BEAT_SCHEDULE = {
    "send-due-messages": {"task": "chatr.notifications.tasks.send_due_messages", "schedule": 60.0},
    "say-beat-is-alive": {"task": "chatr.notifications.tasks.say_beat_is_alive", "schedule": 60.0},
    "keep-only-what-we-must": {"task": "chatr.retention.tasks.run_retention", "schedule": 24 * 3600.0},
    "propose-disposals": {"task": "conferences.tasks.propose_disposals", "schedule": 24 * 3600.0},
    # Several times in the morning, so that one missed run costs no day; nobody is asked twice.
    "remind-editors": {"task": "engagement.directory.tasks.remind_editors", "schedule": crontab(hour="9-12", minute=0)},
    "refresh-listings": {"task": "engagement.directory.tasks.refresh_listings", "schedule": 3600.0},
    "rebuild-words": {"task": "engagement.directory.tasks.rebuild_words", "schedule": crontab(hour=3, minute=20)},
    "look-for-lookalikes": {
        "task": "engagement.directory.tasks.look_for_lookalikes",
        "schedule": crontab(hour=3, minute=40),
    },
}

# Mail. Replies go to the programme's mailbox; the local catcher listens where script/run says.

vars().update(env.email_url("EMAIL_URL", default="smtp://127.0.0.1:1025"))
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default=f"ChATR portal <{PROGRAMME_EMAIL}>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# People

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["chatr.accounts.backends.PersonBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "pages:home"
ACCOUNT_ADAPTER = "chatr.accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1"]  # without a password: an e-mailed code each time
ACCOUNT_FORMS = {
    "login": "chatr.accounts.forms.LoginForm",
    "signup": "chatr.accounts.forms.SignUpForm",
    "add_email": "chatr.accounts.forms.AddEmailForm",
    "change_password": "chatr.accounts.forms.ChangePasswordForm",
    "set_password": "chatr.accounts.forms.SetPasswordForm",
    "reset_password": "chatr.accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "chatr.accounts.forms.ResetPasswordKeyForm",
    "reauthenticate": "chatr.accounts.forms.ReauthenticateForm",
    "request_login_code": "chatr.accounts.forms.RequestLoginCodeForm",
    "confirm_login_code": "chatr.accounts.forms.ConfirmLoginCodeForm",
}
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
ACCOUNT_LOGOUT_REDIRECT_URL = "pages:home"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_PREVENT_ENUMERATION = True  # signing up, in and resetting say the same for known and unknown addresses
ACCOUNT_LOGIN_TIMEOUT = 60 * 60  # how long the first browser may wait for the link to be opened in another
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
# Tries per minute and so on: "/ip" by the client's address, "/key" by the e-mail address, "/user" by the person.
ACCOUNT_RATE_LIMITS = {
    "signup": "20/m/ip",
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/300s/key",
    "request_login_code": "20/m/ip,3/m/key",
    "confirm_email": "1/180s/key",
    "reset_password": "20/m/ip,5/m/key",
    "reset_password_from_key": "20/m/ip",
    "change_password": "5/m/user",
    "manage_email": "10/m/user",
    "reauthenticate": "10/m/user",
}
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_DEFAULT_HTTP_PROTOCOL = _site.scheme
MFA_ADAPTER = "chatr.accounts.adapter.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "chatr.accounts.forms.SecondStepForm",
    "reauthenticate": "chatr.accounts.forms.SecondStepAgainForm",
    "activate_totp": "chatr.accounts.forms.ActivateTOTPForm",
    "add_webauthn": "chatr.accounts.forms.AddPasskeyForm",
    "edit_webauthn": "chatr.accounts.forms.EditPasskeyForm",
}
MFA_RATE_LIMITS = {"webauthn_login": "10/m/ip"}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = SITE_NAME
MFA_TOTP_TOLERANCE = 1
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = LOCAL
USERSESSIONS_TRACK_ACTIVITY = False

# Sessions and cookies

SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
SESSION_COOKIE_AGE = 60 * 60 * 12
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not LOCAL
SESSION_COOKIE_NAME = "sessionid" if LOCAL else "__Host-sessionid"
CSRF_COOKIE_NAME = "csrftoken" if LOCAL else "__Host-csrftoken"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
CSRF_FAILURE_VIEW = "chatr.pages.views.csrf_failure"

# Security

SECURE_SSL_REDIRECT = not LOCAL
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 0 if LOCAL else 60 * 60 * 24 * 365 * 2
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = not LOCAL
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_REFERRER_POLICY = "same-origin"
if env.bool("BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    # How many proxies of ours add to X-Forwarded-For; without BEHIND_PROXY nobody's word for an address is taken.
    ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", default=1)
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}

# Static files: hashed names, served by the web process itself

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static" / "built", BASE_DIR / "chatr" / "staff" / "static"]
STATIC_ROOT = env.path("STATIC_ROOT", default=str(BASE_DIR / "var" / "static"))()
STORAGES = {
    "default": {"BACKEND": "chatr.files.storage.NoDefaultStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# Private files live in Postgres rows unless a bucket is named (chatr/files).
FILES_S3_BUCKET = env.str("FILES_S3_BUCKET", default="")
FILES_MAX_BYTES = env.int("FILES_MAX_BYTES", default=10 * 1024 * 1024)
DATA_UPLOAD_MAX_MEMORY_SIZE = FILES_MAX_BYTES
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

# Forms and words

CRISPY_ALLOWED_TEMPLATE_PACKS = ["gds"]
CRISPY_TEMPLATE_PACK = "gds"
CRISPY_CLASS_CONVERTERS = {
    f"{kind}input": "govuk-input" for kind in ("number", "url", "tel", "time", "date", "datetime", "search")
} | {"fileinput": "govuk-file-upload"}
LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_TZ = True
USE_I18N = True
DATE_FORMAT = "l j F Y"
FORMAT_MODULE_PATH = ["chatr.formats"]

# Logs: ids and addresses of pages, never what people wrote

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"()": "chatr.web.logs.WithoutWords", "format": "%(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": [], "level": "INFO"},  # without Django's own: it would mail errors with what was sent
        **{name: {"level": "INFO"} for name in ("chatr", "training", "conferences")},
    },
}
