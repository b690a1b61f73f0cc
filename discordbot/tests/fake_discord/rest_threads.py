"""REST: channels, threads, posts of a forum, scheduled events."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from . import acts, limits
from .payloads import channel_json, event_json, message_json
from .permissions import BITS, require
from .refusals import Problem, Refusal
from .rest import Answer, Call, route
from .rest_messages import content_url, filenames, is_empty, may_carry
from .things import Channel, Kind, ScheduledEvent

CHANNEL = "/channels/{channel_id}"


@route("GET", CHANNEL)
async def read(call: Call) -> Answer:
    return 200, channel_json(call.channel(), call.world)


@route("PATCH", CHANNEL)
async def change(call: Call) -> Answer:
    channel = call.channel()
    if channel.is_thread:
        return await change_thread(call, channel)
    call.check("UpdateGuildChannelRequestPartial")
    require(call.world.bot_may(channel), "MANAGE_CHANNELS")
    channel.name, channel.topic = call.body.get("name") or channel.name, call.body.get("topic", channel.topic)
    acts.tell(call.world, "CHANNEL_UPDATE", channel, channel_json(channel, call.world))
    return 200, channel_json(channel, call.world)


async def change_thread(call: Call, thread: Channel) -> Answer:
    """An archived thread takes nothing but its waking; a lock is for those who manage threads."""
    body, world = call.body, call.world
    call.check("UpdateThreadRequestPartial", lambda: empty_name(body))
    allowed = world.bot_may(thread)
    manages = bool(allowed & BITS["MANAGE_THREADS"])
    wakes = thread.archived and body.get("archived") is False
    if thread.archived and not wakes and not (set(body) <= {"locked", "archived"} and manages):
        raise Refusal(50083)
    if wakes and not thread.locked:
        require(allowed, "SEND_MESSAGES_IN_THREADS")
    if "locked" in body or (wakes and thread.locked):
        require(allowed, "MANAGE_THREADS")
    if set(body) - {"locked"} and not wakes and thread.owner_id != world.bot.id:
        require(allowed, "MANAGE_THREADS")
    names = {"auto_archive_duration": "auto_archive_minutes"}
    known = ("name", "archived", "locked", "auto_archive_duration", "applied_tags", "flags")
    changes = {names.get(key, key): body[key] for key in known if body.get(key) is not None}
    acts.change_thread(world, thread, **changes)
    return 200, channel_json(thread, world)


def empty_name(body: dict[str, Any]) -> list[Problem]:
    if "name" in body and not (body["name"] or "").strip():
        return [(("name",), "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 100 in length.")]
    return []


@route("DELETE", CHANNEL)
async def delete(call: Call) -> Answer:
    channel = call.channel()
    if channel.guild_id is None:
        raise Refusal(50024)
    require(call.world.bot_may(channel), "MANAGE_THREADS" if channel.is_thread else "MANAGE_CHANNELS")
    answer = channel_json(channel, call.world)
    acts.delete_channel(call.world, channel)
    return 200, answer


@route("POST", CHANNEL + "/messages/{message_id}/threads")
async def start_from_message(call: Call) -> Answer:
    channel = call.channel()
    if channel.type is not Kind.TEXT:
        raise Refusal(50024)
    call.check("CreateTextThreadWithMessageRequest", lambda: empty_name(call.body))
    message = call.world.message(channel, call.id("message_id"))
    require(call.world.bot_may(channel), "CREATE_PUBLIC_THREADS")
    thread = acts.start_thread(
        call.world,
        channel,
        call.body["name"],
        call.world.bot,
        starter=message,
        archive_minutes=call.body.get("auto_archive_duration") or 4320,
    )
    return 201, channel_json(thread, call.world)


@route("POST", CHANNEL + "/threads")
async def start(call: Call) -> Answer:
    """A thread without a message; in a forum, a post: its first message has the thread's own id."""
    channel, body, world = call.channel(), call.body, call.world
    is_forum = channel.type is Kind.FORUM
    if not is_forum:
        if channel.type is not Kind.TEXT:
            raise Refusal(50024)
        call.check("CreateTextThreadWithoutMessageRequest", lambda: empty_name(body))
        require(world.bot_may(channel), "CREATE_PUBLIC_THREADS")
        thread = acts.start_thread(world, channel, body["name"], world.bot)
        return 201, channel_json(thread, world)
    call.check("CreateForumThreadRequest", lambda: forum_problems(call))
    allowed = world.bot_may(channel)
    require(allowed, "SEND_MESSAGES")
    may_carry(call, allowed, body["message"])
    if is_empty(body["message"], call.files):
        raise Refusal(50006)
    minutes = body.get("auto_archive_duration") or 4320
    thread = acts.start_thread(world, channel, body["name"], world.bot, archive_minutes=minutes)
    thread.applied_tags = [str(tag) for tag in body.get("applied_tags") or []]
    uploads = call.uploads(body["message"], content_url(call, thread))
    message = acts.post_message(
        world, thread, world.bot, body=body["message"], attachments=uploads, message_id=thread.id
    )
    return 201, channel_json(thread, world) | {"message": message_json(message, world)}


