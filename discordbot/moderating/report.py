"""`/club check` as messages."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings

from discordbot.cards.parts import MAX_CONTENT
from discordbot.models import DiscordSettings
from discordbot.moderating.checking import Finding, Survey, findings, givers, not_asked
from discordbot.moderating.faring import fares
from discordbot.moderating.panel import digest_words
from discordbot.moderating.people import Asker, moderator
from discordbot.permissions import application_id, invite_link
from discordbot.replies import Reply
from discordbot.safe_text import fitted, length
from discordbot.texts import checking as texts
from discordbot.texts import say
from discordbot.troubles import Trouble


def begun(asker: Asker, now: datetime) -> DiscordSettings:
    """What is to be looked at, for moderators only."""
    moderator(asker, now=now)
    return DiscordSettings.load()


def written(found: Survey | Trouble, now: datetime) -> Reply:
    """Everything that was found, what needs a person first; where Discord said nothing, what we know without it."""
    if isinstance(found, Trouble):
        lines = [not_asked(found), *fares(now)]
    else:
        lines = [*findings(found, reads_messages=settings.DISCORD_READ_MESSAGES), *fares(now)]
    lines.append(Finding("note", say(texts.DIGEST_IS, digest=digest_words(DiscordSettings.load()))))
    lines.append(Finding("note", say(texts.WHO_SEES_CLUB)))
    bad = [line for line in lines if line.kind == "bad"]
    said = [say(texts.SOME_MISSING, n=len(bad)) if bad else say(texts.ALL_WELL)]
    said += map(str, sorted(lines, key=lambda line: ("bad", "good", "note").index(line.kind)))
    if bad and isinstance(found, Survey):
        said += [str(Finding("note", each)) for each in (givers(found), say(texts.INVITE, link=_invite()))]
    return as_messages(said)


def _invite() -> str:
    return invite_link(
        site=settings.DISCORD_OAUTH_URL,
        client_id=settings.DISCORD_CLIENT_ID or application_id(settings.DISCORD_BOT_TOKEN),
        reads_messages=settings.DISCORD_READ_MESSAGES,
        guild_id=settings.DISCORD_GUILD_ID,
    )


def as_messages(lines: Iterable[str]) -> Reply:
    """As many messages as the lines need, no line cut in two."""
    blocks: list[str] = []
    for line in (fitted(each, MAX_CONTENT) for each in lines):
        if blocks and length(blocks[-1]) + 1 + length(line) <= MAX_CONTENT:
            blocks[-1] += f"\n{line}"
        else:
            blocks.append(line)
    return Reply(blocks[0] if blocks else "", more=tuple(blocks[1:]))
