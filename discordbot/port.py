"""What the bot does in Discord, one method for each call of its REST interface (v10), as raw JSON.

Nothing that makes something new is repeated by itself: after an answer that never came, `reconcile` looks for what may
have been made. Pings nobody unless told whom.
Documentation: https://discord.com/developers/docs/resources/channel, /message, /guild-scheduled-event.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Any

from discord.http import Route

from discordbot.posts import DesiredEvent, Json
from discordbot.uploads import Upload, with_attachments
from discordbot.wire import Wire

ARCHIVE_AFTER_MINUTES = 10080  # a week, the longest that Discord offers
DISCORD_EPOCH_MS = 1_420_070_400_000
VOICE, OUTSIDE, GUILD_ONLY = 2, 3, 2


def snowflake_at(moment: datetime) -> int:
    """The smallest id that Discord would give to something made at `moment`."""
    return max(int(moment.timestamp() * 1000) - DISCORD_EPOCH_MS, 0) << 22


class DiscordPort(Wire):
    """Every verb of the bot's, for the one server that it serves."""

    # --- Messages ---------------------------------------------------------------------------------------------------
    async def send_message(
        self,
        channel: int,
        payload: Json,
        *,
        nonce: str,
        mentions: Sequence[int] = (),
        roles: Sequence[int] = (),
        uploads: Sequence[Upload] = (),
    ) -> dict[str, Any]:
        """A second one with the same nonce, within some minutes, gives the first one again."""
        body = {**body_of(payload, mentions, roles), "nonce": nonce, "enforce_nonce": True}
        if uploads:
            body = with_attachments(body, uploads)
        route = Route("POST", "/channels/{channel_id}/messages", channel_id=channel)
        return await self._do("send", route, channel, body=body, uploads=uploads, makes=True)

    async def edit_message(
        self, channel: int, message: int, payload: Json, *, uploads: Sequence[Upload] = ()
    ) -> dict[str, Any]:
        """Parts that the payload does not name (an embed, buttons, a picture) are taken away."""
        body = {"content": "", "embeds": [], "components": [], **body_of(payload, ())}
        body = with_attachments(body, uploads)
        route = self._message("PATCH", channel, message)
        return await self._do("send", route, channel, body=body, uploads=uploads)

    async def delete_message(self, channel: int, message: int) -> None:
        await self._do("delete", self._message("DELETE", channel, message), channel)

    async def message(self, channel: int, message: int) -> dict[str, Any]:
        return await self._do("read", self._message("GET", channel, message), channel)

    async def messages_since(self, channel: int, after: int, *, most: int = 500) -> AsyncIterator[dict[str, Any]]:
        """From the oldest to the newest, at most `most`."""
        route = Route("GET", "/channels/{channel_id}/messages", channel_id=channel)
        for _page in range(0, most, 100):
            page: Any = await self._do("read", route, channel, params={"after": after, "limit": 100})
            for message in sorted(page, key=lambda each: int(each["id"])):
                after = int(message["id"])
                yield message
            if len(page) < 100:
                return

    async def pin(self, channel: int, message: int) -> None:
        route = Route(
            "PUT", "/channels/{channel_id}/messages/pins/{message_id}", channel_id=channel, message_id=message
        )
        await self._do("pin", route, channel)

    async def unpin(self, channel: int, message: int) -> None:
        route = Route(
            "DELETE", "/channels/{channel_id}/messages/pins/{message_id}", channel_id=channel, message_id=message
        )
        await self._do("pin", route, channel)

    async def pins(self, channel: int) -> list[dict[str, Any]]:
        """The messages that are pinned, the fifty newest."""
        route = Route("GET", "/channels/{channel_id}/messages/pins", channel_id=channel)
        found = await self._do("read", route, channel, params={"limit": 50})
        return [each["message"] for each in found["items"]]

    async def add_reaction(self, channel: int, message: int, emoji: str) -> None:
        """Adding it a second time changes nothing."""
        await self._do("react", self._reaction("PUT", channel, message, emoji), channel)

    async def remove_reaction(self, channel: int, message: int, emoji: str) -> None:
        """Our own one."""
        await self._do("react", self._reaction("DELETE", channel, message, emoji), channel)

    async def open_direct(self, user: int) -> int:
        """The channel of direct messages with one person; asking twice gives the same."""
        opened = await self._do("send", Route("POST", "/users/@me/channels"), None, body={"recipient_id": str(user)})
        return int(opened["id"])

    # --- Threads ----------------------------------------------------------------------------------------------------
    async def start_thread(self, channel: int, message: int, name: str) -> dict[str, Any]:
        """From a message; the thread has the message's id. Twice gives ThreadExists, never two threads."""
        route = Route(
            "POST",
            "/channels/{channel_id}/messages/{message_id}/threads",
            channel_id=channel,
            message_id=message,
        )
        body = {"name": name, "auto_archive_duration": ARCHIVE_AFTER_MINUTES}
        return await self._do("thread", route, channel, body=body, makes=True)

    async def create_forum_post(
        self,
        channel: int,
        name: str,
        payload: Json,
        *,
        mentions: Sequence[int] = (),
        uploads: Sequence[Upload] = (),
    ) -> dict[str, Any]:
        """A thread of a forum with its first message, which has the thread's id. Knows no nonce."""
        route = Route("POST", "/channels/{channel_id}/threads", channel_id=channel)
        message = body_of(payload, mentions)
        if uploads:
            message = with_attachments(message, uploads)
        body = {"name": name, "auto_archive_duration": ARCHIVE_AFTER_MINUTES, "message": message}
        return await self._do("forum post", route, channel, body=body, uploads=uploads, makes=True)

    async def edit_thread(self, thread: int, **changes: Any) -> dict[str, Any]:
        """name, archived, locked."""
        route = Route("PATCH", "/channels/{channel_id}", channel_id=thread)
        return await self._do("manage thread", route, thread, body=changes)

    async def delete_channel(self, channel: int) -> None:
        await self._do("manage thread", Route("DELETE", "/channels/{channel_id}", channel_id=channel), channel)

    async def active_threads(self) -> list[dict[str, Any]]:
        """Of the whole server."""
        route = Route("GET", "/guilds/{guild_id}/threads/active", guild_id=self.guild_id)
        return list((await self._do("read", route, None))["threads"])

    async def archived_threads(self, channel: int) -> list[dict[str, Any]]:
        """The hundred that were archived last."""
        route = Route("GET", "/channels/{channel_id}/threads/archived/public", channel_id=channel)
        return list((await self._do("read", route, channel, params={"limit": 100}))["threads"])

    # --- Scheduled events -------------------------------------------------------------------------------------------
    async def create_event(self, event: DesiredEvent) -> dict[str, Any]:
        route = Route("POST", "/guilds/{guild_id}/scheduled-events", guild_id=self.guild_id)
        return await self._do("event", route, event.voice_channel, body=event_body(event), makes=True)

    async def edit_event(self, event_id: int, event: DesiredEvent) -> dict[str, Any]:
        return await self._do("event", self._event("PATCH", event_id), event.voice_channel, body=event_body(event))

    async def delete_event(self, event_id: int) -> None:
        await self._do("event", self._event("DELETE", event_id), None)

    async def events(self) -> list[dict[str, Any]]:
        route = Route("GET", "/guilds/{guild_id}/scheduled-events", guild_id=self.guild_id)
        found: Any = await self._do("read", route, None)
        return list(found)

    # --- Addresses --------------------------------------------------------------------------------------------------
    @staticmethod
    def _message(method: str, channel: int, message: int) -> Route:
        path = "/channels/{channel_id}/messages/{message_id}"
        return Route(method, path, channel_id=channel, message_id=message)

    @staticmethod
    def _reaction(method: str, channel: int, message: int, emoji: str) -> Route:
        path = "/channels/{channel_id}/messages/{message_id}/reactions/{emoji}/@me"
        return Route(method, path, channel_id=channel, message_id=message, emoji=emoji)

    def _event(self, method: str, event_id: int) -> Route:
        path = "/guilds/{guild_id}/scheduled-events/{event_id}"
        return Route(method, path, guild_id=self.guild_id, event_id=event_id)


def body_of(payload: Json, mentions: Sequence[int], roles: Sequence[int] = ()) -> dict[str, Any]:
    """The payload, pinging exactly these, whatever its text says."""
    allowed = {"parse": [], "users": [str(each) for each in mentions[:100]], "roles": [str(each) for each in roles]}
    return {**payload, "allowed_mentions": allowed}


def event_body(event: DesiredEvent) -> dict[str, Any]:
    where: dict[str, Any] = (
        {"entity_type": VOICE, "channel_id": str(event.voice_channel), "entity_metadata": None}
        if event.voice_channel
        else {"entity_type": OUTSIDE, "channel_id": None, "entity_metadata": {"location": event.location[:100]}}
    )
    return {
        "name": event.name[:100],
        "description": event.description[:1000],
        "scheduled_start_time": event.starts_at.isoformat(),
        "scheduled_end_time": event.ends_at.isoformat(),
        "privacy_level": GUILD_ONLY,
        **where,
    }
