"""The slash commands about listening: what plays, who plays it, who matches whom, a picture of covers."""

from __future__ import annotations

import asyncio
from typing import Any

import discord
from discord import app_commands

from discordbot.answer import Answer
from discordbot.commands.choices import offer
from discordbot.database import in_database
from discordbot.members import Person
from discordbot.replies import send
from discordbot.serving.music import charting, knowing, matching, playing
from discordbot.texts import music as texts
from discordbot.texts import say

Interaction = discord.Interaction[Any]
SOME, A_WHILE = 6, 60.0  # so many times in so many seconds, each member for themselves
FEW = 3  # pictures


def register(tree: app_commands.CommandTree[Any]) -> None:
    commands: list[app_commands.Command[Any, ..., Any]] = [fm, whoknows, taste, chart]
    for command in commands:
        tree.add_command(command)


def _other(member: discord.User | None) -> Person | None:
    return None if member is None else Person.of(member)


@app_commands.command(name="fm", description=say(texts.ABOUT_FM))
@app_commands.describe(member=say(texts.ABOUT_FM_MEMBER), only_me=say(texts.ABOUT_ONLY_ME))
@app_commands.checks.cooldown(SOME, A_WHILE)
async def fm(interaction: Interaction, member: discord.User | None = None, only_me: bool = False) -> None:
    answer, person = Answer.of(interaction), Person.of(interaction.user)
    said = in_database(playing.fm, person=person, other=_other(member), only_me=only_me, now=answer.received_at)
    await send(answer, await said)


@app_commands.command(name="whoknows", description=say(texts.ABOUT_WHO))
@app_commands.describe(artist=say(texts.ABOUT_WHO_ARTIST), only_me=say(texts.ABOUT_ONLY_ME))
@app_commands.checks.cooldown(SOME, A_WHILE)
async def whoknows(
    interaction: Interaction, artist: app_commands.Range[str, 0, 300] = "", only_me: bool = False
) -> None:
    answer, person = Answer.of(interaction), Person.of(interaction.user)
    said = in_database(knowing.who_knows, person=person, typed=artist, only_me=only_me, now=answer.received_at)
    await send(answer, await said)


@whoknows.autocomplete("artist")
async def suggest_artists(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    return await offer(knowing.artist_choices, typed, person=Person.of(interaction.user))


@app_commands.command(name="taste", description=say(texts.ABOUT_TASTE))
@app_commands.describe(member=say(texts.ABOUT_TASTE_MEMBER), only_me=say(texts.ABOUT_ONLY_ME))
@app_commands.checks.cooldown(SOME, A_WHILE)
async def taste(interaction: Interaction, member: discord.User | None = None, only_me: bool = False) -> None:
    answer, person = Answer.of(interaction), Person.of(interaction.user)
    said = in_database(matching.taste, person=person, other=_other(member), only_me=only_me, now=answer.received_at)
    await send(answer, await said)


@app_commands.command(name="chart", description=say(texts.ABOUT_CHART))
@app_commands.describe(
    period=say(texts.ABOUT_CHART_PERIOD), size=say(texts.ABOUT_CHART_SIZE), only_me=say(texts.ABOUT_ONLY_ME)
)
@app_commands.choices(period=[app_commands.Choice(name=say(words), value=key) for key, words in texts.PERIODS.items()])
@app_commands.choices(size=[app_commands.Choice(name=say(words), value=side) for side, words in texts.SIZES.items()])
@app_commands.checks.cooldown(FEW, A_WHILE)
async def chart(interaction: Interaction, period: str = "7", size: int = 3, only_me: bool = False) -> None:
    """Who may see it is known before it is drawn, so that the promise to answer is made to the right people."""
    answer, person = Answer.of(interaction), Person.of(interaction.user)
    found = await in_database(
        charting.chart, person=person, period=period, size=size, only_me=only_me, now=answer.received_at
    )
    if found.albums:
        await answer.defer(ephemeral=not found.reply.is_public)
    await send(answer, found.reply, uploads=await asyncio.to_thread(found.drawn))
