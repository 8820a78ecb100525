"""Settings of the platform: one code, two ways to run.

`SFERUM_MODE=embedded` (the default) needs no servers: SQLite, a broker in the file system, letters kept in the
outbox, secrets generated on the first start. `SFERUM_MODE=production` has no default for a secret and no
developer's page. Every variable is described in the README.
"""

import os
from hashlib import sha256
from pathlib import Path
from typing import Any

import environ
from whitenoise.compress import Compressor

from common.redis_watch import watched
from common.secrets import load_or_create_secret
from sferum_admin import settings_operation
from sferum_admin.operator_menu import UNFOLD as UNFOLD
from sferum_admin.settings_api import REST_FRAMEWORK as REST_FRAMEWORK
from sferum_admin.settings_api import SPECTACULAR_SETTINGS as SPECTACULAR_SETTINGS
from sferum_admin.settings_operation import CELERY_TASK_DEFAULT_QUEUE as CELERY_TASK_DEFAULT_QUEUE
from sferum_admin.settings_operation import CELERY_TASK_ROUTES as CELERY_TASK_ROUTES
from sferum_admin.settings_operation import OUTBOX_URGENT as OUTBOX_URGENT
from sferum_admin.settings_operation import WORKER_QUEUES as WORKER_QUEUES
from sferum_admin.settings_retention import days as days_kept
from sferum_admin.settings_sign_in import *  # noqa: F403
from sferum_admin.settings_wiring import *  # noqa: F403

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

# --- Mode -----------------------------------------------------------------------------------------------------------
MODE = env.str("SFERUM_MODE", default="embedded")
if MODE not in {"embedded", "production"}:
    raise environ.ImproperlyConfigured("SFERUM_MODE is either «embedded» or «production»")
EMBEDDED = MODE == "embedded"
DEBUG = env.bool("DEBUG", default=False)
DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / "var"))).resolve()
if EMBEDDED:
    DATA_DIR.mkdir(parents=True, exist_ok=True)

# Neither absent nor empty: an empty key would sign links that anybody could make.
_NEEDED = ["SITE_URL", "ALLOWED_HOSTS", "SECRET_KEY", "INVITATION_KEY", "OUTBOX_KEY"]
_NEEDED += ["DATABASE_URL", "REDIS_URL", "EMAIL_URL"]
_NEEDED += ["SMS_GATEWAY_URL", "SMS_GATEWAY_TOKEN"] if env.str("SMS_ADAPTER", default="http") == "http" else []
_MISSING = [name for name in _NEEDED if not env.str(name, default="")]
if not EMBEDDED and _MISSING:
    raise environ.ImproperlyConfigured(f"Production needs {', '.join(_MISSING)} (see the README)")


def secret(name: str) -> str:
    """The secret called `name` from the environment; the embedded mode makes and keeps its own."""
    return env.str(name, default=load_or_create_secret(DATA_DIR, name)) if EMBEDDED else env.str(name)


SECRET_KEY = secret("SECRET_KEY")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
# The key of invitation tokens and personal codes: whoever reads the database still cannot open a link.
INVITATION_KEY = secret("INVITATION_KEY")
INVITATION_KEY_FALLBACKS = env.list("INVITATION_KEY_FALLBACKS", default=[])
# The key under which one-time codes wait in the outbox until they are sent.
OUTBOX_KEY = secret("OUTBOX_KEY")
OUTBOX_KEY_FALLBACKS = env.list("OUTBOX_KEY_FALLBACKS", default=[])

# --- Addresses ------------------------------------------------------------------------------------------------------
SITE_URL = env.str("SITE_URL", default=f"http://localhost:{env.int('PORT', default=8000)}" if EMBEDDED else env.NOTSET)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["*"] if EMBEDDED else env.NOTSET)
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[SITE_URL])
# How many proxies in front of us may be believed about the client's address (X-Forwarded-For).
TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0 if EMBEDDED else 1)

# --- Applications ---------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    # Their default configuration would put unfold's own site in place of ours.
    "unfold.apps.BasicAppConfig",
    "unfold.contrib.guardian",
    "sferum_admin.operator_site.OperatorAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "guardian",
    "phonenumber_field",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_htmx",
    "csp",
    "common",
    "outbox",
    "accounts",
    "orgs",
    "files",
    "polls",
    "readings",
    "works",
    "chats",
    "channels_app",
    "support",
    "documents",
    "meetings",
    "registration",
    "roster",
    "movement",
    "invitations",
    "stats",
    "sferum_admin",
]

