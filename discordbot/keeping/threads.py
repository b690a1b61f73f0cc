"""A week's thread: made from its starter message, or as a post of a forum; kept true in name, lock and starter."""

from __future__ import annotations

import contextlib
import logging
from dataclasses import dataclass, field
from typing import Any

from club import revision
from club.models.week import Phase
from discordbot.database import in_database
from discordbot.keeping.drawing import drawn
from discordbot.keeping.finding import find_forum_post, find_message
from discordbot.keeping.marks import marked
from discordbot.keeping.memory import Memory
from discordbot.models import Post
from discordbot.port import DiscordPort
from discordbot.posts import DesiredThread, Json, starter_hash
from discordbot.safe_text import escaped
from discordbot.texts import calls, say
from discordbot.troubles import Archived, Gone, Refused, ThreadExists

logger = logging.getLogger(__name__)
OVER = {Phase.CLOSED, Phase.CANCELLED}


@dataclass
class Run:
    """What every keeper needs, and what a run did. notes: what moderators should hear once."""

    port: DiscordPort
    memory: Memory
    made: int = 0
    edited: int = 0
    remade: int = 0
    removed: int = 0
    notes: list[str] = field(default_factory=list)


async def keep_thread(run: Run, thread: DesiredThread, row: Post) -> None:
    if row.state == Post.State.STANDING and row.thread_snowflake:
        try:
            await _keep_true(run, thread, row)
            return
        except Gone as gone:
            if gone.what != "channel":
                raise
            await remake(run, row, thread.name)
    await _make(run, thread, row)


async def remake(run: Run, row: Post, name: str) -> None:
    """Somebody deleted it: forget it and what stood in it, take its old starter away, tell moderators."""
    parent, starter = row.channel_snowflake, row.message_snowflake
    if parent == row.thread_snowflake:
        starter = None
    await run.memory.thread_lost(row)
    run.remade += 1
    run.notes.append(say(calls.THREAD_REMADE, name=escaped(name, 200, one_line=True)))
    logger.warning("The thread of post %s (%s) was deleted; it is made again.", row.pk, row.key)
    if parent and starter:
        with contextlib.suppress(Gone):
            await run.port.delete_message(parent, starter)


async def wake(run: Run, thread_snowflake: int) -> None:
    """Unarchive, so that what is in it can be written to."""
    await run.port.edit_thread(thread_snowflake, archived=False)
    for row in run.memory.rows.values():
        if row.thread_snowflake == thread_snowflake and row.is_archived:
            await run.memory.save(row, is_archived=False)


# --- A thread that stands -------------------------------------------------------------------------------------------
async def _keep_true(run: Run, thread: DesiredThread, row: Post) -> None:
    changes: dict[str, Any] = {}
    if thread.name != row.name:
        changes["name"] = thread.name
    if thread.is_locked != row.is_locked:
        changes["locked"] = thread.is_locked
    if row.is_archived and not thread.is_locked and run.memory.weeks[thread.week].phase not in OVER:
        changes["archived"] = False
    if changes:
        await _change(run, row, changes)
    await _keep_starter(run, thread, row)


async def _change(run: Run, row: Post, changes: dict[str, Any]) -> None:
    assert row.thread_snowflake  # noqa: S101  (only threads that stand are changed)
    try:
        await run.port.edit_thread(row.thread_snowflake, **changes)
    except Archived:
        changes |= {"archived": False}
        await run.port.edit_thread(row.thread_snowflake, **changes)
    fields: dict[str, Any] = {"name": changes.get("name", row.name), "is_locked": changes.get("locked", row.is_locked)}
    if "archived" in changes:
        fields["is_archived"] = False
    await run.memory.save(row, **fields)
    run.edited += 1


async def _keep_starter(run: Run, thread: DesiredThread, row: Post) -> None:
    in_forum = row.channel_snowflake == row.thread_snowflake
    if row.message_snowflake is None:
        if not in_forum:  # a forum's first message cannot be given back
            await _starter_again(run, thread, row)
        return
    wanted = starter_hash(thread)
    if wanted == row.content_hash or row.channel_snowflake is None:
        return
    body, uploads = _starter_body(thread, row), await drawn(thread.pictures)
    try:
        try:
            await run.port.edit_message(row.channel_snowflake, row.message_snowflake, body, uploads=uploads)
        except Archived:
            await wake(run, row.channel_snowflake)
            await run.port.edit_message(row.channel_snowflake, row.message_snowflake, body, uploads=uploads)
    except Gone as gone:
        if gone.what != "message":
            raise
        await run.memory.starter_lost(row)
        if not in_forum:
            await _starter_again(run, thread, row)
        return
    await run.memory.save(row, content_hash=wanted)
    run.edited += 1


