"""A message: sent once, edited when it should read differently, pinned, made again when somebody deleted it."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable

from discordbot.keeping.drawing import drawn
from discordbot.keeping.finding import find_message
from discordbot.keeping.marks import marked
from discordbot.keeping.threads import Run, remake, wake
from discordbot.models import Post
from discordbot.posts import DesiredMessage, DirectMessage, content_hash
from discordbot.troubles import Archived, Gone, Refused

logger = logging.getLogger(__name__)
NO_DIRECT_MESSAGES = {50007, 50278}  # they take none from us; no server in common


def place_of(run: Run, message: DesiredMessage) -> int | None:
    """The channel or thread where it belongs; None while there is none."""
    places = run.memory.places
    match message.place:
        case "club":
            return _newest_thread(run, message) if places.is_forum else places.club_channel_snowflake
        case "moderators":
            return places.moderators_channel_snowflake
        case place:
            thread = run.memory.find(message.week, "thread", place)
            stands = thread is not None and thread.state == Post.State.STANDING
            return thread.thread_snowflake if thread and stands else None


def _newest_thread(run: Run, message: DesiredMessage) -> int | None:
    """A forum takes no message of its own: the thread that was made last, or the one where it may stand already."""
    row = run.memory.find(message.week, message.kind, message.key)
    if row is not None and row.channel_snowflake:
        return row.channel_snowflake
    threads = [each for each in run.memory.rows.values() if each.kind == "thread" and not each.is_locked]
    standing = [each.thread_snowflake for each in threads if each.state == Post.State.STANDING]
    return max((each for each in standing if each), default=None)


def is_over(run: Run, message: DesiredMessage | DirectMessage, row: Post | None) -> bool:
    """What is said once was said, or is not worth saying any more."""
    is_once = isinstance(message, DirectMessage) or message.is_once
    if not is_once:
        return False
    if row is not None and row.state in {Post.State.STANDING, Post.State.GONE}:
        return True
    return message.until is not None and run.memory.now >= message.until


async def keep_message(run: Run, message: DesiredMessage, row: Post, channel: int) -> None:
    if row.state == Post.State.STANDING and row.message_snowflake and row.channel_snowflake == channel:
        try:
            await awake(run, channel, lambda: _keep_true(run, message, row, channel))
            return
        except Gone as gone:
            await _lost(run, message, row, gone)
    elif row.state == Post.State.STANDING:
        await run.memory.lost(row)  # its thread is another one now
    await awake(run, channel, lambda: _make(run, message, row, channel))
    await awake(run, channel, lambda: _keep_true(run, message, row, channel))


async def awake(run: Run, channel: int, act: Callable[[], Awaitable[None]]) -> None:
    """Do it; where the thread sleeps, wake it and do it then."""
    try:
        await act()
    except Archived:
        await wake(run, channel)
        await act()


async def _lost(run: Run, message: DesiredMessage, row: Post, gone: Gone) -> None:
    if gone.what != "message":
        thread = run.memory.find(message.week, "thread", message.place)
        if thread is not None:
            await remake(run, thread, thread.name)
        raise gone  # the thread comes first; then this message, in the next round
    logger.warning("Post %s (%s %s) was deleted; it is made again.", row.pk, row.kind, row.key)
    await run.memory.lost(row)
    run.remade += 1


async def _keep_true(run: Run, message: DesiredMessage, row: Post, channel: int) -> None:
    assert row.message_snowflake  # noqa: S101  (it was just made, or stood already)
    wanted = content_hash(message)
    if row.content_hash != wanted and not message.is_once:
        body = marked(message.payload, row.nonce)
        await run.port.edit_message(channel, row.message_snowflake, body, uploads=await drawn(message.pictures))
        await run.memory.save(row, content_hash=wanted)
        run.edited += 1
    if message.is_pinned and not row.is_pinned:
        await run.port.pin(channel, row.message_snowflake)
        await run.memory.save(row, is_pinned=True)
    elif row.is_pinned and not message.is_pinned:
        await run.port.unpin(channel, row.message_snowflake)
        await run.memory.save(row, is_pinned=False)


async def _make(run: Run, message: DesiredMessage, row: Post, channel: int) -> None:
    wanted = content_hash(message)
    body = marked(message.payload, row.nonce)
    if await run.memory.begin(row, wanted, channel_snowflake=channel):
        found = await find_message(run.port, row, channel, body)
        if found is not None:
            logger.info("Post %s (%s %s) had been made already.", row.pk, row.kind, row.key)
            await run.memory.stands(
                row,
                message_snowflake=int(found["id"]),
                channel_snowflake=channel,
                is_pinned=bool(found.get("pinned")),
            )
            return
    uploads = await drawn(message.pictures)
    sent = await run.port.send_message(channel, body, nonce=row.nonce, mentions=message.mentions, uploads=uploads)
    await run.memory.stands(
        row, message_snowflake=int(sent["id"]), channel_snowflake=channel, content_hash=wanted, is_pinned=False
    )
    run.made += 1


async def send_direct(run: Run, message: DirectMessage, row: Post) -> None:
    """To one member. Who takes no direct messages is told in the thread anyway."""
    body = marked(message.payload, row.nonce)
    looks = await run.memory.begin(row, "")
    try:
        channel = await run.port.open_direct(message.recipient)
        found = await find_message(run.port, row, channel, body) if looks else None
        sent = found or await run.port.send_message(channel, body, nonce=row.nonce)
    except Refused as refused:
        if refused.code not in NO_DIRECT_MESSAGES:
            raise
        await run.memory.gone(row)
        return
    except Gone:
        await run.memory.gone(row)
        return
    await run.memory.stands(row, message_snowflake=int(sent["id"]), channel_snowflake=channel)
    run.made += 1
