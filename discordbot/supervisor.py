"""The life of `manage.py runbot`: takes the lease, connects, connects again, and ends cleanly.

Whatever ends one connection (an odd payload, a lost network, a bug) is logged and answered with a new client after a
pause that grows; only what a person must mend ends the process, with one line that says what.
"""

from __future__ import annotations

import asyncio
import logging
import signal
import time
from collections.abc import Awaitable
from contextlib import suppress
from typing import Any

import aiohttp
import discord
from django.conf import settings
from django.utils import timezone

from discordbot.client import Link, SidetrackClient, redirect
from discordbot.database import in_database
from discordbot.lease import LeaseKeeper, who_holds
from discordbot.misconfigured import (
    Misconfigured,
    intent_is_off,
    missing_settings,
    not_a_member,
    wrong_close_code,
    wrong_token,
)
from discordbot.port import DiscordPort
from discordbot.stopping import SIGNALS
from discordbot.texts import operating, say
from discordbot.ticker import Ticker

logger = logging.getLogger(__name__)
FIRST_PAUSE_S, LONGEST_PAUSE_S = 1.0, 60.0
HEALTHY_AFTER_S = 60.0  # a connection that lasted so long starts the pauses anew
PATIENCE_S = 45.0  # longer than a lease lasts: whoever follows a killed bot gets it
SAY_DISCONNECTED_AFTER_S = 30.0  # shorter breaks are Discord's everyday life
ROUND_MAY_LAST_S = 3.0  # how long a round of posts may go on when the bot is stopped


