"""What the bot may do: how Discord adds it up, what is missing, who takes it away, and what the invite asks for."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from io import StringIO
from typing import Any
from urllib.parse import parse_qs, urlsplit

import discord
import pytest
from django.core.management import CommandError, call_command

from discordbot.permissions import (
    EVERYTHING,
    NEEDS,
    Overwrite,
    Permission,
    Place,
    Role,
    Standing,
    Use,
    application_id,
    in_place,
    in_server,
    invite_link,
    label,
    missing,
    place_from,
    standing_from,
    wanted,
)
from discordbot.tests.fake_discord.permissions import BOT_MAY

GUILD, BOT, BOTS_ROLE, OTHER_ROLE = 1, 2, 3, 4
NOW = datetime(2025, 11, 10, 9, 0, tzinfo=UTC)
ALL = int(wanted(reads_messages=True))


def standing(*, everyone: int = 0, own: int = ALL, other: int = 0, **fields: Any) -> Standing:
    roles = (Role(GUILD, "@everyone", everyone), Role(BOTS_ROLE, "Sidetrack", own), Role(OTHER_ROLE, "Bots", other))
    return Standing(BOT, GUILD, roles, **fields)


def place(*overwrites: tuple[int, int, int]) -> Place:
    return Place(9, "club", 0, tuple(Overwrite(*row) for row in overwrites))


@pytest.mark.parametrize("permission", list(Permission))
def test_each_bit_is_the_one_that_the_library_knows(permission: Permission) -> None:
    assert permission.name is not None
    assert int(getattr(discord.Permissions, permission.name.lower()).flag) == permission


def test_roles_add_up() -> None:
    assert in_server(standing(everyone=1 << 10, own=1 << 11, other=1 << 51)) == (1 << 10) | (1 << 11) | (1 << 51)


def test_an_administrator_and_the_owner_may_do_everything_whatever_a_channel_denies() -> None:
    denied = place((GUILD, 0, ALL), (BOT, 0, ALL))
    assert in_place(standing(own=Permission.ADMINISTRATOR), denied) == EVERYTHING
    assert in_place(standing(own=0, is_owner=True), denied) == EVERYTHING


def test_a_role_that_allows_wins_over_a_role_that_denies() -> None:
    pins = Permission.PIN_MESSAGES
    assert in_place(standing(), place((BOTS_ROLE, 0, pins), (OTHER_ROLE, pins, 0))) & pins


def test_a_role_wins_over_everyone_and_the_member_over_the_roles() -> None:
    sends = Permission.SEND_MESSAGES
    assert in_place(standing(), place((GUILD, 0, sends), (BOTS_ROLE, sends, 0))) & sends
    assert not in_place(standing(), place((BOTS_ROLE, sends, 0), (BOT, 0, sends))) & sends


def test_overwrites_of_roles_that_the_bot_does_not_have_change_nothing() -> None:
    assert in_place(standing(), place((77, 0, ALL))) == in_place(standing(), place())


@pytest.mark.parametrize("use", list(NEEDS))
def test_a_bot_with_what_the_invite_asks_for_lacks_nothing(use: Use) -> None:
    for reads in (True, False):
        own = int(wanted(reads_messages=reads))
        assert missing(standing(own=own), place(), use, reads_messages=reads) == ()


@pytest.mark.parametrize("use", list(NEEDS))
def test_each_single_permission_that_is_taken_away_is_named_alone(use: Use) -> None:
    for permission, _why in NEEDS[use]:
        found = missing(standing(own=ALL & ~permission), place(), use, reads_messages=True)
        assert [each.permission for each in found] == [permission]
        assert found[0].denied_by == ()


def test_a_channel_that_denies_says_which_overwrites_do() -> None:
    pins = Permission.PIN_MESSAGES
    found = missing(standing(), place((GUILD, 0, pins), (BOT, 0, pins)), "club", reads_messages=False)
    assert [(each.permission, each.denied_by) for each in found] == [(pins, (GUILD, BOT))]


def test_an_unseen_channel_does_not_hide_what_else_is_missing() -> None:
    taken = Permission.VIEW_CHANNEL | Permission.PIN_MESSAGES
    found = missing(standing(own=ALL & ~taken), place(), "club", reads_messages=False)
    assert {each.permission for each in found} == {Permission.VIEW_CHANNEL, Permission.PIN_MESSAGES}


def test_somebody_in_time_out_may_only_look() -> None:
    lacking = missing(standing(is_timed_out=True), place(), "moderators", reads_messages=False)
    assert {each.permission for each in lacking} == {Permission.SEND_MESSAGES, Permission.EMBED_LINKS}


def test_reactions_are_needed_only_where_typed_messages_are_read() -> None:
    assert not wanted(reads_messages=False) & Permission.ADD_REACTIONS
    assert wanted(reads_messages=True) & Permission.ADD_REACTIONS


def test_the_bot_asks_for_no_power_over_members_or_the_server() -> None:
    powers = Permission.ADMINISTRATOR | Permission.MANAGE_GUILD | Permission.MENTION_EVERYONE
    assert not wanted(reads_messages=True) & powers


def test_permissions_are_called_as_in_discords_settings() -> None:
    assert label(Permission.PIN_MESSAGES) == "Pin Messages"
    assert label(Permission.MANAGE_GUILD) == "Manage Server"
    assert label(Permission.SEND_MESSAGES_IN_THREADS) == "Send Messages in Threads"


def test_discords_own_words_are_understood() -> None:
    roles: list[dict[str, Any]] = [
        {"id": "3", "name": "Sidetrack", "permissions": str(ALL), "mentionable": True},
        {"id": "1", "name": "@everyone", "permissions": "1024"},
        {"id": "5", "name": "Not the bot's", "permissions": "8"},
    ]
    member = {"user": {"id": "2"}, "roles": ["3"], "communication_disabled_until": "2025-11-10T08:00:00+00:00"}
    found = standing_from({"id": "1", "owner_id": "7", "roles": roles}, member, NOW)
    assert [role.role_id for role in found.roles] == [GUILD, BOTS_ROLE]
    assert not found.is_administrator
    assert not found.is_timed_out
    member["communication_disabled_until"] = "2025-11-10T10:00:00+00:00"
    assert standing_from({"id": "1", "owner_id": "7", "roles": roles}, member, NOW).is_timed_out
    row = {"id": "3", "type": 0, "allow": "0", "deny": str(int(Permission.PIN_MESSAGES))}
    club = place_from({"id": "9", "name": "club", "type": 15, "permission_overwrites": [row]})
    assert club == Place(9, "club", 15, (Overwrite(3, 0, Permission.PIN_MESSAGES),))


def test_the_invite_asks_for_exactly_what_is_needed() -> None:
    link = invite_link(site="https://discord.com", client_id="42", reads_messages=False, guild_id=7)
    query = parse_qs(urlsplit(link).query)
    assert urlsplit(link).path == "/oauth2/authorize"
    assert query["client_id"] == ["42"]
    assert query["scope"] == ["bot applications.commands"]
    assert query["guild_id"] == ["7"]
    assert int(query["permissions"][0]) == wanted(reads_messages=False)
    names = [name for name, is_on in discord.Permissions(int(query["permissions"][0])) if is_on]
    assert sorted(names) == [
        "attach_files", "connect", "create_events", "create_public_threads", "embed_links", "manage_threads",
        "pin_messages", "read_message_history", "read_messages", "send_messages", "send_messages_in_threads",
    ]  # fmt: skip


def test_a_token_names_its_application() -> None:
    first = base64.urlsafe_b64encode(b"1234567890123456789").decode().rstrip("=")
    assert application_id(f"{first}.Gabc.def") == "1234567890123456789"
    assert application_id("1234.local.x") == "1234"
    assert application_id("") == application_id("no token") == application_id("ünder.x") == ""


def test_the_command_prints_the_link(settings: Any) -> None:
    settings.DISCORD_CLIENT_ID, settings.DISCORD_BOT_TOKEN, settings.DISCORD_GUILD_ID = "", "4242.local.x", 0
    said, aside = StringIO(), StringIO()
    call_command("discord_invite", stdout=said, stderr=aside)
    assert said.getvalue().startswith("https://discord.com/oauth2/authorize?client_id=4242&")
    assert "\n" not in said.getvalue().strip()
    assert "Pin Messages" in aside.getvalue()


def test_the_command_names_the_variable_that_is_missing(settings: Any) -> None:
    settings.DISCORD_CLIENT_ID = settings.DISCORD_BOT_TOKEN = ""
    with pytest.raises(CommandError, match="DISCORD_BOT_TOKEN"):
        call_command("discord_invite")


def test_the_local_discord_gives_the_bot_what_the_invite_asks_for_and_no_more() -> None:
    """So that whatever the bot does in tests, it may do in a server that let it in by this link."""
    assert wanted(reads_messages=True) == BOT_MAY
