"""`/club settings`: channels, rhythm and rules."""

from __future__ import annotations

from typing import Any

import discord

from discordbot.answer import Answer
from discordbot.commands.moderators import club
from discordbot.handlers.settings import show
from discordbot.texts import moderators as texts
from discordbot.texts import say


@club.command(name="settings", description=say(texts.ABOUT_SETTINGS))
async def settings_(interaction: discord.Interaction[Any]) -> None:
    await show(Answer.of(interaction))
