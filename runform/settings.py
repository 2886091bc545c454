"""All settings.  The environment is read here and nowhere else; analysis has its own knobs, none of them here."""

import os
import socket
import sys
from pathlib import Path
from typing import Any

import django_stubs_ext
import structlog
from csp.constants import NONE, SELF, UNSAFE_INLINE
from django.utils.translation import gettext_lazy as _

from analysis import ANALYSIS_VERSION
from runform.core import env, sentry
from runform.core.broker import socket_path
from runform.core.limits import Limits
from runform.core.logs import mask
from runform.core.schedule import every

# Lets classes such as ModelAdmin name the model that they are for.
django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent

# --- Where it runs -----------------------------------------------------------------------------------------------
# Without named hosts it answers this machine only, over plain HTTP.  As soon as hosts are named, HTTPS and a secret
# key of one's own are expected.
DEBUG = env.flag("DEBUG", False)
NAMED_HOSTS = env.words("ALLOWED_HOSTS")
ALLOWED_HOSTS = NAMED_HOSTS or ["localhost", "127.0.0.1", "[::1]"]
HTTPS = env.flag("HTTPS", bool(NAMED_HOSTS) and not DEBUG)

VAR_DIR = Path(env.text("VAR_DIR", str(BASE_DIR / "var"))).resolve()
VAR_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
SECRET_KEY = env.secret_key(VAR_DIR, compulsory=HTTPS)
# Earlier ones, the newest first: what they signed or sealed holds.
SECRET_KEY_FALLBACKS = env.words("OLD_SECRET_KEYS")

ROOT_URLCONF = "runform.urls"
ASGI_APPLICATION = "runform.asgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django_htmx",
    "django_structlog",
    "runform.core",
    "runform.accounts",
    "runform.clubs",
    "runform.clips",
    "runform.reports",
    "runform.processing",
    "runform.coaching",
    "runform.desk",
    "runform.api",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "runform.core.metrics.RequestMetricsMiddleware",
    "runform.core.middleware.CompressTextMiddleware",
    "runform.core.middleware.RequestLogMiddleware",
    "runform.core.middleware.RequestIdMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "runform.core.middleware.NulMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "runform.core.middleware.PermissionsPolicyMiddleware",
    "runform.core.middleware.PrivateMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "runform.clubs.middleware.AskedOnceMiddleware",
    "runform.clubs.middleware.SecondStepMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "runform.accounts.middleware.TimeZoneMiddleware",
    "runform.accounts.middleware.LostSecretMiddleware",
    "runform.clubs.middleware.ViewerLogMiddleware",
    "runform.api.middleware.ApiProblemsMiddleware",
    "runform.core.middleware.PressAgainMiddleware",
    "runform.core.middleware.HeadMiddleware",
]

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "runform.accounts.context.speed_unit",
                "runform.clubs.context.navigation",
                "runform.desk.context.notifications",
            ],
        },
    },
]

# --- What is kept, and where ---------------------------------------------------------------------------------------
DATABASES = {"default": env.database("DATABASE_URL", f"sqlite://{VAR_DIR / 'db.sqlite3'}")}

MEDIA_ROOT = VAR_DIR / "media"  # no MEDIA_URL: people's videos leave through authorised views only
STATIC_ROOT = VAR_DIR / "static"
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
WORK_DIR = VAR_DIR / "work"  # attempts of jobs; nothing of worth stays here
FILE_UPLOAD_TEMP_DIR = VAR_DIR / "tmp"
for folder in (STATIC_ROOT, FILE_UPLOAD_TEMP_DIR):
    folder.mkdir(exist_ok=True)
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700

