"""The discussion as an event of the server, and taking away what is no longer wanted."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from discordbot.keeping.finding import find_event, find_message
from discordbot.keeping.messages import awake
from discordbot.keeping.threads import Run
from discordbot.models import Post
from discordbot.posts import DesiredEvent, content_hash
from discordbot.troubles import Gone

logger = logging.getLogger(__name__)

ON_THE_WAY = timedelta(seconds=10)  # Discord refuses what has begun when the request arrives


async def keep_event(run: Run, event: DesiredEvent, row: Post) -> None:
    """Discord takes no event that has begun: from shortly before on it is left as it is."""
    if event.starts_at <= run.memory.now + ON_THE_WAY:
        return
    wanted = content_hash(event)
    if row.state == Post.State.STANDING and row.event_snowflake:
        if row.content_hash == wanted:
            return
        try:
            await run.port.edit_event(row.event_snowflake, event)
            await run.memory.save(row, content_hash=wanted, starts_at=event.starts_at)
            run.edited += 1
            return
        except Gone as gone:
            if gone.what != "event":
                raise
            logger.warning("The event of post %s was deleted; it is made again.", row.pk)
            await run.memory.lost(row)
            run.remade += 1
    found = None
    if await run.memory.begin(row, wanted):
        taken = {each.event_snowflake for each in run.memory.rows.values() if each.event_snowflake}
        found = await find_event(run.port, event, taken)
    made = found or await run.port.create_event(event)
    await run.memory.stands(
        row,
        event_snowflake=int(made["id"]),
        content_hash="" if found else wanted,
        starts_at=datetime.fromisoformat(made["scheduled_start_time"]),
    )
    run.made += 1
    if found:
        await keep_event(run, event, row)


async def take_away(run: Run, row: Post) -> None:
    """Delete it in Discord, where it is there; what may have been made in a crash is looked for first."""
    try:
        if row.event_snowflake:
            await run.port.delete_event(row.event_snowflake)
        elif row.thread_snowflake:
            await run.port.delete_channel(row.thread_snowflake)
        elif row.channel_snowflake:
            await awake(run, row.channel_snowflake, lambda: _delete_message(run, row))
    except Gone:
        pass
    if row.state != Post.State.GONE:
        await run.memory.gone(row)
        run.removed += 1


async def _delete_message(run: Run, row: Post) -> None:
    channel, message = row.channel_snowflake, row.message_snowflake
    if channel is None:
        return
    if message is None and row.attempted_at is not None:
        found = await find_message(run.port, row, channel, {})
        message = int(found["id"]) if found else None
    if message is not None:
        await run.port.delete_message(channel, message)
