"""What moderators did to the weeks and to their nominations, as far as it still holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from club.models import Nomination, Week
from discordbot.facts import Act, Member, Withdrawn
from discordbot.reminders import is_quiet
from social.models import ModerationAction

OF_WEEKS = ("extend_phase", "change_deadlines", "reopen_phase", "skip_week", "override_winner")


@dataclass(frozen=True)
class Acts:
    """weeks: acts by the week's id, oldest first. freed: by a withdrawn nomination's id, whose votes it had."""

    weeks: Mapping[int, tuple[Act, ...]]
    freed: Mapping[int, tuple[int, ...]]

    @property
    def freed_ids(self) -> frozenset[int]:
        return frozenset(member_id for ids in self.freed.values() for member_id in ids)


def acts_of(weeks: Sequence[Week], nominations: Sequence[Nomination]) -> Acts:
    """One query. An act that was taken back is as if it had not been."""
    withdrawn = [row.pk for row in nominations if row.withdrawn_at is not None]
    rows = ModerationAction.objects.filter(
        Q(kind="club.week", verb__in=OF_WEEKS, object_id__in=[week.pk for week in weeks])
        | Q(kind="club.nomination", verb="withdraw_nomination", object_id__in=withdrawn),
        undone_by__isnull=True,
        undoes__isnull=True,
    ).order_by("id")
    acts: dict[int, tuple[Act, ...]] = {}
    freed: dict[int, tuple[int, ...]] = {}
    for row in rows:
        if row.kind == "club.week":
            act = Act(row.pk, row.verb, row.created_at, _values(row.before), _values(row.after))
            acts[row.object_id] = (*acts.get(row.object_id, ()), act)
        else:
            freed[row.object_id] = tuple(vote["user_id"] for vote in row.before.get("votes", []))
    return Acts(acts, freed)


def _values(kept: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((name, str(value)) for name, value in kept.items()))


def withdrawn_of(
    nominations: Sequence[Nomination], acts: Acts, members: Mapping[int, Member], now: datetime
) -> tuple[Withdrawn, ...]:
    """The nominations of one week that were taken back, and whom a message about their free vote may reach now."""
    return tuple(
        Withdrawn(
            row.pk,
            row.album.title,
            row.withdrawn_at,
            had_votes=bool(acts.freed.get(row.pk)),
            freed=tuple(
                member
                for member_id in acts.freed.get(row.pk, ())
                if (member := members.get(member_id)) and member.wants_direct_messages and not is_quiet(member, now)
            ),
        )
        for row in nominations
        if row.withdrawn_at is not None
    )
