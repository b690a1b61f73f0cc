"""Mistakes in the settings, found before anything starts, each with what to do.

Errors stop every command; warnings are printed. `manage.py check` lists them, `manage.py doctor` says what is off.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cryptography.fernet import Fernet
from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.core.checks import Warning as Caution
from django.http.request import validate_host

# Names of settings that only make sense together.
PAIRS = (
    ("DISCORD_CLIENT_ID", "DISCORD_CLIENT_SECRET"),
    ("GOOGLE_CLIENT_ID", "GOOGLE_CLIENT_SECRET"),
    ("SPOTIFY_CLIENT_ID", "SPOTIFY_CLIENT_SECRET"),
    ("LASTFM_API_KEY", "LASTFM_API_SECRET"),
)
ADDRESSES = (
    "MUSICBRAINZ_URL",
    "COVERART_URL",
    "SPOTIFY_API_URL",
    "SPOTIFY_ACCOUNTS_URL",
    "DISCORD_OAUTH_URL",
    "DISCORD_API_BASE",
    "DISCORD_CDN_URL",
)
MAKE_KEYS = "`make keys` prints fresh ones."
SHORTEST_TOKEN = 24


@register()
def check_environment(**_: Any) -> list[CheckMessage]:
    """Values that could not be read as what they should be."""
    return [
        Error(
            mistake, hint=f"Correct {name} in the environment or in .env; .env.example shows each.", id="sidetrack.E001"
        )
        for name, mistake in settings.ENVIRONMENT_MISTAKES.items()
    ]


@register()
def check_keys(**_: Any) -> list[CheckMessage]:
    found: list[CheckMessage] = []
    if settings.SECRET_KEY == settings.DEVELOPMENT_KEY and not (settings.DEBUG or settings.IS_TESTING):
        found.append(
            Error("SECRET_KEY is not set.", hint=f"Sign-ins could be forged. {MAKE_KEYS}", id="sidetrack.E002")
        )
    if not all(_is_fernet_key(key) for key in settings.FIELD_KEYS):
        hint = f"Each of its comma-separated keys is 32 bytes in URL-safe base64, the newest first. {MAKE_KEYS}"
        found.append(Error("FIELD_KEYS holds something that is not a key.", hint=hint, id="sidetrack.E003"))
    elif not settings.HAS_FIELD_KEYS and not (settings.DEBUG or settings.IS_TESTING):
        hint = (
            f"Members' tokens are encrypted with a key made from SECRET_KEY: changing it would lose them. {MAKE_KEYS}"
        )
        found.append(Caution("FIELD_KEYS is not set.", hint=hint, id="sidetrack.W003"))
    token = settings.SIDETRACK_API_TOKEN
    if token and len(token) < SHORTEST_TOKEN:
        hint = f"It acts for every member. Use at least {SHORTEST_TOKEN} random characters. {MAKE_KEYS}"
        found.append(Error("SIDETRACK_API_TOKEN is too short.", hint=hint, id="sidetrack.E004"))
    return found


def _is_fernet_key(key: str) -> bool:
    try:
        Fernet(key)
    except ValueError:
        return False
    return True


@register()
def check_site(**_: Any) -> list[CheckMessage]:
    parts = urlsplit(settings.SITE_URL)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path or parts.query:
        hint = "It is where members reach the site: a scheme and a host, such as https://club.example.org"
        return [Error("SITE_URL is not the address of a site.", hint=hint, id="sidetrack.E005")]
    found: list[CheckMessage] = []
    if not validate_host(parts.hostname, settings.ALLOWED_HOSTS):
        hint = f"Add {parts.hostname} to ALLOWED_HOSTS, or leave ALLOWED_HOSTS unset."
        found.append(Error("ALLOWED_HOSTS refuses the host of SITE_URL.", hint=hint, id="sidetrack.E006"))
    if "*" in settings.ALLOWED_HOSTS:
        hint = "Name the hosts, or leave ALLOWED_HOSTS unset: the host of SITE_URL is then allowed."
        found.append(Caution("ALLOWED_HOSTS lets any host name in.", hint=hint, id="sidetrack.W006"))
    if settings.IS_HTTPS and settings.SECURE_SSL_REDIRECT and settings.SECURE_PROXY_SSL_HEADER is None:
        hint = "Behind a proxy that speaks https (compose.yml's does), set BEHIND_PROXY=yes."
        message = (
            "SITE_URL is https, but nothing tells the site which requests came by https: pages would redirect forever."
        )
        found.append(Caution(message, hint=hint, id="sidetrack.W007"))
    if not 0 < settings.PORT < 65536:
        found.append(Error("PORT must be between 1 and 65535.", hint="8000 is the usual one.", id="sidetrack.E008"))
    return found


@register()
def check_pairs(**_: Any) -> list[CheckMessage]:
    """Half of a pair switches nothing on, and whoever set it believes that it did."""
    found: list[CheckMessage] = []
    for names in PAIRS:
        given = [name for name in names if getattr(settings, name, "")]
        if len(given) == 1:
            absent = next(name for name in names if name not in given)
            hint = f"Set {absent} too, or unset {given[0]}."
            found.append(Error(f"{given[0]} is set without {absent}.", hint=hint, id="sidetrack.E009"))
    return found


@register()
def check_queue_and_database(**_: Any) -> list[CheckMessage]:
    found: list[CheckMessage] = []
    if settings.Q_BROKER == "redis" and not settings.REDIS_URL:
        hint = "Set REDIS_URL=redis://…, or Q_BROKER=orm."
        found.append(Error("Q_BROKER is redis, but REDIS_URL is not set.", hint=hint, id="sidetrack.E010"))
    if settings.REDIS_URL and urlsplit(settings.REDIS_URL).scheme not in {"redis", "rediss", "unix"}:
        hint = "Such as redis://127.0.0.1:6379/0"
        found.append(Error("REDIS_URL is not the address of a Redis.", hint=hint, id="sidetrack.E011"))
    if settings.HAS_DATABASE_POOL and settings.IS_SQLITE:
        hint = "Unset it, or name a PostgreSQL with DATABASE_URL."
        found.append(Error("DATABASE_POOL works with PostgreSQL only.", hint=hint, id="sidetrack.E012"))
    if settings.Q_CLUSTER["workers"] < 1:
        hint = "Two do for a club."
        found.append(Error("WORKERS must be 1 or more.", hint=hint, id="sidetrack.E013"))
    for name in ("DATA_DIR", "MEDIA_ROOT"):
        if not _is_writable(Path(getattr(settings, name))):
            hint = "Give the user that runs Sidetrack the right to write there, or name another folder."
            found.append(Error(f"{name} is not a folder that can be written.", hint=hint, id="sidetrack.E014"))
    return found


def _is_writable(folder: Path) -> bool:
    """Whether `folder` is, or could be made, a folder of ours."""
    existing = next(place for place in (folder, *folder.parents) if place.exists())
    return existing.is_dir() and os.access(existing, os.W_OK)


@register()
def check_services(**_: Any) -> Sequence[CheckMessage]:
    found: list[CheckMessage] = []
    rate, is_public = settings.MUSICBRAINZ_RATE_LIMIT, urlsplit(settings.MUSICBRAINZ_URL).hostname == "musicbrainz.org"
    if rate <= 0 or (is_public and rate > 1):
        hint = "It is requests a second; musicbrainz.org allows one. A mirror of your own may have more."
        message = "MUSICBRAINZ_RATE_LIMIT is not a rate that MusicBrainz allows."
        found.append(Error(message, hint=hint, id="sidetrack.E015"))
    for name in ADDRESSES:
        parts = urlsplit(getattr(settings, name))
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            hint = "It begins with https:// or http://; unset it for the usual one."
            found.append(Error(f"{name} is not the address of a service.", hint=hint, id="sidetrack.E016"))
    if settings.HTTP_TIMEOUT_S <= 0:
        hint = "It is the seconds that a call to another service may take; 15 is usual."
        found.append(Error("HTTP_TIMEOUT_S must be more than 0.", hint=hint, id="sidetrack.E017"))
    return found
