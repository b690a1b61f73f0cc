"""Compares what we remember with what Discord has: after every start, and now and then. Mending is left to the plan.

While the bot runs, Discord tells of every deletion; this finds what happened while it did not.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from datetime import datetime, timedelta

from discordbot.database import in_database
from discordbot.keeping import noticing
from discordbot.models import Post
from discordbot.port import DiscordPort
from discordbot.troubles import Gone, NoPermission

logger = logging.getLogger(__name__)
RECENT = timedelta(days=28)  # as long as the posts of an ended week are kept true
MOST_MESSAGES = 500
MOST_SINGLE = 25


async def verify(port: DiscordPort, now: datetime) -> int:
    """How many posts were not as remembered."""
    rows = await in_database(_standing, now)
    n_found = await _threads(port, rows)
    by_channel: dict[int, list[Post]] = defaultdict(list)
    for row in rows:
        if row.channel_snowflake and row.message_snowflake:
            by_channel[row.channel_snowflake].append(row)
    for channel, posts in by_channel.items():
        n_found += await _messages(port, channel, posts)
    return n_found + await _events(port, rows)


def _standing(now: datetime) -> list[Post]:
    return list(Post.objects.standing().filter(week__ratings_close_at__gt=now - RECENT).exclude(kind="direct"))


async def _threads(port: DiscordPort, rows: list[Post]) -> int:
    ours = {row.thread_snowflake: row for row in rows if row.thread_snowflake}
    if not ours:
        return 0
    active = {int(thread["id"]): thread for thread in await port.active_threads()}
    n_found = 0
    for snowflake in ours:
        try:
            thread = active.get(snowflake) or await port.channel(snowflake)
        except Gone:
            n_found += await in_database(noticing.channel_deleted, snowflake)
            continue
        except NoPermission:
            continue
        n_found += await in_database(noticing.thread_changed, thread)
    return n_found


async def _messages(port: DiscordPort, channel: int, rows: list[Post]) -> int:
    """Pages of a hundred show nearly all; the rest is asked for singly, for an empty page may be a forbidden one."""
    wanted = {row.message_snowflake for row in rows if row.message_snowflake}
    seen: dict[int, bool] = {}
    missing: set[int] = set()
    try:
        async for message in port.messages_since(channel, min(wanted) - 1, most=MOST_MESSAGES):
            if (snowflake := int(message["id"])) in wanted:
                seen[snowflake] = bool(message.get("pinned"))
            if snowflake >= max(wanted):
                break
        for unseen in sorted(wanted - seen.keys())[:MOST_SINGLE]:
            try:
                seen[unseen] = bool((await port.message(channel, unseen)).get("pinned"))
            except Gone as gone:
                if gone.what != "message":
                    raise
                missing.add(unseen)
    except Gone:
        return int(await in_database(noticing.channel_deleted, channel))
    except NoPermission:
        return 0
    n_found = int(await in_database(noticing.messages_deleted, missing)) if missing else 0
    for row in rows:
        is_pinned = seen.get(row.message_snowflake or 0)
        if row.thread_snowflake is None and is_pinned is not None and is_pinned != row.is_pinned:
            n_found += await in_database(Post.objects.filter(pk=row.pk).update, is_pinned=is_pinned)
    return n_found


async def _events(port: DiscordPort, rows: list[Post]) -> int:
    ours = [row.event_snowflake for row in rows if row.event_snowflake]
    if not ours:
        return 0
    there = {int(event["id"]) for event in await port.events()}
    return sum([await in_database(noticing.event_deleted, event) for event in ours if event not in there])
