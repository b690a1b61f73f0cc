"""Settings, read once from the environment (and `.env`), each with a default that is safe for development.

A secret may also come from a file: `SECRET_KEY_FILE=/run/secrets/key`. Mistakes are reported by `sidetrack.checks`.
"""

import base64
import hashlib
import os
import sys
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import environ
from csp.constants import NONE, SELF

from sidetrack import logging_config
from sidetrack.api.description import SPECTACULAR_SETTINGS as SPECTACULAR_SETTINGS
from sidetrack.environment import Environment

BASE_DIR = Path(__file__).resolve().parent.parent
IS_TESTING = "pytest" in sys.modules
if not IS_TESTING:  # what a developer keeps in .env changes no test
    environ.Env.read_env(os.environ.get("ENV_FILE", BASE_DIR / ".env"))
env = Environment()
secret = env.secret
ENVIRONMENT_MISTAKES = env.mistakes  # read by sidetrack.checks

# --- The site -------------------------------------------------------------------------------------------------------
DEBUG = env.switch("DEBUG", default=False)
DEVELOPMENT_KEY = "development-only-key-that-no-running-site-may-use"
SECRET_KEY = secret("SECRET_KEY", DEVELOPMENT_KEY)
FIELD_KEYS = [key for key in secret("FIELD_KEYS").replace(" ", "").split(",") if key]  # newest first
HAS_FIELD_KEYS = bool(FIELD_KEYS)
if not HAS_FIELD_KEYS:  # good enough until SECRET_KEY changes; sidetrack.checks says so on a real site
    FIELD_KEYS = [base64.urlsafe_b64encode(hashlib.sha256(SECRET_KEY.encode()).digest()).decode()]
HOST = env.text("HOST", default="127.0.0.1")  # where the web process listens
PORT = env.whole("PORT", default=8000)
WEB_WORKERS = env.whole("WEB_WORKERS", default=2)
WEB_THREADS = env.whole("WEB_THREADS", default=4)
SITE_URL = env.text("SITE_URL", default=f"http://127.0.0.1:{PORT}").rstrip("/")
SITE_HOST = urlsplit(SITE_URL).hostname or "127.0.0.1"
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", default=[SITE_HOST, "localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = [SITE_URL]
IS_HTTPS = SITE_URL.startswith("https://")
DATA_DIR = Path(env.text("DATA_DIR", default=str(BASE_DIR / "var")))
EXPORTS_DIR = Path(env.text("EXPORTS_DIR", default=str(DATA_DIR / "exports")))  # members' data, fetched by them alone
CACHE_DIR = Path(env.text("CACHE_DIR", default=str(DATA_DIR / "cache")))
ROOT_URLCONF = "sidetrack.urls"
WSGI_APPLICATION = "sidetrack.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "sidetrack.apps.SidetrackConfig",
    "discordbot.apps.DiscordbotConfig",
    "taste.apps.TasteConfig",
    "club.apps.ClubConfig",
    "listening.apps.ListeningConfig",
    "catalog.apps.CatalogConfig",
    "social.apps.SocialConfig",
    "sidetrack.apps.SidetrackAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.sitemaps",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.usersessions",
    "allauth.socialaccount.providers.discord",
    "allauth.socialaccount.providers.google",
    "allauth.socialaccount.providers.spotify",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "django_htmx",
    "django_q",
    "simple_history",
    "import_export",
    "csp",
]

MIDDLEWARE = [
    "sidetrack.logs.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "sidetrack.compression.TextGZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "social.middleware.MemberTimezoneMiddleware",
    "social.middleware.LastSeenMiddleware",
    "sidetrack.addresses.RefuseNulMiddleware",
]

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
                "sidetrack.context.site",
            ],
            "builtins": ["django.templatetags.static", "sidetrack.templatetags.slots"],
        },
    }
]

# --- Database, cache, queue -----------------------------------------------------------------------------------------
# Many processes write one SQLite file: IMMEDIATE removes the "database is locked" errors, WAL brings the speed.
SQLITE_CACHE_KIB = 16 * 1024  # of each connection, and each thread has one; the system keeps the file in memory anyway
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA temp_store=MEMORY; "
    f"PRAGMA cache_size=-{SQLITE_CACHE_KIB}; PRAGMA journal_size_limit=67108864;",
}


