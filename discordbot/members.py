"""Who somebody in Discord is in the club."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Q

from club.errors import ClubRuleBroken
from discordbot.safe_text import plain
from discordbot.texts import members, say
from sidetrack import slots
from social.identity import member_for_identity
from social.models import LinkedAccount, User

if TYPE_CHECKING:
    import discord

DISCORD = LinkedAccount.Provider.DISCORD
LONGEST_NAME = 64
SEEN_AS = "seen_as"  # in the account's metadata: the name under which the bot last saw them


@dataclass(frozen=True)
class Person:
    """An account in Discord, as it shows itself: snowflake, name in this server, account name.

    In direct messages nobody has a name of this server; then the one that we know stays.
    """

    snowflake: int
    name: str = ""
    handle: str = ""

    @classmethod
    def of(cls, user: discord.abc.User) -> Person:
        """People only: bots and webhooks are refused wherever they come from."""
        if user.bot or getattr(user, "discriminator", "") == "0000":
            raise ClubRuleBroken(say(members.NO_BOTS), code="not_a_member")
        name = user.display_name if hasattr(user, "guild") else ""
        return cls(user.id, name, user.name)

    def is_owner(self, path: str = "") -> Q:
        """Rows whose member, found by `path` (“user__”), is linked with this account: no second query for who it is."""
        return Q(
            **{
                f"{path}linked_accounts__provider": DISCORD,
                f"{path}linked_accounts__provider_user_id": str(self.snowflake),
            }
        )


def known_member(person: Person) -> User | None:
    """The member, if the club knows them already; makes nobody."""
    found: User | None = User.objects.filter(person.is_owner()).first()
    return found


def member_of_club(person: Person, *, now: datetime) -> User:
    """The member, made at first sight. Their name follows the one in Discord until they choose one themselves."""
    name = plain(person.name, LONGEST_NAME)[:LONGEST_NAME]
    account = (
        LinkedAccount.objects.select_related("user")
        .filter(provider=DISCORD, provider_user_id=str(person.snowflake))
        .first()
    )
    if account is None:
        member, _is_new = member_for_identity(
            provider=DISCORD,
            provider_user_id=str(person.snowflake),
            display_name=name,
            wanted_handle=person.handle,
            now=now,
        )
        account = LinkedAccount.objects.get(user=member, provider=DISCORD)
    if name and account.metadata.get(SEEN_AS) != name:
        _rename(account, name)
    return account.user


def _rename(account: LinkedAccount, name: str) -> None:
    """Remember the name, and show it where the member's name is still the one we saw before."""
    member, before = account.user, account.metadata.get(SEEN_AS)
    if member.display_name in {"", before} and member.display_name != name:
        member.display_name = name
        member.save(update_fields=["display_name"])
        for _ in slots.call("people:changed"):
            pass
    account.metadata = {**account.metadata, SEEN_AS: name}
    account.save(update_fields=["metadata"])
