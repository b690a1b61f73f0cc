"""REST: messages, pins, reactions."""

from __future__ import annotations

import time
from typing import Any

from . import acts, limits
from .payloads import message_json
from .permissions import BITS, require
from .refusals import Refusal
from .rest import Answer, Call, route
from .rest_people import shares_a_server
from .things import Attachment, Channel, Kind, Message

MESSAGES, MESSAGE = "/channels/{channel_id}/messages", "/channels/{channel_id}/messages/{message_id}"


def content_url(call: Call, channel: Channel) -> Any:
    return lambda attachment_id, filename: f"{call.world.address}/attachments/{channel.id}/{attachment_id}/{filename}"


def may_post(call: Call, channel: Channel, body: dict[str, Any]) -> None:
    """The single permissions that a message needs; a direct conversation needs the other's consent (50007)."""
    if channel.type is Kind.DM:
        recipient = channel.recipient
        if recipient and (not recipient.has_open_dms or not shares_a_server(call, recipient.id)):
            raise Refusal(50007)
        return
    if channel.type in {Kind.FORUM, Kind.CATEGORY}:
        raise Refusal(50008)
    allowed = call.world.bot_may(channel)
    require(allowed, "VIEW_CHANNEL", "SEND_MESSAGES_IN_THREADS" if channel.is_thread else "SEND_MESSAGES")
    may_carry(call, allowed, body)
    if channel.locked and not allowed & BITS["MANAGE_THREADS"]:
        raise Refusal(160005)


def may_carry(call: Call, allowed: int, body: dict[str, Any]) -> None:
    if call.files:
        require(allowed, "ATTACH_FILES")
    if body.get("embeds"):
        require(allowed, "EMBED_LINKS")


def is_empty(body: dict[str, Any], files: Any) -> bool:
    parts = ("embeds", "components", "sticker_ids", "poll")
    return not (body.get("content") or "").strip() and not files and not any(body.get(part) for part in parts)


def filenames(call: Call, body: dict[str, Any]) -> set[str]:
    named = {row["filename"] for row in body.get("attachments") or [] if row.get("filename")}
    return named | {filename for filename, _, _ in call.files.values()}


@route("POST", MESSAGES)
async def create(call: Call) -> Answer:
    channel, body, world = call.channel(), call.body, call.world
    call.check("MessageCreateRequest", lambda: limits.message_problems(body, filenames=filenames(call, body)))
    may_post(call, channel, body)
    if is_empty(body, call.files):
        raise Refusal(50006)
    reference = body.get("message_reference") or {}
    if reference and reference.get("fail_if_not_exists") is not False:
        world.message(channel, int(reference["message_id"]))
    key = (channel.id, world.bot.id, str(body.get("nonce")))
    if body.get("enforce_nonce") and body.get("nonce") is not None and key in world.nonces:
        earlier, at = world.nonces[key]
        is_there = world.remembers_deleted or earlier.id in channel.messages
        if is_there and time.perf_counter() - at < world.nonce_memory_s:
            return 200, message_json(earlier, world)
    uploads = call.uploads(body, content_url(call, channel))
    message = acts.post_message(world, channel, world.bot, body=body, attachments=uploads)
    return 200, message_json(message, world)


def readable(call: Call, channel: Channel) -> bool:
    return channel.guild_id is None or bool(call.world.bot_may(channel) & BITS["READ_MESSAGE_HISTORY"])


def shown(call: Call, message: Message, channel: Channel) -> dict[str, Any]:
    """A bot without the message content intent reads no words by REST either."""
    world = call.world
    words = "message_content" in world.privileged or channel.guild_id is None or message.author.id == world.bot.id
    return message_json(message, world, words=words or f"<@{world.bot.id}>" in message.content)


@route("GET", MESSAGES)
async def history(call: Call) -> Answer:
    channel = call.channel()
    if channel.type in {Kind.FORUM, Kind.CATEGORY}:
        raise Refusal(50008)
    if not readable(call, channel):
        return 200, []
    rows = sorted(channel.messages.values(), key=lambda row: row.id, reverse=True)
    most = int(call.query.get("limit", 50))
    if not 1 <= most <= 100:
        raise Refusal(50035, [(("limit",), "NUMBER_TYPE_MAX", "int value should be between 1 and 100.")])
    if "before" in call.query:
        rows = [row for row in rows if row.id < int(call.query["before"])]
    if "after" in call.query:
        rows = [row for row in rows if row.id > int(call.query["after"])][-most:]
    if "around" in call.query:
        middle = int(call.query["around"])
        rows = sorted(sorted(rows, key=lambda row: abs(row.id - middle))[:most], key=lambda row: -row.id)
    return 200, [shown(call, row, channel) for row in rows[:most]]


@route("GET", MESSAGE)
async def read(call: Call) -> Answer:
    channel = call.channel()
    if not readable(call, channel):
        raise Refusal(50013, about="needs READ_MESSAGE_HISTORY")
    return 200, shown(call, call.world.message(channel, call.id("message_id")), channel)


