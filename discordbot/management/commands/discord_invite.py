"""manage.py discord_invite: the link that lets the bot into a server."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from discordbot.permissions import Permission, application_id, invite_link, label, wanted
from discordbot.texts import operating, say


class Command(BaseCommand):
    help = "Print the link with which somebody who manages a Discord server lets the bot in, with what it needs."

    def handle(self, *args: Any, **options: Any) -> None:
        client_id = settings.DISCORD_CLIENT_ID or application_id(settings.DISCORD_BOT_TOKEN)
        if not client_id:
            raise CommandError(say(operating.INVITE_NEEDS))
        reads_messages = settings.DISCORD_READ_MESSAGES
        self.stdout.write(
            invite_link(
                site=settings.DISCORD_OAUTH_URL,
                client_id=client_id,
                reads_messages=reads_messages,
                guild_id=settings.DISCORD_GUILD_ID,
            )
        )
        asked = wanted(reads_messages=reads_messages)
        names = ", ".join(label(permission) for permission in Permission if permission & asked)
        self.stderr.write(say(operating.INVITE_ASKS_FOR, names=names))
