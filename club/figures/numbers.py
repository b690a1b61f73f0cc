"""The club in numbers, by member ids: the same whoever asks, so that one answer serves all until the club changes."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from statistics import median

from club.figures.records import Record, records_of_weeks
from club.figures.rows import ClubRows, NominationRow, read
from club.figures.statistics import (
    RATER_AT_LEAST,
    GroupFigures,
    GroupLine,
    Leaning,
    RatingFigures,
    Streak,
    describe,
    differences,
    grouped,
    leaning,
    most_divided,
    ranked,
    shrunk,
    streak,
)
from club.models import ClubSettings, Week
from club.scoring import turnout

REGULAR_WEEKS = 8  # who took part in a week, or in as many weeks before it, could have voted in it


@dataclass(frozen=True, slots=True)
class RankedWeek:
    """A winner by its ratings; `score` is the shrunk mean that places it (None below the minimum to rank)."""

    week: Week
    figures: RatingFigures
    place: int | None = None
    score: float | None = None


@dataclass(frozen=True, slots=True)
class ClosePoll:
    """A poll and the points between its first and second place."""

    week: Week
    margin: int
    points: tuple[int, int]


@dataclass(frozen=True, slots=True)
class NominatorNumbers:
    """What a member's nominations came to.

    win_rate: wins per nomination, 0 to 1, drawn towards the club's own rate; mean_of_picks: stars of their winners;
    nearly: second places; polls_won: polls in which their first choice won.
    """

    nominations: int
    wins: int
    win_rate: float
    mean_of_picks: float | None
    nearly: int
    polls_voted: int
    polls_won: int


@dataclass(frozen=True, slots=True)
class AttendanceRow:
    """Who was there in one week; turnout: voters among the members who were around, 0 to 1 (None without any)."""

    week: Week
    nominators: int
    voters: int
    raters: int
    members: int
    turnout: float | None


@dataclass(frozen=True, slots=True)
class ClubNumbers:
    """Everything that can be said without a name; leanings, nominators, streaks and n_rated are by member id."""

    n_weeks: int
    n_nominations: int
    n_albums: int
    overall: RatingFigures
    minimum: int
    ranking: tuple[RankedWeek, ...]
    divided: tuple[RankedWeek, ...]
    closest: tuple[ClosePoll, ...]
    genres: tuple[GroupFigures, ...]
    decades: tuple[GroupFigures, ...]
    countries: tuple[GroupFigures, ...]
    attendance: tuple[AttendanceRow, ...]
    mean_attendance: float | None
    records: tuple[Record, ...]
    present: frozenset[int]
    leanings: Mapping[int, Leaning]
    nominators: Mapping[int, NominatorNumbers]
    streaks: Mapping[int, Streak]
    n_rated: Mapping[int, int]


def club_numbers(now: datetime) -> ClubNumbers:
    """All of it, in a constant number of queries.

    Weeks whose discussion lies after `now` count with their polls; they have no ratings yet.
    """
    rows = read()
    minimum = ClubSettings.load().minimum_ratings
    weeks = {week.pk: week for week in rows.weeks}
    places = {each.key: each for each in ranked(rows.figures, minimum=minimum)}
    ranking = tuple(RankedWeek(weeks[pk], rows.figures[pk], place.place, place.score) for pk, place in places.items())
    divided = tuple(
        RankedWeek(weeks[pk], rows.figures[pk], places[pk].place if pk in places else None)
        for pk in most_divided(rows.figures)
    )
    attendance = _attendance(rows)
    over = [row for row in attendance if row.week.discussion_at <= now]
    return ClubNumbers(
        n_weeks=len(rows.weeks),
        n_nominations=len(rows.nominations),
        n_albums=len({week.winner.album_id for week in rows.weeks if week.winner}),
        overall=describe([score.half_stars for score in rows.scores]),
        minimum=minimum,
        ranking=ranking,
        divided=divided,
        closest=_closest(rows),
        genres=_groups(rows, "genre"),
        decades=tuple(sorted(_groups(rows, "decade"), key=lambda row: row.name)),
        countries=_groups(rows, "country"),
        attendance=attendance,
        mean_attendance=sum(row.members for row in over) / len(over) if over else None,
        records=records_of_weeks(rows, best=ranking[0].week if ranking else None, attendance=attendance),
        present=rows.present,
        leanings=_leanings(rows),
        nominators=_nominators(rows),
        streaks={member_id: streak(rows.took_part(member_id)) for member_id in rows.present},
        n_rated=dict(Counter(score.member_id for score in rows.scores)),
    )


def _closest(rows: ClubRows) -> tuple[ClosePoll, ...]:
    """Smallest margin first; of equal ones the poll with more points, then the newer. Polls without votes are none."""
    found = [
        ClosePoll(week, poll.margin, (poll.entries[0].points, poll.entries[1].points))
        for week in rows.weeks
        if (poll := rows.polls[week.pk]).margin is not None
    ]
    return tuple(sorted(found, key=lambda each: (each.margin, -sum(each.points), -each.week.number)))


def _leanings(rows: ClubRows) -> dict[int, Leaning]:
    """Of members with enough comparable ratings."""
    found = ((member_id, leaning(diffs)) for member_id, diffs in differences(rows.scores).items())
    return {member_id: lean for member_id, lean in found if lean is not None and lean.n >= RATER_AT_LEAST}


def _nominators(rows: ClubRows) -> dict[int, NominatorNumbers]:
    """The win rate is shrunk with m = the median number of nominations and the club's own rate."""
    made: dict[int, list[NominationRow]] = defaultdict(list)
    for row in rows.nominations:
        made[row.member_id].append(row)
    if not made:
        return {}
    winners = {week.winner_id: week.pk for week in rows.weeks}
    second = {poll.entries[1].nomination_id for poll in rows.polls.values() if poll.margin is not None}
    weight = median(len(each) for each in made.values())
    club_rate = sum(row.id in winners for row in rows.nominations) / len(rows.nominations)
    voted: Counter[int] = Counter()
    crowned: Counter[int] = Counter()
    for lines in rows.ballots.values():
        voted.update({line.voter_id for line in lines})
        crowned.update(line.voter_id for line in lines if line.rank == 1 and line.nomination_id in winners)
    table = {}
    for member_id, picks in made.items():
        won = [winners[row.id] for row in picks if row.id in winners]
        table[member_id] = NominatorNumbers(
            nominations=len(picks),
            wins=len(won),
            win_rate=shrunk(len(won) / len(picks), len(picks), prior=club_rate, weight=weight),
            mean_of_picks=describe([value for week_id in won for value in rows.half_stars[week_id]]).mean,
            nearly=sum(row.id in second and row.id not in winners for row in picks),
            polls_voted=voted[member_id],
            polls_won=crowned[member_id],
        )
    return table


def _groups(rows: ClubRows, fact: str) -> tuple[GroupFigures, ...]:
    """Nominations and winners by genre, decade or country."""
    winners = {week.winner_id: week.pk for week in rows.weeks}
    lines = [
        GroupLine(getattr(row, fact), row.id in winners, rows.half_stars.get(winners.get(row.id, 0), ()))
        for row in rows.nominations
    ]
    return tuple(grouped(lines))


def _attendance(rows: ClubRows) -> tuple[AttendanceRow, ...]:
    """Week by week, oldest first."""
    nominators: dict[int, set[int]] = defaultdict(set)
    for row in rows.nominations:
        nominators[row.week_id].add(row.member_id)
    table = []
    for position, week in enumerate(rows.weeks):
        around = rows.weeks[max(0, position - REGULAR_WEEKS) : position + 1]
        regulars = set().union(*(rows.attended[each.pk] for each in around))
        voters = rows.polls[week.pk].voters
        table.append(
            AttendanceRow(
                week=week,
                nominators=len(nominators[week.pk]),
                voters=voters,
                raters=len(rows.half_stars[week.pk]),
                members=len(rows.attended[week.pk]),
                turnout=turnout(voters, len(regulars)),
            )
        )
    return tuple(table)