def forum_problems(call: Call) -> list[Problem]:
    message = call.body["message"]
    found = limits.message_problems(message, filenames=filenames(call, message), at=("message",))
    return [*empty_name(call.body), *found]


@route("GET", "/guilds/{guild_id}/threads/active")
async def active(call: Call) -> Answer:
    guild = call.world.guild(call.id("guild_id"))
    rows = [row for row in guild.threads if not row.archived and call.world.bot_may(row)]
    rows.sort(key=lambda row: row.id, reverse=True)
    return 200, {"threads": [channel_json(row, call.world) for row in rows], "members": []}


@route("GET", CHANNEL + "/threads/archived/public")
async def archived(call: Call) -> Answer:
    channel = call.channel()
    require(call.world.bot_may(channel), "READ_MESSAGE_HISTORY")
    guild = call.world.guilds[channel.guild_id or 0]
    rows = [row for row in guild.threads if row.archived and row.parent_id == channel.id]
    rows.sort(key=lambda row: (row.archived_at is not None, row.archived_at), reverse=True)
    if "before" in call.query:
        before = datetime.fromisoformat(call.query["before"])
        rows = [row for row in rows if row.archived_at and row.archived_at < before]
    most = int(call.query.get("limit", 50))
    page = [channel_json(row, call.world) for row in rows[:most]]
    return 200, {"threads": page, "members": [], "has_more": len(rows) > most}


@route("PUT", CHANNEL + "/thread-members/@me")
async def join(call: Call) -> Answer:
    thread = call.channel()
    if thread.archived:
        raise Refusal(50083)
    thread.member_ids.add(call.world.bot.id)
    return 204, None


@route("PUT", CHANNEL + "/thread-members/{user_id}")
async def add(call: Call) -> Answer:
    thread = call.channel()
    if thread.archived:
        raise Refusal(50083)
    thread.member_ids.add(call.id("user_id"))
    return 204, None


# --- Scheduled events -----------------------------------------------------------------------------------------------
EVENTS = "/guilds/{guild_id}/scheduled-events"
EVENT = EVENTS + "/{guild_scheduled_event_id}"
KINDS = {1: "Stage", 2: "Voice", 3: "External"}