def _starter_body(thread: DesiredThread, row: Post) -> dict[str, Any]:
    """A starter that was sent anew is not what the thread hangs on, so it says where the thread is."""
    body = marked(thread.starter, row.nonce)
    if row.thread_snowflake and row.message_snowflake != row.thread_snowflake:
        body["content"] = f"{str(body.get('content') or '')[:1900]}\n<#{row.thread_snowflake}>".strip()
    return body


async def _starter_again(run: Run, thread: DesiredThread, row: Post) -> None:
    """The message in the club's channel was deleted, the thread lives: announce it there again."""
    channel = row.channel_snowflake
    if channel is None:
        return
    looks = await run.memory.begin(row, starter_hash(thread))
    body = _starter_body(thread, row)
    found = await find_message(run.port, row, channel, body) if looks else None
    message = found or await _sent(run, thread, row, channel, body)
    await run.memory.stands(row, message_snowflake=int(message["id"]), content_hash=starter_hash(thread))
    run.remade += 1
    logger.warning("The starter of post %s (%s) was deleted; it is sent again.", row.pk, row.key)


# --- A thread that is to be made ------------------------------------------------------------------------------------
async def _make(run: Run, thread: DesiredThread, row: Post) -> None:
    places = run.memory.places
    channel = row.channel_snowflake if row.message_snowflake else places.club_channel_snowflake
    if channel is None:
        raise Refused(0, say(calls.NO_CHANNEL))
    try:
        if places.is_forum and row.message_snowflake is None:
            await _make_in_forum(run, thread, row, channel)
        else:
            await _make_from_message(run, thread, row, channel)
    except Gone as gone:
        if gone.what == "channel":
            await run.memory.save(row, channel_snowflake=None, message_snowflake=None)
            raise Refused(10003, say(calls.CHANNEL_GONE, channel=channel)) from gone
        raise
    run.made += 1
    if thread.is_locked or row.name != thread.name:
        await _keep_true(run, thread, row)


async def _make_from_message(run: Run, thread: DesiredThread, row: Post, channel: int) -> None:
    """First the message, under its nonce; then the thread on it, of which Discord makes no second one."""
    for is_last in (False, True):
        starter = row.message_snowflake or await _send_starter(run, thread, row, channel)
        try:
            made = await run.port.start_thread(channel, starter, thread.name)
        except ThreadExists:
            made = await run.port.channel(starter)
        except Gone as gone:
            if gone.what != "message" or is_last:
                raise
            await run.memory.lost(row)
            continue
        await _stands(run, row, made)
        return


async def _send_starter(run: Run, thread: DesiredThread, row: Post, channel: int) -> int:
    wanted = starter_hash(thread)
    body = marked(thread.starter, row.nonce)
    looks = await run.memory.begin(row, wanted, channel_snowflake=channel)
    found = await find_message(run.port, row, channel, body) if looks else None
    message = found or await _sent(run, thread, row, channel, body)
    await run.memory.save(
        row,
        message_snowflake=int(message["id"]),
        content_hash=row.content_hash if found else wanted,
        channel_snowflake=channel,
    )
    return int(message["id"])


async def _sent(run: Run, thread: DesiredThread, row: Post, channel: int, body: Json) -> dict[str, Any]:
    return await run.port.send_message(channel, body, nonce=row.nonce, uploads=await drawn(thread.pictures))


async def _make_in_forum(run: Run, thread: DesiredThread, row: Post, forum: int) -> None:
    wanted = starter_hash(thread)
    body = marked(thread.starter, row.nonce)
    found = None
    if await run.memory.begin(row, wanted):
        taken = {each.thread_snowflake for each in run.memory.rows.values() if each.thread_snowflake}
        found = await find_forum_post(run.port, row, forum, thread.name, body, taken)
    made = found or await run.port.create_forum_post(forum, thread.name, body, uploads=await drawn(thread.pictures))
    await _stands(
        run,
        row,
        made,
        channel_snowflake=int(made["id"]),
        message_snowflake=int(made["id"]),
        content_hash=row.content_hash if found else wanted,
    )


async def _stands(run: Run, row: Post, made: dict[str, Any], **fields: Any) -> None:
    state = made.get("thread_metadata") or {}
    await run.memory.stands(
        row,
        thread_snowflake=int(made["id"]),
        name=str(made.get("name") or "")[:100],
        is_locked=bool(state.get("locked")),
        is_archived=bool(state.get("archived")),
        **fields,
    )
    await in_database(revision.bump)  # the week's page leads to it from now on