MIDDLEWARE = [
    # Around all others: what they refuse is noted too.
    "common.requests.RequestMiddleware",
    "common.headers.HeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "common.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.LastSeenMiddleware",
    "accounts.middleware.RulesMiddleware",
    "stats.middleware.PresenceMiddleware",
    "common.middleware.ErrorMiddleware",
]

ROOT_URLCONF = "sferum_admin.urls"
WSGI_APPLICATION = "sferum_admin.wsgi.application"
ASGI_APPLICATION = "sferum_admin.asgi.application"

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
                "common.context_processors.page",
                "orgs.menu.page_menu",
            ],
        },
    }
]
FORM_RENDERER = "common.forms.Renderer"

# --- Database -------------------------------------------------------------------------------------------------------
DATABASES = {
    "default": env.db("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'db.sqlite3'}" if EMBEDDED else env.NOTSET)
}
ON_POSTGRESQL = DATABASES["default"]["ENGINE"].endswith("postgresql")
if ON_POSTGRESQL:
    DATABASES["default"].setdefault("CONN_MAX_AGE", env.int("CONN_MAX_AGE", default=0))
    # A kept connection that the database closed meanwhile is replaced instead of failing a page.
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    if env.bool("DATABASE_POOLED", default=False):
        # Behind PgBouncer each transaction has another connection, where nobody knows the cursor of the one before.
        DATABASES["default"]["DISABLE_SERVER_SIDE_CURSORS"] = True
    else:  # Many conditions make a plan look dear, and compiling it took 0.4 s for an answer of 0.02.
        DATABASES["default"].setdefault("OPTIONS", {}).setdefault("options", "-c jit=off")
else:
    DATABASES["default"]["OPTIONS"] = {
        # Writers queue up at BEGIN instead of failing half way.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-20000;",
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Cache ----------------------------------------------------------------------------------------------------------
REDIS_URL = env.str("REDIS_URL", default="" if EMBEDDED else env.NOTSET)
if REDIS_URL:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}
else:
    # Limits on tries must be shared by the web process and the worker, so not in memory.
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache_table"}}

# --- Live updates ---------------------------------------------------------------------------------------------------
# Groups are the server's, not a database's of it: two platforms may share one Redis and never hear each other.
if REDIS_URL:
    CHANNEL_LAYERS: dict[str, dict[str, Any]] = {
        "default": {
            "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
            "CONFIG": {
                "hosts": [watched(REDIS_URL)],
                "prefix": f"live-{sha256(SECRET_KEY.encode()).hexdigest()[:12]}-",
            },
        }
    }
else:
    CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer", "CONFIG": {"capacity": 1000}}}