@route("PATCH", MESSAGE)
async def edit(call: Call) -> Answer:
    channel, body, world = call.channel(), call.body, call.world
    message = world.message(channel, call.id("message_id"))
    call.check("MessageEditRequestPartial", lambda: edit_problems(call, message))
    if message.author.id != world.bot.id:
        raise Refusal(50005)
    if message.is_system:
        raise Refusal(50021)
    if channel.guild_id:
        may_carry(call, world.bot_may(channel), body)
    attachments = kept_and_new(call, channel, message)
    refuse_if_emptied(message, body, attachments)
    acts.edit_message(world, channel, message, body, attachments)
    return 200, message_json(message, world)


def edit_problems(call: Call, message: Message) -> Any:
    keeps = {row.filename for row in message.attachments}
    return limits.message_problems(call.body, filenames=filenames(call, call.body) | keeps)


def kept_and_new(call: Call, channel: Channel, message: Message) -> list[Attachment]:
    """What is attached after an edit: `attachments` names what stays; without it everything does; files are added."""
    said = call.body.get("attachments")
    keep = None if said is None else {str(row["id"]) for row in said}
    stay = [row for row in message.attachments if keep is None or str(row.id) in keep]
    return stay + call.uploads(call.body, content_url(call, channel))


def refuse_if_emptied(message: Message, body: dict[str, Any], attachments: list[Attachment]) -> None:
    after = {"content": message.content, "embeds": message.embeds, "components": message.components} | body
    if is_empty(after, attachments):
        raise Refusal(50006)


@route("DELETE", MESSAGE)
async def delete(call: Call) -> Answer:
    channel, world = call.channel(), call.world
    message = world.message(channel, call.id("message_id"))
    if message.author.id != world.bot.id:
        require(world.bot_may(channel), "MANAGE_MESSAGES")
    if channel.archived:
        raise Refusal(50083)
    if message.type == 21:
        raise Refusal(50021)
    acts.delete_message(world, channel, message)
    return 204, None


@route("POST", "/channels/{channel_id}/typing")
async def typing(call: Call) -> Answer:
    require(call.world.bot_may(call.channel()), "SEND_MESSAGES")
    return 204, None


# --- Pins and reactions ---------------------------------------------------------------------------------------------
PINS = ("/channels/{channel_id}/messages/pins/{message_id}", "/channels/{channel_id}/pins/{message_id}")


@route("PUT", *PINS)
async def pin(call: Call) -> Answer:
    channel = call.channel()
    require(call.world.bot_may(channel), "VIEW_CHANNEL", "READ_MESSAGE_HISTORY", "PIN_MESSAGES")
    message = call.world.message(channel, call.id("message_id"))
    if message.is_system:
        raise Refusal(50021)
    acts.pin(call.world, channel, message, call.world.bot)
    return 204, None


@route("DELETE", *PINS)
async def unpin(call: Call) -> Answer:
    channel = call.channel()
    require(call.world.bot_may(channel), "VIEW_CHANNEL", "READ_MESSAGE_HISTORY", "PIN_MESSAGES")
    acts.unpin(call.world, channel, call.world.message(channel, call.id("message_id")))
    return 204, None


def pinned(call: Call, channel: Channel) -> list[Message]:
    if not readable(call, channel):
        return []
    rows = [row for row in channel.messages.values() if row.pinned_at]
    return sorted(rows, key=lambda row: row.pinned_at or row.created_at, reverse=True)


@route("GET", "/channels/{channel_id}/messages/pins")
async def pins(call: Call) -> Answer:
    channel = call.channel()
    rows, most = pinned(call, channel), int(call.query.get("limit", 50))
    if "before" in call.query:
        rows = [row for row in rows if row.pinned_at and row.pinned_at.isoformat() < call.query["before"]]
    items = [
        {"pinned_at": row.pinned_at.isoformat(), "message": shown(call, row, channel)}
        for row in rows[:most]
        if row.pinned_at
    ]
    return 200, {"items": items, "has_more": len(rows) > most}


@route("GET", "/channels/{channel_id}/pins")
async def old_pins(call: Call) -> Answer:
    channel = call.channel()
    return 200, [shown(call, row, channel) for row in pinned(call, channel)]


REACTION = MESSAGE + "/reactions/{emoji_name}"


def check_emoji(emoji: str) -> str:
    """A character of Unicode's emoji, or name:id of the server's own; anything else is unknown (10014)."""
    if not emoji or (emoji.isascii() and not emoji.rpartition(":")[2].isdigit()):
        raise Refusal(10014)
    return emoji


@route("PUT", REACTION + "/@me")
async def react(call: Call) -> Answer:
    channel = call.channel()
    message = call.world.message(channel, call.id("message_id"))
    emoji = check_emoji(call.ids["emoji_name"])
    allowed = call.world.bot_may(channel)
    require(allowed, "READ_MESSAGE_HISTORY") if channel.guild_id else None
    if emoji not in message.reactions:
        require(allowed, "ADD_REACTIONS")
    acts.react(call.world, channel, message, call.world.bot, emoji)
    return 204, None


@route("DELETE", REACTION + "/@me")
async def unreact(call: Call) -> Answer:
    channel = call.channel()
    message = call.world.message(channel, call.id("message_id"))
    acts.react(call.world, channel, message, call.world.bot, check_emoji(call.ids["emoji_name"]), off=True)
    return 204, None
