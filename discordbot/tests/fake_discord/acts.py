"""What can happen to messages, threads and channels, whoever does it: the bot by REST, a person, a moderator.

Each changes the world and tells the gateway. Who may do it is asked before, by the caller.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterable
from typing import Any

from .payloads import channel_json, event_json, member_json
from .permissions import BITS, permissions_of
from .refusals import Refusal
from .things import (
    HAS_THREAD,
    Account,
    Attachment,
    Channel,
    Guild,
    Interaction,
    Kind,
    Message,
    MessageType,
    ScheduledEvent,
)
from .world import World

USER_MENTION, ROLE_MENTION = re.compile(r"<@!?(\d+)>"), re.compile(r"<@&(\d+)>")
EVERYONE = re.compile(r"@(everyone|here)\b")


def post_message(
    world: World,
    channel: Channel,
    author: Account,
    *,
    body: dict[str, Any],
    attachments: Iterable[Attachment] = (),
    kind: MessageType = MessageType.PLAIN,
    message_id: int | None = None,
    flags: int = 0,
    interaction: Interaction | None = None,
) -> Message:
    """Put a message into a channel; one in an archived thread wakes it (a locked one refuses: 50083)."""
    if channel.type in {Kind.FORUM, Kind.CATEGORY}:
        raise Refusal(50008)
    if channel.archived:
        if channel.locked:
            raise Refusal(50083)
        change_thread(world, channel, archived=False)
    message = make_message(world, channel, author, body, attachments, kind, message_id, flags, interaction)
    reference = body.get("message_reference") or {}
    if reference.get("message_id"):
        message.replies_to, message.type = int(reference["message_id"]), MessageType.REPLY
    message.nonce = body.get("nonce")
    channel.messages[message.id] = message
    channel.n_sent += 1
    if message.nonce is not None:
        world.nonces[channel.id, author.id, str(message.nonce)] = (message, time.perf_counter())
    if world.listener:
        world.listener.tell_message("MESSAGE_CREATE", message)
    return message


def make_message(
    world: World,
    channel: Channel,
    author: Account,
    body: dict[str, Any],
    attachments: Iterable[Attachment] = (),
    kind: MessageType = MessageType.PLAIN,
    message_id: int | None = None,
    flags: int = 0,
    interaction: Interaction | None = None,
) -> Message:
    """The record alone, with who is pinged settled; ephemeral answers stop here."""
    message = Message(
        message_id or world.new_id(), channel.id, author, world.clock(), type=kind, interaction=interaction
    )
    message.flags = flags | (body.get("flags") or 0)
    message.content = (body.get("content") or "").strip()
    message.attachments = list(attachments)
    set_parts(message, body)
    settle_pings(world, channel, message, body.get("allowed_mentions"))
    return message


def set_parts(message: Message, body: dict[str, Any]) -> None:
    """Embeds and components, with attachment:// addresses made real and parts numbered, as Discord gives them back."""
    files = {attachment.filename: attachment.url for attachment in message.attachments}
    if "embeds" in body:
        message.embeds = [{"type": "rich"} | _addressed(embed, files) for embed in body["embeds"] or []]
    if "components" in body:
        message.components = [dict(row) for row in body["components"] or []]
        for number, part in enumerate(message.parts(), 1):
            part.setdefault("id", number)


def _addressed(node: Any, files: dict[str, str]) -> Any:
    if isinstance(node, dict):
        return {key: _addressed(inner, files) for key, inner in node.items()}
    if isinstance(node, list):
        return [_addressed(inner, files) for inner in node]
    if isinstance(node, str) and node.startswith("attachment://"):
        return files.get(node.removeprefix("attachment://"), node)
    return node


def settle_pings(world: World, channel: Channel, message: Message, allowed: dict[str, Any] | None) -> None:
    """Who is notified: what the text mentions, less what `allowed_mentions` keeps quiet."""
    guild = world.guilds.get(channel.guild_id or 0)
    mentioned = {int(found) for found in USER_MENTION.findall(message.content)} & world.accounts.keys()
    roles = {int(found) for found in ROLE_MENTION.findall(message.content)} & (guild.roles.keys() if guild else set())
    everyone = bool(EVERYONE.search(message.content))
    if allowed is not None:
        parse = allowed.get("parse") or ()
        users = {int(row) for row in allowed.get("users") or ()}
        mentioned = mentioned if "users" in parse else mentioned & users
        roles = roles if "roles" in parse else roles & {int(row) for row in allowed.get("roles") or ()}
        everyone = everyone and "everyone" in parse
    if guild and everyone:
        member = guild.members.get(message.author.id)
        everyone = bool(member and permissions_of(member, guild, channel) & BITS["MENTION_EVERYONE"])
    message.pinged, message.pinged_roles, message.pinged_everyone = mentioned, roles, everyone


def edit_message(
    world: World, channel: Channel, message: Message, body: dict[str, Any], attachments: list[Attachment] | None = None
) -> Message:
    """Change what the body names; everything else stays."""
    if channel.archived:
        raise Refusal(50083)
    change_message(world, message, body, attachments)
    if world.listener:
        world.listener.tell_message("MESSAGE_UPDATE", message)
    return message


def change_message(
    world: World, message: Message, body: dict[str, Any], attachments: list[Attachment] | None = None
) -> None:
    if attachments is not None:
        message.attachments = attachments
    if "content" in body:
        message.content = (body["content"] or "").strip()
    if body.get("flags") is not None:
        message.flags = message.flags & (HAS_THREAD | 1 << 6) | body["flags"]
    set_parts(message, body)
    message.edited_at = world.clock()
    message.n_edits += 1


