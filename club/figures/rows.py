"""What the figures of the club are made of, read in a constant number of queries."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from catalog.countries import country_name
from catalog.names import decade_of
from club.figures.statistics import RatingFigures, Score, describe
from club.models import Nomination, Phase, Rating, Vote, Week
from club.scoring import BallotLine, Nominee, PollResult, tally


class NominationRow(NamedTuple):
    """A standing nomination; genre, decade and country as its nominator said, else as the catalogue knows."""

    id: int
    week_id: int
    member_id: int
    nominee: Nominee
    genre: str
    decade: str
    country: str


@dataclass(frozen=True)
class ClubRows:
    """Every decided week, oldest first, and what happened in it."""

    weeks: list[Week]
    nominations: list[NominationRow]
    ballots: dict[int, list[BallotLine]]
    scores: list[Score]

    @cached_property
    def polls(self) -> dict[int, PollResult]:
        """Result of each week's poll, by week."""
        nominees: dict[int, list[Nominee]] = defaultdict(list)
        for row in self.nominations:
            nominees[row.week_id].append(row.nominee)
        return {
            week.pk: tally(self.ballots.get(week.pk, []), nominees[week.pk], voters_elsewhere=week.voters_elsewhere)
            for week in self.weeks
        }

    @cached_property
    def half_stars(self) -> dict[int, list[int]]:
        """Ratings that count, by week."""
        found: dict[int, list[int]] = {week.pk: [] for week in self.weeks}
        for score in self.scores:
            found[score.week_id].append(score.half_stars)
        return found

    @cached_property
    def figures(self) -> dict[int, RatingFigures]:
        """Figures of the ratings, by week, oldest week first."""
        return {pk: describe(values) for pk, values in self.half_stars.items()}

    @cached_property
    def attended(self) -> dict[int, set[int]]:
        """Who nominated, voted or rated, by week."""
        found: dict[int, set[int]] = {week.pk: set() for week in self.weeks}
        for row in self.nominations:
            found[row.week_id].add(row.member_id)
        for week_id, lines in self.ballots.items():
            found[week_id] |= {line.voter_id for line in lines}
        for score in self.scores:
            found[score.week_id].add(score.member_id)
        return found

    @cached_property
    def present(self) -> frozenset[int]:
        """Whoever nominated, voted or rated at all."""
        return frozenset().union(*self.attended.values())

    def took_part(self, member_id: int) -> list[bool]:
        """Per week, oldest first. A week that still runs counts once they were there, but is not yet missed."""
        there = [(member_id in self.attended[week.pk], week.phase == Phase.CLOSED) for week in self.weeks]
        return [was_there for was_there, is_over in there if was_there or is_over]


def read() -> ClubRows:
    """Four queries, however long the club has existed."""
    weeks = list(Week.objects.decided().with_winner().order_by("number"))
    pks = [week.pk for week in weeks]
    nominations = _nominations()
    ballots: dict[int, list[BallotLine]] = {pk: [] for pk in pks}
    votes = Vote.objects.filter(week__winner__isnull=False).order_by()
    for week_id, voter_id, rank, nomination_id in votes.values_list("week_id", "user_id", "rank", "nomination_id"):
        ballots[week_id].append(BallotLine(voter_id, rank, nomination_id))
    ratings = Rating.objects.standing().filter(week__winner__isnull=False).order_by("id")
    scores = [Score(*row) for row in ratings.values_list("user_id", "week_id", "half_stars")]
    return ClubRows(weeks, nominations, ballots, scores)


def _nominations() -> list[NominationRow]:
    rows = Nomination.objects.standing().filter(week__winner__isnull=False).order_by("week__number", "id")
    fields = rows.values_list(
        "id", "week_id", "user_id", "album__title", "created_at", "points_elsewhere", "firsts_elsewhere",
        "seconds_elsewhere", "genre", "decade", "country", "album__release_year", "album__artist__country",
    )  # fmt: skip
    return [
        NominationRow(
            id=pk,
            week_id=week_id,
            member_id=member_id,
            nominee=Nominee(pk, title, created_at, points, firsts, seconds),
            genre=genre,
            decade=decade or decade_of(year),
            country=country_name(country or artist_country),
        )
        for pk, week_id, member_id, title, created_at, points, firsts, seconds, genre, decade, country, year,
        artist_country in fields
    ]  # fmt: skip
