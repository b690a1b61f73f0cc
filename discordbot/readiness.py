"""Whether the bot is alive, for `/ready` and `manage.py doctor`. Nothing is asked of an installation without a bot."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.conf import settings
from django.utils import timezone

from discordbot.misconfigured import missing_settings
from discordbot.models import BotLease, DiscordSettings, Post
from discordbot.texts import operating, say
from sidetrack.diagnosis import Finding


def problems(now: datetime | None = None) -> list[str]:
    """What keeps the bot from serving the club, as sentences."""
    if not settings.DISCORD_BOT_TOKEN:
        return []
    if mistakes := [mistake.words for mistake in missing_settings()]:
        return [say(operating.NOT_RUNNING), *mistakes]
    lease = BotLease.objects.filter(pk=1).first()
    return [*_of_the_process(lease, now or timezone.now()), *_in_its_own_words(lease)]


def _of_the_process(lease: BotLease | None, now: datetime) -> Iterator[str]:
    if lease is None or not lease.holder or lease.expires_at is None:
        yield say(operating.NOT_RUNNING)
    elif lease.expires_at <= now:
        minutes = int((now - (lease.renewed_at or lease.expires_at)).total_seconds() // 60)
        yield say(operating.SILENT, n=max(minutes, 1))
    elif lease.connected_at is None:
        yield say(operating.NOT_CONNECTED)


def _in_its_own_words(lease: BotLease | None) -> Iterator[str]:
    """What a person must mend, as the bot wrote it down: thrown out, no channel, a permission, why it ended."""
    if lease is not None and lease.problem:
        yield say(operating.SAYS, problem=lease.problem)


def lines() -> Iterator[Finding]:
    """Without a token the doctor has said already that the bot is off."""
    if not settings.DISCORD_BOT_TOKEN:
        return
    mistakes = [mistake.words for mistake in missing_settings()]
    if mistakes:
        yield Finding(say(operating.SERVER), False, mistakes[0])
        return
    yield Finding(say(operating.SERVER), True, str(settings.DISCORD_GUILD_ID))
    places = DiscordSettings.objects.filter(pk=1).first()
    if places is None or places.club_channel_snowflake is None:
        yield Finding(say(operating.CHANNEL), False, say(operating.NO_CHANNEL))
    else:
        kind = operating.FORUM if places.is_forum else operating.TEXT_CHANNEL
        yield Finding(say(operating.CHANNEL), True, say(kind, channel=places.club_channel_snowflake))
    reads = say(operating.READS if settings.DISCORD_READ_MESSAGES else operating.READS_NOT)
    yield Finding(say(operating.READING), settings.DISCORD_READ_MESSAGES, reads)
    found = problems()
    n_waiting = Post.objects.exclude(problem="").count()
    if n_waiting:
        found.append(say(operating.POSTS_WAIT, n=n_waiting))
    yield Finding(say(operating.PROCESS_NAME), not found, " ".join(found) or say(operating.WELL))
