"""One week: the sleeve and the verdict, the nominees and their poll, the ratings and reviews, and the member's part."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from catalog.search import search_albums
from club.forms import BallotForm, NominationForm, RatingForm
from club.models import ClubSettings, Phase, Rating, Week
from club.polls import POLL_IS_OVER
from club.stages import stage_of
from club.templatetags.moments import zone_for
from club.views import week_parts
from club.views.week_head import head_of
from club.voting import ballot_of, freed_choices
from sidetrack.kept_copies import fresh_for_visitors, kept, revision_of
from social.models import User

N_SUGGESTIONS = 8


@require_safe
@fresh_for_visitors(seconds=300, reads=("reviews",))
def week_page(request: HttpRequest, number: int) -> HttpResponse:
    revision_of(request)  # before anything is read, or a piece of an older state could be kept under a newer number
    week = get_object_or_404(Week.objects.with_winner(), number=number)
    return render(request, "club/week.html", week_context(request, week, now=timezone.now()))


@login_required
@require_safe
def suggestions(request: HttpRequest, number: int) -> HttpResponse:
    """The albums that match what is being typed, for htmx; the page itself shows the same after a plain search."""
    get_object_or_404(Week, number=number)
    find = request.GET.get("find", "").strip()
    found = search_albums(find, limit=N_SUGGESTIONS) if find else []
    return render(request, "club/_suggestions.html", {"find": find, "suggestions": found})


def week_context(request: HttpRequest, week: Week, *, now: datetime, **refused: Any) -> dict[str, Any]:
    """Everything the page shows to whoever asks; `refused` puts a form that was sent back in its place."""
    viewer = request.user
    club = ClubSettings.load()
    if week.phase in POLL_IS_OVER:
        poll = kept(request, ["poll", week.pk], partial(week_parts.poll_shown, week, None))
    else:
        poll = week_parts.poll_shown(week, viewer)
    nominees = week_parts.nominees_shown(week, viewer, poll)
    ratings = week_parts.ratings_shown(week, viewer, all_of_them=request.GET.get("reviews") == "all")
    album = week.winner.album if week.winner else None
    genres = kept(request, ["genres", album.pk], partial(week_parts.genres_of, album)) if album else []
    stage = stage_of(week)
    context: dict[str, Any] = {
        "week": week,
        "album": album,
        "now": now,
        "club": club,
        "stage": stage,
        "head": head_of(week, club, stage, ratings, genres),
        "has_score": week.rating_count >= club.minimum_ratings,
        "poll": poll,
        "nominees": nominees,
        "winner": next((nominee for nominee in nominees if nominee.is_winner), None),
        "ratings": ratings,
        "favourites": partial(week_parts.favourite_tracks, week),
        "genres": genres,
        "zone": str(zone_for(request)),
        "neighbours": kept(request, ["neighbours", week.pk], partial(week_parts.neighbours_of, week)),
    }
    if isinstance(viewer, User):
        context |= _member_part(request, viewer, week, club, nominees, ratings.own)
    return context | refused


def _member_part(
    request: HttpRequest,
    member: User,
    week: Week,
    club: ClubSettings,
    nominees: list[week_parts.NomineeShown],
    own: Rating | None,
) -> dict[str, Any]:
    """The forms that this phase has for a member."""
    mine = [nominee for nominee in nominees if nominee.nomination.user_id == member.pk]
    part: dict[str, Any] = {"mine": mine}
    if week.phase == Phase.NOMINATIONS and len(mine) < club.nominations_per_member:
        find = request.GET.get("find", "").strip()
        part |= {
            "nomination_form": NominationForm(),
            "find": find,
            "suggestions": search_albums(find, limit=N_SUGGESTIONS) if find else [],
        }
    if week.phase == Phase.POLL:
        part |= {
            "ballot_form": BallotForm(
                nominees=nominees,
                voter=member,
                allow_self_vote=club.allow_self_vote,
                ballot=ballot_of(voter=member, week=week),
            ),
            "freed": freed_choices(voter=member, week=week),
        }
    if week.phase == Phase.DISCUSSION and week.winner:
        lines = list(week.winner.album.lines.select_related("track").order_by("disc", "position"))
        part |= {"rating_form": RatingForm(lines=lines, rating=own), "lines": lines}
    return part