# --- Sessions -------------------------------------------------------------------------------------------------------
SESSION_ENGINE = "common.sessions"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = not EMBEDDED
CSRF_COOKIE_SECURE = not EMBEDDED
CSRF_FAILURE_VIEW = "common.errors_pages.csrf_failure"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# --- Transport security (production) --------------------------------------------------------------------------------
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=not EMBEDDED)
SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz|metrics)$"]
SECURE_HSTS_SECONDS = 0 if EMBEDDED else env.int("HSTS_SECONDS", default=31_536_000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = not EMBEDDED
SECURE_HSTS_PRELOAD = not EMBEDDED
SECURE_PROXY_SSL_HEADER = None if EMBEDDED else ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# Passkeys are the one such power our pages use.
PERMISSIONS_POLICY = (
    "accelerometer=(), bluetooth=(), browsing-topics=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), "
    "hid=(), magnetometer=(), microphone=(), midi=(), payment=(), serial=(), usb=(), "
    "publickey-credentials-get=(self), publickey-credentials-create=(self)"
)
# Where holes are reported to, as a URL: `mailto:security@example.ru`; shown at /.well-known/security.txt.
SECURITY_CONTACT = env.str("SECURITY_CONTACT", default="")
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        # Tabler's controls set style attributes; scripts never get this permission.
        "style-src": ["'self'", "'unsafe-inline'"],
        "img-src": ["'self'", "data:", "blob:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "worker-src": ["'self'"],
        "manifest-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}

# --- Language and time ----------------------------------------------------------------------------------------------
LANGUAGE_CODE = "ru"
LANGUAGES = [("ru", "Русский"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "sferum_admin" / "locale"]
LANGUAGE_COOKIE_AGE = 60 * 60 * 24 * 365
USE_I18N = True
USE_TZ = True
# Pages outside any organization (the own account, the operator's tool) speak in this clock; times are stored in UTC.
TIME_ZONE = env.str("TIME_ZONE", default="Europe/Moscow")

# --- Static and uploaded files --------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(DATA_DIR / "static")))
STORAGES = {
    "default": settings_operation.file_store(env, DATA_DIR / "files"),
    "staticfiles": {"BACKEND": "sferum_admin.static_storage.StaticStorage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_MANIFEST_STRICT = True
# Source maps are for developers: packing them takes longer than all the rest.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = (*Compressor.SKIP_COMPRESS_EXTENSIONS, "map")
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
LOGO_MAX_BYTES = 2 * 1024 * 1024
# By kind of file (files.models.FileKind); what a body may bring to any other address stands below.
UPLOAD_MAX_BYTES = {"document": 50 << 20, "picture": 20 << 20, "video": 200 << 20, "audio": 50 << 20}
UPLOAD_MAX_BYTES_ELSEWHERE = 20 << 20
# What one person may have uploaded in a day and used nowhere yet.
UPLOAD_MOST_UNCLAIMED_FILES = 200
UPLOAD_MOST_UNCLAIMED_BYTES = 1 << 30
FILE_UPLOAD_HANDLERS = [
    "files.upload_limit.UploadLimit",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
# Beside the store, so that a film is moved there and not copied; not in a container's /tmp, which is memory.
FILE_UPLOAD_TEMP_DIR = DATA_DIR / "uploading"
FILE_UPLOAD_TEMP_DIR.mkdir(parents=True, exist_ok=True)

# --- Sign-in --------------------------------------------------------------------------------------------------------
# The rest of it stands in settings_sign_in.py.
MFA_TOTP_ISSUER = "Сферум-школа"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = EMBEDDED

# --- Background work ------------------------------------------------------------------------------------------------
CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", default=REDIS_URL or "filesystem://localhost")
if CELERY_BROKER_URL.startswith("filesystem://"):
    queue = DATA_DIR / "queue"
    (queue / "messages").mkdir(parents=True, exist_ok=True)
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(queue / "messages"),
        "data_folder_out": str(queue / "messages"),
        "control_folder": str(queue / "control"),
        # Somebody waits for the code: a second of looking around is felt.
        "polling_interval": 0.2,
    }
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_TIME_LIMIT = 300
CELERY_TASK_SOFT_TIME_LIMIT = 270
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "beat-schedule")

# --- Letters, SMS, pushes ---------------------------------------------------------------------------------------------
# `kept` stores the message in the outbox and sends nothing: the embedded mode's adapter, read on /dev/outbox/.
EMAIL_ADAPTER = env.str("EMAIL_ADAPTER", default="kept" if EMBEDDED else "smtp")
SMS_ADAPTER = env.str("SMS_ADAPTER", default="kept" if EMBEDDED else "http")
# Without a key pushes are not offered; the embedded mode keeps its own, and sends only with a key it was given.
VAPID_PRIVATE_KEY = env.str("VAPID_PRIVATE_KEY", default="")
PUSH_ADAPTER = env.str("PUSH_ADAPTER", default="kept" if EMBEDDED and not VAPID_PRIVATE_KEY else "webpush")
if EMBEDDED and not VAPID_PRIVATE_KEY:
    # Any 32 bytes are a private key of the curve.
    VAPID_PRIVATE_KEY = load_or_create_secret(DATA_DIR, "VAPID_PRIVATE_KEY", size=32)
PUSH_SUBSCRIPTIONS = "accounts.push"
# The push services of the browsers; an endpoint comes from a stranger, and our worker posts to no other host.
PUSH_HOSTS = ["fcm.googleapis.com", "android.googleapis.com", "*.push.services.mozilla.com"]
PUSH_HOSTS += ["*.notify.windows.com", "*.push.apple.com", *env.list("PUSH_HOSTS", default=[])]
# For tests that play the push service.
PUSH_LOOPBACK = False
DEVELOPER_PAGES = EMBEDDED
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="school@localhost")
EMAIL_CONFIG = env.email("EMAIL_URL", default="consolemail://" if EMBEDDED else env.NOTSET)
vars().update(EMAIL_CONFIG)
EMAIL_TIMEOUT = 20
SMS_GATEWAY_URL = env.str("SMS_GATEWAY_URL", default="" if EMBEDDED or SMS_ADAPTER != "http" else env.NOTSET)
SMS_GATEWAY_TOKEN = env.str("SMS_GATEWAY_TOKEN", default="" if EMBEDDED or SMS_ADAPTER != "http" else env.NOTSET)

# --- Limits on guessing ---------------------------------------------------------------------------------------------
# Failures are counted, successes never: a class of thirty sits behind one router.
FAILED_TOKENS_PER_ADDRESS_PER_HOUR = env.int("FAILED_TOKENS_PER_ADDRESS_PER_HOUR", default=30)
FAILED_CODES_PER_ADDRESS_PER_HOUR = env.int("FAILED_CODES_PER_ADDRESS_PER_HOUR", default=60)
CODES_PER_PHONE_PER_HOUR = env.int("CODES_PER_PHONE_PER_HOUR", default=6)
CODES_PER_PHONE_PER_DAY = env.int("CODES_PER_PHONE_PER_DAY", default=12)
# Codes by SMS that may leave in a day, of the whole platform: each costs money; not typed back, of one organization.
SMS_CODES_PER_DAY = env.int("SMS_CODES_PER_DAY", default=5000)
SMS_CODES_PER_ORGANIZATION_PER_DAY = env.int("SMS_CODES_PER_ORGANIZATION_PER_DAY", default=300)
UNKNOWN_PHONES_PER_ADDRESS_PER_HOUR = env.int("UNKNOWN_PHONES_PER_ADDRESS_PER_HOUR", default=60)

# --- Registration of organizations ----------------------------------------------------------------------------------
ORDER_MAX_BYTES = 10 << 20
APPLICATIONS_PER_ADDRESS_PER_HOUR = 20
# With the same phone, e-mail or INN.
APPLICATIONS_PER_CONTACT_PER_DAY = 5
ORDERS_PER_ADDRESS_PER_HOUR = 60
# Which wording of the rules of use is in force: a folder of accounts/rules_texts.
RULES_VERSION = "2026-11-01"
# How long an organization's administrators may change their mind about deleting it.
ORGANIZATION_DELETION_DAYS = 30

# --- The own account ------------------------------------------------------------------------------------------------
# How long somebody may change their mind about deleting the account.
ACCOUNT_DELETION_DAYS = 14
# How long an archive of one's own data can be fetched.
EXPORT_KEPT_DAYS = 7

# --- Help -----------------------------------------------------------------------------------------------------------
# Within how many working days the platform's support answers what was passed on to it.
SUPPORT_ANSWER_DAYS = env.int("SUPPORT_ANSWER_DAYS", default=2)
# The mailbox of the platform's support, told of each such request; empty: the operator's tool shows them.
SUPPORT_EMAIL = env.str("SUPPORT_EMAIL", default="")
# «I cannot sign in», from outside.
HELP_CALLS_PER_ADDRESS_PER_HOUR = 10
HELP_CALLS_PER_CONTACT_PER_DAY = 3
HELP_CALLS_PER_HOUR = 300

# --- How long things are kept ----------------------------------------------------------------------------------------
vars().update(days_kept(env))

# --- Logs -----------------------------------------------------------------------------------------------------------
LOGGING = settings_operation.logging(env, quiet=EMBEDDED)

# --- Monitoring -----------------------------------------------------------------------------------------------------
# Who shows it may read /metrics; without it only whoever asks the process directly, from the machine's own network.
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")
# Where several processes of one service add their figures up; gunicorn makes a folder of its own.
METRICS_DIR = env.str("METRICS_DIR", default="")
# Where a worker shows its figures; without it nowhere.
METRICS_PORT = env.int("METRICS_PORT", default=0)
# How long /readyz waits for all parts together.
READINESS_SECONDS = 2.0
# Where failures are reported to; without it nothing of the kind is loaded, and nobody outside is asked.
SENTRY_DSN = env.str("SENTRY_DSN", default="")
if METRICS_DIR:
    Path(METRICS_DIR).mkdir(parents=True, exist_ok=True)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = METRICS_DIR
