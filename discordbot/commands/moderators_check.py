"""`/club check`: what the bot may do where, and how it fares."""

from __future__ import annotations

from typing import Any

import discord

from discordbot.answer import Answer
from discordbot.commands.moderators import club
from discordbot.handlers.settings import check
from discordbot.texts import moderators as texts
from discordbot.texts import say


@club.command(name="check", description=say(texts.ABOUT_CHECK))
async def check_(interaction: discord.Interaction[Any]) -> None:
    await check(Answer.of(interaction))
