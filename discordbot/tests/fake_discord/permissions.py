"""Who may do what where: the bits, and how roles and a channel's overwrites add up.

Rules of https://discord.com/developers/docs/topics/permissions. Pinning has its own bit and MANAGE_MESSAGES does not
pin (since 2026-02-23).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .refusals import Refusal

if TYPE_CHECKING:
    from .things import Channel, Guild, Member

BITS = {
    "KICK_MEMBERS": 1 << 1,
    "ADMINISTRATOR": 1 << 3,
    "MANAGE_CHANNELS": 1 << 4,
    "MANAGE_GUILD": 1 << 5,
    "ADD_REACTIONS": 1 << 6,
    "VIEW_CHANNEL": 1 << 10,
    "SEND_MESSAGES": 1 << 11,
    "MANAGE_MESSAGES": 1 << 13,
    "EMBED_LINKS": 1 << 14,
    "ATTACH_FILES": 1 << 15,
    "READ_MESSAGE_HISTORY": 1 << 16,
    "MENTION_EVERYONE": 1 << 17,
    "USE_EXTERNAL_EMOJIS": 1 << 18,
    "CONNECT": 1 << 20,
    "SPEAK": 1 << 21,
    "MANAGE_ROLES": 1 << 28,
    "USE_APPLICATION_COMMANDS": 1 << 31,
    "MANAGE_EVENTS": 1 << 33,
    "MANAGE_THREADS": 1 << 34,
    "CREATE_PUBLIC_THREADS": 1 << 35,
    "CREATE_PRIVATE_THREADS": 1 << 36,
    "SEND_MESSAGES_IN_THREADS": 1 << 38,
    "CREATE_EVENTS": 1 << 44,
    "PIN_MESSAGES": 1 << 51,
}
EVERYTHING = (1 << 53) - 1


def bits(*names: str) -> int:
    return sum(BITS[name.upper()] for name in names)


MEMBERS_MAY = bits(
    "VIEW_CHANNEL",
    "SEND_MESSAGES",
    "EMBED_LINKS",
    "ATTACH_FILES",
    "READ_MESSAGE_HISTORY",
    "ADD_REACTIONS",
    "CONNECT",
    "SPEAK",
    "USE_APPLICATION_COMMANDS",
    "SEND_MESSAGES_IN_THREADS",
    "CREATE_PUBLIC_THREADS",
)
BOT_MAY = bits(  # what the invite link asks for and no more: what is missing there shows in the tests
    "VIEW_CHANNEL",
    "SEND_MESSAGES",
    "SEND_MESSAGES_IN_THREADS",
    "CREATE_PUBLIC_THREADS",
    "MANAGE_THREADS",
    "EMBED_LINKS",
    "ATTACH_FILES",
    "READ_MESSAGE_HISTORY",
    "ADD_REACTIONS",
    "PIN_MESSAGES",
    "CREATE_EVENTS",
    "CONNECT",
)


def permissions_of(member: Member, guild: Guild, channel: Channel | None = None) -> int:
    """What `member` may do in `channel` (a thread asks its parent), or in the server at large."""
    if member.account.id == guild.owner_id:
        return EVERYTHING
    roles = [guild.roles[guild.id], *(guild.roles[role_id] for role_id in member.role_ids if role_id in guild.roles)]
    allowed = 0
    for role in roles:
        allowed |= role.permissions
    if allowed & BITS["ADMINISTRATOR"]:
        return EVERYTHING
    if channel is None:
        return allowed
    place = guild.channels.get(channel.parent_id or 0, channel) if channel.is_thread else channel
    overwrites = {overwrite.id: overwrite for overwrite in place.overwrites}
    everyone = overwrites.get(guild.id)
    if everyone:
        allowed = allowed & ~everyone.deny | everyone.allow
    of_roles = [overwrites[role.id] for role in roles[1:] if role.id in overwrites]
    for overwrite in of_roles:
        allowed &= ~overwrite.deny
    for overwrite in of_roles:
        allowed |= overwrite.allow
    own = overwrites.get(member.account.id)
    if own:
        allowed = allowed & ~own.deny | own.allow
    if not allowed & BITS["VIEW_CHANNEL"]:
        return 0
    return allowed


def require(allowed: int, *names: str) -> None:
    """Refuse like Discord: 50001 where the place cannot even be seen, else 50013."""
    for name in names:
        if not allowed & BITS[name]:
            code = 50001 if name == "VIEW_CHANNEL" else 50013
            raise Refusal(code, about=f"needs {name}")
