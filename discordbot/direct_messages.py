"""Presses and forms below a direct message: they name no server, so Discord is asked who may act on them.

Whoever left the server or was banned from it keeps the bot's old messages, and their buttons. Asked each time, also
between a form's opening and its sending; where Discord does not say, nothing is done, and typed words go back.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any

import aiohttp
import discord

from discordbot.answer import Answer
from discordbot.forms.parts import typed_words
from discordbot.replies import send, with_words
from discordbot.texts import Words, members, say

if TYPE_CHECKING:
    from discordbot.client import SidetrackClient

logger = logging.getLogger(__name__)
PRESS, FORM = discord.InteractionType.component, discord.InteractionType.modal_submit
WITHIN_S = {PRESS: 1.2, FORM: 4.0}  # a press may open a form, which must be the first answer; a form can wait
UNKNOWN_MEMBER, UNKNOWN_USER = 10007, 10013


def is_ours(interaction: discord.Interaction[Any]) -> bool:
    """A press below a message that the bot sent to somebody, or the form from it; nobody else is shown these."""
    return interaction.guild_id is None and interaction.type in WITHIN_S


async def may_act(client: SidetrackClient, answer: Answer) -> bool:
    """Whether a member of the server sent it; anybody else has been told why nothing happens."""
    interaction = answer.interaction
    answer.watch()
    try:
        async with asyncio.timeout(WITHIN_S[interaction.type]):
            await client.http.get_member(client.guild_id, interaction.user.id)
        return True
    except discord.NotFound as error:
        is_gone = error.code in {UNKNOWN_MEMBER, UNKNOWN_USER}
        words: Words = members.NO_LONGER_HERE if is_gone else members.NOT_SURE_WHETHER_HERE
    except (discord.DiscordException, aiohttp.ClientError, OSError, TimeoutError) as error:
        logger.warning("Discord did not say whether %s is a member: %r", interaction.user.id, error)
        words = members.NOT_SURE_WHETHER_HERE
    await send(answer, with_words(say(words), typed_words(answer.data), is_kept=False))
    answer.unwatch()
    return False
