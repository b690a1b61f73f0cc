"""Who was there, and how they are reached."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from club.models import Nomination, Rating, Vote, Week
from discordbot.facts import Member
from social.models import LinkedAccount, User
from social.visibility import Visibility

READ_BY_MEMBERS = frozenset({Visibility.PUBLIC, Visibility.MEMBERS})


def present_in(weeks: Sequence[Week]) -> dict[int, frozenset[int]]:
    """Who nominated, voted or rated, by the week's id; one query."""
    there: dict[int, set[int]] = defaultdict(set)
    rows = [
        Nomination.objects.standing().filter(week__in=weeks).order_by().values_list("week_id", "user_id"),
        Vote.objects.filter(week__in=weeks).order_by().values_list("week_id", "user_id"),
        Rating.objects.standing().filter(week__in=weeks).order_by().values_list("week_id", "user_id"),
    ]
    for week_id, user_id in rows[0].union(*rows[1:]):
        there[week_id].add(user_id)
    return {week.pk: frozenset(there[week.pk]) for week in weeks}


def members_of(ids: Iterable[int], now: datetime) -> tuple[Member, ...]:
    """Those of these members who may be spoken to in Discord: linked, active, not suspended; one query."""
    accounts = LinkedAccount.objects.filter(
        provider=LinkedAccount.Provider.DISCORD, user__in=ids, user__is_active=True
    ).select_related("user")
    found = []
    for account in accounts.order_by("id"):
        user = account.user
        if account.provider_user_id.isdecimal() and not user.is_suspended(now):
            found.append(
                Member(
                    member_id=user.pk,
                    snowflake=int(account.provider_user_id),
                    zone=user.timezone,
                    wants_reminders=user.wants_reminders,
                    wants_direct_messages=user.wants_direct_messages,
                    quiet_from=user.quiet_from,
                    quiet_until=user.quiet_until,
                )
            )
    return tuple(found)


def shown_name(user: User) -> str:
    """The member's name where members may read it in the archive, else ""."""
    return str(user) if user.club_visibility in READ_BY_MEMBERS else ""