# Hashed names once `collectstatic` has run; straight from the folders before that and while developing.
COLLECTED = not DEBUG and ("collectstatic" in sys.argv or (STATIC_ROOT / "staticfiles.json").exists())
WHITENOISE_USE_FINDERS = not COLLECTED
STORAGES = {
    "default": env.media_storage(),
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if COLLECTED
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

# Several web processes count failed logins together, in Redis; one alone needs no Redis for it.  Large things that can
# be made again at any time stay in the process.
CACHES = {"default": env.shared_cache("REDIS_URL"), "process": env.PROCESS_CACHE}

LIMITS = Limits.from_env()
DATA_UPLOAD_MAX_MEMORY_SIZE = LIMITS.form_bytes

# --- The queue -----------------------------------------------------------------------------------------------------
# The Job row is the truth and the reaper the only one to retry; so messages are acknowledged early, there are no
# results, and a lost message costs a minute.
CELERY_BROKER_URL = env.text("REDIS_URL", f"redis+socket://{socket_path(VAR_DIR)}")
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_connect_timeout": 3, "socket_keepalive": True}
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0, "interval_step": 0.2, "interval_max": 0.5}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = False
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_CONCURRENCY = env.integer("WORKER_CONCURRENCY", 1)
CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_TIMEZONE = "UTC"
# Upkeep has a queue of its own: it must not wait behind a clip.
CELERY_TASK_DEFAULT_QUEUE = "clips"
CELERY_TASK_ROUTES = {
    "accounts.*": {"queue": "upkeep"},
    "desk.*": {"queue": "upkeep"},
    "processing.reap": {"queue": "upkeep"},
    "processing.tend_uploads": {"queue": "upkeep"},
    "processing.renew": {"queue": "upkeep"},
    "coaching.*": {"queue": "upkeep"},
    # Taken in turns with the upkeep: however many ring here, the reaper waits for one turn of calls at most.
    "api.webhooks": {"queue": "webhooks"},
    "api.*": {"queue": "upkeep"},
}
REAP_S = env.integer("REAP_SECONDS", 30)
# Messages bear no times, for hosts' clocks differ: `expires` would be the sender's time in the receiver's eyes.  What
# piled up while nobody was there is thrown away at the start (`worker --purge`); the rows know all that is to be done.
CELERY_BEAT_SCHEDULE = {
    "reap": {"task": "processing.reap", "schedule": every(seconds=REAP_S)},
    "tend_uploads": {"task": "processing.tend_uploads", "schedule": every(seconds=2 * REAP_S)},
    "renew": {"task": "processing.renew", "schedule": every(seconds=REAP_S)},
    "purge": {"task": "desk.purge", "schedule": every(hours=1)},
    "seal": {"task": "accounts.seal", "schedule": every(hours=1)},
    "remind": {"task": "desk.remind", "schedule": every(hours=6)},
    "clearsessions": {"task": "desk.clearsessions", "schedule": every(days=1)},
    "trends": {"task": "desk.trends", "schedule": every(minutes=2)},
    "mails": {"task": "coaching.mails", "schedule": every(minutes=5)},
    "webhooks": {"task": "api.webhooks", "schedule": every(seconds=30)},
    "api_forget": {"task": "api.forget", "schedule": every(hours=1)},
}
# The analyser, run as a child process of the task.
ANALYSER_COMMAND = [sys.executable, "-m", "analysis"]
RENDERER_COMMAND = [sys.executable, "-m", "analysis.render"]
# What it may read besides its clip, the pose model and the system.
ANALYSER_READS = [BASE_DIR / "analysis"]

# --- Watched from outside -------------------------------------------------------------------------------------------
# Of this host alone: numbers of processes are no names across hosts that share a folder.  The library reads the
# variable when it is first imported.
METRICS_DIR = Path(env.text("METRICS_DIR", str(VAR_DIR / "metrics" / socket.gethostname())))
METRICS_DIR.mkdir(parents=True, exist_ok=True)
os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(METRICS_DIR)
# /metrics answers whoever says this token; without one there is no such page.
METRICS_TOKEN = env.text("METRICS_TOKEN", "")
if SENTRY_DSN := env.text("SENTRY_DSN", ""):
    sentry.start(SENTRY_DSN, f"runform@{ANALYSIS_VERSION}")

