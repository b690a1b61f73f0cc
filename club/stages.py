"""What a week is doing, in words: its headline, its next deadline, the one thing to do, its line of phases.

Pure: a week and a moment in, frozen values out; pages and cards word nothing themselves.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from club.models.week import Phase

if TYPE_CHECKING:
    from club.models import Week

Words = str | Promise

LINE = (
    (Phase.NOMINATIONS, _("Nominations"), "opens_at"),
    (Phase.POLL, _("Poll"), "nominations_close_at"),
    (Phase.LISTENING, _("Listening"), "poll_close_at"),
    (Phase.DISCUSSION, _("Discussion"), "discussion_at"),
    (Phase.CLOSED, _("Closed"), "ratings_close_at"),
)
ORDER = [Phase.SCHEDULED, *(phase for phase, _name, _field in LINE)]


@dataclass(frozen=True, slots=True)
class Wording:
    """headline: what is going on; deadline: what happens next, before its date; action: what a reader may do."""

    headline: Words
    lede: Words
    deadline: Words = ""
    field: str = ""
    action: Words = ""
    anchor: str = ""


WORDING = {
    Phase.SCHEDULED: Wording(
        _("Next week is waiting"), _("Think of an album worth everybody's time."), _("Nominations open"), "opens_at"
    ),
    Phase.NOMINATIONS: Wording(
        _("Nominations are open"),
        _("Put up one album and say why the club should spend a fortnight with it."),
        _("Nominations close"),
        "nominations_close_at",
        _("Nominate an album"),
        "nominate",
    ),
    Phase.POLL: Wording(
        _("The poll is open"),
        _("A first choice counts two points, a second choice one."),
        _("The poll closes"),
        "poll_close_at",
        _("Cast your ballot"),
        "vote",
    ),
    Phase.LISTENING: Wording(
        _("Now listening"),
        _("The poll is decided. Give it a proper listen before everybody talks."),
        _("Discussion begins"),
        "discussion_at",
        _("Read the pitch"),
        "nominees",
    ),
    Phase.DISCUSSION: Wording(
        _("Ratings are open"),
        _("Say what you thought of it, in stars and in words."),
        _("Ratings close"),
        "ratings_close_at",
        _("Rate the album"),
        "rate",
    ),
    Phase.CLOSED: Wording(_("This week is closed"), ""),
    Phase.CANCELLED: Wording(_("This week was cancelled"), _("Nothing was decided.")),
}


@dataclass(frozen=True, slots=True)
class Step:
    """One stop on the line of phases; at is when it begins."""

    name: Words
    at: datetime
    state: str  # past, now, next


@dataclass(frozen=True, slots=True)
class Stage:
    wording: Wording
    deadline: datetime | None
    steps: tuple[Step, ...]


def stage_of(week: Week) -> Stage:
    """The words and the line of phases for the phase that the week is in; a cancelled week has no line."""
    phase = Phase(week.phase)
    wording = WORDING[phase]
    deadline = getattr(week, wording.field) if wording.field else None
    if phase == Phase.CANCELLED:
        return Stage(wording, None, ())
    reached = ORDER.index(phase)
    steps = []
    for place, (_phase, name, field) in enumerate(LINE, start=1):
        state = "past" if place < reached or phase == Phase.CLOSED else "now" if place == reached else "next"
        steps.append(Step(name, getattr(week, field), state))
    return Stage(wording, deadline, tuple(steps))
