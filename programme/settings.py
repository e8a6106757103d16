"""Settings of the whole installation, read once from the environment. No secret has a default."""

import logging
from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF
from environs import Env
from redis.backoff import NoBackoff
from redis.retry import Retry

from programme.front.static_headers import forbid_framing

env = Env()
BASE_DIR = Path(__file__).resolve().parent.parent

SECRET_KEY = env.str("SECRET_KEY")
SECRET_KEY_FALLBACKS: list[str] = env.list("SECRET_KEY_FALLBACKS", [])
DEBUG = env.bool("DEBUG", False)
BASE_URL = env.str("BASE_URL", "http://127.0.0.1:8090").rstrip("/")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", ["127.0.0.1", "localhost"])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", [])
DATA_DIR = Path(env.str("DATA_DIR", str(BASE_DIR / ".data")))
FEEDBACK_KEYS_DIR = Path(env.str("FEEDBACK_KEYS_DIR", str(DATA_DIR / "feedback-keys")))  # outside every backup
DEMO = env.bool("DEMO", False)
PUBLIC_DEMO = env.bool("PUBLIC_DEMO", False)  # a demo that strangers may reach
CATCH_MAIL = env.bool("CATCH_MAIL", DEMO)  # EMAIL_URL may lead to the development mail catcher
MAILBOX_URL = env.str("MAILBOX_URL", "")
METRICS_TOKEN = env.str("METRICS_TOKEN", "")
SECURE = BASE_URL.startswith("https://")

INSTALLED_APPS = [
    "programme",
    "coaching",
    "feedback360",
    "goals",
    "cohorts",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "whitenoise.runserver_nostatic",
    "programme.front.static_apps.OurStaticFiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "crispy_forms",
    "crispy_bootstrap5",
    "heroicons",
    "django_htmx",
    "django_structlog",
    "django_prometheus",
    "health_check",
    "csp",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
]

MIDDLEWARE = [
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "cohorts.web.middleware.unkept",
    "cohorts.web.middleware.compress",
    "cohorts.web.outages.try_again",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "csp.middleware.CSPMiddleware",
    "cohorts.access.session_store.Sessions",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "cohorts.web.middleware.language",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "cohorts.access.account_mail.after_the_answer",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "cohorts.web.middleware.bounded",
    "cohorts.web.middleware.refusals",
    "cohorts.web.api.door.by_key",
    "cohorts.web.middleware.organisation",
    "cohorts.access.factor_door.second_factor",  # knows the member, and stands before every view
    "django_prometheus.middleware.PrometheusAfterMiddleware",
]

ROOT_URLCONF = "programme.urls"
ORGANISATION_URLCONF = "programme.organisation_urls"
API_URLCONF = "programme.api"
WSGI_APPLICATION = "programme.wsgi.application"
FORCE_SCRIPT_NAME = ""  # the site stands at the root of its host, whatever a server reads from a header
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

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
                "programme.front.context.page",
            ],
            "builtins": [
                "cohorts.templatetags.dates",
                "cohorts.templatetags.icons",
                "cohorts.templatetags.written_addresses",
            ],
        },
    }
]

# The app role owns nothing. Web processes pool connections; workers must not, Celery closes the pool per task.
DATABASES = {"default": env.dj_db_url("DATABASE_URL")}
DATABASES["default"]["DISABLE_SERVER_SIDE_CURSORS"] = True
if env.bool("DATABASE_POOL", False):
    _options = DATABASES["default"].setdefault("OPTIONS", {})
    DATABASES["default"]["ENGINE"] = "programme.database"
    # One for each of gunicorn's eight threads and one for the mails about signing in: only an outage lets them wait.
    _options["pool"] = {"min_size": 1, "max_size": 9, "timeout": 5, "reconnect_timeout": 4}
    if env.bool("DATABASE_PREPARED", True):  # RUNBOOK.md says when not
        _options |= {"server_side_binding": True, "prepare_threshold": 3}
APP_ROLE = env.str("APP_ROLE", "embed90_app")

