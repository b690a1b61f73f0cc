"""A slash command as the client composes it: what is offered, what must be filled in, and in what shape it is sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .forms import CannotDo
from .payloads import channel_json, member_json, role_json, user_json
from .things import Account, Channel, Guild, Role
from .world import World

Json = dict[str, Any]
SUBCOMMAND, GROUP, STRING, WHOLE, SWITCH, USER, CHANNEL, ROLE, MENTIONABLE, NUMBER = range(1, 11)


@dataclass
class Filled:
    """The `data` of the interaction."""

    data: Json


def fill_in(
    world: World, guild: Guild, command: str, options: Json, *, focused: str, force: bool, allowed: int
) -> Filled:
    name, *path = command.split()
    offered = [row for row in world.commands_in(guild) if row["type"] == 1]
    found = next((row for row in offered if row["name"] == name), None)
    if found is None:
        names = ", ".join(f"/{row['name']}" for row in offered)
        raise CannotDo(f"/{name} is not offered in {guild.name}; offered: {names or 'nothing'}")
    needed = int(found.get("default_member_permissions") or 0)
    if needed and allowed & needed != needed and not force:
        raise CannotDo(f"/{name} is not offered to members without its permissions.")
    resolved: Json = {}
    level, wrap = found, []
    for step in path:
        inner = next((row for row in level.get("options", []) if row["name"] == step and row["type"] in {1, 2}), None)
        if inner is None:
            known = ", ".join(row["name"] for row in level.get("options", []))
            raise CannotDo(f"/{command} is not offered; under {level['name']}: {known}")
        wrap.append(inner)
        level = inner
    if any(row["type"] in {SUBCOMMAND, GROUP} for row in level.get("options", [])):
        raise CannotDo(f"/{command} goes on: {', '.join(row['name'] for row in level['options'])}")
    sent = options_of(world, guild, level, options, resolved, focused=focused, force=force)
    for step in reversed(wrap):
        sent = [{"type": step["type"], "name": step["name"], "options": sent}]
    data: Json = {"id": found["id"], "name": name, "type": 1, "guild_id": str(guild.id)}
    if sent:
        data["options"] = sent
    if resolved:
        data["resolved"] = resolved
    return Filled(data)


def options_of(
    world: World, guild: Guild, level: Json, given: Json, resolved: Json, *, focused: str, force: bool
) -> list[Json]:
    known = {row["name"]: row for row in level.get("options", [])}
    if strange := given.keys() - known.keys():
        raise CannotDo(f"/{level['name']} does not ask for {', '.join(strange)}; it asks for: {', '.join(known)}")
    sent = []
    for name, option in known.items():
        if name not in given or given[name] is None:
            if option.get("required") and not focused and not force:
                raise CannotDo(f"/{level['name']} needs {name}.")
            continue
        value = as_number(option, given[name])
        if name != focused and not force:
            check(option, value)
        row = {"type": option["type"], "name": name, "value": value_of(world, guild, option, value, resolved)}
        sent.append(row | ({"focused": True} if name == focused else {}))
    return sent


def as_number(option: Json, value: Any) -> Any:
    """What somebody typed where a number is asked for."""
    if option["type"] not in {WHOLE, NUMBER} or not isinstance(value, str):
        return value
    try:
        return int(value) if option["type"] == WHOLE else float(value)
    except ValueError:
        raise CannotDo(f"{option['name']} takes a number, not {value!r}.") from None


def check(option: Json, value: Any) -> None:
    """What the client itself does not let through."""
    choices = option.get("choices")
    if choices and value not in [row["value"] for row in choices] + [row["name"] for row in choices]:
        raise CannotDo(f"{option['name']} offers only: {', '.join(row['name'] for row in choices)}")
    if option["type"] == STRING:
        least, most = option.get("min_length") or 0, option.get("max_length") or 6000
        if not least <= len(str(value)) <= most:
            raise CannotDo(f"{option['name']} takes {least} to {most} characters.")
    if option["type"] in {WHOLE, NUMBER}:
        least, most = option.get("min_value"), option.get("max_value")
        if (least is not None and value < least) or (most is not None and value > most):
            raise CannotDo(f"{option['name']} takes {least} to {most}.")


def value_of(world: World, guild: Guild, option: Json, value: Any, resolved: Json) -> Any:
    for choice in option.get("choices") or []:
        if value == choice["name"]:
            return choice["value"]
    account = getattr(value, "account", value)
    if isinstance(account, Account):
        resolved.setdefault("users", {})[str(account.id)] = user_json(account)
        if account.id in guild.members:
            member = member_json(guild.members[account.id], guild, with_permissions=True)
            member.pop("user")
            resolved.setdefault("members", {})[str(account.id)] = member
        return str(account.id)
    if isinstance(value, Channel):
        resolved.setdefault("channels", {})[str(value.id)] = channel_json(value, world) | {"permissions": "0"}
        return str(value.id)
    if isinstance(value, Role):
        resolved.setdefault("roles", {})[str(value.id)] = role_json(value)
        return str(value.id)
    return value
