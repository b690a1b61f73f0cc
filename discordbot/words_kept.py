"""Whatever happens to a form that was sent: the words in it go back to whoever wrote them."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from django.db import Error as DatabaseTrouble

from club.errors import ClubRuleBroken
from discordbot.answer import Answer
from discordbot.replies import send, with_words
from discordbot.texts import members, say

logger = logging.getLogger(__name__)


@asynccontextmanager
async def keeping_words(answer: Answer, words: str) -> AsyncIterator[None]:
    """Around the work of a sent form. Refusals that a draft was made for never come here."""
    try:
        yield
    except ClubRuleBroken as refusal:
        await send(answer, with_words(refusal.message, words, is_kept=False))
    except DatabaseTrouble:
        logger.exception("A form of %s could not be stored.", answer.user_id)
        await send(answer, with_words(say(members.IN_A_MOMENT), words, is_kept=False))
    except Exception as error:  # noqa: BLE001  (told and logged; the words still go back)
        await answer.failed(error)
        if words.strip():
            await send(answer, with_words("", words, is_kept=False))
