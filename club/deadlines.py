"""Moving a week's deadlines, and going back to a phase that ended: moderators' work."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from club.clock import club_zone
from club.errors import ClubRuleBroken
from club.models import Nomination, Phase, Rating, Week
from club.permissions import require_moderator
from club.phases import SECOND_CHANCE, TABLE, caught_up, change, changed_deadlines, deadline_of, snapshot
from club.rhythm import DEADLINES, later_by, shifted
from social.models import User
from social.moderation import log_action

LONGEST_EXTENSION = timedelta(days=366)


@transaction.atomic
def extend_phase(*, week: Week, delta: timedelta, by: User | None, now: datetime, reason: str = "") -> Week:
    """End the current phase later by `delta`, and every later deadline by as much; whole days keep the local hour.

    Refused when the phase in which `week` was read has ended meanwhile.
    """
    require_moderator(by, now)
    if delta <= timedelta(0):
        raise ClubRuleBroken("A phase can only be made longer: close it to end it earlier.", code="bad_value")
    if delta > LONGEST_EXTENSION:
        raise ClubRuleBroken(f"A phase is extended by {LONGEST_EXTENSION.days} days at most.", code="bad_value")
    seen, week = week.phase, caught_up(week, now)
    if week.phase != seen:
        raise ClubRuleBroken(f"{week} is in “{week.get_phase_display()}” by now: reopen the phase.", code="moved_on")
    require_running(week)
    before = snapshot(week)
    moved = shifted(week.deadlines, delta, club_zone(), start=TABLE[week.phase].deadline)
    change(week, by=by, now=now, reason=reason, **changed_deadlines(week, moved))
    return logged(week, verb="extend_phase", by=by, reason=reason, before=before, now=now)


@transaction.atomic
def change_deadlines(*, week: Week, by: User | None, now: datetime, reason: str = "", **deadlines: datetime) -> Week:
    """Set deadlines that lie ahead to new moments ahead; naming one with the value that it has changes nothing."""
    require_moderator(by, now)
    if unknown := set(deadlines) - set(DEADLINES):
        raise ClubRuleBroken(f"A week has no deadline called {', '.join(sorted(unknown))}.", code="bad_deadlines")
    week = caught_up(week, now)
    wanted = {name: moment for name, moment in deadlines.items() if moment != getattr(week, name)}
    if not wanted:
        return week
    require_running(week)
    ahead = DEADLINES[DEADLINES.index(TABLE[week.phase].deadline) :]
    for name, moment in wanted.items():
        if name not in ahead:
            raise ClubRuleBroken(
                f"{name} of {week} has passed: reopen the phase to go back to it.", code="bad_deadlines"
            )
        if moment <= now:
            raise ClubRuleBroken(f"{name} must lie ahead: close the phase to end it now.", code="bad_deadlines")
    before = snapshot(week)
    change(week, by=by, now=now, reason=reason, **wanted)
    return logged(week, verb="change_deadlines", by=by, reason=reason, before=before, now=now)


@transaction.atomic
def reopen_phase(
    *, week: Week, by: User | None, now: datetime, until: datetime | None = None, reason: str = ""
) -> Week:
    """Go back to the phase before the current one, until `until` (as planned, or a day from now).

    Later deadlines move by as much, but only where they would no longer come after it. From listening it goes back to
    the poll, or to nominations where one album had won without a poll; from cancelled, to nominations. Ballots and
    nominations are kept; a winner is decided anew. Reopened meanwhile by somebody else, nothing changes.
    """
    require_moderator(by, now)
    if until is not None and until <= now:
        raise ClubRuleBroken("The new end of the phase must lie ahead.", code="bad_deadlines")
    back, seen = phase_before(week, now), week.phase
    week = caught_up(week, now)
    if week.phase == back:
        return week
    if week.phase != seen:
        raise ClubRuleBroken(f"{week} is in “{week.get_phase_display()}” by now: look again.", code="moved_on")
    if back in {Phase.NOMINATIONS, Phase.POLL} and Rating.objects.filter(week=week).exists():
        raise ClubRuleBroken(
            f"The winner of {week} has ratings already: override the winner instead.", code="wrong_phase"
        )
    before = snapshot(week)
    name = TABLE[back].deadline
    planned: datetime = getattr(week, name)
    end = until or (planned if planned > now else later_by(now, SECOND_CHANCE, club_zone()))
    moved = replace(week.deadlines, **{name: end})
    if not moved.in_order():
        moved = replace(shifted(week.deadlines, end - planned, club_zone(), start=name), **{name: end})
    fields: dict[str, Any] = {"phase": back, **changed_deadlines(week, moved)}
    if back in {Phase.NOMINATIONS, Phase.POLL}:
        fields |= {"winner_id": None, "tie_break": "", "poll_margin": None}
    change(week, by=by, now=now, reason=reason, **fields)
    return logged(week, verb="reopen_phase", by=by, reason=reason, before=before, now=now)


def phase_before(week: Week, now: datetime) -> Phase:
    """The phase that reopening leads to; refused where there is none."""
    match week.phase:
        case Phase.CANCELLED if week.opens_at > now:
            return Phase.SCHEDULED
        case Phase.CANCELLED | Phase.POLL:
            return Phase.NOMINATIONS
        case Phase.LISTENING:
            n_standing = Nomination.objects.standing().filter(week=week).count()
            return Phase.POLL if n_standing > 1 else Phase.NOMINATIONS
        case Phase.DISCUSSION:
            return Phase.LISTENING
        case Phase.CLOSED:
            return Phase.DISCUSSION
        case _:
            raise ClubRuleBroken(f"Nothing of {week} has ended yet that could be reopened.", code="wrong_phase")


def require_running(week: Week) -> datetime:
    """The end of the current phase; refused for a week that is over."""
    deadline = deadline_of(week)
    if deadline is None:
        raise ClubRuleBroken(f"{week} is {week.get_phase_display().lower()}: reopen it first.", code="wrong_phase")
    return deadline


def logged(week: Week, *, verb: str, by: User | None, reason: str, before: dict[str, Any], now: datetime) -> Week:
    """The week, with what was done to it in the moderators' log."""
    after = snapshot(week)
    log_action(moderator=by, verb=verb, obj=week, reason=reason[:1000], before=before, after=after, now=now)
    return week
