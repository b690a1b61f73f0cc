"""Who may moderate from Discord: the club's own group, and whoever has Manage Server there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from club.errors import ClubRuleBroken
from club.permissions import require_moderator
from discordbot.members import Person, known_member, member_of_club
from discordbot.texts import moderators, say
from social.models import User

if TYPE_CHECKING:
    from discordbot.answer import Answer


@dataclass(frozen=True)
class Asker:
    """Who used the command, and whether Discord says, in this very interaction, that they manage the server."""

    person: Person
    manages_server: bool = False

    @classmethod
    def of(cls, answer: Answer) -> Asker:
        return cls(Person.of(answer.interaction.user), answer.may_manage_guild)


def moderator(asker: Asker, *, now: datetime) -> User:
    """The member who moderates, made at first sight; refused for anybody else. Asked anew at every press.

    Manage Server counts for this one act only: it puts nobody into the group and opens no admin.
    """
    known = known_member(asker.person)
    if not asker.manages_server and (known is None or not known.is_moderator):
        raise ClubRuleBroken(say(moderators.NOT_A_MODERATOR), code="not_a_moderator")
    by = member_of_club(asker.person, now=now)
    by.acts_as_moderator = asker.manages_server
    require_moderator(by, now)
    return by


def signed_reason(reason: str, by: User) -> str:
    """The reason for the log, which also says when it was Manage Server that allowed it."""
    return reason if by.is_moderator else f"{reason} {say(moderators.VOUCHED)}".strip()