def time_of(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def event_problems(call: Call, body: dict[str, Any], before: ScheduledEvent | None) -> list[Problem]:
    """before: the event that is changed; None for a new one."""
    starts = time_of(body.get("scheduled_start_time")) or (before and before.starts_at)
    ends = time_of(body.get("scheduled_end_time")) or (before and before.ends_at)
    kind = body.get("entity_type") or (before and before.entity_type)
    now = call.world.clock()
    found: list[Problem] = []
    if body.get("scheduled_start_time") and starts and starts <= now:
        words = "Cannot schedule event in the past."
        found.append((("scheduled_start_time",), "GUILD_SCHEDULED_EVENT_SCHEDULE_PAST", words))
    if starts and starts > now + timedelta(days=5 * 365):
        words = "Cannot schedule event more than 5 years in the future."
        found.append((("scheduled_start_time",), "GUILD_SCHEDULED_EVENT_SCHEDULE_TOO_FAR", words))
    if starts and ends and ends <= starts:
        words = "Event cannot end before it starts."
        found.append((("scheduled_end_time",), "GUILD_SCHEDULED_EVENT_END_BEFORE_START", words))
    place = (body.get("entity_metadata") or {}).get("location") or (before and before.location)
    if kind == 3:
        if not ends:
            found.append(limits.missing(("scheduled_end_time",)))
        if not place:
            found.append(limits.missing(("entity_metadata", "location")))
    elif not (body.get("channel_id") or (before and before.channel_id)):
        found.append(limits.missing(("channel_id",)))
    if "name" in body and not (body["name"] or "").strip():
        found.append((("name",), "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 100 in length."))
    return found


def may_schedule(call: Call, channel_id: int | None, *, own: bool) -> None:
    """Own events need CREATE_EVENTS or MANAGE_EVENTS, other people's MANAGE_EVENTS; a voice one to be let in there."""
    world = call.world
    guild = world.guild(call.id("guild_id"))
    allowed = world.bot_may(world.channel(channel_id) if channel_id else None, guild)
    if channel_id:
        require(allowed, "VIEW_CHANNEL", "CONNECT")
    if not (own and allowed & BITS["CREATE_EVENTS"]):
        require(allowed, "MANAGE_EVENTS")


@route("POST", EVENTS)
async def create_event(call: Call) -> Answer:
    guild, body, world = call.world.guild(call.id("guild_id")), call.body, call.world
    call.check("POST " + EVENTS, lambda: event_problems(call, body, None))
    channel_id = int(body["channel_id"]) if body.get("channel_id") else None
    may_schedule(call, channel_id, own=True)
    if len(guild.events) >= 100:
        raise Refusal(30038)
    event = ScheduledEvent(
        id=world.new_id(),
        guild_id=guild.id,
        creator_id=world.bot.id,
        name=body["name"],
        starts_at=datetime.fromisoformat(body["scheduled_start_time"]),
        ends_at=time_of(body.get("scheduled_end_time")),
        description=body.get("description"),
        entity_type=body["entity_type"],
        channel_id=channel_id,
        location=(body.get("entity_metadata") or {}).get("location"),
    )
    guild.events[event.id] = event
    acts.tell_event(world, "CREATE", event)
    return 200, event_json(event, world)


def event_of(call: Call) -> ScheduledEvent:
    event = call.world.guild(call.id("guild_id")).events.get(call.id("guild_scheduled_event_id"))
    if event is None:
        raise Refusal(10070)
    return event


@route("GET", EVENTS)
async def events(call: Call) -> Answer:
    return 200, [event_json(row, call.world) for row in call.world.guild(call.id("guild_id")).events.values()]


@route("GET", EVENT)
async def read_event(call: Call) -> Answer:
    return 200, event_json(event_of(call), call.world)


@route("PATCH", EVENT)
async def change_event(call: Call) -> Answer:
    event, body = event_of(call), call.body
    kind = body.get("entity_type") or event.entity_type
    schema = f"{KINDS.get(kind, 'Voice')}ScheduledEventPatchRequestPartial"
    call.check(schema, lambda: event_problems(call, body, event))
    if body.get("status") and (event.status, body["status"]) not in {(1, 2), (1, 4), (2, 3)}:
        words = "Invalid status transition."
        raise Refusal(50035, [(("status",), "TRANSITION_INVALID", words)])
    may_schedule(
        call, int(body.get("channel_id") or event.channel_id or 0) or None, own=event.creator_id == call.world.bot.id
    )
    event.name, event.status = body.get("name") or event.name, body.get("status") or event.status
    event.starts_at = time_of(body.get("scheduled_start_time")) or event.starts_at
    event.ends_at = time_of(body.get("scheduled_end_time")) or event.ends_at
    event.description = body.get("description", event.description)
    event.entity_type = kind
    if "channel_id" in body:
        event.channel_id = int(body["channel_id"]) if body["channel_id"] else None
    if "entity_metadata" in body:
        event.location = (body["entity_metadata"] or {}).get("location")
    acts.tell_event(call.world, "UPDATE", event)
    return 200, event_json(event, call.world)


@route("DELETE", EVENT)
async def delete_event(call: Call) -> Answer:
    event = event_of(call)
    may_schedule(call, None, own=event.creator_id == call.world.bot.id)
    del call.world.guilds[event.guild_id].events[event.id]
    acts.tell_event(call.world, "DELETE", event)
    return 204, None
