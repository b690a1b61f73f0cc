"""The result of a week's poll, from its ballots."""

from __future__ import annotations

from datetime import datetime

from club.models import Nomination, Phase, Vote, Week
from club.scoring import BallotLine, Nominee, PollResult, tally
from social.visibility import Viewer

POLL_IS_OVER = frozenset({Phase.LISTENING, Phase.DISCUSSION, Phase.CLOSED})


def poll_result(week: Week) -> PollResult:
    """Every standing nominee with points and place, in two queries. It says nothing about who may see it."""
    return poll_results([week])[week.pk]


def poll_results(weeks: list[Week]) -> dict[int, PollResult]:
    """The results of several weeks by their ids, in two queries however many there are."""
    nominees: dict[int, list[Nominee]] = {week.pk: [] for week in weeks}
    ballots: dict[int, list[BallotLine]] = {week.pk: [] for week in weeks}
    rows: list[tuple[int, int, str, datetime, int, int, int]] = list(
        Nomination.objects.standing()
        .filter(week__in=nominees)
        .values_list(
            "week_id", "id", "album__title", "created_at", "points_elsewhere", "firsts_elsewhere", "seconds_elsewhere"
        )
    )
    for week_id, nomination_id, title, nominated_at, points, firsts, seconds in rows:
        nominees[week_id].append(Nominee(nomination_id, title, nominated_at, points, firsts, seconds))
    lines = Vote.objects.filter(week__in=nominees).order_by()
    for week_id, voter_id, rank, nomination_id in lines.values_list("week_id", "user_id", "rank", "nomination_id"):
        ballots[week_id].append(BallotLine(voter_id, rank, nomination_id))
    return {
        week.pk: tally(ballots[week.pk], nominees[week.pk], voters_elsewhere=week.voters_elsewhere) for week in weeks
    }


def n_voters(week: Week) -> int:
    """How many have voted so far: all that anybody may know before the poll closes."""
    return Vote.objects.filter(week=week).order_by().values("user").distinct().count() + week.voters_elsewhere


def may_see_poll(week: Week, viewer: Viewer) -> bool:
    """Totals are secret until the poll is over; moderators may look earlier."""
    if week.phase in POLL_IS_OVER:
        return True
    return bool(viewer is not None and viewer.is_authenticated and viewer.is_moderator)