def database_url() -> str:
    """DATABASE_URL, else one made from POSTGRES_*, else a SQLite file under DATA_DIR."""
    if url := secret("DATABASE_URL"):
        return url.replace("postgresql+psycopg://", "postgresql://", 1)
    if host := env.text("POSTGRES_HOST", default=""):
        user, password = env.text("POSTGRES_USER", default="sidetrack"), secret("POSTGRES_PASSWORD")
        port, name = env.whole("POSTGRES_PORT", default=5432), env.text("POSTGRES_DB", default="sidetrack")
        return f"postgresql://{quote(user)}:{quote(password, safe='')}@{host}:{port}/{name}"
    DATA_DIR.mkdir(parents=True, exist_ok=True)
    return f"sqlite:///{DATA_DIR / 'sidetrack.sqlite3'}"


DATABASES: dict[str, dict[str, Any]] = {"default": environ.Env.db_url_config(database_url())}
DATABASE = DATABASES["default"]
IS_SQLITE = "sqlite" in DATABASE["ENGINE"]
HAS_DATABASE_POOL = env.switch("DATABASE_POOL", default=False)
if IS_SQLITE:
    DATABASE |= {"OPTIONS": SQLITE_OPTIONS, "CONN_MAX_AGE": 60}  # opening the file anew costs more than most queries
elif HAS_DATABASE_POOL:  # the web process only: forks of a worker would share its sockets
    # What the address asks for, such as sslmode, stands in OPTIONS already.
    pool = {"pool": {"min_size": 1, "max_size": 8}}
    DATABASE |= {"CONN_MAX_AGE": 0, "OPTIONS": DATABASE.get("OPTIONS", {}) | pool}
else:
    DATABASE |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}

REDIS_URL = secret("REDIS_URL")
CACHES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 2000}}
}

Q_BROKER = env.choice(
    "Q_BROKER", ("orm", "redis"), default="orm"
)  # "redis" is faster and loses the task of a killed worker
Q_CLUSTER: dict[str, Any] = {
    "name": "sidetrack",
    "workers": env.whole("WORKERS", default=2),
    "queue_limit": 1,  # tasks that wait inside the cluster age towards `retry`
    "bulk": 1,
    "poll": 0.5,
    "guard_cycle": 1,
    "timeout": 600,
    "retry": 1860,  # at least three times the timeout, or a slow task starts twice
    "max_attempts": 3,
    "ack_failures": False,  # True would cancel max_attempts
    "catch_up": False,
    "save_limit": 250,
    "recycle": 500,
    "label": "Jobs",
}
Q_CLUSTER |= {"redis": REDIS_URL} if Q_BROKER == "redis" else {"orm": "default"}

# --- Time and language ----------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
USE_I18N = True
USE_TZ = True
TIME_ZONE = env.zone("TIME_ZONE", "TZ")

# --- Files ----------------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_URL = "/media/"
MEDIA_ROOT = Path(env.text("MEDIA_ROOT", default=str(DATA_DIR / "media")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "sidetrack.static_bundle.BundlingStaticFilesStorage"},
}
if DEBUG or IS_TESTING:  # no collectstatic needed
    STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    WHITENOISE_USE_FINDERS = True
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
IMPORT_MAX_MB = env.whole("IMPORT_MAX_MB", default=500)  # of one listening history that a member uploads

