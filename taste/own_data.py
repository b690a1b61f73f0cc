"""Taste's part of a member's data: how they hear music, what was computed of them, their lists."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.db.models import Case, F, Q, QuerySet, Value, When
from django.utils.translation import gettext as _

from sidetrack import slots
from social.models import ModerationAction, User
from social.own_data.forgetting import delete_rows, scrub_actions
from social.own_data.parts import Files, Part, Table, describe, rows_of
from social.visibility import visible_q
from taste.matching.showing import MADE_OF, comparable
from taste.models import (
    Blend,
    ChangePoint,
    Compatibility,
    Label,
    Playlist,
    PlaylistExport,
    PlaylistTrack,
    PredictedRating,
    TasteProfile,
    UserRecommendation,
    WeeklyTaste,
)
from taste.playlists.exporting import FORMATS, sheet_of
from taste.playlists.reading import owned, with_lines

FORGOTTEN = (PredictedRating, UserRecommendation, ChangePoint, WeeklyTaste, TasteProfile, Label)


def register() -> None:
    describe(Playlist, title="title")
    slots.register("export:parts", parts, order=40, name="taste")
    slots.register("account:forget", forget, order=20, name="taste")


def parts(member: User) -> list[Part]:
    blends = Blend.objects.filter(Q(asker=member) | Q(asked=member))
    return [
        *(Table(f"taste/{path}", title, text, rows_of(model, member)) for path, title, text, model in _tables()),
        Table(
            "taste/matches",
            _("Matches"),
            _("How well you and others fit, and why; with members of whom you may read all that it is drawn from."),
            _matches(member),
        ),
        Table(
            "taste/recommendations",
            _("Recommendations"),
            _("Albums for you, with what you said of them."),
            _recommended(member),
            leave_out=frozenset({"evidence"}),
            instead={"reason": "own_reason"},
        ),
        Table(
            "taste/blends",
            _("Blends"),
            _("Whom you asked for a blend, or who asked you."),
            blends,
            leave_out=frozenset({"declined_at"}),  # who asked is not told
        ),
        Table("playlists/playlists", _("Playlists"), _("Your lists."), owned(member)),
        Table(
            "playlists/tracks",
            _("Tracks of playlists"),
            _("Your lists' tracks, with the reason for each."),
            PlaylistTrack.objects.filter(playlist__in=owned(member)),
        ),
        Table(
            "playlists/elsewhere",
            _("Playlists at services"),
            _("Where your lists were sent."),
            PlaylistExport.objects.filter(playlist__in=owned(member)),
        ),
        Files("playlists/", _("Playlists as files"), _("Each list as JSPF."), lambda: _lists(member)),
    ]


def _matches(member: User) -> QuerySet[Compatibility]:
    """They hold what the other listens to and how they rate: only pairs of which the member may read all of that."""
    others = comparable(member).filter(visible_q(member, levels=MADE_OF, owner="")).values("pk")
    return Compatibility.objects.filter(Q(user_a=member, user_b__in=others) | Q(user_b=member, user_a__in=others))


def _recommended(member: User) -> QuerySet[UserRecommendation]:
    """Without the sentences of that night about other members' ratings: pages ask anew who may still be named."""
    others = When(kind=UserRecommendation.Kind.FRIENDS, then=Value(""))
    rows: QuerySet[UserRecommendation] = rows_of(UserRecommendation, member)
    return rows.annotate(own_reason=Case(others, default=F("reason")))


def _tables() -> Iterator[tuple[str, str, str, Any]]:
    yield "profile", _("Taste in all"), _("Your genres, your sound, your hours."), TasteProfile
    yield "weeks", _("Weeks"), _("How each of your weeks sounded."), WeeklyTaste
    yield "changes", _("Changes"), _("When your music changed."), ChangePoint
    yield "labels", _("Labels"), _("How you said that a track sounds."), Label
    yield "predicted_ratings", _("Predicted ratings"), _("What we thought you would rate."), PredictedRating


def _lists(member: User) -> Iterator[tuple[str, Iterable[bytes]]]:
    for playlist in with_lines(owned(member)).order_by("pk").iterator(chunk_size=20):
        sheet = sheet_of(playlist, address="", with_reasons=True)
        yield f"playlists/{playlist.pk}.jspf", [FORMATS["jspf"].write(sheet).encode()]


def forget(member: User, *, keeps_ratings: bool, now: datetime) -> None:
    """All of it rests on what the member heard or said; lists that others have of a blend with them go too."""
    delete_rows(Blend.objects.filter(Q(asker=member) | Q(asked=member)))
    lists = Playlist.objects.filter(user=member).values("pk")
    scrub_actions(ModerationAction.objects.filter(kind=Playlist._meta.label_lower, object_id__in=lists), member)
    delete_rows(Playlist.objects.filter(Q(user=member) | Q(kind=Playlist.Kind.BLEND, key=str(member.pk))))
    delete_rows(Compatibility.objects.filter(Q(user_a=member) | Q(user_b=member)))
    for model in FORGOTTEN:
        delete_rows(rows_of(model, member))
