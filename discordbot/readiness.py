"""Whether the bot is alive, for `/ready` and `manage.py doctor`. Nothing is asked of an installation without a bot."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.conf import settings
from django.utils import timezone

from discordbot.misconfigured import missing_settings
from discordbot.models import BotLease, DiscordSettings, Post
from sidetrack.diagnosis import Finding

START = "start it with manage.py runbot"


def problems(now: datetime | None = None) -> list[str]:
    """What keeps the bot from serving the club, as sentences."""
    if not settings.DISCORD_BOT_TOKEN:
        return []
    now = now or timezone.now()
    lease = BotLease.objects.filter(pk=1).first()
    if lease is None or not lease.holder or lease.expires_at is None:
        return [f"The Discord bot is not running: {START}."]
    if lease.expires_at <= now:
        minutes = int((now - (lease.renewed_at or lease.expires_at)).total_seconds() // 60)
        since = f"{minutes} minutes" if minutes > 1 else "a minute"
        return [f"The Discord bot has been silent for {since}: {START}."]
    if lease.connected_at is None:
        return ["The Discord bot is running, but not connected to Discord."]
    return []


def lines() -> Iterator[Finding]:
    """Without a token the doctor has said already that the bot is off."""
    if not settings.DISCORD_BOT_TOKEN:
        return
    mistakes = [mistake.words for mistake in missing_settings()]
    if mistakes:
        yield Finding("Discord server", False, mistakes[0])
        return
    yield Finding("Discord server", True, str(settings.DISCORD_GUILD_ID))
    places = DiscordSettings.objects.filter(pk=1).first()
    if places is None or places.club_channel_snowflake is None:
        yield Finding("Club channel in Discord", False, "A moderator chooses it with /club settings.")
    else:
        kind = "a forum" if places.is_forum else "a text channel"
        yield Finding("Club channel in Discord", True, f"{places.club_channel_snowflake}, {kind}")
    reads = "typed forms are read" if settings.DISCORD_READ_MESSAGES else "Set DISCORD_READ_MESSAGES=1 to turn it on."
    yield Finding("Nominations and ratings as messages", settings.DISCORD_READ_MESSAGES, reads)
    lease = BotLease.objects.filter(pk=1).first()
    found = [*problems(), *([lease.problem] if lease and lease.problem else [])]
    n_waiting = Post.objects.exclude(problem="").count()
    if n_waiting:
        found.append(f"{n_waiting} posts wait for something to be mended: the admin lists them under Posts.")
    yield Finding("Discord bot's process", not found, " ".join(found) or "alive and connected")
