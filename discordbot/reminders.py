"""Who is reminded of what, and when. Pure.

24 h and 2 h before nominations close, the poll closes, the discussion begins and ratings close, those are mentioned who
took part in the last four weeks and have not acted yet. Nobody who does not want it, and before the discussion nobody
who shows their progress and has begun the album. A member's quiet hours are kept:
they are left out of that one reminder, which stands in the thread when they look, and are in the next one if it falls
outside. A reminder whose moment has passed without being sent is due until the next one, then never.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from club.models.week import Phase
from discordbot.facts import DECIDED, ClubState, Member, WeekFacts
from discordbot.posts import Place

LEADS = (timedelta(hours=24), timedelta(hours=2))  # the longest first
SETTLED = timedelta(hours=2)  # a phase that began, or was given one more day, so shortly before needs no reminder yet


@dataclass(frozen=True)
class Occasion:
    """What is reminded of: where, of which deadline, and since when it could be done."""

    place: Place
    deadline: str
    since: tuple[str, ...]


OCCASIONS = {
    Phase.NOMINATIONS: Occasion("nominations", "nominations_close_at", ("opens_at", "nominations_extended_at")),
    Phase.POLL: Occasion("poll", "poll_close_at", ("nominations_close_at", "poll_extended_at")),
    Phase.LISTENING: Occasion("winner", "discussion_at", ("poll_close_at",)),
    Phase.DISCUSSION: Occasion("ratings", "ratings_close_at", ("discussion_at",)),
}


@dataclass(frozen=True)
class Reminder:
    """One reminder that is due. members: whom to mention; direct: those of them who also asked for a message."""

    place: Place
    lead_hours: int
    deadline: datetime
    until: datetime
    members: tuple[Member, ...]

    @property
    def key(self) -> str:
        """Names the deadline too: an extended phase is reminded of anew."""
        return f"{self.place}-{self.lead_hours}h-{self.deadline:%Y%m%d%H%M}"

    @property
    def direct(self) -> tuple[Member, ...]:
        return tuple(member for member in self.members if member.wants_direct_messages)


def due_reminder(week: WeekFacts, state: ClubState, now: datetime) -> Reminder | None:
    """The reminder of the week's current phase that is due at `now`, with whomever it is for; None where nobody is."""
    occasion = OCCASIONS.get(week.phase)
    if occasion is None or (week.phase in DECIDED and not week.is_decided):
        return None
    deadline: datetime = getattr(week, occasion.deadline)
    since: datetime = max(filter(None, (getattr(week, name) for name in occasion.since)))
    for lead, until in zip(LEADS, (deadline - LEADS[1], deadline), strict=True):
        if deadline - lead <= now < until and since + SETTLED <= deadline - lead:
            if members := tuple(to_remind(week, state, now)):
                return Reminder(occasion.place, int(lead.total_seconds() // 3600), deadline, until, members)
            return None
    return None


def to_remind(week: WeekFacts, state: ClubState, now: datetime) -> Iterator[Member]:
    """Members who were around lately, have not acted in this phase, and want to hear of it now; always in one order."""
    acted = have_acted(week)
    for member in sorted(state.members, key=lambda each: each.snowflake):
        around = member.member_id in week.regulars and member.member_id not in acted
        if around and member.wants_reminders and not is_quiet(member, now):
            yield member


def have_acted(week: WeekFacts) -> frozenset[int]:
    """Who did what the phase asks for; while the club listens, who has begun and shows it."""
    match week.phase:
        case Phase.NOMINATIONS:
            return week.nominators
        case Phase.POLL:
            return week.voters
        case Phase.LISTENING:
            return week.begun
        case Phase.DISCUSSION:
            return week.raters
        case _:
            return frozenset()


def is_quiet(member: Member, now: datetime) -> bool:
    """Whether `now` lies in the member's quiet hours, by their clock. Hours may span midnight; equal ones are none."""
    start, end = member.quiet_from, member.quiet_until
    if start is None or end is None or start == end:
        return False
    clock = now.astimezone(ZoneInfo(member.zone)).time()
    return start <= clock < end if start < end else clock >= start or clock < end
