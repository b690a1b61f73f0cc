"""Where a week's ratings go when it gets another winner, and how they come back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from club.history import signed
from club.models import Rating, Week
from social.models import User


@dataclass(frozen=True, slots=True)
class Sent:
    """Ratings that are outside the club now, by id; dropped ones by the id of their last line of history."""

    moved: list[int]
    dropped: list[int]


def send_outside(week: Week, *, by: User | None, now: datetime) -> Sent:
    """Every rating of a locked week becomes one outside the club; dropped where its member has one of the album."""
    ratings = list(Rating.objects.filter(week=week).order_by("id"))
    albums = {rating.album_id for rating in ratings}
    outside = set(Rating.objects.filter(week__isnull=True, album__in=albums).values_list("user_id", "album_id"))
    doubles = [rating for rating in ratings if (rating.user_id, rating.album_id) in outside]
    moved = [rating for rating in ratings if (rating.user_id, rating.album_id) not in outside]
    dropped = []
    for rating in doubles:
        pk = rating.pk
        signed(rating, by=by, now=now).delete()
        dropped.append(Rating.history.filter(id=pk, history_type="-").latest("history_id").history_id)
    _set_week(moved, None, by=by, now=now)
    return Sent([rating.pk for rating in moved], dropped)


def bring_back(week: Week, sent: Sent, *, by: User | None, now: datetime) -> None:
    """The opposite, for a locked week without ratings. What its member deleted, or who left, stays away."""
    _set_week(list(Rating.objects.filter(pk__in=sent.moved, week__isnull=True)), week, by=by, now=now)
    for line in Rating.history.filter(history_id__in=sent.dropped, user__in=User.objects.values("pk")):
        rating: Rating = line.instance
        rating.week = week
        signed(rating, by=by, now=now).save(force_insert=True)


def _set_week(ratings: list[Rating], week: Week | None, *, by: User | None, now: datetime) -> None:
    for rating in ratings:
        rating.week = week
    Rating.objects.filter(pk__in=[rating.pk for rating in ratings]).update(week=week)
    Rating.history.bulk_history_create(ratings, update=True, default_user=by, default_date=now)
