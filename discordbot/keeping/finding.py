"""After a crash: was it made already? Looks among what Discord has since then, before it is made a second time."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from discordbot.keeping.marks import is_ours
from discordbot.models import Post
from discordbot.port import DiscordPort, snowflake_at
from discordbot.posts import DesiredEvent, Json
from discordbot.troubles import Gone, Trouble

CLOCKS_DIFFER = timedelta(minutes=10)  # our clock and Discord's


@contextmanager
def looking() -> Iterator[None]:
    """Around every search: trouble in it says nothing about what was made."""
    try:
        yield
    except Trouble as trouble:
        trouble.was_looking = True
        raise


def since(row: Post) -> int:
    """An id older than anything that this attempt can have made."""
    return snowflake_at((row.attempted_at or row.created_at) - CLOCKS_DIFFER)


async def find_message(port: DiscordPort, row: Post, channel: int, payload: Json) -> dict[str, Any] | None:
    """Our message in `channel`, made since the attempt."""
    with looking():
        async for message in port.messages_since(channel, since(row)):
            if is_ours(message, bot_id=port.bot_id, mark=row.nonce, payload=payload):
                return message
    return None


async def find_forum_post(
    port: DiscordPort, row: Post, forum: int, name: str, payload: Json, taken: Container[int]
) -> dict[str, Any] | None:
    """Our post in a forum: known by its first message, or by its name where that was deleted."""
    with looking():
        threads = [*await port.active_threads(), *await port.archived_threads(forum)]
    for thread in sorted(threads, key=lambda each: int(each["id"])):
        thread_id = int(thread["id"])
        is_candidate = int(thread.get("parent_id") or 0) == forum and int(thread.get("owner_id") or 0) == port.bot_id
        if not is_candidate or thread_id < since(row) or thread_id in taken:
            continue
        try:
            with looking():
                first = await port.message(thread_id, thread_id)
        except Gone:
            if thread.get("name") == name:
                return thread
            continue
        if is_ours(first, bot_id=port.bot_id, mark=row.nonce, payload=payload):
            return thread
    return None


async def find_event(port: DiscordPort, event: DesiredEvent, taken: Container[int]) -> Mapping[str, Any] | None:
    """Our event, by its name, among those that no other post of ours has."""
    with looking():
        events = await port.events()
    for found in events:
        is_free = int(found.get("creator_id") or 0) == port.bot_id and int(found["id"]) not in taken
        if is_free and found.get("name") == event.name[:100] and found.get("status") in {1, 2}:
            return found
    return None
