"""Lists that are offered while a command is typed: never late, never an error, at most what Discord shows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ParamSpec

import discord
from discord import app_commands

from discordbot.database import in_database
from discordbot.opening import in_time

P = ParamSpec("P")
WITHIN_S, MOST = 2.0, 25
Interaction = discord.Interaction[Any]


async def offer(
    function: Callable[P, list[tuple[str, str]]], /, *args: P.args, **kwargs: P.kwargs
) -> list[app_commands.Choice[str]]:
    """What `function` finds in the database; nothing where that takes too long."""
    found = await in_time(in_database(function, *args, **kwargs), [], within_s=WITHIN_S)
    return [app_commands.Choice(name=name[:100] or "…", value=value[:100]) for name, value in (found or [])[:MOST]]


def typed(interaction: Interaction, name: str) -> str:
    """What stands in another option of the same command so far."""
    value = getattr(interaction.namespace, name, None)
    return value if isinstance(value, str) else ""
