"""Settings of Zentrum. Whatever a town changes comes from the environment (zentrum/env.py)."""

from pathlib import Path
from typing import Any

from celery.schedules import crontab, schedule
from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _

from zentrum import env

BASE_DIR = Path(__file__).resolve().parent.parent

DEBUG = env.flag("DEBUG", default=False)
DEMO = env.flag("DEMO", default=False)  # a local try-out: staff may sign in without a second factor
HTTPS = env.flag("HTTPS", default=True)  # a TLS-terminating proxy stands in front
SECRET_KEY = env.text("SECRET_KEY")
ALLOWED_HOSTS = env.hosts("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
BASE_URL = env.address("BASE_URL", default="http://localhost:8000")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "django.contrib.humanize",  # a template of allauth loads it
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "crispy_forms",
    "csp",
    "django_htmx",
    "leaflet",
    "pgtrigger",
    "pghistory",
    "zentrum.common",
    "zentrum.accounts",
    "zentrum.office",
    "zentrum.files",
    "zentrum.mail",
    "actors",
    "projects",
    "contacts",
    "zentrum.portal",
    "zentrum.local",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "zentrum.common.middleware.refuse_null_bytes",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "zentrum.common.invisible.EmptyInvisibleText",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "zentrum.accounts.middleware.require_second_factor",
    "zentrum.office.middleware.HistoryMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "zentrum.urls"
WSGI_APPLICATION = "zentrum.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

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
                "django.template.context_processors.i18n",
                "csp.context_processors.nonce",
                "zentrum.office.context.office",
            ],
        },
    }
]
FORM_RENDERER = "zentrum.common.rendering.FormRenderer"
CRISPY_ALLOWED_TEMPLATE_PACKS = ("kern",)
CRISPY_TEMPLATE_PACK = "kern"

# --- database, cache, queue -------------------------------------------------------------------

DATABASES = {"default": env.database("DATABASE_URL")}
DATABASES["default"] |= {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}
# Three round trips less for each choice of a form; PgBouncer does not know them either.
DATABASES["default"]["DISABLE_SERVER_SIDE_CURSORS"] = True

REDIS_URL = env.redis("REDIS_URL")
CACHES = {
    "default": {
        "BACKEND": "zentrum.common.cache.ForgivingRedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "zentrum",
    }
}

CELERY_BROKER_URL = REDIS_URL
CELERY_IMPORTS = [
    "actors.duplicates.tasks",
    "actors.exchange.tasks",
    "actors.privacy.tasks",
    "contacts.followups.tasks",
    "contacts.mailbox.tasks",
    "zentrum.mail.tasks",
]
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3600,  # longer than the longest task (an import)
    "socket_connect_timeout": 2,
    "socket_timeout": 10,
    "max_retries": 0,  # by default a refused connection holds a request for six seconds
}
CELERY_TASK_PUBLISH_RETRY = False  # a broker that is down never holds a request; the tick sweeps
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE = {
    "tick": {
        "task": "contacts.followups.tasks.tick",
        "schedule": schedule(run_every=60),
        "options": {"expires": 55},
    },
    "duplicates": {
        "task": "actors.duplicates.tasks.find_duplicates",
        "schedule": crontab(hour="1", minute="17"),
    },
    "retention": {
        "task": "actors.privacy.tasks.propose_retention",
        "schedule": crontab(hour="2", minute="23"),
    },
    "disclosures": {
        "task": "actors.privacy.tasks.remove_old_disclosures",
        "schedule": crontab(hour="2", minute="41"),
    },
}

# --- people -----------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
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
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "portal:door"
LOGOUT_REDIRECT_URL = "portal:start"

ACCOUNT_ADAPTER = "zentrum.mail.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # accounts are made by the office, not by sign-up
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 900  # seconds; the code comes by mail
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_RATE_LIMITS = {"login_failed": "60/m/ip"}  # django-axes locks, and says so
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if HTTPS else 0
MFA_ALLOW_UNVERIFIED_EMAIL = True  # addresses are entered by the office, not by sign-up
MFA_TOTP_ISSUER = "Zentrum"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEBUG

AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 1  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_CALLABLE = "zentrum.accounts.locking.username"
AXES_CLIENT_IP_CALLABLE = "zentrum.accounts.locking.client_address"
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "accounts/locked.html"
AXES_HTTP_RESPONSE_CODE = 429
AXES_VERBOSE = False

# --- languages, dates -------------------------------------------------------------------------

LANGUAGE_CODE = "de"
LANGUAGES = [("de", _("German")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale", BASE_DIR / "locale" / "allauth"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Berlin"
USE_THOUSAND_SEPARATOR = True

# --- static files, uploads, map ---------------------------------------------------------------

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = Path(env.text("STATIC_ROOT", default=str(BASE_DIR / ".local" / "static")))
MEDIA_ROOT = Path(env.text("MEDIA_ROOT", default=str(BASE_DIR / ".local" / "media")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = DEBUG
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024  # a 10 MB text gets our message, not a bare 400
FILE_MAX_MEGABYTES = env.integer("FILE_MAX_MEGABYTES", default=10)

TILE_URL = env.text(
    "TILE_URL",
    default=(
        "https://sgx.geodatenzentrum.de/wmts_basemapde/tile/1.0.0/de_basemapde_web_raster_grau"
        "/default/GLOBAL_WEBMERCATOR/{z}/{y}/{x}.png"
    ),
)
TILE_ATTRIBUTION = env.text("TILE_ATTRIBUTION", default="© GeoBasis-DE / BKG, CC BY 4.0")
TILE_CACHE = Path(env.text("TILE_CACHE", default=str(BASE_DIR / ".local" / "tiles")))
LEAFLET_CONFIG: dict[str, Any] = {
    "TILES": [("basemap.de", "/karte/kacheln/{z}/{x}/{y}.png", {"attribution": TILE_ATTRIBUTION})],
    "DEFAULT_CENTER": (51.0, 10.3),
    "DEFAULT_ZOOM": 15,
    "MIN_ZOOM": 5,
    "MAX_ZOOM": 19,
    "RESET_VIEW": False,
    "SCALE": "metric",
    "ATTRIBUTION_PREFIX": "Leaflet",
    "NO_GLOBALS": False,
}

# --- mail -------------------------------------------------------------------------------------

globals().update(env.mail("EMAIL_URL"))
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", default="zentrum@localhost")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
MAIL_MAX_MEGABYTES = env.integer("MAIL_MAX_MEGABYTES", default=15)  # all files of one mail
UNDO_SECONDS = env.integer("UNDO_SECONDS", default=20)  # an answer waits so long, to be taken back
MAIL_DOMAIN = env.text("MAIL_DOMAIN", default="zentrum.localhost")  # right side of Message-IDs

# --- safety -----------------------------------------------------------------------------------

SECURE_SSL_REDIRECT = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
LANGUAGE_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS", default=[])
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],  # KERN's icons are data addresses in its stylesheet
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
    }
}
PERMISSIONS_POLICY = {
    "camera": [],
    "geolocation": ["self"],
    "microphone": [],
    "payment": [],
    "usb": [],
}
SILENCED_SYSTEM_CHECKS = ["security.W021"]  # HSTS preload is the town's choice, not ours

# --- audit ------------------------------------------------------------------------------------

PGHISTORY_MIDDLEWARE_METHODS = ("POST", "PUT", "PATCH", "DELETE")
PGHISTORY_APPEND_ONLY = False  # erasure on request (Art. 17 GDPR) must reach the history too

LOG_LEVELS = ["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"]
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "loggers": {"axes": {"level": "WARNING"}},
    "root": {"handlers": ["console"], "level": env.choice("LOG_LEVEL", LOG_LEVELS, default="INFO")},
}
