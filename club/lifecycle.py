"""A week from opening to closing. The table of phases is in `club.phases`; moving deadlines is in `club.deadlines`.

scheduled → nominations → poll → listening → discussion → closed; cancelled from anywhere before listening.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max, Q

from club import revision
from club.deadlines import change_deadlines, extend_phase, logged, reopen_phase, require_running
from club.errors import ClubRuleBroken
from club.history import signed
from club.models import ClubSettings, Phase, Week
from club.permissions import require_moderator
from club.phases import (
    BEFORE_LISTENING,
    TABLE,
    catch_up_all,
    caught_up,
    change,
    outcome,
    passed_now,
    require_sensible,
    snapshot,
)
from club.rhythm import (
    DEADLINES,
    Deadlines,
    Rhythm,
    deadlines_from,
    deadlines_from_now,
    is_in_range,
    local_moment,
    next_opening,
)
from social.models import User
from social.moderation import log_action

__all__ = [
    "advance_due_weeks",
    "change_deadlines",
    "close_phase_now",
    "extend_phase",
    "move_to",
    "open_week",
    "reopen_phase",
    "skip_week",
]

MAX_THEME = 200


@transaction.atomic
def open_week(
    *,
    now: datetime,
    number: int | None = None,
    theme: str = "",
    deadlines: Mapping[str, datetime] | Deadlines | None = None,
    by: User | None = None,
    reason: str = "",
) -> tuple[Week, bool]:
    """A new week, and True; the same week again, and False. Another week under a number that is taken is refused.

    deadlines: any of the five; the missing ones follow the rhythm. Without `opens_at` the week opens at once.
    What a moderator opens is logged, and can be undone while it has no winner.
    """
    require_moderator(by, now)
    theme = theme.strip()
    if len(theme) > MAX_THEME:
        raise ClubRuleBroken(f"A theme has at most {MAX_THEME} characters.", code="bad_value")
    if number is not None and not 0 < number < 2**31:
        raise ClubRuleBroken("Weeks are numbered from 1.", code="bad_value")
    given = dict(deadlines.items()) if deadlines else {}
    if unknown := set(given) - set(DEADLINES):
        raise ClubRuleBroken(f"A week has no deadline called {', '.join(sorted(unknown))}.", code="bad_deadlines")
    ClubSettings.load()
    settings = ClubSettings.objects.select_for_update(no_key=True).get(pk=1)  # one week is opened at a time
    if number is not None and (week := Week.objects.filter(number=number).first()):
        if week.theme == theme and all(getattr(week, name) == moment for name, moment in given.items()):
            return week, False
        raise ClubRuleBroken(f"There is another {week} already.", code="week_exists")
    moments = planned(now=now, given=given, rhythm=settings.rhythm)
    week = Week(
        number=number or (Week.objects.aggregate(last=Max("number"))["last"] or 0) + 1,
        theme=theme,
        phase=Phase.SCHEDULED if moments.opens_at > now else Phase.NOMINATIONS,
        **dict(moments.items()),
    )
    signed(week, by=by, now=now, reason=reason).save()
    revision.bump()
    if by is not None:
        log_action(
            moderator=by, verb="open_week", obj=week, reason=reason[:1000], after={"number": week.number}, now=now
        )  # fmt: skip
    return week, True


def planned(*, now: datetime, given: Mapping[str, datetime], rhythm: Rhythm) -> Deadlines:
    """The given deadlines, completed by the rhythm; refused when they cannot be meant."""
    opens_at = given.get("opens_at", now)
    by_rhythm = deadlines_from_now(opens_at if is_in_range(opens_at) else now, rhythm)
    moments = Deadlines(**(dict(by_rhythm.items()) | dict(given)))
    require_sensible(moments)
    return moments


def advance_due_weeks(now: datetime) -> int:
    """Move every week as far as the clock says, then plan the next one where the club opens weeks by itself.

    The number of changes. Safe to call twice and from several processes; after days of silence one call catches up,
    through several phases, to where a punctual one would have come.
    """
    return catch_up_all(now) + plan_next_week(now)


def plan_next_week(now: datetime) -> int:
    """With `auto_open`, one week always stands ready for the rhythm's next opening; 1 when it was made just now.

    A moderator may give it a theme, move it, or skip it: a skipped one is not made again.
    """
    settings = ClubSettings.objects.filter(pk=1, auto_open=True).first()
    if settings is None:
        return 0
    day = next_opening(now, settings.rhythm)
    if _is_planned(day, settings.rhythm):
        return 0
    with transaction.atomic():
        ClubSettings.objects.select_for_update(no_key=True).get(pk=1)
        if _is_planned(day, settings.rhythm):  # another process was faster
            return 0
        open_week(now=now, deadlines=deadlines_from(day, settings.rhythm))
    return 1


def _is_planned(day: date, rhythm: Rhythm) -> bool:
    """Whether a week stands ready for that day; also one that was planned before the club's hours changed."""
    opens_at = local_moment(day, rhythm.open_time, rhythm.zone)
    return Week.objects.filter(Q(opens_at__gte=opens_at) | Q(phase=Phase.SCHEDULED)).exists()


@transaction.atomic
def close_phase_now(*, week: Week, by: User | None, now: datetime, reason: str = "") -> Week:
    """End, at `now`, the phase in which `week` was when it was read; ended meanwhile, nothing changes.

    One nomination wins without a poll; without ballots the earliest nomination wins.
    """
    require_moderator(by, now)
    seen, week = week.phase, caught_up(week, now)
    if week.phase != seen:
        return week
    require_running(week)
    before = snapshot(week)
    decided = outcome(week, by_hand=True)
    passed = passed_now(week, now)
    if decided.get("poll_close_at"):  # nominations and poll end together
        decided["poll_close_at"] = passed["nominations_close_at"] + (
            decided["poll_close_at"] - week.nominations_close_at
        )
    change(week, by=by, now=now, reason=reason, **passed, **decided)
    return logged(week, verb="close_phase", by=by, reason=reason, before=before, now=now)


@transaction.atomic
def move_to(*, week: Week, phase: Phase | str, by: User | None, now: datetime, reason: str = "") -> Week:
    """Go on to the next phase; the phase in which it is changes nothing; skipping one and going back are refused.

    From nominations, “poll” leads straight to listening where there is one nomination only.
    """
    require_moderator(by, now)
    if phase not in Phase.values:
        raise ClubRuleBroken(f"There is no phase called “{phase}”.", code="bad_value")
    if phase == Phase.CANCELLED:
        return skip_week(week=week, by=by, now=now, reason=reason)
    week = caught_up(week, now)
    if week.phase == phase:
        return week
    end = TABLE.get(week.phase)
    if end is None or end.then != phase:
        follows = f"what follows is {end.then.label.lower()}" if end else "nothing follows"
        raise ClubRuleBroken(f"{week} is in “{week.get_phase_display()}”: {follows}.", code="wrong_phase")
    return close_phase_now(week=week, by=by, now=now, reason=reason)


@transaction.atomic
def skip_week(*, week: Week, by: User | None, now: datetime, reason: str) -> Week:
    """Cancel a week that has no winner yet; a cancelled one stays cancelled."""
    require_moderator(by, now)
    week = caught_up(week, now)
    if week.phase == Phase.CANCELLED:
        return week
    if week.phase not in BEFORE_LISTENING:
        raise ClubRuleBroken(f"{week} has a winner: it can no longer be skipped.", code="wrong_phase")
    before = snapshot(week)
    change(week, by=by, now=now, reason=reason, phase=Phase.CANCELLED)
    return logged(week, verb="skip_week", by=by, reason=reason, before=before, now=now)