def delete_message(world: World, channel: Channel, message: Message) -> None:
    """The thread that grew from it stays."""
    channel.messages.pop(message.id, None)
    world.deleted_messages.append(message)
    data = {"id": str(message.id), "channel_id": str(channel.id)}
    tell(world, "MESSAGE_DELETE", channel, data)


def pin(world: World, channel: Channel, message: Message, by: Account) -> None:
    """Also leaves Discord's own "… pinned a message" in the channel."""
    if channel.archived:
        raise Refusal(50083)
    if message.is_pinned:
        return
    if sum(row.is_pinned for row in channel.messages.values()) >= world.max_pins:
        raise Refusal(30003)
    message.pinned_at = world.clock()
    tell_pins(world, channel)
    if world.listener:
        world.listener.tell_message("MESSAGE_UPDATE", message)
    notice = post_message(world, channel, by, body={}, kind=MessageType.PINNED)
    notice.replies_to = message.id


def unpin(world: World, channel: Channel, message: Message) -> None:
    if channel.archived:
        raise Refusal(50083)
    if message.is_pinned:
        message.pinned_at = None
        tell_pins(world, channel)


def tell_pins(world: World, channel: Channel) -> None:
    latest = max((row.pinned_at for row in channel.messages.values() if row.pinned_at), default=None)
    data = {"channel_id": str(channel.id), "last_pin_timestamp": latest.isoformat() if latest else None}
    tell(world, "CHANNEL_PINS_UPDATE", channel, data)


def react(world: World, channel: Channel, message: Message, account: Account, emoji: str, *, off: bool = False) -> None:
    if channel.archived:
        raise Refusal(50083)
    people = message.reactions.setdefault(emoji, set())
    if off:
        people.discard(account.id)
        if not people:
            del message.reactions[emoji]
    elif len(message.reactions) > 20:
        del message.reactions[emoji]
        raise Refusal(30010)
    else:
        people.add(account.id)
    data = {
        "user_id": str(account.id),
        "channel_id": str(channel.id),
        "message_id": str(message.id),
        "emoji": {"id": None, "name": emoji},
        "message_author_id": str(message.author.id),
        "burst": False,
        "type": 0,
    }
    if channel.guild_id and account.id in world.guilds[channel.guild_id].members and not off:
        guild = world.guilds[channel.guild_id]
        data["member"] = member_json(guild.members[account.id], guild)
    tell(world, "MESSAGE_REACTION_REMOVE" if off else "MESSAGE_REACTION_ADD", channel, data)


# --- Threads and channels -------------------------------------------------------------------------------------------
def start_thread(
    world: World,
    parent: Channel,
    name: str,
    by: Account,
    *,
    starter: Message | None = None,
    archive_minutes: int = 4320,
) -> Channel:
    """A public thread; from a message it takes that message's id, and a second one is refused (160004)."""
    guild = world.guilds[parent.guild_id or 0]
    if starter is not None and starter.id in guild.channels:
        raise Refusal(160004)
    thread = Channel(starter.id if starter else world.new_id(), guild.id, Kind.THREAD, name, parent.id)
    thread.owner_id, thread.created_at, thread.archived_at = by.id, world.clock(), world.clock()
    thread.auto_archive_minutes = archive_minutes
    thread.member_ids.add(by.id)
    guild.channels[thread.id] = thread
    tell(world, "THREAD_CREATE", thread, channel_json(thread, world) | {"newly_created": True})
    if starter is not None:
        starter.flags |= HAS_THREAD
        if world.listener:
            world.listener.tell_message("MESSAGE_UPDATE", starter)
        opening = post_message(world, thread, starter.author, body={}, kind=MessageType.THREAD_STARTER)
        opening.replies_to = starter.id
    return thread


def change_thread(world: World, thread: Channel, **changes: Any) -> None:
    """name, archived, locked, auto_archive_minutes, applied_tags, flags."""
    if "archived" in changes and changes["archived"] != thread.archived:
        thread.archived_at = world.clock()
    for key, value in changes.items():
        setattr(thread, key, value)
    tell(world, "THREAD_UPDATE", thread, channel_json(thread, world))


def delete_channel(world: World, channel: Channel) -> None:
    """A thread alone, or a channel with all its threads."""
    guild = world.guilds[channel.guild_id or 0]
    for thread in [row for row in guild.threads if row.parent_id == channel.id]:
        guild.channels.pop(thread.id, None)
    guild.channels.pop(channel.id, None)
    starter = world.starter_of(channel) if channel.is_thread else None
    if starter is not None:
        starter.flags &= ~HAS_THREAD
    if channel.is_thread:
        data = {
            key: value
            for key, value in channel_json(channel, world).items()
            if key in {"id", "guild_id", "parent_id", "type"}
        }
        tell(world, "THREAD_DELETE", channel, data)
    else:
        tell(world, "CHANNEL_DELETE", channel, channel_json(channel, world))


def tell(world: World, event: str, channel: Channel, data: dict[str, Any]) -> None:
    if world.listener is None:
        return
    if channel.guild_id:
        data = {"guild_id": str(channel.guild_id)} | data
    world.listener.tell(event, data, guild_id=channel.guild_id, is_direct=channel.guild_id is None)


def tell_guild(world: World, event: str, guild: Guild, data: dict[str, Any]) -> None:
    if world.listener:
        world.listener.tell(event, {"guild_id": str(guild.id)} | data, guild_id=guild.id)


def tell_event(world: World, what: str, event: ScheduledEvent) -> None:
    """what: CREATE, UPDATE or DELETE."""
    tell_guild(world, f"GUILD_SCHEDULED_EVENT_{what}", world.guilds[event.guild_id], event_json(event, world))