# --- Who signs in, and how ------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "social.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("handle", "display_name")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "social.adapters.AccountAdapter"
ACCOUNT_FORMS = {"login": "social.signin.forms.LoginForm", "signup": "social.signin.forms.SignupForm"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = "handle"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PRESERVE_USERNAME_CASING = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_USERNAME_MIN_LENGTH = 2
ACCOUNT_RATE_LIMITS = {"login": "30/m/ip", "login_failed": "10/m/ip,5/5m/key", "signup": "10/m/ip,50/d/ip"}
ALLOW_SIGNUP = env.switch("ALLOW_SIGNUP", default=True)  # False: only members whom the bot or REST made may come in
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if env.switch("BEHIND_PROXY", default=False) else 0  # whose X-Forwarded-For counts
SOCIALACCOUNT_ADAPTER = "social.adapters.SocialAccountAdapter"
SOCIALACCOUNT_FORMS = {"disconnect": "social.signin.forms.DisconnectForm"}
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_QUERY_EMAIL = False

DISCORD_BOT_TOKEN = secret("DISCORD_BOT_TOKEN")
DISCORD_GUILD_ID = env.whole("DISCORD_GUILD_ID", default=0)
DISCORD_CLIENT_ID = env.text("DISCORD_CLIENT_ID", default="")
DISCORD_CLIENT_SECRET = secret("DISCORD_CLIENT_SECRET")
DISCORD_GATEWAY = env.text("DISCORD_GATEWAY", default="")
DISCORD_OAUTH_URL = env.text("DISCORD_OAUTH_URL", default="https://discord.com").rstrip("/")
DISCORD_API_BASE = env.text("DISCORD_API_BASE", default=f"{DISCORD_OAUTH_URL}/api/v10").rstrip("/")
DISCORD_CDN_URL = env.text("DISCORD_CDN_URL", default="https://cdn.discordapp.com").rstrip("/")
DISCORD_READ_MESSAGES = env.switch("DISCORD_READ_MESSAGES", default=False)
GOOGLE_CLIENT_ID = env.text("GOOGLE_CLIENT_ID", default="")
GOOGLE_CLIENT_SECRET = secret("GOOGLE_CLIENT_SECRET")
SPOTIFY_CLIENT_ID = env.text("SPOTIFY_CLIENT_ID", default="")
SPOTIFY_CLIENT_SECRET = secret("SPOTIFY_CLIENT_SECRET")
SPOTIFY_ACCOUNTS_URL = env.text("SPOTIFY_ACCOUNTS_URL", default="https://accounts.spotify.com").rstrip("/")
LASTFM_AUTH_URL = env.text("LASTFM_AUTH_URL", default="https://www.last.fm").rstrip("/")


def sign_in_app(client_id: str, client_secret: str) -> list[dict[str, str]]:
    """allauth's way of naming one application; none without keys, so that the button does not appear."""
    return [{"client_id": client_id, "secret": client_secret, "key": ""}] if client_id and client_secret else []


SOCIALACCOUNT_PROVIDERS = {
    "discord": {
        "provider_class": "social.signin.providers.DiscordProvider",
        "APPS": sign_in_app(DISCORD_CLIENT_ID, DISCORD_CLIENT_SECRET),
        "SCOPE": ["identify"],
    },
    "google": {
        "provider_class": "social.signin.providers.GoogleProvider",
        "APPS": sign_in_app(GOOGLE_CLIENT_ID, GOOGLE_CLIENT_SECRET),
        "SCOPE": ["openid"],
        "AUTH_PARAMS": {"access_type": "online"},
    },
    "spotify": {
        "provider_class": "social.signin.providers.SpotifyProvider",
        "APPS": sign_in_app(SPOTIFY_CLIENT_ID, SPOTIFY_CLIENT_SECRET),
        "SCOPE": ["user-read-private"],
    },
}

# --- The admin ------------------------------------------------------------------------------------------------------
SIMPLE_HISTORY_REVERT_DISABLED = True  # history is for reading: winner and phase change by the club's own functions
IMPORT_EXPORT_USE_TRANSACTIONS = True
IMPORT_EXPORT_ESCAPE_FORMULAE_ON_EXPORT = True
IMPORT_EXPORT_EXPORT_PERMISSION_CODE = "view"
IMPORT_EXPORT_IMPORT_PERMISSION_CODE = "add"

# --- Security -------------------------------------------------------------------------------------------------------
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = IS_HTTPS and env.switch("SSL_REDIRECT", default=True)
SECURE_REDIRECT_EXEMPT = [r"^health$", r"^ready$"]  # asked for inside the machine, without the proxy
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.switch("BEHIND_PROXY", default=False) else None
SECURE_HSTS_SECONDS = env.whole("HSTS_SECONDS", default=31_536_000 if IS_HTTPS else 0)
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = IS_HTTPS
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "sidetrack.error_pages.csrf_failed"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF, DISCORD_OAUTH_URL, "https://accounts.google.com", SPOTIFY_ACCOUNTS_URL, LASTFM_AUTH_URL],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

