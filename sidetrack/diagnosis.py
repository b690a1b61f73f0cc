"""What is configured and what is off, as `manage.py doctor` prints it. No value of a secret is ever part of it.

Apps add their own lines: `slots.register("doctor:lines", lines)`, a callable that returns Findings.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.db import connection

from sidetrack import slots


@dataclass(frozen=True)
class Finding:
    """One line: a part of the site, whether it is on, and how it is set up or what would turn it on."""

    name: str
    is_on: bool
    says: str


def findings() -> list[Finding]:
    return [*own_findings(), *(finding for lines in slots.call("doctor:lines") for finding in lines)]


def own_findings() -> Iterator[Finding]:
    yield Finding(
        "Site", True, f"{settings.SITE_URL}, time zone {settings.TIME_ZONE}{', DEBUG is on' * settings.DEBUG}"
    )
    yield Finding("Database", True, database())
    yield Finding(
        "Queue", True, "in Redis; a killed worker loses its job" if settings.Q_BROKER == "redis" else "in the database"
    )
    yield feature("Shared cache", "Redis", "REDIS_URL")
    yield Finding("Encryption of members' tokens", settings.HAS_FIELD_KEYS, key_words())
    yield feature("Service token of the REST interface", "set", "SIDETRACK_API_TOKEN")
    yield feature("Sign-in with Discord", "wired", "DISCORD_CLIENT_ID", "DISCORD_CLIENT_SECRET")
    yield feature("Sign-in with Google", "wired", "GOOGLE_CLIENT_ID", "GOOGLE_CLIENT_SECRET")
    yield feature(
        "Sign-in with Spotify, and Spotify's catalogue", "wired", "SPOTIFY_CLIENT_ID", "SPOTIFY_CLIENT_SECRET"
    )
    yield feature("Discord bot", "has a token", "DISCORD_BOT_TOKEN")
    yield Finding(
        "MusicBrainz", True, f"{settings.MUSICBRAINZ_URL}, {settings.MUSICBRAINZ_RATE_LIMIT:g} requests a second"
    )


def feature(name: str, when_on: str, *variables: str) -> Finding:
    """On when each of `variables` is set; else names the ones that are missing."""
    missing = [variable for variable in variables if not getattr(settings, variable, "")]
    return Finding(name, not missing, f"Set {' and '.join(missing)} to turn it on." if missing else when_on)


def database() -> str:
    if connection.vendor == "sqlite":
        return f"SQLite, {settings.DATABASE['NAME']}; a larger club sets DATABASE_URL to a PostgreSQL"
    where = f"{settings.DATABASE['HOST']}:{settings.DATABASE['PORT'] or 5432}/{settings.DATABASE['NAME']}"
    return f"PostgreSQL, {where}{' with a pool' * settings.HAS_DATABASE_POOL}"


def key_words() -> str:
    if not settings.HAS_FIELD_KEYS:
        return "A key made from SECRET_KEY is used; set FIELD_KEYS so that SECRET_KEY can change (`make keys`)."
    n_keys = len(settings.FIELD_KEYS)
    return "one key" if n_keys == 1 else f"{n_keys} keys, the first encrypts"
