"""You v. the club: one member beside everybody else."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from catalog.countries import country_name
from catalog.names import decade_of
from club.figures.statistics import (
    Difference,
    Leaning,
    RaterStyle,
    RatingFigures,
    Score,
    Streak,
    describe,
    differences,
    favourite,
    leaning,
    rater_style,
    streak,
)
from club.models import Nomination, Phase, Rating, Vote, Week
from social.models import User
from social.visibility import Viewer

N_DIFFERENCES = 5


@dataclass(frozen=True, slots=True)
class DifferenceRow:
    """One week in which the member saw it differently; `by` is own minus others, in stars."""

    week: Week
    own: float
    others: float
    by: float


@dataclass(frozen=True, slots=True)
class MemberFigures:
    """A member in the club. Figures count every rating that is not hidden; the rows only those the viewer may read."""

    figures: RatingFigures
    others_mean: float | None
    leaning: Leaning | None
    style: RaterStyle
    loved_more: tuple[DifferenceRow, ...]
    loved_less: tuple[DifferenceRow, ...]
    favourite_decade: tuple[str, float] | None
    favourite_genre: tuple[str, float] | None
    favourite_country: tuple[str, float] | None
    nominations: int
    wins: int
    mean_of_picks: float | None
    attended: int
    n_weeks: int
    streak: Streak


def member_against_club(member: User, *, viewer: Viewer = None) -> MemberFigures:
    """In a constant number of queries, however much the member rated. viewer: None is a visitor."""
    mine = list(
        Rating.objects.standing()
        .filter(user=member, week__winner__isnull=False)
        .select_related("week__winner__album__artist", "week__winner__user")
        .order_by("week__number")
    )
    weeks = {rating.week_id: rating.week for rating in mine if rating.week is not None}
    everybody = Rating.objects.standing().filter(week__in=weeks).order_by("id")
    scores = [Score(*row) for row in everybody.values_list("user_id", "week_id", "half_stars")]
    diffs = differences(scores).get(member.pk, [])
    lean = leaning(diffs)
    shown = set(Rating.objects.visible_to(viewer).filter(user=member, week__in=weeks).values_list("week_id", flat=True))
    rows = [
        DifferenceRow(weeks[diff.week_id], diff.own, diff.others, diff.by) for diff in diffs if diff.week_id in shown
    ]
    more = sorted((row for row in rows if row.by > 0), key=lambda row: (-row.by, -row.week.number))
    less = sorted((row for row in rows if row.by < 0), key=lambda row: (row.by, -row.week.number))
    decades, genres, countries = _by_facts(mine)
    picks = _picks(member)
    took_part = _took_part(member, rated=set(weeks))
    return MemberFigures(
        figures=describe([rating.half_stars for rating in mine]),
        others_mean=_others_mean(diffs),
        leaning=lean,
        style=rater_style(lean),
        loved_more=tuple(more[:N_DIFFERENCES]),
        loved_less=tuple(less[:N_DIFFERENCES]),
        favourite_decade=favourite(decades),
        favourite_genre=favourite(genres),
        favourite_country=favourite(countries),
        nominations=len(picks),
        wins=sum(is_winner for is_winner, _, _ in picks),
        mean_of_picks=_mean_of_picks(picks),
        attended=sum(took_part),
        n_weeks=len(took_part),
        streak=streak(took_part),
    )


def _others_mean(diffs: list[Difference]) -> float | None:
    """The others' mean of the same weeks, each week counting once; stars."""
    return sum(diff.others for diff in diffs) / len(diffs) if diffs else None


def _by_facts(ratings: list[Rating]) -> tuple[dict[str, list[int]], dict[str, list[int]], dict[str, list[int]]]:
    """Half-stars by decade, genre and country of the winners that were rated."""
    decades: dict[str, list[int]] = defaultdict(list)
    genres: dict[str, list[int]] = defaultdict(list)
    countries: dict[str, list[int]] = defaultdict(list)
    for rating in ratings:
        winner: Nomination | None = rating.week.winner if rating.week else None
        if winner is not None:
            decades[winner.decade or decade_of(winner.album.release_year)].append(rating.half_stars)
            genres[winner.genre].append(rating.half_stars)
            countries[country_name(winner.country or winner.album.artist.country)].append(rating.half_stars)
    return decades, genres, countries


def _picks(member: User) -> list[tuple[bool, int, float | None]]:
    """Whether each nomination in a decided week won, and then its ratings' count and mean."""
    rows = (
        Nomination.objects.standing()
        .filter(user=member, week__winner__isnull=False)
        .values_list("pk", "week__winner", "week__rating_count", "week__rating_mean")
    )
    return [
        (pk == winner, count if pk == winner else 0, mean if pk == winner else None) for pk, winner, count, mean in rows
    ]


def _mean_of_picks(picks: list[tuple[bool, int, float | None]]) -> float | None:
    """The mean of all ratings that the member's winners got; stars."""
    rated = [(count, mean) for _, count, mean in picks if mean is not None]
    return sum(count * mean for count, mean in rated) / sum(count for count, _ in rated) if rated else None


def _took_part(member: User, *, rated: set[int]) -> list[bool]:
    """Per decided week, oldest first; one that still runs counts only once the member was there."""
    there = rated | set(Vote.objects.filter(user=member).order_by().values_list("week_id", flat=True))
    there |= set(Nomination.objects.standing().filter(user=member).order_by().values_list("week_id", flat=True))
    weeks = Week.objects.decided().order_by("number").values_list("pk", "phase")
    return [pk in there for pk, phase in weeks if phase == Phase.CLOSED or pk in there]
