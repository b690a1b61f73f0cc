"""REST: the bot itself, the application and its commands, servers, members, direct conversations."""

from __future__ import annotations

from typing import Any

from . import limits
from .payloads import channel_json, member_json, role_json, user_json
from .payloads_whole import guild_json
from .refusals import Refusal
from .rest import Answer, Call, route
from .things import Channel, Kind


@route("GET", "/users/@me")
async def me(call: Call) -> Answer:
    return 200, user_json(call.world.bot) | {"verified": True, "mfa_enabled": False, "email": None, "locale": "en-US"}


@route("GET", "/oauth2/applications/@me", "/applications/@me")
async def application(call: Call) -> Answer:
    world = call.world
    owner = next(iter(world.guilds.values())).owner_id if world.guilds else world.bot.id
    flags = {"presences": 1 << 13, "members": 1 << 15, "message_content": 1 << 19}
    return 200, {
        "id": str(world.bot.id),
        "name": world.bot.display_name,
        "icon": None,
        "description": "",
        "summary": "",
        "bot_public": False,
        "bot_require_code_grant": False,
        "verify_key": "0" * 64,
        "owner": user_json(world.accounts.get(owner, world.bot)),
        "team": None,
        "flags": sum(bit for name, bit in flags.items() if name in world.privileged),
        "bot": user_json(world.bot),
    }


@route("GET", "/gateway", "/gateway/bot")
async def gateway(call: Call) -> Answer:
    limit = {"total": 1000, "remaining": 999, "reset_after": 14_400_000, "max_concurrency": 1}
    return 200, {"url": call.world.address.replace("http", "ws", 1) + "/gw", "shards": 1, "session_start_limit": limit}


@route("GET", "/users/@me/guilds")
async def my_guilds(call: Call) -> Answer:
    rows = [guild for guild in call.world.guilds.values() if guild.has_bot]
    return 200, [{"id": str(row.id), "name": row.name, "icon": None, "owner": False, "features": []} for row in rows]


@route("GET", "/users/{user_id}")
async def user(call: Call) -> Answer:
    account = call.world.accounts.get(call.id("user_id"))
    if account is None:
        raise Refusal(10013)
    return 200, user_json(account)


# --- Commands -------------------------------------------------------------------------------------------------------
def checked_commands(call: Call, old: list[dict[str, Any]], guild_id: str | None) -> list[dict[str, Any]]:
    """The commands as Discord gives them back: with ids, which stay while the name does."""
    world = call.world
    if call.id("application_id") != world.bot.id:
        raise Refusal(20001)
    call.check("PUT " + call.exchange.template, lambda: limits.command_problems(call.body))
    known = {(row["type"], row["name"]): row["id"] for row in old}
    made = []
    for body in call.body:
        kind = body.get("type") or 1
        row = {
            "description": "",
            "options": [],
            "default_member_permissions": None,
            "nsfw": False,
            "contexts": None,
            "integration_types": [0],
        } | {key: value for key, value in body.items() if value is not None}
        row |= {
            "id": known.get((kind, body["name"]), str(world.new_id())),
            "type": kind,
            "version": str(world.new_id()),
        }
        row |= {"application_id": str(world.bot.id)} | ({"guild_id": guild_id} if guild_id else {})
        made.append(row)
    return made


@route("PUT", "/applications/{application_id}/guilds/{guild_id}/commands")
async def put_guild_commands(call: Call) -> Answer:
    guild = call.world.guild(call.id("guild_id"))
    guild.commands = checked_commands(call, guild.commands, str(guild.id))
    return 200, guild.commands


@route("PUT", "/applications/{application_id}/commands")
async def put_commands(call: Call) -> Answer:
    call.world.global_commands = checked_commands(call, call.world.global_commands, None)
    return 200, call.world.global_commands


@route("GET", "/applications/{application_id}/guilds/{guild_id}/commands")
async def guild_commands(call: Call) -> Answer:
    return 200, call.world.guild(call.id("guild_id")).commands


@route("GET", "/applications/{application_id}/commands")
async def commands(call: Call) -> Answer:
    return 200, call.world.global_commands


# --- Servers and members --------------------------------------------------------------------------------------------
@route("GET", "/guilds/{guild_id}")
async def guild(call: Call) -> Answer:
    guild = call.world.guild(call.id("guild_id"))
    counts = {"approximate_member_count": len(guild.members), "approximate_presence_count": len(guild.members)}
    return 200, guild_json(guild, call.world, whole=False) | (counts if "with_counts" in call.query else {})


@route("GET", "/guilds/{guild_id}/channels")
async def channels(call: Call) -> Answer:
    guild = call.world.guild(call.id("guild_id"))
    seen = [row for row in guild.channels.values() if not row.is_thread and call.world.bot_may(row)]
    return 200, [channel_json(row, call.world) for row in seen]


@route("GET", "/guilds/{guild_id}/roles")
async def roles(call: Call) -> Answer:
    return 200, [role_json(row) for row in call.world.guild(call.id("guild_id")).roles.values()]


@route("GET", "/guilds/{guild_id}/members/{user_id}")
async def member(call: Call) -> Answer:
    guild = call.world.guild(call.id("guild_id"))
    if call.ids["user_id"] == "@me":
        return 200, member_json(guild.members[call.world.bot.id], guild)
    found = guild.members.get(call.id("user_id"))
    if found is None:
        raise Refusal(10007 if call.id("user_id") in call.world.accounts else 10013)
    return 200, member_json(found, guild)


@route("GET", "/guilds/{guild_id}/members")
async def members(call: Call) -> Answer:
    """Needs the privileged members intent, as in Discord."""
    guild = call.world.guild(call.id("guild_id"))
    if "members" not in call.world.privileged:
        raise Refusal(50001, about="needs the privileged members intent")
    rows = sorted(guild.members.values(), key=lambda row: row.account.id)
    after, most = int(call.query.get("after", 0)), int(call.query.get("limit", 1))
    return 200, [member_json(row, guild) for row in rows if row.account.id > after][:most]


# --- Direct conversations -------------------------------------------------------------------------------------------
@route("POST", "/users/@me/channels")
async def open_dm(call: Call) -> Answer:
    call.check("CreatePrivateChannelRequest")
    account = call.world.accounts.get(int(call.body.get("recipient_id") or 0))
    if account is None:
        raise Refusal(10013)
    if account.is_bot:
        raise Refusal(50007)
    return 200, channel_json(dm_with(call, account.id), call.world)


def dm_with(call: Call, account_id: int) -> Channel:
    world = call.world
    for channel in world.dms.values():
        if channel.recipient and channel.recipient.id == account_id:
            return channel
    account = world.accounts[account_id]
    channel = Channel(world.new_id(), None, Kind.DM, f"DM {account.display_name}", recipient=account)
    world.dms[channel.id] = channel
    return channel


def shares_a_server(call: Call, account_id: int) -> bool:
    return any(account_id in guild.members for guild in call.world.guilds.values() if guild.has_bot)