class Supervisor:
    def __init__(self, *, patience_s: float = PATIENCE_S) -> None:
        self.patience_s = patience_s
        self.lease = LeaseKeeper()
        self.stop = asyncio.Event()
        self.is_stopping = False
        self.client: SidetrackClient | None = None
        self.ticker = Ticker(may_act=self.may_act, note=self.lease.note)
        self._say_disconnected: asyncio.Task[None] | None = None

    def may_act(self) -> bool:
        return self.lease.is_held and not self.is_stopping

    async def run(self) -> int:
        """The exit code: 0 after a clean stop, 1 when another process is the bot now."""
        for mistake in missing_settings():
            raise mistake
        redirect()
        loop = asyncio.get_running_loop()
        before = {number: signal.getsignal(number) for number in SIGNALS}
        for number in SIGNALS:
            loop.add_signal_handler(number, self.stop.set)
        problem = ""
        try:
            if not await self._unless_stopped(self.lease.take(patience_s=self.patience_s)):
                if self.stop.is_set():
                    return 0
                raise Misconfigured(say(operating.THIS_ONE_ENDS, why=await in_database(who_holds)))
            return await self._live()
        except Misconfigured as mistake:
            problem = mistake.words
            raise
        finally:
            await self.lease.give_back(problem=problem)
            for number, handler in before.items():
                loop.remove_signal_handler(number)
                signal.signal(number, handler)

    async def _live(self) -> int:
        keeper = asyncio.create_task(self.lease.keep(), name="lease")
        ticker = asyncio.create_task(self.ticker.run(), name="ticker")
        connection = asyncio.create_task(self._stay_connected(), name="connection")
        ends: list[asyncio.Task[Any]] = [
            asyncio.create_task(self.stop.wait()),
            asyncio.create_task(self.lease.lost.wait()),
        ]
        try:
            await asyncio.wait([connection, ticker, *ends], return_when=asyncio.FIRST_COMPLETED)
            for task in (connection, ticker):
                if task.done() and not task.cancelled():
                    task.result()  # raises what a person must mend
            logger.info("The bot is stopping.")
            return 1 if self.lease.lost.is_set() else 0
        finally:
            await self._end(ticker, connection)
            for task in (keeper, *ends):
                task.cancel()

    async def _end(self, ticker: asyncio.Task[None], connection: asyncio.Task[None]) -> None:
        """Handlers finish, the round of posts stops at its next step, the gateway is closed in good order."""
        self.is_stopping = True
        client = self.client
        if client is not None:
            await client.finish()
        with suppress(TimeoutError):
            await asyncio.wait_for(self.ticker.finish(), ROUND_MAY_LAST_S)
        ticker.cancel()
        await asyncio.wait([ticker], timeout=1)
        # Cancelled, then closed: beside a waiting read discord.py closes with 4000, and the session would live on.
        connection.cancel()
        await asyncio.wait([connection], timeout=ROUND_MAY_LAST_S)
        if client is not None:
            with suppress(Exception):
                await client.close()
        if self._say_disconnected:
            self._say_disconnected.cancel()

    async def _unless_stopped(self, work: Awaitable[bool]) -> bool:
        """False where the bot is stopped before `work` has come to its end."""
        task = asyncio.ensure_future(work)
        stopped = asyncio.create_task(self.stop.wait())
        await asyncio.wait([task, stopped], return_when=asyncio.FIRST_COMPLETED)
        stopped.cancel()
        if not task.done():
            task.cancel()
            return False
        return task.result()

    # --- Connecting -----------------------------------------------------------------------------------------------
    async def _stay_connected(self) -> None:
        pause = FIRST_PAUSE_S
        while not self.is_stopping:
            began = time.monotonic()
            try:
                await self._connect_once()
            except Misconfigured:
                raise
            except discord.LoginFailure as error:
                raise wrong_token() from error
            except discord.PrivilegedIntentsRequired as error:
                raise intent_is_off() from error
            except discord.ConnectionClosed as error:
                if (mistake := wrong_close_code(error.code)) is not None:
                    raise mistake from error
                logger.warning("Discord closed the connection (%s).", error.code)
            except (discord.DiscordException, aiohttp.ClientError, OSError, TimeoutError) as error:
                logger.warning("Discord cannot be reached: %r", error)
            except Exception:
                logger.exception("The connection to Discord broke.")
            await self.link("lost")
            if time.monotonic() - began > HEALTHY_AFTER_S:
                pause = FIRST_PAUSE_S
            logger.info("Connecting again in %.0f s.", pause)
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE_S)

    async def _connect_once(self) -> None:
        """One client, from login to its end."""
        async with SidetrackClient(guild_id=settings.DISCORD_GUILD_ID, owner=self) as client:
            self.client = client
            self.ticker.is_paused = False
            try:
                await client.start(settings.DISCORD_BOT_TOKEN)
            finally:
                self.ticker.disconnected()

    # --- What the client hears ------------------------------------------------------------------------------------
    def nudge(self) -> None:
        self.ticker.nudge()

    async def noticed(self, what: str, payload: Any) -> None:
        await self.ticker.noticed(what, payload)

    async def link(self, state: Link) -> None:
        """Told to /ready; a break only when it lasts. After a fresh start, everything is compared."""
        client = self.client
        if self._say_disconnected:
            self._say_disconnected.cancel()
            self._say_disconnected = None
        if state == "lost":
            if not self.is_stopping:
                self._say_disconnected = asyncio.create_task(self._note_disconnected())
        elif client is not None and client.user is not None:
            if state == "ready":
                logger.info("Connected to Discord as %s.", client.user)
                self.ticker.connected(
                    DiscordPort(client.http, guild_id=client.guild_id, bot_id=client.user.id, may_act=self.may_act)
                )
            await self.lease.note(connected_at=timezone.now())

    async def _note_disconnected(self) -> None:
        await asyncio.sleep(SAY_DISCONNECTED_AFTER_S)
        await self.lease.note(connected_at=None)

    async def membership(self, *, is_member: bool) -> None:
        """Removed from the server: nothing is forgotten, nothing is tried. Invited again: everything is compared."""
        self.ticker.is_paused = not is_member
        if is_member:
            logger.info("The bot is a member of the server again.")
            await self.link("ready")
        else:
            problem = not_a_member().words
            logger.error(problem)
            await self.lease.note(problem=problem)
