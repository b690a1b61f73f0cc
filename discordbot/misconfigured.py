"""What a person must mend before the bot can run: one line each, with the name of the variable or the switch."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings

from discordbot.permissions import application_id, invite_link
from discordbot.texts import operating, say

PORTAL = "https://discord.com/developers/applications"


class Misconfigured(Exception):
    """The bot cannot run like this."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


def missing_settings() -> Iterator[Misconfigured]:
    if not settings.DISCORD_BOT_TOKEN:
        yield Misconfigured(say(operating.NO_TOKEN, portal=PORTAL))
    if not settings.DISCORD_GUILD_ID:
        yield Misconfigured(say(operating.NO_SERVER))


def wrong_token() -> Misconfigured:
    return Misconfigured(say(operating.WRONG_TOKEN, portal=PORTAL))


def not_a_member() -> Misconfigured:
    """The bot's own page for inviting it."""
    client_id = settings.DISCORD_CLIENT_ID or application_id(settings.DISCORD_BOT_TOKEN)
    link = invite_link(
        site=settings.DISCORD_OAUTH_URL,
        client_id=client_id,
        reads_messages=settings.DISCORD_READ_MESSAGES,
        guild_id=settings.DISCORD_GUILD_ID,
    )
    return Misconfigured(say(operating.NOT_A_MEMBER, server=settings.DISCORD_GUILD_ID, link=link))


def intent_is_off() -> Misconfigured:
    return Misconfigured(say(operating.INTENT_IS_OFF, portal=PORTAL))


def wrong_close_code(code: int | None) -> Misconfigured | None:
    """Discord closed the gateway for a reason that does not pass by itself; None for all others."""
    match code:
        case 4004:
            return wrong_token()
        case 4014:
            return intent_is_off()
        case 4010 | 4011 | 4012 | 4013:
            return Misconfigured(say(operating.OUT_OF_DATE, code=code))
        case _:
            return None
