"""The bot’s own client on a local Discord, within the test’s process: commands, presses, forms; no rounds of posts."""

from __future__ import annotations

import asyncio
import threading
from typing import Any, Self

from django.db import connections

from discordbot.client import SidetrackClient
from discordbot.database import in_database
from discordbot.tests.fake_discord import FakeDiscord


class QuickClient(SidetrackClient):
    guild_ready_s = 0.02  # the local Discord has one server, and says so at once


class LivingBot:
    """Runs on a thread and a loop of its own; the database is the test's (mark it `django_db(transaction=True)`)."""

    def __init__(self, fake: FakeDiscord) -> None:
        self.fake = fake
        self.loop = asyncio.new_event_loop()
        self.error: BaseException | None = None
        self.n_nudges = 0
        self._redirected = fake.redirect()
        self._is_up = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    # --- What the supervisor does for it otherwise ---
    def nudge(self) -> None:
        self.n_nudges += 1

    async def link(self, state: str) -> None:
        if state == "ready":
            self._is_up.set()

    async def noticed(self, what: str, payload: Any) -> None:
        pass

    async def membership(self, *, is_member: bool) -> None:
        pass

    # --- Its life ---
    def _run(self) -> None:
        asyncio.set_event_loop(self.loop)
        self._life = self.loop.create_task(self._live())
        try:
            self.loop.run_until_complete(self._life)
        except asyncio.CancelledError:
            pass
        except BaseException as error:  # noqa: BLE001  (handed to the test)
            self.error = error
            self._is_up.set()

    async def _live(self) -> None:
        self.client = QuickClient(guild_id=self.fake.guild.id, owner=self)
        try:
            async with self.client:
                await self.client.start(self.fake.token)
        finally:
            await in_database(connections.close_all)  # else nobody could drop the test's database

    def __enter__(self) -> Self:
        self._redirected.__enter__()
        self._thread.start()
        if not self._is_up.wait(20) or self.error:
            raise AssertionError(f"The bot did not become ready: {self.error!r}\n{self.fake.recent()}")
        return self

    def __exit__(self, *_: object) -> None:
        if self._thread.is_alive():
            self.loop.call_soon_threadsafe(self._life.cancel)
        self._thread.join(10)
        for task in asyncio.all_tasks(self.loop):
            task.cancel()
            self.loop.run_until_complete(asyncio.gather(task, return_exceptions=True))
        self.loop.close()
        self._redirected.__exit__(None, None, None)
