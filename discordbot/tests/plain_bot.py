"""The smallest bot that discord.py makes, for trying the local Discord itself: nothing of Sidetrack is in it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable
from typing import Any, Self

import discord
from discord import app_commands

from discordbot.tests.fake_discord import FakeDiscord

Answering = Callable[[discord.Interaction], Awaitable[None]]


class PlainBot(discord.Client):
    """Runs on a thread of its own; `do(coroutine)` runs something there. `seen` is every event's name, in order."""

    def __init__(self, fake: FakeDiscord, *, intents: discord.Intents | None = None, **options: Any) -> None:
        super().__init__(
            intents=intents or discord.Intents(guilds=True, guild_messages=True, guild_scheduled_events=True),
            guild_ready_timeout=0.1,
            max_messages=100,
            **options,
        )
        self.fake = fake
        self.tree = app_commands.CommandTree(self)
        self.seen: list[str] = []
        self.answering: Answering | None = None
        self.error: BaseException | None = None
        self.on_loop = asyncio.new_event_loop()
        self._redirected = fake.redirect()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._is_up = threading.Event()

    async def setup_hook(self) -> None:
        if self.tree.get_commands():
            guild = discord.Object(self.fake.guild.id)
            self.tree.copy_global_to(guild=guild)
            await self.tree.sync(guild=guild)

    def dispatch(self, event: str, /, *args: Any, **kwargs: Any) -> None:
        self.seen.append(event)
        super().dispatch(event, *args, **kwargs)

    async def on_ready(self) -> None:
        self._is_up.set()

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        if self.answering:
            await self.answering(interaction)

    def do(self, coroutine: Any, timeout: float = 20) -> Any:
        return asyncio.run_coroutine_threadsafe(coroutine, self.on_loop).result(timeout)

    async def request(self, method: str, path: str, **kwargs: Any) -> Any:
        return await self.http.request(discord.http.Route(method, path), **kwargs)

    def _run(self) -> None:
        async def live() -> None:
            async with self:
                await self.start(self.fake.token)

        self._life = self.on_loop.create_task(live())
        try:
            self.on_loop.run_until_complete(self._life)
        except asyncio.CancelledError:
            pass
        except BaseException as error:  # noqa: BLE001  handed to the test, which asks for it
            self.error = error
            self._is_up.set()

    def __enter__(self) -> Self:
        self._redirected.__enter__()
        self._thread.start()
        if not self._is_up.wait(10):
            raise AssertionError(f"The client did not become ready:\n{self.fake.recent()}")
        return self

    def __exit__(self, *_: object) -> None:
        """Cancelled rather than closed: `close()` beside a waiting read makes discord.py close with 4000, not 1000."""
        if self._thread.is_alive():
            self.on_loop.call_soon_threadsafe(self._life.cancel)
        self._thread.join(10)
        self.on_loop.close()
        self._redirected.__exit__(None, None, None)
