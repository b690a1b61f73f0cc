"""The one table of phase changes, and what happens to a week when a deadline passes.

Everything that changes a week's phase, deadlines or winner goes through `change`, on a week that is `locked`.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Q

from club import revision
from club.clock import club_zone
from club.errors import ClubRuleBroken
from club.models import Nomination, Phase, Week
from club.polls import poll_result
from club.rhythm import DEADLINES, FIRST_YEAR, LAST_YEAR, Deadlines, shifted
from social.models import User


class PhaseEnd(NamedTuple):
    """Which deadline ends a phase, and the phase that follows when all goes as planned."""

    deadline: str
    then: Phase


TABLE: dict[str, PhaseEnd] = {
    Phase.SCHEDULED: PhaseEnd("opens_at", Phase.NOMINATIONS),
    Phase.NOMINATIONS: PhaseEnd("nominations_close_at", Phase.POLL),
    Phase.POLL: PhaseEnd("poll_close_at", Phase.LISTENING),  # the winner is decided
    Phase.LISTENING: PhaseEnd("discussion_at", Phase.DISCUSSION),
    Phase.DISCUSSION: PhaseEnd("ratings_close_at", Phase.CLOSED),
}
BEFORE_LISTENING = frozenset({Phase.SCHEDULED, Phase.NOMINATIONS, Phase.POLL})
SECOND_CHANCE = timedelta(days=1)  # once, when nobody nominated or nobody voted
AN_INSTANT = timedelta(seconds=1)  # between deadlines that pass together

STATE = (
    "phase", "opens_at", "nominations_close_at", "poll_close_at", "discussion_at", "ratings_close_at",
    "nominations_extended_at", "poll_extended_at", "winner_id", "tie_break", "poll_margin",
)  # fmt: skip


def locked(week: Week | int) -> Week:
    """The week as the database has it now, held until the transaction ends (on SQLite the transaction is the lock).

    Without its winner: PostgreSQL, having waited for the lock, would join the new week to the old winner's row.
    """
    return Week.objects.select_for_update(no_key=True).get(pk=week if isinstance(week, int) else week.pk)


def change(week: Week, *, by: User | None, now: datetime, reason: str = "", **fields: Any) -> bool:
    """Write `fields` unless somebody else changed the week since it was read; whether it was written.

    Raises ClubRuleBroken `bad_deadlines` for deadlines out of order.
    """
    was = {name: getattr(week, name) for name in STATE}
    for name, value in fields.items():
        setattr(week, name, value)
    require_sensible(week.deadlines)
    if not Week.objects.filter(pk=week.pk, **was).update(**fields):
        return False
    Week.history.bulk_history_create(
        [week], update=True, default_user=by, default_change_reason=reason[:100], default_date=now
    )
    revision.bump()
    return True


def require_sensible(deadlines: Deadlines) -> None:
    """Refuse deadlines out of order, or out of any year in which a club can be."""
    if not deadlines.in_order():
        raise ClubRuleBroken("Each deadline must come after the one before it.", code="bad_deadlines")
    if not deadlines.in_range():
        raise ClubRuleBroken(f"Deadlines lie between {FIRST_YEAR} and {LAST_YEAR}.", code="bad_deadlines")


def due(now: datetime) -> Q:
    """Weeks whose current phase has reached its end."""
    condition = Q()
    for phase, end in TABLE.items():
        condition |= Q(phase=phase, **{f"{end.deadline}__lte": now})
    return condition


def deadline_of(week: Week) -> datetime | None:
    """When the current phase ends; None for a week that is over."""
    end = TABLE.get(week.phase)
    return getattr(week, end.deadline) if end else None


def catch_up(week: Week, now: datetime) -> int:
    """Pass every deadline that is due, one after the other; how many. The same whenever it is called afterwards."""
    steps = 0
    while (deadline := deadline_of(week)) is not None and deadline <= now:
        if not change(week, by=None, now=now, **outcome(week)):
            break
        steps += 1
    return steps


def caught_up(week: Week, now: datetime) -> Week:
    """The week, locked, in the phase in which it must be at `now`, also when the job that advances weeks is late."""
    week = locked(week)
    catch_up(week, now)
    return week


def catch_up_all(now: datetime) -> int:
    """Pass every due deadline of every week, one transaction a week; how many."""
    steps = 0
    for pk in Week.objects.filter(due(now)).order_by("number").values_list("pk", flat=True):
        with transaction.atomic():
            steps += catch_up(locked(pk), now)
    return steps


def outcome(week: Week, *, by_hand: bool = False) -> dict[str, Any]:
    """What changes when the current phase ends. A moderator who ends it by hand gets no second chance day."""
    match week.phase:
        case Phase.NOMINATIONS:
            return _after_nominations(week, by_hand=by_hand)
        case Phase.POLL:
            return _after_poll(week, by_hand=by_hand)
        case phase:
            return {"phase": TABLE[phase].then}


def _after_nominations(week: Week, *, by_hand: bool) -> dict[str, Any]:
    """None: one more day, then cancelled. One: it wins without a poll. More: the poll."""
    standing = list(Nomination.objects.standing().filter(week=week).values_list("pk", flat=True)[:2])
    if len(standing) > 1:
        return {"phase": Phase.POLL}
    if standing:
        poll_close_at = min(week.nominations_close_at + AN_INSTANT, week.poll_close_at)
        return {"phase": Phase.LISTENING, "winner_id": standing[0], "tie_break": "", "poll_close_at": poll_close_at}
    if by_hand:
        raise ClubRuleBroken(
            f"Nobody has nominated in {week} yet: extend the phase, or skip the week.", code="no_nominations"
        )
    if week.nominations_extended_at is None:
        return _one_more_day(week, "nominations_close_at", "nominations_extended_at")
    return {"phase": Phase.CANCELLED}


def _after_poll(week: Week, *, by_hand: bool) -> dict[str, Any]:
    """The winner by ballots. Without any: one more day, then the earliest nomination. All withdrawn: cancelled."""
    result = poll_result(week)
    if not result.entries:
        return {"phase": Phase.CANCELLED}
    nobody_voted = result.total_points == 0 and len(result.entries) > 1
    if nobody_voted and not by_hand and week.poll_extended_at is None:
        return _one_more_day(week, "poll_close_at", "poll_extended_at")
    return {
        "phase": Phase.LISTENING,
        "winner_id": result.winner_id,
        "tie_break": result.tie_break,
        "poll_margin": result.margin,
    }


def _one_more_day(week: Week, deadline: str, mark: str) -> dict[str, Any]:
    """Everything from `deadline` on moves by a day; `mark` remembers that the second chance was given, and when."""
    moved = shifted(week.deadlines, SECOND_CHANCE, club_zone(), start=deadline)
    return {**changed_deadlines(week, moved), mark: getattr(week, deadline)}


def changed_deadlines(week: Week, wanted: Deadlines) -> dict[str, datetime]:
    """The deadlines of `wanted` that the week does not have yet."""
    return {name: moment for name, moment in wanted.items() if moment != getattr(week, name)}


def passed_now(week: Week, now: datetime) -> dict[str, datetime]:
    """The current deadline, set to `now`; an instant later than the one before it where both pass at once."""
    name = TABLE[week.phase].deadline
    position = DEADLINES.index(name)
    earliest = getattr(week, DEADLINES[position - 1]) + AN_INSTANT if position else now
    return {name: max(now, earliest)}


def snapshot(week: Week) -> dict[str, Any]:
    """What undoing needs: phase, deadlines, winner; as JSON."""
    values = {name: getattr(week, name) for name in STATE}
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in values.items()}
