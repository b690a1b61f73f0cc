"""The club's part of a member's data: what they nominated, voted and rated, and their shelves.

Who leaves takes their words along. What the archive counts stays true: results of closed polls rest on the ballots that
were cast, so these stay, without a name; ratings stay or go as the member wishes, and kept figures follow.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import OuterRef, Subquery, Value
from django.db.models.functions import Coalesce, Left
from django.utils.translation import gettext as _

from catalog.models import Track
from club import revision
from club.models import (
    ClubSettings,
    DiaryEntry,
    FavouriteAlbum,
    Nomination,
    Phase,
    Rating,
    Vote,
    WantedAlbum,
    Week,
)
from club.nominating import withdraw
from club.phases import locked
from club.ratings import recompute
from club.revision import bump
from sidetrack import slots
from social.models import ModerationAction, User
from social.own_data.forgetting import delete_rows, scrub_actions, without_name
from social.own_data.parts import Part, Table, describe, rows_of

DOERS = frozenset({"hidden_by", "history_user"})  # which moderator it was is the moderators' matter
WORDS = ("pitch", "pitch_track", "pitch_track_url")
OPEN = (Phase.SCHEDULED, Phase.NOMINATIONS, Phase.POLL)


def register() -> None:
    describe(Week, number="number", theme="theme")
    describe(Nomination, album="album__title", artist="album__artist__name", week="week__number")
    slots.register("export:parts", parts, order=20, name="club")
    slots.register("account:forget", forget, order=40, name="club")


def parts(member: User) -> list[Part]:
    history = _("Earlier forms of them, each with the day of the change.")
    return [
        Table(
            "club/nominations",
            _("Nominations"),
            _("Albums that you put up, with your pitch."),
            rows_of(Nomination, member),
        ),
        Table(
            "club/nominations_history",
            _("Nominations as they were"),
            history,
            Nomination.history.filter(user=member),
            leave_out=DOERS,
        ),
        Table("club/votes", _("Votes"), _("Your first and second choices."), rows_of(Vote, member)),
        Table(
            "club/ratings",
            _("Ratings and reviews"),
            _("In the club's weeks and outside them."),
            rows_of(Rating, member),
            leave_out=DOERS,
        ),
        Table(
            "club/ratings_history",
            _("Ratings as they were"),
            history,
            Rating.history.filter(user=member),
            leave_out=DOERS,
        ),
        Table(
            "shelf/favourites", _("Favourite albums"), _("The albums on your profile."), rows_of(FavouriteAlbum, member)
        ),
        Table(
            "shelf/want_to_hear", _("Want to hear"), _("Albums that you want to hear."), rows_of(WantedAlbum, member)
        ),
        Table("shelf/diary", _("Diary"), _("Albums that you marked as listened to."), rows_of(DiaryEntry, member)),
    ]


def forget(member: User, *, keeps_ratings: bool, now: datetime) -> None:
    """Each step may be done again: a run that was cut off begins anew."""
    _leave_open_weeks(member, now=now)
    Nomination.objects.filter(user=member).update(**dict.fromkeys(WORDS, ""))
    if keeps_ratings:
        _keep_ratings(member)
    else:
        _remove_ratings(member)
    for model in (FavouriteAlbum, WantedAlbum, DiaryEntry):
        delete_rows(model.objects.filter(user=member))
    for kept in (Nomination, Rating):
        delete_rows(kept.history.filter(user=member))
    for changed in (Nomination, Rating, Week):
        changed.history.filter(history_user=member).update(history_user=None)
    ClubSettings.history.filter(history_user=member).update(history_user=None)
    Rating.history.filter(hidden_by_id=member.pk).update(hidden_by=None)
    Rating.objects.filter(hidden_by=member).update(hidden_by=None)
    _scrub_log(member)
    bump()


def _leave_open_weeks(member: User, *, now: datetime) -> None:
    """As if they had withdrawn themselves: nominations that can still be, and ballots of polls that are open."""
    for nomination in Nomination.objects.standing().filter(user=member, week__phase__in=OPEN).select_related("week"):
        withdraw(nomination=nomination, by=None, now=now, reason=_("The member left."))
    Vote.objects.filter(user=member, week__phase__in=OPEN).delete()


def _keep_ratings(member: User) -> None:
    """The stars stay, and the track where it is one of ours; every word of the member's own goes."""
    mine = Rating.objects.filter(user=member)
    mine.update(review="", spoiler=False, listened_on=None)
    for rating in mine.exclude(hidden_reason=""):
        told = without_name(rating.hidden_reason, member, with_display_name=True)
        mine.filter(pk=rating.pk).update(hidden_reason=told)
    titles = Track.objects.filter(pk=OuterRef("track")).values("title")
    mine.update(favorite_track=Coalesce(Left(Subquery(titles), 300), Value("")))


def _remove_ratings(member: User) -> None:
    """Week by week, with the week's figures in the same transaction; then those outside the weeks."""
    mine = Rating.objects.filter(user=member)
    for week_id in list(mine.filter(week__isnull=False).order_by().values_list("week_id", flat=True).distinct()):
        with transaction.atomic():
            week = locked(week_id)
            mine.filter(week=week).delete()
            recompute(week)
            revision.bump()
    delete_rows(mine)


def _scrub_log(member: User) -> None:
    """What moderators did to the member's words stays in their log; the words do not."""
    about = {
        "club.nomination": Nomination.objects.filter(user=member).values("pk"),
        "club.rating": Rating.objects.filter(user=member).values("pk"),
    }
    for kind, ids in about.items():
        scrub_actions(ModerationAction.objects.filter(kind=kind, object_id__in=ids))
