"""Makes Discord match the plan: creates, edits what reads differently, makes anew what was deleted, takes away.

Carried out twice, the second time asks Discord nothing. Interrupted anywhere, the next time goes on from there: each
step is noted in `Post` before and after it is taken, and what may have been made is looked for before it is made.
One post that cannot be made waits alone; moderators hear of it once.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from discordbot.keeping.events import keep_event, take_away
from discordbot.keeping.memory import Memory, key_of
from discordbot.keeping.messages import is_over, keep_message, place_of, send_direct
from discordbot.keeping.telling import tell_moderators
from discordbot.keeping.threads import Run, keep_thread
from discordbot.models import Post
from discordbot.port import DiscordPort
from discordbot.posts import Desired, DesiredEvent, DesiredMessage, DesiredThread, DirectMessage, Plan
from discordbot.texts import calls, say
from discordbot.troubles import Broken, NotActing, Trouble, Unreachable

logger = logging.getLogger(__name__)
WEEKS_AT_ONCE = 3
SILENCES = 3  # unanswered calls in a row: Discord is away, and the rest of the run is left for later
T = TypeVar("T")


@dataclass(frozen=True)
class Report:
    """What a run did.

    waiting: posts to be tried later, the first of them at `next_try_at`. problems: why, where moderators were told of
    it; what may pass by itself is none yet.
    """

    made: int = 0
    edited: int = 0
    remade: int = 0
    removed: int = 0
    waiting: int = 0
    problems: tuple[str, ...] = ()
    next_try_at: datetime | None = None
    is_complete: bool = True
    has_no_channel: bool = False

    def __str__(self) -> str:
        words = f"{self.made} made, {self.edited} edited, {self.remade} made again, {self.removed} taken away"
        return f"{words}, {self.waiting} waiting" if self.waiting else words

    @property
    def is_quiet(self) -> bool:
        return not (self.made or self.edited or self.remade or self.removed or self.waiting)


async def reconcile(port: DiscordPort, plan: Plan, *, now: datetime) -> Report:
    """Weeks side by side, the posts of one week in the plan's order."""
    memory = await Memory.load(plan, now)
    reconciler = Reconciler(Run(port, memory), plan)
    if memory.places.club_channel_snowflake is not None:
        await reconciler.carry_out()
    return reconciler.report()


class Reconciler:
    def __init__(self, run: Run, plan: Plan) -> None:
        self.run = run
        self.plan = plan
        self.n_silences = 0
        self.has_stopped = False
        self._slots = asyncio.Semaphore(WEEKS_AT_ONCE)

    async def carry_out(self) -> None:
        await self.run.memory.forget(
            [*(key_of(post) for post in (*self.plan.posts, *self.plan.direct)), *self.plan.gone]
        )
        weeks: dict[int | None, list[Desired | DirectMessage]] = {}
        for post in (*self.plan.posts, *self.plan.direct):
            weeks.setdefault(post.week, []).append(post)
        async with asyncio.TaskGroup() as group:
            for posts in weeks.values():
                group.create_task(self._keep_week(posts))
        await self._take_away()
        if not self.has_stopped:
            await tell_moderators(self.run)

    async def _keep_week(self, posts: Sequence[Desired | DirectMessage]) -> None:
        async with self._slots:
            for post in posts:
                if self.has_stopped:
                    return
                await self._keep(post)

    async def _keep(self, post: Desired | DirectMessage) -> None:
        memory = self.run.memory
        row = memory.find(*key_of(post))
        if row is not None and row.next_try_at and row.next_try_at > memory.now:
            return
        match post:
            case DesiredThread():
                await self._try(post, lambda row: keep_thread(self.run, post, row))
            case DesiredMessage():
                channel = place_of(self.run, post)
                if channel is not None and not is_over(self.run, post, row):
                    await self._try(post, lambda row: keep_message(self.run, post, row, channel))
            case DesiredEvent():
                await self._try(post, lambda row: keep_event(self.run, post, row))
            case DirectMessage():
                if not is_over(self.run, post, row):
                    await self._try(post, lambda row: send_direct(self.run, post, row))

    async def _try(self, post: Desired | DirectMessage, act: Callable[[Post], Awaitable[None]]) -> None:
        row = await self.run.memory.row(post)
        if await self._survives(row, act):
            await self.run.memory.healed(row)

    async def _take_away(self) -> None:
        for key in self.plan.gone:
            row = self.run.memory.find(*key)
            if self.has_stopped:
                return
            if row is None or row.state == Post.State.GONE:
                continue
            if row.next_try_at is None or row.next_try_at <= self.run.memory.now:
                await self._survives(row, lambda row: take_away(self.run, row))

    async def _survives(self, row: Post, act: Callable[[Post], Awaitable[None]]) -> bool:
        """Whether it went well; what went wrong is noted with the post, and stops nothing else."""
        try:
            await act(row)
        except NotActing:
            self.has_stopped = True
            return False
        except Trouble as trouble:
            await self.run.memory.failed(row, trouble)
            self._count(trouble)
            return False
        except Exception as error:
            logger.exception("Post %s (%s %s) broke.", row.pk, row.kind, row.key)
            await self.run.memory.failed(row, Broken(say(calls.BROKE_HERE, error=type(error).__name__)))
            return False
        self.n_silences = 0
        return True

    def _count(self, trouble: Trouble) -> None:
        self.n_silences = self.n_silences + 1 if isinstance(trouble, Unreachable) else 0
        if self.n_silences >= SILENCES:
            self.has_stopped = True
            logger.warning("Discord does not answer: the rest is left for later.")

    def report(self) -> Report:
        run, memory = self.run, self.run.memory
        wanted = {key_of(post) for post in (*self.plan.posts, *self.plan.direct)} | set(self.plan.gone)
        waiting = [row for key, row in memory.rows.items() if key in wanted and row.next_try_at]
        return Report(
            made=run.made,
            edited=run.edited,
            remade=run.remade,
            removed=run.removed,
            waiting=len(waiting),
            problems=tuple(dict.fromkeys(row.problem for row in waiting if row.problem and row.told_at)),
            next_try_at=min((row.next_try_at for row in waiting if row.next_try_at), default=None),
            is_complete=not self.has_stopped,
            has_no_channel=memory.places.club_channel_snowflake is None,
        )
