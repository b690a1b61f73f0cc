"""What the bot remembers of its posts, read once for a run and written step by step: before each call, and after it."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q

from club.models import Week
from discordbot.database import in_database
from discordbot.models import DiscordSettings, Post
from discordbot.posts import Desired, DirectMessage, Plan, nonce_of
from discordbot.troubles import Archived, Broken, Busy, NoPermission, Refused, Trouble, Unreachable

logger = logging.getLogger(__name__)
Key = tuple[int | None, str, str]
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=5), timedelta(minutes=15)
REFUSED_WAIT = timedelta(minutes=30)  # the same again will be refused again, until its content or Discord changes
SAID_ONCE = {"notice", "reminder", "direct", "digest"}
TELL_AFTER = 5  # failures that are nobody's fault, before moderators hear of them


def key_of(post: Desired | DirectMessage) -> Key:
    return post.week, post.kind, post.key


class Memory:
    """The rows of one run by (week number, kind, key), the channels to post in, and the clock of the run."""

    def __init__(self, rows: dict[Key, Post], weeks: dict[int, Week], places: DiscordSettings, now: datetime) -> None:
        self.rows = rows
        self.weeks = weeks
        self.places = places
        self.now = now
        self._for_people: set[int] = set()  # troubles that do not pass by themselves

    @classmethod
    async def load(cls, plan: Plan, now: datetime) -> Memory:
        return await in_database(cls._load, plan, now)

    @classmethod
    def _load(cls, plan: Plan, now: datetime) -> Memory:
        wanted = {post.week for post in (*plan.posts, *plan.direct)} | {week for week, _, _ in plan.gone}
        weeks = {week.number: week for week in Week.objects.filter(number__in=[n for n in wanted if n is not None])}
        numbers = {week.pk: week.number for week in weeks.values()}
        rows = Post.objects.filter(Q(week__in=list(numbers)) | Q(week__isnull=True))
        known = {(numbers.get(row.week_id or 0), row.kind, row.key): row for row in rows}
        return cls(known, weeks, DiscordSettings.load(), now)

    def find(self, week: int | None, kind: str, key: str) -> Post | None:
        return self.rows.get((week, kind, key))

    async def row(self, post: Desired | DirectMessage) -> Post:
        """The post's row, made where it is new: it stands in the database before anything is sent."""
        key = key_of(post)
        if (row := self.rows.get(key)) is None:
            row = self.rows[key] = await in_database(self._make, key)
        return row

    def _make(self, key: Key) -> Post:
        number, kind, name = key
        week = self.weeks[number] if number is not None else None
        return Post.objects.get_or_create(
            week=week, kind=kind, key=name, defaults={"nonce": nonce_of(number, kind, name, self.now)}
        )[0]

    async def save(self, row: Post, **fields: Any) -> None:
        """Write these fields, in the row and in the database."""
        for name, value in fields.items():
            setattr(row, name, value)
        await in_database(row.save, update_fields=[*fields, "updated_at"])

    async def begin(self, row: Post, content_hash: str, **fields: Any) -> bool:
        """Note that it may exist from now on. True where it may exist already: look before making it."""
        if row.attempted_at is not None:
            return True
        state = Post.State.PENDING if row.state == Post.State.GONE else row.state
        await self.save(row, attempted_at=self.now, content_hash=content_hash, state=state, **fields)
        return False

    async def stands(self, row: Post, **fields: Any) -> None:
        """It is there."""
        await self.save(
            row,
            state=Post.State.STANDING,
            attempted_at=None,
            made_at=row.made_at or self.now,
            **fields,
        )

    async def lost(self, row: Post) -> None:
        """It was deleted: it is made anew, unless it is only said once."""
        await self.save(row, **lost(row))

    async def starter_lost(self, row: Post) -> None:
        await self.save(row, **starter_lost(row))

    async def thread_lost(self, row: Post) -> None:
        """A thread was deleted, and what stood in it."""
        thread = row.thread_snowflake
        for each in self.rows.values():
            if thread and each.pk != row.pk and each.channel_snowflake == thread:
                await self.lost(each)
        await self.lost(row)

    async def gone(self, row: Post) -> None:
        """It is no longer wanted, and not there."""
        await self.save(row, **lost(row) | WELL | {"state": Post.State.GONE})

    async def failed(self, row: Post, trouble: Trouble) -> None:
        """Try later; what is certainly not there need not be looked for."""
        n = min(row.n_failures + 1, 1000)
        fields: dict[str, Any] = {"n_failures": n, "next_try_at": self.now + wait_after(trouble, n)}
        if not isinstance(trouble, Busy):
            fields["problem"] = trouble.words[:500]
        was_certainly_not_made = isinstance(trouble, NoPermission | Refused | Archived | Busy)
        if was_certainly_not_made and not trouble.was_looking and row.message_snowflake is None:
            fields["attempted_at"] = None
        if isinstance(trouble, NoPermission | Refused) and row.state == Post.State.PENDING:
            fields["state"] = Post.State.FAILED
        if isinstance(trouble, NoPermission | Refused | Broken) or n >= TELL_AFTER:
            self._for_people.add(row.pk)
        await self.save(row, **fields)
        logger.warning("Post %s (%s %s) failed: %s", row.pk, row.kind, row.key, trouble.words)

    async def healed(self, row: Post) -> None:
        if row.n_failures or row.problem or row.next_try_at or row.told_at:
            logger.info("Post %s (%s %s) works again.", row.pk, row.kind, row.key)
            await self.save(row, **WELL)

    async def forget(self, kept: Iterable[Key]) -> None:
        """What waits to be made, and is wanted no more, is not waited for."""
        wanted = set(kept)
        waiting = {Post.State.PENDING, Post.State.FAILED}
        for key, row in self.rows.items():
            if key not in wanted and row.state in waiting and row.thread_snowflake is None:
                await self.gone(row)

    def to_tell(self) -> list[Post]:
        """Troubles that moderators have not heard of; such as pass by themselves only when they last."""
        rows = self.rows.values()
        return [row for row in rows if row.pk in self._for_people and row.problem and row.told_at is None]


WELL: dict[str, Any] = {"n_failures": 0, "problem": "", "next_try_at": None, "told_at": None}
BLANK: dict[str, Any] = {
    "state": Post.State.PENDING,
    "message_snowflake": None,
    "thread_snowflake": None,
    "event_snowflake": None,
    "starts_at": None,
    "channel_snowflake": None,
    "content_hash": "",
    "name": "",
    "is_pinned": False,
    "is_locked": False,
    "is_archived": False,
    "attempted_at": None,
}


def lost(row: Post) -> dict[str, Any]:
    """What a row says after its post was deleted. Its nonce is a new one, for Discord still knows the old one."""
    fields = BLANK | {"nonce": nonce_of(row.pk, row.nonce)}
    return fields | {"state": Post.State.GONE} if row.kind in SAID_ONCE else fields


def starter_lost(row: Post) -> dict[str, Any]:
    """The same for the message from which a living thread grew."""
    return {"message_snowflake": None, "content_hash": "", "attempted_at": None, "nonce": nonce_of(row.pk, row.nonce)}


def wait_after(trouble: Trouble, n_failures: int) -> timedelta:
    """How long until the next try."""
    doubled = 1 << min(n_failures - 1, 10)
    match trouble:
        case Busy(after_s=seconds):
            return timedelta(seconds=seconds)
        case Refused() | Broken():
            return REFUSED_WAIT
        case Unreachable():
            return min(FIRST_WAIT * doubled, LONGEST_WAIT)
        case _:
            return min(FIRST_WAIT * 4 * doubled, LONGEST_WAIT)
