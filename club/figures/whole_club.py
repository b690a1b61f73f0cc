"""The club in figures, for the page of statistics: numbers read once, then named for one viewer.

Everybody's ratings count; the tables of people name only those whose name the viewer may read.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from club.figures.members import MemberFigures, member_against_club
from club.figures.numbers import REGULAR_WEEKS, AttendanceRow, ClosePoll, ClubNumbers, RankedWeek, club_numbers
from club.figures.records import Record, records_of_members
from club.figures.statistics import RATER_AT_LEAST, GroupFigures, Leaning, RatingFigures, Streak
from social.models import User
from social.visibility import Viewer, shown_ids

__all__ = [
    "REGULAR_WEEKS", "ClosePoll", "ClubFigures", "MemberFigures", "RankedWeek", "club_figures", "member_against_club",
    "named",
]  # fmt: skip

RATER_RULE = (
    f"Average of a member's stars minus the other members' average for the same week, over at least {RATER_AT_LEAST} "
    "weeks."
)


@dataclass(frozen=True, slots=True)
class Rater:
    """How kind or hard a member rates beside the others."""

    member: User
    leaning: Leaning


@dataclass(frozen=True, slots=True)
class NominatorRow:
    """What a member's nominations came to, as in `NominatorNumbers`.

    kingmaker: polls in which their first choice won (None unless they show their ballots).
    """

    member: User
    nominations: int
    wins: int
    win_rate: float
    mean_of_picks: float | None
    nearly: int
    polls_voted: int
    kingmaker: int | None


@dataclass(frozen=True, slots=True)
class StreakRow:
    member: User
    streak: Streak


@dataclass(frozen=True, slots=True)
class ClubFigures:
    """Everything on the page of statistics."""

    n_weeks: int
    n_members: int
    n_nominations: int
    n_albums: int
    overall: RatingFigures
    minimum: int
    ranking: tuple[RankedWeek, ...]
    divided: tuple[RankedWeek, ...]
    closest: tuple[ClosePoll, ...]
    raters: tuple[Rater, ...]
    kindest: Rater | None
    hardest: Rater | None
    rater_rule: str
    nominators: tuple[NominatorRow, ...]
    genres: tuple[GroupFigures, ...]
    decades: tuple[GroupFigures, ...]
    countries: tuple[GroupFigures, ...]
    attendance: tuple[AttendanceRow, ...]
    mean_attendance: float | None
    streaks: tuple[StreakRow, ...]
    hall_of_fame: tuple[Record, ...]


def club_figures(now: datetime, *, viewer: Viewer = None) -> ClubFigures:
    """All of it as `viewer` (None: a visitor) may see it, in a constant number of queries."""
    return named(club_numbers(now), viewer)


def named(numbers: ClubNumbers, viewer: Viewer) -> ClubFigures:
    """The numbers, and of the tables of people the rows of those whose name `viewer` may read: two queries."""
    members: dict[int, User] = User.objects.in_bulk(shown_ids(numbers.present, viewer))
    raters = _raters(numbers, members)
    nominators = _nominators(numbers, members)
    streaks = _streaks(numbers, members)
    return ClubFigures(
        n_weeks=numbers.n_weeks,
        n_members=len(numbers.present),
        n_nominations=numbers.n_nominations,
        n_albums=numbers.n_albums,
        overall=numbers.overall,
        minimum=numbers.minimum,
        ranking=numbers.ranking,
        divided=numbers.divided,
        closest=numbers.closest,
        raters=raters,
        kindest=raters[0] if raters and raters[0].leaning.offset > 0 else None,
        hardest=raters[-1] if raters and raters[-1].leaning.offset < 0 else None,
        rater_rule=RATER_RULE,
        nominators=nominators,
        genres=numbers.genres,
        decades=numbers.decades,
        countries=numbers.countries,
        attendance=numbers.attendance,
        mean_attendance=numbers.mean_attendance,
        streaks=streaks,
        hall_of_fame=numbers.records
        + records_of_members(
            members,
            most_wins=max(nominators, key=lambda row: row.wins, default=None),
            longest=streaks[0] if streaks else None,
            n_rated=numbers.n_rated,
        ),
    )


def _raters(numbers: ClubNumbers, members: dict[int, User]) -> tuple[Rater, ...]:
    """The kindest first."""
    found = [Rater(members[pk], leaning) for pk, leaning in numbers.leanings.items() if pk in members]
    return tuple(sorted(found, key=lambda each: (-each.leaning.offset, each.member.handle.casefold())))


def _nominators(numbers: ClubNumbers, members: dict[int, User]) -> tuple[NominatorRow, ...]:
    """By win rate."""
    table = [
        NominatorRow(
            member=members[pk],
            nominations=row.nominations,
            wins=row.wins,
            win_rate=row.win_rate,
            mean_of_picks=row.mean_of_picks,
            nearly=row.nearly,
            polls_voted=row.polls_voted,
            kingmaker=row.polls_won if members[pk].shows_ballots else None,
        )
        for pk, row in numbers.nominators.items()
        if pk in members
    ]
    return tuple(sorted(table, key=lambda row: (-row.win_rate, -row.wins, row.member.handle.casefold())))


def _streaks(numbers: ClubNumbers, members: dict[int, User]) -> tuple[StreakRow, ...]:
    """The longest first; of equal ones the one that still runs."""
    table = [StreakRow(members[pk], streak) for pk, streak in numbers.streaks.items() if pk in members]
    return tuple(
        sorted(table, key=lambda row: (-row.streak.longest, -row.streak.current, row.member.handle.casefold()))
    )
