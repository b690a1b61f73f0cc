"""Rating the week's album, or any album outside the club, and the figures of a week's ratings.

The figures on `Week` are recomputed from its rows in the rating's own transaction, under the week's lock.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from catalog.models import Album, Track
from club import revision
from club.current import open_for
from club.errors import ClubRuleBroken
from club.figures.statistics import describe
from club.history import signed
from club.models import ClubSettings, Rating, Week
from club.permissions import require_active
from club.shelves.wanting import unwant
from social.models import User
from social.visibility import Visibility


@dataclass(frozen=True, slots=True)
class RatingSummary:
    """A week's ratings in figures. `mean` and `sd` (stars) are None below the club's minimum of ratings to rank."""

    mean: float | None
    count: int
    histogram: tuple[int, ...]  # 1.0, 1.5, … 5.0
    sd: float | None


@transaction.atomic
def rate(
    *,
    member: User,
    week: Week,
    half_stars: int,
    favorite_track: str | None = None,
    track: Track | None = None,
    review: str | None = None,
    spoiler: bool | None = None,
    visibility: str | None = None,
    listened_on: date | None = None,
    now: datetime,
) -> tuple[Rating, bool]:
    """A member's rating of the week's winner, and whether it is new; a later one replaces it.

    What is None stays as it was, so that a new number does not erase a review; "" erases. half_stars: 2 to 10.
    """
    require_active(member, now)
    week = open_for("rate", week, now)
    if week.winner is None:
        raise ClubRuleBroken(f"{week} has no winner that could be rated.", code="wrong_phase")
    album_id = week.winner.album_id
    existing = Rating.objects.filter(week=week, user=member).first()
    rating = existing or Rating(week=week, user=member, album_id=album_id, created_at=now, is_demo=member.is_demo)
    given = _given(favorite_track, track, review, spoiler, visibility, listened_on) | {"half_stars": half_stars}
    if _write(rating, given, by=member, now=now):
        recompute(week)
        revision.bump()
    if existing is None:
        unwant(member=member, album=rating.album)
    return rating, existing is None


@transaction.atomic
def rate_outside(
    *,
    member: User,
    album: Album,
    half_stars: int,
    favorite_track: str | None = None,
    track: Track | None = None,
    review: str | None = None,
    spoiler: bool | None = None,
    visibility: str | None = None,
    listened_on: date | None = None,
    now: datetime,
) -> tuple[Rating, bool]:
    """The same for any album at any time, outside the club's weeks."""
    require_active(member, now)
    while album.merged_into is not None:
        album = album.merged_into
    mine = Rating.objects.filter(week__isnull=True, user=member, album=album)
    given = _given(favorite_track, track, review, spoiler, visibility, listened_on) | {"half_stars": half_stars}
    rating, is_new = mine.first(), False
    if rating is None:
        rating, is_new = Rating(user=member, album=album, created_at=now, is_demo=member.is_demo), True
    try:
        with transaction.atomic():
            is_written = _write(rating, given, by=member, now=now)
    except IntegrityError:  # the same member, twice at once: the other call made the row
        rating, is_new = mine.get(), False
        is_written = _write(rating, given, by=member, now=now)
    if is_written:
        revision.bump()
    if is_new:
        unwant(member=member, album=album)
    return rating, is_new


@transaction.atomic
def clear_rating(*, rating: Rating, by: User, now: datetime) -> None:
    """Take one's own rating back: outside the club at any time, in a week while it takes ratings."""
    require_active(by, now)
    if rating.user_id != by.pk:
        raise ClubRuleBroken("Only its author may delete a rating; a moderator can hide it.", code="not_your_own")
    week = open_for("rate", rating.week, now) if rating.week else None
    mine = Rating.objects.filter(pk=rating.pk).first()
    if mine is None:
        return
    signed(mine, by=by, now=now).delete()
    if week is not None:
        recompute(week)
    revision.bump()


def kept_figures(half_stars: Sequence[int]) -> dict[str, Any]:
    """What a week keeps of its ratings, by field."""
    figures = describe(half_stars)
    return {
        "rating_count": figures.count,
        "rating_mean": figures.mean,
        "rating_sd": figures.sd,
        "rating_histogram": list(figures.histogram),
    }


def recompute(week: Week) -> bool:
    """Bring a locked week's figures in line with its ratings that are not hidden; whether they were off."""
    standing = Rating.objects.standing().filter(week=week).order_by()
    fields = kept_figures(list(standing.values_list("half_stars", flat=True)))
    was = {name: getattr(week, name) for name in fields}
    for name, value in fields.items():
        setattr(week, name, value)
    if was == fields:
        return False
    Week.objects.filter(pk=week.pk).update(**fields)
    return True


def week_summary(week: Week) -> RatingSummary:
    """The week's figures as anybody may see them."""
    is_shown = week.rating_count >= ClubSettings.load().minimum_ratings
    return RatingSummary(
        mean=week.rating_mean if is_shown else None,
        count=week.rating_count,
        histogram=tuple(week.rating_histogram),
        sd=week.rating_sd if is_shown else None,
    )


def _given(
    favorite_track: str | None,
    track: Track | None,
    review: str | None,
    spoiler: bool | None,
    visibility: str | None,
    listened_on: date | None,
) -> dict[str, Any]:
    """The fields that were said something about. Naming a track names its title too."""
    if track is not None and favorite_track is None:
        favorite_track = track.title[:300]
    fields: dict[str, Any] = {
        "favorite_track": favorite_track.strip() if favorite_track is not None else None,
        "review": review.strip() if review is not None else None,
        "spoiler": spoiler,
        "visibility": visibility,
        "listened_on": listened_on,
    }
    given = {name: value for name, value in fields.items() if value is not None}
    if track is not None or favorite_track is not None:
        given["track"] = track
    return given


def _write(rating: Rating, given: dict[str, Any], *, by: User, now: datetime) -> bool:
    """Save the rating with checked fields unless that changes nothing; whether it was saved."""
    _check(given)
    if rating.pk and all(getattr(rating, name) == value for name, value in given.items()):
        return False
    for name, value in given.items():
        setattr(rating, name, value)
    rating.updated_at = now
    signed(rating, by=by, now=now).save()
    return True


def _check(given: dict[str, Any]) -> None:
    """Refuse in words what the database would refuse without."""
    half_stars = given["half_stars"]
    if isinstance(half_stars, bool) or half_stars not in range(2, 11):
        raise ClubRuleBroken("A rating has 1.0 to 5.0 stars, in halves.", code="bad_value")
    if given.get("visibility", Visibility.PUBLIC) not in Visibility.values:
        raise ClubRuleBroken("Choose who may read it: public, members, followers or me.", code="bad_value")
    for name, label, longest in (("favorite_track", "The favourite track", 300), ("review", "The review", 8000)):
        if len(given.get(name, "")) > longest:
            raise ClubRuleBroken(f"{label} has at most {longest} characters.", code="bad_value")
    if "\x00" in given.get("review", "") + given.get("favorite_track", ""):
        raise ClubRuleBroken("The text holds a character that cannot be stored.", code="bad_value")
