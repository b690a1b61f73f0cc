"""The slash commands of members. Each finds its answer in `serving`; acts open the same forms as the buttons do."""

from __future__ import annotations

import time
from typing import Any

import discord
from discord import app_commands

from discordbot.answer import Answer
from discordbot.database import in_database
from discordbot.handlers.nominate import open_nomination
from discordbot.handlers.rate import open_rating
from discordbot.handlers.vote import open_ballot
from discordbot.members import Person
from discordbot.models import DiscordSettings
from discordbot.opening import in_time
from discordbot.replies import send
from discordbot.serving import figures, looking, privacy
from discordbot.texts import looking as texts
from discordbot.texts import say

Interaction = discord.Interaction[Any]
SUGGEST_WITHIN_S = 2.0


def register(tree: app_commands.CommandTree[Any]) -> None:
    commands: list[app_commands.Command[Any, ..., Any]]
    commands = [week, nominate, vote, rate, results, history, stats, me, privacy_command, ping]
    for command in commands:
        tree.add_command(command)


def _choices(found: list[tuple[str, str]] | None) -> list[app_commands.Choice[str]]:
    """Nothing where the database did not answer in time: whatever was typed can be sent as it is."""
    return [app_commands.Choice(name=name, value=value) for name, value in (found or [])[:25]]


@app_commands.command(name="week", description=say(texts.ABOUT_WEEK))
async def week(interaction: Interaction) -> None:
    answer = Answer.of(interaction)
    person = Person.of(interaction.user)
    await send(answer, await in_database(looking.weeks, person=person, now=answer.received_at))


@app_commands.command(name="nominate", description=say(texts.ABOUT_NOMINATE))
@app_commands.describe(album=say(texts.ABOUT_NOMINATE_ALBUM))
async def nominate(interaction: Interaction, album: app_commands.Range[str, 0, 500] = "") -> None:
    album_id = looking.id_behind(looking.ALBUM, album)
    await open_nomination(
        Answer.of(interaction), number=None, album_id=album_id, line="" if album_id is not None else album
    )


@nominate.autocomplete("album")
async def suggest_albums(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    answer, person = Answer.of(interaction), Person.of(interaction.user)
    asked = in_database(looking.album_choices, typed, person=person, now=answer.received_at)
    return _choices(await in_time(asked, within_s=SUGGEST_WITHIN_S))


@app_commands.command(name="vote", description=say(texts.ABOUT_VOTE))
async def vote(interaction: Interaction) -> None:
    await open_ballot(Answer.of(interaction), number=None)


@app_commands.command(name="rate", description=say(texts.ABOUT_RATE))
async def rate(interaction: Interaction) -> None:
    await open_rating(Answer.of(interaction), number=None)


@app_commands.command(name="results", description=say(texts.ABOUT_RESULTS))
@app_commands.describe(week=say(texts.ABOUT_RESULTS_WEEK))
async def results(interaction: Interaction, week: app_commands.Range[int, 1, 99999] | None = None) -> None:
    await send(Answer.of(interaction), await in_database(looking.results, number=week))


@app_commands.command(name="history", description=say(texts.ABOUT_HISTORY))
@app_commands.describe(find=say(texts.ABOUT_HISTORY_FIND))
async def history(interaction: Interaction, find: app_commands.Range[str, 1, 200]) -> None:
    await send(Answer.of(interaction), await in_database(looking.history, typed=find))


@history.autocomplete("find")
async def suggest_history(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    asked = in_database(looking.history_choices, typed)
    return _choices(await in_time(asked, within_s=SUGGEST_WITHIN_S))


@app_commands.command(name="stats", description=say(texts.ABOUT_STATS))
async def stats(interaction: Interaction) -> None:
    answer, person = Answer.of(interaction), Person.of(interaction.user)
    await send(answer, await in_database(figures.club, person=person, now=answer.received_at))


@app_commands.command(name="me", description=say(texts.ABOUT_ME))
async def me(interaction: Interaction) -> None:
    answer, person = Answer.of(interaction), Person.of(interaction.user)
    await send(answer, await in_database(figures.oneself, person=person, now=answer.received_at))


@app_commands.command(name="privacy", description=say(texts.ABOUT_PRIVACY))
async def privacy_command(interaction: Interaction) -> None:
    answer, person = Answer.of(interaction), Person.of(interaction.user)
    await send(answer, await in_database(privacy.shown, person=person, now=answer.received_at))


@app_commands.command(name="ping", description=say(texts.ABOUT_PING))
async def ping(interaction: Interaction) -> None:
    began = time.perf_counter()
    await in_database(DiscordSettings.load)
    database = round((time.perf_counter() - began) * 1000)
    gateway = interaction.client.latency
    known = gateway == gateway and gateway < 1000  # nan or inf before the first heartbeat
    words = say(texts.PING, gateway=round(gateway * 1000), database=database) if known else ""
    await Answer.of(interaction).reply(words or say(texts.PING_BARE, database=database))
