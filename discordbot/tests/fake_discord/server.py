"""The local Discord as a whole: a server on its own thread and loop, with a plain face for tests."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Self

from aiohttp import web

from . import rest_interactions, rest_messages, rest_people, rest_threads  # noqa: F401  their routes register here
from .bridge import across
from .gateway import Gateway
from .hands import Hands
from .looks import Looks
from .people import Person
from .rest import PREFIX, Rest
from .things import Guild, Kind
from .trouble import Trouble
from .world import World


class FakeDiscord(Looks, Trouble):
    """Made with a server of four channels: club (text), forum (forum), listening (voice), moderators (text).

    Start it with `with FakeDiscord() as fake:`; port 0 takes a free one. The rest is in the package's own words.
    """

    def __init__(self, *, port: int = 0, name: str = "The Album Club", guild_id: int | None = None) -> None:
        self.port = port
        self.world = World()
        self.gateway = Gateway(self.world)
        self.rest = Rest(self.world)
        self.loop = asyncio.new_event_loop()
        self.owner = self.world.add_account("Olive Owner")
        self.guild = self.world.add_guild(name, self.owner, guild_id=guild_id)
        self.club = self.world.add_channel(self.guild, "album-club")
        self.forum = self.world.add_channel(self.guild, "album-forum", Kind.FORUM)
        self.voice = self.world.add_channel(self.guild, "listening-room", Kind.VOICE)
        self.moderators = self.world.add_channel(self.guild, "moderators")
        self.hands = Hands(self)
        self.pages: list[Callable[[web.Application], None]] = []
        self._thread = threading.Thread(target=self._run, name="local Discord", daemon=True)
        self._started = threading.Event()
        self._error: BaseException | None = None
        self._runner: web.AppRunner | None = None

    # --- Running ---
    def start(self) -> Self:
        self._thread.start()
        self._started.wait(10)
        if self._error:
            raise self._error
        return self

    def stop(self) -> None:
        asyncio.run_coroutine_threadsafe(self._close(), self.loop).result(10)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(10)
        self.loop.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _run(self) -> None:
        asyncio.set_event_loop(self.loop)
        try:
            self.loop.run_until_complete(self._open())
        except OSError as error:
            self._error = error
            return
        finally:
            self._started.set()
        self.loop.run_forever()

    async def _open(self) -> None:
        app = web.Application(client_max_size=64 * 1024 * 1024)
        app.router.add_get("/gw", self.gateway.serve)
        app.router.add_get("/gw/", self.gateway.serve)
        app.router.add_get("/attachments/{channel}/{id}/{filename}", self._file)
        self.rest.add_to(app)
        for page in self.pages:
            page(app)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port)
        await site.start()
        self.port = self._runner.addresses[0][1]
        self.world.address = f"http://127.0.0.1:{self.port}"

    async def _close(self) -> None:
        await self.gateway.close(1001)
        if self._runner:
            await self._runner.cleanup()
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def _file(self, request: web.Request) -> web.Response:
        attachment = self.world.files.get(int(request.match_info["id"]))
        if attachment is None:
            return web.Response(status=404)
        return web.Response(body=attachment.data, content_type=attachment.content_type.partition(";")[0])

    # --- For the bot ---
    @property
    def api_base(self) -> str:
        return f"{self.world.address}{PREFIX}"

    @property
    def gateway_url(self) -> str:
        return f"{self.world.address.replace('http', 'ws', 1)}/gw"

    @property
    def token(self) -> str:
        return self.world.token

    @property
    def environment(self) -> dict[str, str]:
        """What `manage.py runbot` needs to live here."""
        return {
            "DISCORD_BOT_TOKEN": self.token,
            "DISCORD_GUILD_ID": str(self.guild.id),
            "DISCORD_API_BASE": self.api_base,
            "DISCORD_GATEWAY": self.gateway_url,
        }

    @contextmanager
    def redirect(self) -> Iterator[None]:
        """Send every discord.py client of this process here."""
        import discord.gateway
        import discord.http
        import yarl

        before = discord.http.Route.BASE, discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY
        discord.http.Route.BASE = self.api_base
        discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(self.gateway_url)
        try:
            yield
        finally:
            discord.http.Route.BASE, discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = before

    def for_nothing(self) -> AbstractContextManager[None]:
        """What happens here meanwhile never happened."""
        return self.world.for_nothing(self.guild, self.club, self.forum, self.voice, self.moderators)

    # --- People ---
    def person(self, name: str, *roles: str, guild: Guild | None = None, is_bot: bool = False) -> Person:
        """A new member; roles: "Moderator". is_bot: another bot. (`people(12)` makes many.)"""
        guild = guild or self.guild
        account = self.world.add_account(name, is_bot=is_bot)
        self.world.join(guild, account, *roles)
        return Person(self, account, guild)

    def people(self, n: int) -> list[Person]:
        return [self.person(f"Member {number:02d}") for number in range(1, n + 1)]

    def add_server(self, name: str) -> Guild:
        """A second server, with one text channel, to which the bot was invited as well."""
        guild = self.world.add_guild(name, self.owner)
        self.world.add_channel(guild, "general")
        self.hands.invite_bot(guild)
        return guild

    def together(self, make: Callable[[], list[Coroutine[Any, Any, Any]]]) -> Any:
        """Many at once: `fake.together(lambda: [p.press(card, "Vote") for p in people])` gives the answers in order."""

        async def all_of() -> list[Any]:
            return list(await asyncio.gather(*make()))

        return across(self.loop, all_of())

    def begin(self, verb: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Start a verb without waiting; gives a `concurrent.futures.Future`."""

        async def later() -> Any:
            return await verb(*args, **kwargs)

        return asyncio.run_coroutine_threadsafe(later(), self.loop)

    def wait_until(self, claim: Callable[[], Any], *, seconds: float = 10.0, what: str = "") -> Any:
        """Wait in a plain test until `claim` holds; gives what it gave."""

        async def look() -> Any:
            for _ in range(max(int(seconds / 0.02), 1)):
                if found := claim():
                    return found
                await asyncio.sleep(0.02)
            return claim()

        found = across(self.loop, look())
        if asyncio.iscoroutine(found) or asyncio.isfuture(found):
            return found
        if not found:
            raise AssertionError(f"Not within {seconds} s: {what or claim}\n{self.recent()}")
        return found

    def on_loop(self, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Run a function on the server's loop and wait for it; from any thread but that one."""

        async def run() -> Any:
            found = function(*args, **kwargs)
            return await found if asyncio.iscoroutine(found) else found

        return asyncio.run_coroutine_threadsafe(run(), self.loop).result(10)