# --- Outside services -----------------------------------------------------------------------------------------------
MUSICBRAINZ_URL = env.text("MUSICBRAINZ_URL", default="https://musicbrainz.org").rstrip("/")
MUSICBRAINZ_RATE_LIMIT = env.decimal("MUSICBRAINZ_RATE_LIMIT", default=1.0)  # requests per second
SIDETRACK_MUSICBRAINZ_APP_NAME = env.text("SIDETRACK_MUSICBRAINZ_APP_NAME", default="Sidetrack")
COVERART_URL = env.text("COVERART_URL", default="https://coverartarchive.org").rstrip("/")
SPOTIFY_API_URL = env.text("SPOTIFY_API_URL", default="https://api.spotify.com").rstrip("/")
LASTFM_URL = env.text("LASTFM_URL", default="https://ws.audioscrobbler.com").rstrip("/")
LASTFM_RATE_LIMIT = env.decimal("LASTFM_RATE_LIMIT", default=2.0)  # requests per second
LASTFM_API_KEY = secret("LASTFM_API_KEY")
LASTFM_API_SECRET = secret("LASTFM_API_SECRET")
LISTENBRAINZ_URL = env.text("LISTENBRAINZ_URL", default="https://api.listenbrainz.org").rstrip("/")
LISTENBRAINZ_RATE_LIMIT = env.decimal("LISTENBRAINZ_RATE_LIMIT", default=5.0)  # requests per second
LISTENBRAINZ_USER_AGENT = env.text("LISTENBRAINZ_USER_AGENT", default="")  # how we introduce ourselves when set
DEFAULT_USER = env.text("DEFAULT_USER", default="")  # one-person installs: whose the accounts named here are
LASTFM_USER = env.text("LASTFM_USER", default="")
LISTENBRAINZ_USER = env.text("LISTENBRAINZ_USER", default="")
LISTENBRAINZ_TOKEN = secret("LISTENBRAINZ_TOKEN")
INGEST_LISTENS_INTERVAL_MINUTES = max(1, env.whole("INGEST_LISTENS_INTERVAL_MINUTES", default=1))  # the tick
LISTEN_PAYLOAD_DAYS = max(1, env.whole("LISTEN_PAYLOAD_DAYS", default=90))  # then only the listen itself is kept
LASTFM_SYNC_INTERVAL_MINUTES = max(1, env.whole("LASTFM_SYNC_INTERVAL_MINUTES", default=30))  # tags
DEFAULT_COUNTRY = env.text("DEFAULT_COUNTRY", default="").upper()
HTTP_TIMEOUT_S = env.decimal("HTTP_TIMEOUT_S", default=15.0)

# --- Sound and taste ------------------------------------------------------------------------------------------------
AUDIO_ROOT = env.text("AUDIO_ROOT", default="")  # a folder of music; empty: nothing is analysed here
MODELS_DIR = Path(env.text("MODELS_DIR", default=str(DATA_DIR / "models")))  # what `manage.py fetch_models` brought
EMBEDDING_MODEL = env.words("EMBEDDING_MODEL", default=["musicnn", "dsp-v1"])
USE_CLAP = env.switch("USE_CLAP")
USE_DEMUCS = env.switch("USE_DEMUCS")
TORCH_DEVICE = env.choice("TORCH_DEVICE", ["auto", "cpu", "cuda"], default="auto")
EXCERPT_SECONDS = max(0, env.whole("EXCERPT_SECONDS", default=0))  # 0: whole tracks
AGGREGATE_WEEKS_INTERVAL_MINUTES = max(1, env.whole("AGGREGATE_WEEKS_INTERVAL_MINUTES", default=1440))

# --- REST -----------------------------------------------------------------------------------------------------------
SIDETRACK_API_TOKEN = secret("SIDETRACK_API_TOKEN")
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "social.authentication.BearerAuthentication",
        "social.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["social.authentication.MayAct"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["sidetrack.api.parsing.ShallowJSONParser"],
    "DEFAULT_PAGINATION_CLASS": "sidetrack.api.paging.Pages",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "sidetrack.api.schema.EndpointSchema",
    "EXCEPTION_HANDLER": "sidetrack.api.errors.handle",
    "DEFAULT_THROTTLE_CLASSES": ["sidetrack.api.throttling.PerCaller"],
    "DEFAULT_THROTTLE_RATES": {"service": "1200/min", "member": "120/min", "anonymous": "60/min", "search": "20/min"},
    "NUM_PROXIES": ALLAUTH_TRUSTED_PROXY_COUNT,  # else anybody could invent an address for each call
    "DATETIME_FORMAT": "iso-8601",
}

# --- Logs -----------------------------------------------------------------------------------------------------------
LOG_FORMAT = env.choice("LOG_FORMAT", ("text", "json"), default="text")  # json: one object a line
LOG_LEVEL = env.choice("LOG_LEVEL", ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"), default="INFO")
LOGGING = logging_config.told(level=LOG_LEVEL, as_json=LOG_FORMAT == "json")