REDIS_URL = env.str("REDIS_URL").rstrip("/")
REDIS_ROOT = REDIS_URL.rsplit("/", 1)[0] if REDIS_URL.count("/") > 2 else REDIS_URL
# Once more, because a connection dies with a restart of Valkey; never long, because a frozen one would hold every page.
_patience = {"socket_connect_timeout": 1, "socket_timeout": 1, "retry": Retry(NoBackoff(), 1)}
_cache = {"LOCATION": f"{REDIS_ROOT}/1", "KEY_PREFIX": "embed90", "OPTIONS": _patience}
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", **_cache},  # counts sign-ins
    "forgiving": {"BACKEND": "cohorts.web.forgiving_cache.ForgivingCache", **_cache},
}

# Limits in rising order: SMTP < sending < soft < hard < visibility; renewing, three times over, <= lease; and a lease
# with a sweep after it is under two minutes (a test holds them to it).
SMTP_TIMEOUT = 20
MAIL_LEASE_SECONDS = env.int("MAIL_LEASE_SECONDS", 45)
MAIL_LEASE_RENEWED_SECONDS = MAIL_LEASE_SECONDS / 3
CELERY_BROKER_URL = f"{REDIS_ROOT}/0"
SEND_TASK = "programme.celery.send"  # what sends a task by its name and arguments
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_SOFT_TIME_LIMIT = 240
CELERY_TASK_TIME_LIMIT = 300
IMPORT_SOFT_TIME_LIMIT = 1800  # 100,000 people in one transaction; five minutes where eight others used two cores
IMPORT_TIME_LIMIT = 1860
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 3600, "socket_timeout": 30}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # the default gives up, and ends the worker, after fifty minutes
CELERY_BROKER_CHANNEL_ERROR_RETRY = True  # a full Valkey refuses commands: wait for it, too
CELERY_BROKER_TRANSPORT = "programme.broker.transport:Transport"  # these two live through messages that are no task
CELERY_WORKER_CONSUMER = "programme.broker.consumer:Consumer"
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False  # a killed batch is sent twice
CELERY_TIMEZONE = "UTC"
BEAT_FILE = env.str("BEAT_FILE", "")  # touched with each message of beat
CELERY_BEAT_SCHEDULER = "celery.beat:Scheduler"  # in memory: a lost or broken file ended the one that keeps its state

_mail = env.dj_email_url("EMAIL_URL")
EMAIL_HOST = _mail.get("EMAIL_HOST") or ""
EMAIL_HOST_USER = _mail.get("EMAIL_HOST_USER") or ""
EMAIL_HOST_PASSWORD = _mail.get("EMAIL_HOST_PASSWORD") or ""
EMAIL_USE_TLS = bool(_mail.get("EMAIL_USE_TLS"))
EMAIL_USE_SSL = bool(_mail.get("EMAIL_USE_SSL"))
EMAIL_PORT = int(_mail.get("EMAIL_PORT") or 25)
EMAIL_BACKEND = env.str("EMAIL_BACKEND", "django.core.mail.backends.smtp.EmailBackend")
EMAIL_TIMEOUT = SMTP_TIMEOUT
MAIL_FROM = env.str("MAIL_FROM", "Embed90 <nudge@embed90.example>")
DEFAULT_FROM_EMAIL = SERVER_EMAIL = MAIL_FROM
MAIL_DOMAIN = env.str("MAIL_DOMAIN", "embed90.example")
SMTP_MESSAGES_PER_CONNECTION = env.int("SMTP_MESSAGES_PER_CONNECTION", 100)

