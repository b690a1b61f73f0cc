"""One bot at a time: a lease of thirty seconds on the one row of `BotLease`, renewed every ten. Also the heartbeat.

Renewed by a task of its own, on a thread and a database connection of its own: neither a slow query nor a long round of
posts can lose it. What is left by a process that died is taken over at once on the same machine, else when it expires.
"""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
import socket
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from django.db import DatabaseError, connections
from django.db.models import Q
from django.utils import timezone

from discordbot.database import drop_old_connections
from discordbot.models import BotLease
from discordbot.texts import operating, say

logger = logging.getLogger(__name__)
LASTS = timedelta(seconds=30)
RENEW_EVERY_S = 10.0
ASK_EVERY_S = 1.0
LONGEST_PROBLEM = 500
R = TypeVar("R")


# --- The row --------------------------------------------------------------------------------------------------------
def acquire(*, holder: str, host: str, pid: int, now: datetime) -> bool:
    """Take the lease if nobody holds it; True when it is ours. One statement decides between two that ask at once."""
    if not BotLease.objects.filter(pk=1).exists():
        BotLease.objects.get_or_create(pk=1)
    is_free = (
        Q(expires_at__isnull=True)
        | Q(expires_at__lte=now)
        | Q(expires_at__gt=now + 2 * LASTS)  # written by a clock that was wrong
        | Q(holder="")
        | Q(holder=holder)
    )
    mine: dict[str, Any] = {"holder": holder, "host": host, "pid": pid, "acquired_at": now, "renewed_at": now}
    mine |= {"expires_at": now + LASTS, "connected_at": None, "reconciled_at": None, "problem": ""}
    if BotLease.objects.filter(is_free, pk=1).update(**mine):
        return True
    other = BotLease.objects.get(pk=1)
    if not is_dead(other, host=host, holder=holder):
        return False
    return bool(BotLease.objects.filter(pk=1, holder=other.holder).update(**mine))


def renew(*, holder: str, now: datetime) -> bool:
    """False when another one has it."""
    return bool(BotLease.objects.filter(pk=1, holder=holder).update(renewed_at=now, expires_at=now + LASTS))


def release(*, holder: str, problem: str = "") -> bool:
    """Give it back, so that the next one need not wait; changes nothing when another one has it.

    problem: why the bot cannot run, for `/ready`; it stands until the next bot begins.
    """
    nobody = {"holder": "", "expires_at": None, "connected_at": None, "problem": problem[:LONGEST_PROBLEM]}
    return bool(BotLease.objects.filter(pk=1, holder=holder).update(**nobody))


def note(*, holder: str, **facts: Any) -> bool:
    """Write down how the bot fares: connected_at, reconciled_at, problem."""
    if "problem" in facts:
        facts["problem"] = facts["problem"][:LONGEST_PROBLEM]
    return bool(BotLease.objects.filter(pk=1, holder=holder).update(**facts))


def new_holder() -> str:
    """A random name, after the space in which this process's number means something (a container has its own)."""
    try:
        space = Path("/proc/self/ns/pid").stat().st_ino
    except OSError:
        space = 0
    return f"{space}.{secrets.token_hex(16)}"


def is_dead(other: BotLease, *, host: str, holder: str) -> bool:
    """Whether that process is known to be gone; one on another machine or in another container is not."""
    if not other.pid or other.host != host or other.holder.partition(".")[0] != holder.partition(".")[0]:
        return False
    if other.pid == os.getpid():
        return True  # our number, and yet not our name: an earlier process
    try:
        os.kill(other.pid, 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


# --- The process that holds it ----------------------------------------------------------------------------------------
class LeaseKeeper:
    """`async with` is not used: taking, keeping and giving back are three moments of a bot's life."""

    def __init__(self) -> None:
        self.holder = new_holder()
        self.is_ours = False
        self.lost = asyncio.Event()
        self._sure_until = 0.0  # by this process's own clock, which nobody sets
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="lease")

    @property
    def is_held(self) -> bool:
        """Whether this process may act, this very moment: a lease that could not be renewed is not one."""
        return self.is_ours and time.monotonic() < self._sure_until

    async def take(self, *, patience_s: float) -> bool:
        """Ask for it until it is ours or `patience_s` are over."""
        began = time.monotonic()
        has_said = False
        while True:
            asked = time.monotonic()
            with_name = {"holder": self.holder, "host": socket.gethostname()[:128], "pid": os.getpid()}
            if await self._call(acquire, **with_name, now=timezone.now()):
                self.is_ours, self._sure_until = True, asked + LASTS.total_seconds()
                return True
            if asked - began >= patience_s:
                return False
            if not has_said:
                logger.warning("%s Waiting for it to end.", await self._call(who_holds))
                has_said = True
            await asyncio.sleep(ASK_EVERY_S)

    async def keep(self) -> None:
        """Renew until it is lost."""
        while True:
            await asyncio.sleep(RENEW_EVERY_S)
            asked = time.monotonic()
            try:
                still_ours = await self._call(renew, holder=self.holder, now=timezone.now())
            except DatabaseError as error:
                logger.warning("The bot's lease could not be renewed: %s", error)
                continue
            if not still_ours:
                logger.error("Another process has taken the bot's lease: this one stops acting.")
                self.is_ours = False
                self.lost.set()
                return
            self._sure_until = asked + LASTS.total_seconds()

    async def give_back(self, *, problem: str = "") -> None:
        if self.is_ours:
            self.is_ours = False
            with suppress(DatabaseError):
                await self._call(release, holder=self.holder, problem=problem)
        await self._call(connections.close_all)
        self._thread.shutdown(wait=False)

    async def note(self, **facts: Any) -> None:
        """How the bot fares; a database that is away changes nothing about it."""
        try:
            await self._call(note, holder=self.holder, **facts)
        except DatabaseError as error:
            logger.warning("The bot's state could not be written down: %s", error)

    async def _call(self, function: Callable[..., R], **arguments: Any) -> R:
        def work() -> R:
            drop_old_connections()
            try:
                return function(**arguments)
            finally:
                drop_old_connections()

        return await asyncio.get_running_loop().run_in_executor(self._thread, work)


def who_holds() -> str:
    """A sentence about the bot that runs."""
    row = BotLease.objects.get(pk=1)
    where = say(operating.PROCESS, pid=row.pid, host=row.host) if row.pid else say(operating.SOME_PROCESS)
    if row.acquired_at is None:
        return say(operating.ANOTHER_BOT, where=where)
    return say(operating.ANOTHER_BOT_SINCE, where=where, since=f"{row.acquired_at:%Y-%m-%d %H:%M}")
