"""Changes of a member's level: kept beside their weeks, and told once each when they are sure."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import numpy as np
from django.db import transaction

from social.models import Notification, User
from social.notifying import notify
from taste.iso_weeks import A_WEEK, monday_of
from taste.models import ChangePoint, TasteProfile, WeeklyTaste
from taste.weeks.changes import NEAR, changes

AXES = ("energy", "valence")
LEAST_PLAYS = 5  # with a value: the mean of fewer is no level
KIND = "taste_change"
NEWS = timedelta(weeks=26)  # what a first import finds of years ago is shown, not told
FIELDS = ["alarmed_on", "before", "after", "sds", "threshold", "is_confirmed", "sentence", "computed_at"]


@transaction.atomic
def keep_changes(*, user: User, now: datetime) -> int:
    """Make the stored changes those of the member's weeks before this one; how many there are.

    Told are confirmed ones of the last half year, each once, however often its numbers change by a hair afterwards.
    """
    if not TasteProfile.objects.select_for_update().filter(pk=user.pk).exists():  # one run at a time
        return 0
    found = [change for axis in AXES for change in _changes_of(user, axis, now=now)]
    wanted = {(change.axis, change.starts_on) for change in found}
    stale = [row.pk for row in ChangePoint.objects.filter(user=user) if (row.axis, row.starts_on) not in wanted]
    ChangePoint.objects.filter(pk__in=stale).delete()
    ChangePoint.objects.bulk_create(
        found, update_conflicts=True, unique_fields=["user", "axis", "starts_on"], update_fields=FIELDS
    )
    for change in found:
        if change.is_confirmed and change.alarmed_on >= (now - NEWS).date():
            _tell(user, change, now=now)
    return len(found)


def _changes_of(user: User, axis: str, *, now: datetime) -> list[ChangePoint]:
    this_week = monday_of((now - timedelta(hours=14)).date())  # a zone's Monday may begin this much earlier
    weeks = WeeklyTaste.objects.filter(user=user, starts_on__lt=this_week).order_by("starts_on")
    rows = [
        (monday, numbers["mean"])
        for monday, axes in weeks.values_list("starts_on", "axes")
        if (numbers := axes.get(axis)) and numbers["n"] >= LEAST_PLAYS
    ]
    return [
        ChangePoint(
            user=user,
            axis=axis,
            starts_on=rows[each.at][0],
            alarmed_on=rows[each.alarm][0],
            before=each.before,
            after=each.after,
            sds=each.sds,
            threshold=each.threshold,
            is_confirmed=each.is_confirmed,
            sentence=sentence(axis, rows[each.at][0], each.before, each.after),
            computed_at=now,
        )
        for each in changes(np.array([value for _, value in rows], np.float64))
    ]


def sentence(axis: str, starts_on: date, before: float, after: float) -> str:
    verb = "rose" if after >= before else "fell"
    day = f"{starts_on.day} {starts_on:%B %Y}"
    return f"{axis.capitalize()} {verb} from {before:.2f} to {after:.2f} around the week of {day}."


def _tell(user: User, change: ChangePoint, *, now: datetime) -> None:
    told = Notification.objects.filter(user=user, kind=KIND, subject__startswith=f"{change.axis} ")
    days = [date.fromisoformat(subject.split()[-1]) for subject in told.values_list("subject", flat=True)]
    if any(abs(day - change.starts_on) <= NEAR * A_WEEK for day in days):
        return
    year, week, _ = change.starts_on.isocalendar()
    address = f"/dashboard/weeks/{year}-W{week:02}/"
    subject = f"{change.axis} {change.starts_on}"
    notify(user=user, kind=KIND, subject=subject, text=change.sentence, address=address, now=now)
