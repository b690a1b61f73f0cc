"""What moderators hear: each trouble once, in their channel, or in the log where they have none."""

from __future__ import annotations

import logging

from django.utils.translation import gettext as _

from discordbot.keeping.threads import Run
from discordbot.posts import nonce_of
from discordbot.troubles import Trouble

logger = logging.getLogger(__name__)
MAX_CONTENT = 2000


async def tell_moderators(run: Run) -> None:
    """One message for all that is new. A message that cannot be sent is a line in the log, and is not repeated."""
    rows = run.memory.to_tell()
    lines = [*run.notes, *dict.fromkeys(row.problem for row in rows)]
    if not lines:
        return
    for row in rows:
        await run.memory.save(row, told_at=run.memory.now)
    logger.warning("Moderators should know: %s", " | ".join(lines))
    channel = run.memory.places.moderators_channel_snowflake
    if channel is None:
        return
    role = run.memory.places.moderator_role_snowflake
    head = _("I need a moderator’s help:") if rows else _("For your information:")
    content = "\n".join([f"<@&{role}> {head}" if role and rows else head, *(f"• {line}" for line in lines)])
    try:
        await run.port.send_message(
            channel,
            {"content": content[:MAX_CONTENT]},
            nonce=nonce_of("told", run.memory.now, *(row.pk for row in rows), *run.notes),
            roles=[role] if role and rows else [],
        )
    except Trouble as trouble:
        logger.warning("The moderators' channel could not be told: %s", trouble.words)
