"""Which permission was missing when Discord said only “Missing Permissions”, and what to tell moderators. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from discordbot.permissions import EVERYTHING, Permission, Place, Standing, in_place, in_server, label
from discordbot.texts import calls, say
from discordbot.troubles import NoPermission

Act = Literal["look", "read", "send", "delete", "pin", "react", "thread", "forum post", "manage thread", "event"]

IN_CHANNEL: dict[Act, tuple[Permission, ...]] = {
    "look": (Permission.VIEW_CHANNEL,),
    "read": (Permission.VIEW_CHANNEL, Permission.READ_MESSAGE_HISTORY),
    "send": (Permission.VIEW_CHANNEL, Permission.SEND_MESSAGES, Permission.EMBED_LINKS),
    "delete": (Permission.VIEW_CHANNEL,),
    "pin": (Permission.VIEW_CHANNEL, Permission.PIN_MESSAGES),
    "react": (Permission.VIEW_CHANNEL, Permission.READ_MESSAGE_HISTORY, Permission.ADD_REACTIONS),
    "thread": (Permission.VIEW_CHANNEL, Permission.CREATE_PUBLIC_THREADS),
    "forum post": (Permission.VIEW_CHANNEL, Permission.SEND_MESSAGES, Permission.EMBED_LINKS),
    "manage thread": (Permission.VIEW_CHANNEL, Permission.MANAGE_THREADS),
    "event": (Permission.VIEW_CHANNEL, Permission.CONNECT, Permission.CREATE_EVENTS),
}


def needed(act: Act, *, in_thread: bool, has_files: bool) -> tuple[Permission, ...]:
    """What Discord asks for before it does `act`; within a thread sending is a permission of its own."""
    wanted = IN_CHANNEL[act]
    if in_thread and act == "send":
        swap = {Permission.SEND_MESSAGES: Permission.SEND_MESSAGES_IN_THREADS}
        wanted = tuple(swap.get(each, each) for each in wanted)
    return (*wanted, Permission.ATTACH_FILES) if has_files else wanted


def lacking(
    wanted: Sequence[Permission], standing: Standing | None, place: Place | None, *, hidden: int | None = None
) -> NoPermission:
    """Names what is missing, says where, and who can mend it.

    hidden: a channel that the bot is not even shown. Where the bot's own roles cannot be read either, everything that
    the act needs is named: one of it is missing.
    """
    allowed = EVERYTHING if standing is None else in_server(standing)
    if standing is not None and place is not None:
        allowed = in_place(standing, place)
    missing = [Permission.VIEW_CHANNEL] if hidden else [each for each in wanted if not allowed & each]
    names = tuple(label(each) for each in missing or wanted)
    channel = hidden or (place.channel_id if place else None)
    where = f"<#{channel}>" if channel else say(calls.THE_SERVER)
    quoted = ", ".join(say(calls.NAMED, name=name) for name in names)
    said = say(calls.LACKS if missing else calls.LACKS_ONE, permissions=quoted, where=where)
    return NoPermission(names, f"{said} {say(calls.WHO_ALLOWS)}")