# --- People ----------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_SIGNUP_FORM_CLASS = "runform.accounts.signup.NameForm"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_DISPLAY = "runform.accounts.models.user_display"
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_CONFIRM_EMAIL_ON_GET = False
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
ACCOUNT_LOGOUT_REDIRECT_URL = "home"
ACCOUNT_EMAIL_SUBJECT_PREFIX = "[RunForm] "
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HTTPS else "http"
ACCOUNT_SESSION_REMEMBER = True
# Whoever sits down at an open page does not take the account over; and its owner hears of each change.
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
# A second step at login: offered to everybody, and asked of those who see other people's videos and of staff.
SECOND_STEP_REQUIRED = env.flag("SECOND_STEP_REQUIRED", HTTPS)
MFA_ADAPTER = "runform.accounts.second_step.Adapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "RunForm"
MFA_TOTP_TOLERANCE = 1  # the clocks of phones differ by some seconds
# Who changes their address keeps their second step.  Nobody gets this far before their first address is checked.
MFA_ALLOW_UNVERIFIED_EMAIL = True
# Over plain HTTP browsers allow passkeys on this machine only, and so its origin is let through.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS

globals().update(env.email("EMAIL_URL"))
EMAIL_TIMEOUT = 10
# Where links in e-mails lead that no request asked for.
SITE_URL = env.text("SITE_URL", f"https://{NAMED_HOSTS[0]}" if HTTPS else "http://127.0.0.1:8000").rstrip("/")
DEFAULT_FROM_EMAIL = env.text("EMAIL_FROM", "RunForm <no-reply@localhost>")

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "UTC"
USE_TZ = True

# --- Security --------------------------------------------------------------------------------------------------------
CSRF_TRUSTED_ORIGINS = [f"https://{host.lstrip('.')}" for host in NAMED_HOSTS if "*" not in host] if HTTPS else []
SECURE_SSL_REDIRECT = HTTPS
BEHIND_PROXY = env.flag("BEHIND_PROXY", False)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
# Limits are kept per visitor, whom the proxy names last in X-Forwarded-For; all before that may be made up.
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if BEHIND_PROXY else 0
# The container's own health check and Prometheus speak plain HTTP.
SECURE_REDIRECT_EXEMPT = [r"^health$", r"^metrics$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
# With this prefix a browser takes them from this very host alone, and not from a neighbour of the same domain.
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = (f"{'__Host-' if HTTPS else ''}{name}" for name in ("sessionid", "csrftoken"))
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF, UNSAFE_INLINE],  # the chart library writes style elements
        "img-src": [SELF, "data:", "blob:"],
        "media-src": [SELF, "blob:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# Webhooks call public addresses only.  For a club's own server in the same network, and for tests.
WEBHOOKS_TO_PRIVATE_ADDRESSES = env.flag("WEBHOOKS_TO_PRIVATE_ADDRESSES", False)

# --- Logs: one JSON object a line (plain text while developing), with request, job and clip ---------------------------
DJANGO_STRUCTLOG_CELERY_ENABLED = True
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False  # a line names a person by a number that dies with the account
LOG_STEPS: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.stdlib.PositionalArgumentsFormatter(),
]
structlog.configure(
    processors=[*LOG_STEPS, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
    logger_factory=structlog.stdlib.LoggerFactory(),
    wrapper_class=structlog.stdlib.BoundLogger,
    cache_logger_on_first_use=True,
)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": structlog.stdlib.ProcessorFormatter,
            "foreign_pre_chain": LOG_STEPS,
            "processors": [
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                mask,
                structlog.dev.ConsoleRenderer(colors=False)
                if DEBUG
                else structlog.processors.JSONRenderer(default=str),
            ],
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": env.text("LOG_LEVEL", "INFO")},
    "loggers": {
        "django": {"handlers": [], "level": "INFO"},
        "uvicorn.access": {"handlers": [], "level": "WARNING", "propagate": False},
    },
}
