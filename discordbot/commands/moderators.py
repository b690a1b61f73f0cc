"""`/club …`: the slash commands of moderators. Discord shows them to whoever has Manage Server; we ask anew."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec

import discord
from discord import app_commands

from discordbot.answer import Answer
from discordbot.commands.choices import offer, typed
from discordbot.database import in_database
from discordbot.moderating import choosing, commands
from discordbot.moderating.people import Asker
from discordbot.replies import Reply, send
from discordbot.texts import moderators as texts
from discordbot.texts import say

P = ParamSpec("P")
Interaction = discord.Interaction[Any]
Choice = app_commands.Choice[str]
Theme = app_commands.Range[str, 0, 200]
Reason = app_commands.Range[str, 0, 1000]
NeededReason = app_commands.Range[str, 1, 1000]
Days = app_commands.Range[int, 0, 60]
Hours = app_commands.Range[int, 0, 23]
Short = app_commands.Range[str, 0, 100]
Name = app_commands.Range[str, 1, 200]

club = app_commands.Group(
    name="club",
    description=say(texts.ABOUT_CLUB),
    default_permissions=discord.Permissions(manage_guild=True),
    guild_only=True,
)


def register(tree: app_commands.CommandTree[Any]) -> None:
    from discordbot.commands import moderators_check, settings  # noqa: F401  (they add to the group)

    tree.add_command(club)


async def preview(
    interaction: Interaction, make: Callable[Concatenate[Asker, P], Reply], *args: P.args, **kwargs: P.kwargs
) -> None:
    """What would happen, shown to the moderator alone."""
    answer = Answer.of(interaction)
    await answer.defer()
    await send(answer, await in_database(make, Asker.of(answer), *args, **kwargs))


@club.command(name="open", description=say(texts.ABOUT_OPEN))
@app_commands.describe(theme=say(texts.ASK_THEME), date=say(texts.ASK_DATE), reason=say(texts.ASK_REASON))
async def open_(interaction: Interaction, theme: Theme = "", date: Short = "", reason: Reason = "") -> None:
    now = Answer.of(interaction).received_at
    await preview(interaction, commands.open_, theme=theme, date=date, reason=reason, now=now)


@open_.autocomplete("date")
async def suggest_openings(interaction: Interaction, current: str) -> list[Choice]:
    return await offer(choosing.opening_choices, current, Answer.of(interaction).received_at)


@club.command(name="close", description=say(texts.ABOUT_CLOSE))
@app_commands.describe(week=say(texts.ASK_WEEK), reason=say(texts.ASK_REASON))
async def close(interaction: Interaction, week: Short = "", reason: Reason = "") -> None:
    now = Answer.of(interaction).received_at
    await preview(interaction, commands.close, week=week, reason=reason, now=now)


@close.autocomplete("week")
async def suggest_weeks_to_close(interaction: Interaction, current: str) -> list[Choice]:
    return await offer(choosing.week_choices, "close", current)


@club.command(name="extend", description=say(texts.ABOUT_EXTEND))
@app_commands.describe(
    days=say(texts.ASK_DAYS), hours=say(texts.ASK_HOURS), week=say(texts.ASK_WEEK), reason=say(texts.ASK_REASON)
)
async def extend(
    interaction: Interaction, days: Days = 0, hours: Hours = 0, week: Short = "", reason: Reason = ""
) -> None:
    now = Answer.of(interaction).received_at
    await preview(interaction, commands.extend, days=days, hours=hours, week=week, reason=reason, now=now)


@extend.autocomplete("week")
async def suggest_weeks_to_extend(interaction: Interaction, current: str) -> list[Choice]:
    return await offer(choosing.week_choices, "extend", current)


@club.command(name="reopen", description=say(texts.ABOUT_REOPEN))
@app_commands.describe(week=say(texts.ASK_WEEK), until=say(texts.ASK_UNTIL), reason=say(texts.ASK_REASON))
async def reopen(interaction: Interaction, week: Short = "", until: Short = "", reason: Reason = "") -> None:
    now = Answer.of(interaction).received_at
    await preview(interaction, commands.reopen, week=week, until=until, reason=reason, now=now)


@reopen.autocomplete("week")
async def suggest_weeks_to_reopen(interaction: Interaction, current: str) -> list[Choice]:
    return await offer(choosing.week_choices, "reopen", current)


@club.command(name="override", description=say(texts.ABOUT_OVERRIDE))
@app_commands.describe(nominee=say(texts.ASK_NOMINEE), reason=say(texts.ASK_REASON), week=say(texts.ASK_WEEK))
async def override(interaction: Interaction, nominee: Name, reason: NeededReason, week: Short = "") -> None:
    now = Answer.of(interaction).received_at
    await preview(interaction, commands.override, nominee=nominee, week=week, reason=reason, now=now)


@override.autocomplete("nominee")
async def suggest_nominees(interaction: Interaction, current: str) -> list[Choice]:
    return await offer(choosing.nominee_choices, typed(interaction, "week"), current)


@override.autocomplete("week")
async def suggest_weeks_to_override(interaction: Interaction, current: str) -> list[Choice]:
    return await offer(choosing.week_choices, "override", current)


@club.command(name="skip", description=say(texts.ABOUT_SKIP))
@app_commands.describe(reason=say(texts.ASK_REASON), week=say(texts.ASK_WEEK))
async def skip(interaction: Interaction, reason: NeededReason, week: Short = "") -> None:
    now = Answer.of(interaction).received_at
    await preview(interaction, commands.skip, week=week, reason=reason, now=now)


@skip.autocomplete("week")
async def suggest_weeks_to_skip(interaction: Interaction, current: str) -> list[Choice]:
    return await offer(choosing.week_choices, "skip", current)


@club.command(name="undo", description=say(texts.ABOUT_UNDO))
async def undo(interaction: Interaction) -> None:
    await preview(interaction, commands.undo, now=Answer.of(interaction).received_at)
