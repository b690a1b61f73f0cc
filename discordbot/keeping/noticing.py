"""What somebody did to our posts behind our back, as Discord tells it: noted here, mended in the next round.

Database work only; each function says whether one of our posts was meant.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.db.models import Q

from discordbot.keeping.memory import lost, starter_lost
from discordbot.models import Post


def messages_deleted(ids: Collection[int]) -> bool:
    """A starter that is gone leaves its thread alive; what is said once is not said again."""
    rows = list(Post.objects.standing().filter(message_snowflake__in=list(ids)))
    for row in rows:
        fields = starter_lost(row) if row.thread_snowflake else lost(row)
        Post.objects.filter(pk=row.pk, message_snowflake=row.message_snowflake).update(**fields)
    return bool(rows)


def channel_deleted(channel: int) -> bool:
    """A thread of ours, or the channel in which threads of ours had grown.

    Only its name is forgotten: giving it back is what finds the thread gone, and makes it again with all in it.
    """
    ours = Post.objects.standing().filter(Q(thread_snowflake=channel) | Q(channel_snowflake=channel))
    return bool(ours.exclude(thread_snowflake=None).update(name="", next_try_at=None))


def thread_changed(thread: Mapping[str, Any]) -> bool:
    """Renamed, locked, archived or the reverse: note how it is, and the plan says how it should be."""
    state = thread.get("thread_metadata") or {}
    now = {
        "name": str(thread.get("name") or "")[:100],
        "is_locked": bool(state.get("locked")),
        "is_archived": bool(state.get("archived")),
    }
    ours = Post.objects.standing().filter(thread_snowflake=int(thread["id"]))
    return bool(ours.exclude(**now).update(**now))


def event_deleted(event: int) -> bool:
    rows = list(Post.objects.standing().filter(event_snowflake=event))
    for row in rows:
        Post.objects.filter(pk=row.pk, event_snowflake=event).update(**lost(row))
    return bool(rows)


def pins_are(channel: int, pinned: Collection[int]) -> bool:
    """Which of the channel's messages are pinned now."""
    ours = Post.objects.standing().filter(channel_snowflake=channel, thread_snowflake=None)
    unpinned = ours.filter(is_pinned=True).exclude(message_snowflake__in=list(pinned)).update(is_pinned=False)
    repinned = ours.filter(is_pinned=False, message_snowflake__in=list(pinned)).update(is_pinned=True)
    return bool(unpinned or repinned)


def has_posts_in(channel: int) -> bool:
    return Post.objects.standing().filter(channel_snowflake=channel, thread_snowflake=None).exists()


def permissions_changed() -> bool:
    """What was forbidden may be allowed now: try it all again."""
    waiting = Post.objects.exclude(problem="").exclude(next_try_at=None)
    return bool(waiting.update(next_try_at=None))
