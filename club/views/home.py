"""The front page: what this week asks for, who won last, the winners before, and the club's pulse."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Avg, Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from club.models import ClubSettings, Nomination, Phase, Rating, Week
from club.polls import n_voters
from club.stages import Stage, stage_of
from sidetrack.kept_copies import fresh_for_visitors
from social.visibility import Viewer

N_WINNERS = 12
N_WORDS = 3
BEFORE_THE_WINNER = (Phase.NOMINATIONS, Phase.POLL)


@dataclass(frozen=True, slots=True)
class Running:
    """An open week, and its nominees until the poll has closed."""

    week: Week
    stage: Stage
    nominees: list[Nomination]


@dataclass(frozen=True, slots=True)
class Pulse:
    weeks: int
    albums: int
    ratings: int
    members: int
    mean: float | None
    words: list[Rating]


@require_safe
@fresh_for_visitors(seconds=300)
def home(request: HttpRequest) -> HttpResponse:
    club = ClubSettings.load()
    weeks = list(Week.objects.open().with_winner())
    running = _running(weeks)
    decided = list(Week.objects.decided().with_winner().exclude(pk__in=[week.pk for week in weeks])[: N_WINNERS + 1])
    context = {
        "club": club,
        "now": timezone.now(),
        "this_week": running[0] if running else None,
        "voters": n_voters(weeks[0]) if weeks and weeks[0].phase == Phase.POLL else 0,
        "also_running": running[1:],
        "last": decided[0] if decided else None,
        "has_score": bool(decided) and decided[0].rating_count >= club.minimum_ratings,
        "winners": decided[1 : N_WINNERS + 1],
        "pulse": _pulse(request.user),
    }
    return render(request, "club/home.html", context)


def _running(weeks: list[Week]) -> list[Running]:
    """The open weeks with their nominees, in one query however many run."""
    nominees: dict[int, list[Nomination]] = {week.pk: [] for week in weeks if week.phase in BEFORE_THE_WINNER}
    for nomination in Nomination.objects.standing().filter(week__in=nominees).select_related("album__artist"):
        nominees[nomination.week_id].append(nomination)
    return [Running(week, stage_of(week), nominees.get(week.pk, [])) for week in weeks]


def _pulse(viewer: Viewer) -> Pulse:
    """The club so far in a few numbers, and its newest words as far as `viewer` may read them."""
    standing = Rating.objects.standing()
    ratings = standing.aggregate(n=Count("pk"), mean=Avg("half_stars"), members=Count("user", distinct=True))
    words = standing.visible_to(viewer).filter(week__isnull=False, spoiler=False).exclude(review="")
    return Pulse(
        weeks=Week.objects.decided().count(),
        albums=Nomination.objects.standing().values("album").distinct().count(),
        ratings=ratings["n"],
        members=ratings["members"],
        mean=ratings["mean"] / 2 if ratings["mean"] is not None else None,
        words=list(words.select_related("user", "week", "album__artist")[:N_WORDS]),
    )
