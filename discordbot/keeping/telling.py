"""What moderators hear: each trouble once, in their channel, or in the log where they have none."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from discordbot.keeping.threads import Run
from discordbot.posts import nonce_of
from discordbot.safe_text import fitted, length
from discordbot.texts import calls, say
from discordbot.troubles import Trouble

logger = logging.getLogger(__name__)
MAX_CONTENT, LONGEST_LINE, ROOM_FOR_MORE = 2000, 600, 40


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
    head = say(calls.NEEDS_HELP if rows else calls.GOOD_TO_KNOW)
    content = in_one_message([f"<@&{role}> {head}" if role and rows else head, *lines])
    try:
        await run.port.send_message(
            channel,
            {"content": content},
            nonce=nonce_of("told", run.memory.now, *(row.pk for row in rows), *run.notes),
            roles=[role] if role and rows else [],
        )
    except Trouble as trouble:
        logger.warning("The moderators' channel could not be told: %s", trouble.words)


def in_one_message(lines: Sequence[str]) -> str:
    """The first line as it is, the others below it; whole ones, as many as Discord takes, and how many there are more.

    Pure. A line was made safe by whoever wrote it: what members typed must be escaped there.
    """
    head, *others = lines
    said = [head, *(say(calls.LINE, line=fitted(line, LONGEST_LINE)) for line in others)]
    kept = len(said)
    while sum(length(line) + 1 for line in said[:kept]) > MAX_CONTENT - ROOM_FOR_MORE:
        kept -= 1
    left = len(said) - kept
    return "\n".join([*said[:kept], say(calls.MORE_LINES, n=left)] if left else said)
