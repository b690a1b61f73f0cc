"""What the page of a week tells of predictions: one's own before the poll closes, all beside the truth afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.http import HttpRequest
from django.template.loader import render_to_string

from catalog.models import Album
from club.models import Nomination, Phase, Rating, Week
from social.models import User
from taste.models import PredictedRating
from taste.predicting import record
from taste.predicting.foretelling import LEAST_RATINGS, TooLittle
from taste.predicting.rounds import BEFORE_THE_CLOSE

RATED = (Phase.DISCUSSION, Phase.CLOSED)
N_LINES = 12


@dataclass(frozen=True, slots=True)
class Told:
    """What a member is told of one album."""

    album: Album
    row: PredictedRating


def week_panel(request: HttpRequest, week: Week) -> str | None:
    """Nothing where nothing is predicted; to anybody else than its member, no prediction before it is settled."""
    user = getattr(request, "user", None)
    member = user if isinstance(user, User) and request.GET.get("as") != "visitor" else None
    context: dict[str, Any] = {"week": week}
    if week.phase in BEFORE_THE_CLOSE:
        context |= _before(week, member)
    elif week.winner is not None:
        context |= _afterwards(week, member)
    if len(context) == 1:
        return None
    return render_to_string("taste/_predictions.html", context, request)


def _before(week: Week, member: User | None) -> dict[str, Any]:
    if member is None:
        return {}
    nominations = Nomination.objects.standing().filter(week=week).select_related("album__artist")
    albums = [each.album for each in nominations]
    if not albums:
        return {}
    rows = record.own_of(member, [album.pk for album in albums])
    told = sorted((Told(album, rows[album.pk]) for album in albums if album.pk in rows), key=lambda t: -t.row.stars)
    if told:
        return {"told": told, "is_before": True}
    n = Rating.objects.standing().filter(user=member).aggregate(n=Count("album", distinct=True))["n"]
    return {"too_little": TooLittle(LEAST_RATINGS - n)} if n < LEAST_RATINGS else {}


def _afterwards(week: Week, member: User | None) -> dict[str, Any]:
    assert week.winner is not None  # noqa: S101  (the caller asked)
    album = week.winner.album
    found: dict[str, Any] = {}
    if member is not None and (row := record.own_of(member, [album.pk]).get(album.pk)):
        found["own"] = Told(album, row)
    if week.phase in RATED and (lines := record.lines_of(week, member)):
        found |= {"lines": lines[:N_LINES], "n_more": max(len(lines) - N_LINES, 0)}
        found |= {"of_week": record.record_of(lines), "of_all": record.record_of(record.lines_of_all(member))}
    return found
