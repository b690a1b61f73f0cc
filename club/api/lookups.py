"""What several endpoints of the club fetch: a week or 404, its poll, its ratings in figures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rest_framework.exceptions import NotFound
from rest_framework.request import Request

from club.api.answers import BINS, weeks_for_answers
from club.models import Nomination, Week
from club.polls import POLL_IS_OVER, may_see_poll, n_voters, poll_result
from social.acting import viewer_of
from social.authentication import is_service


def week_or_404(number: int) -> Week:
    """The week with everything that its answers show; 404 says which number is missing."""
    week = weeks_for_answers().filter(number=number).first()
    if week is None:
        raise NotFound(f"There is no week {number}.", code="unknown_week")
    return week


def standing_nominations(week: Week) -> list[Nomination]:
    """The week's nominations, the earliest first, with what their answers show."""
    return list(
        Nomination.objects.standing()
        .filter(week=week)
        .select_related("album__artist", "user", "week")
        .order_by("created_at", "id")
    )


def poll_of(week: Week, nominations: Sequence[Nomination], request: Request) -> dict[str, Any]:
    """The poll as this caller may see it."""
    winner = week if week.winner_id else None
    if not (is_service(request) or may_see_poll(week, viewer_of(request))):
        return {"results": [], "winner": winner, "tie_break": "", "voters": n_voters(week)}
    result = poll_result(week)
    album_of = {nomination.pk: nomination.album for nomination in nominations}
    lines = [
        {
            "nomination": entry.nomination_id,
            "album": album_of[entry.nomination_id],
            "points": entry.points,
            "firsts": entry.firsts,
            "seconds": entry.seconds,
            "place": entry.place,
        }
        for entry in result.entries
        if entry.nomination_id in album_of
    ]
    tie_break = week.tie_break if week.phase in POLL_IS_OVER else ""
    return {"results": lines, "winner": winner, "tie_break": tie_break, "voters": result.voters}


def ratings_summary_of(week: Week) -> dict[str, Any]:
    """Figures count every rating that is not hidden, whoever may see its words.

    The average is given from the first rating on, as anybody could work it out from the distribution; pages wait for
    the club's minimum.
    """
    return {
        "average": None if week.rating_mean is None else round(week.rating_mean, 2),
        "count": week.rating_count,
        "distribution": dict(zip(BINS, week.rating_histogram, strict=True)),
    }


def nomination_or_404(pk: int) -> Nomination:
    nomination = Nomination.objects.filter(pk=pk).first()
    if nomination is None:
        raise NotFound(f"There is no nomination {pk}.", code="unknown_nomination")
    return nomination