AUTH_USER_MODEL = "cohorts.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_LOGOUT_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "cohorts.people.accounts.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_REQUIRED = False
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_CHANGE_EMAIL = False
ACCOUNT_RATE_LIMITS = {
    "login_failed": "10/m/ip,5/5m/key",
    "request_login_code": "40/m/ip,6/5m/key",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_FORMS = {
    "add_webauthn": "cohorts.people.forms.passkey.PasskeyForm",
    "authenticate": "cohorts.access.forms.FactorForm",
    "authenticate_webauthn": "cohorts.access.forms.PasskeyFactorForm",
    "login_webauthn": "cohorts.access.forms.PasskeyForm",
}
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not SECURE
MFA_TOTP_ISSUER = "Embed90"
USERSESSIONS_TRACK_ACTIVITY = False  # three statements and a write on every page; sign-in is recorded all the same
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", 0)
RATELIMIT_USE_CACHE = "forgiving"
RATELIMIT_IP_META_KEY = "cohorts.people.accounts.visitor_address"

SESSION_ENGINE = "cohorts.access.session_store"
SESSION_IDLE_DAYS = env.int("SESSION_IDLE_DAYS", 30)
SESSION_ABSOLUTE_DAYS = env.int("SESSION_ABSOLUTE_DAYS", 100)  # longer than the ninety days
SESSION_SHARED_HOURS = env.int("SESSION_SHARED_HOURS", 12)
SESSION_COOKIE_AGE = 60 * 60 * 24  # while nobody is signed in: between asking for a code and typing it
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_NAME = "__Host-session" if SECURE else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if SECURE else "csrf"
MESSAGE_STORAGE = "cohorts.web.message_cookie.MessageStorage"
CSRF_FAILURE_VIEW = "programme.front.errors.csrf_failure"
SECURE_SSL_REDIRECT = SECURE
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.int("TRUSTED_PROXIES", 0) else None
SECURE_HSTS_SECONDS = 63072000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "frame-src": [SELF],
        "form-action": [SELF],
    }
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    name: [] for name in ("camera", "microphone", "geolocation", "payment", "usb", "interest-cohort")
}
PERMISSIONS_POLICY["publickey-credentials-get"] = ["self"]
PERMISSIONS_POLICY["publickey-credentials-create"] = ["self"]

LANGUAGE_CODE = "en"
LANGUAGE_COOKIE_NAME = "__Host-language" if SECURE else "language"
ORGANISATION_COOKIE_NAME = "__Host-organisation" if SECURE else "organisation"  # opened last in this browser
DEVICE_KIND_COOKIE_NAME = "__Host-device-kind" if SECURE else "device-kind"  # whose device it was at the last sign-in
LANGUAGES = [("en", "English"), ("nb", "Norsk bokmål")]
LOCALE_PATHS = [BASE_DIR / "programme" / "locale"]
FORMAT_MODULE_PATH = ["programme.formats"]
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES: dict[str, Any] = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": DATA_DIR / "files"},
    },
    "staticfiles": {"BACKEND": "programme.front.static_files.StaticFiles"},
}
WHITENOISE_ADD_HEADERS_FUNCTION = forbid_framing
WHITENOISE_ALLOW_ALL_ORIGINS = False
MAX_REQUEST_BYTES = 22 * 1024 * 1024  # a list of people may have 20 MB; above, its form can still say so
FILE_UPLOAD_PERMISSIONS, FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o600, 0o700  # Django's own are for everybody to read
FILE_UPLOAD_MAX_MEMORY_SIZE = DATA_UPLOAD_MAX_MEMORY_SIZE = 8 * 1024 * 1024
CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "bootstrap5"

REST_FRAMEWORK = {
    "DEFAULT_SCHEMA_CLASS": "cohorts.web.api.schema.ScopedSchema",
    "EXCEPTION_HANDLER": "cohorts.web.api.errors.answer",
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "UNAUTHENTICATED_USER": None,
    "URL_FORMAT_OVERRIDE": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Embed90",
    "VERSION": "1",
    "DESCRIPTION": "What a role sees and does on the pages, for programs.",
    "OAS_VERSION": "3.1.0",
    "SERVE_URLCONF": API_URLCONF,
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/",
    "COMPONENT_SPLIT_PATCH": False,  # a body of ours says itself what may be left out
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "POSTPROCESSING_HOOKS": ["cohorts.web.api.schema.with_refusals"],
}

DJANGO_STRUCTLOG_STATUS_START_LOG_LEVEL = logging.DEBUG  # one line per request: its end
DJANGO_STRUCTLOG_USER_ID_FIELD = None  # `language` binds it: asked for after a failure, it would wait for the database
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "structlog.stdlib.ProcessorFormatter",
            "processor": "ext://programme.logs.RENDERER",
            "foreign_pre_chain": "ext://programme.logs.FOREIGN",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", "INFO")},
    "loggers": {
        "weasyprint": {"level": "ERROR"},  # logs every step of every page
        "psycopg.pool": {"level": "ERROR"},  # logs every try to connect, beside our line for each request
    },
}
