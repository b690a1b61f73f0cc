"""What the club and the people whom a member follows speak for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from club.models import ClubSettings, Phase, Rating, Week
from club.models.rating import RatingQuerySet
from social.models import Follow, Mute, User
from social.visibility import present_q

HIGH = 9  # half stars
PRIOR_STARS, PRIOR_N = 3.0, 3  # what a pick with few ratings is drawn towards
IS_OVER = (Phase.DISCUSSION, Phase.CLOSED)


@dataclass(frozen=True, slots=True)
class Pick:
    """A winner of the club; mean is None where too few rated it."""

    album_id: int
    week: int
    mean: float | None
    n_ratings: int

    @property
    def drawn(self) -> float:
        return ((self.mean or PRIOR_STARS) * self.n_ratings + PRIOR_STARS * PRIOR_N) / (self.n_ratings + PRIOR_N)


@dataclass(frozen=True, slots=True)
class Praised:
    """An album that people whom a member follows rated 4.5 or 5.0; ratings: the highest first, then the newest."""

    album_id: int
    ratings: tuple[Rating, ...]


def picks() -> list[Pick]:
    """Winners of weeks whose discussion has begun, the best rated first; two queries."""
    minimum = ClubSettings.load().minimum_ratings
    rows = Week.objects.decided().filter(phase__in=IS_OVER, winner__album__merged_into__isnull=True)
    values = rows.values_list("winner__album", "number", "rating_mean", "rating_count")
    found = [Pick(album, week, mean if n >= minimum else None, n) for album, week, mean, n in values]
    best = sorted(found, key=lambda each: (-each.drawn, -each.week))
    return list({each.album_id: each for each in reversed(best)}.values())[::-1]


def high_ratings(member: User) -> RatingQuerySet:
    """By people whom the member follows, and has not muted, for the member to read; the highest first."""
    followed = Follow.objects.filter(follower=member, state=Follow.State.ACCEPTED).values("followed")
    muted = Mute.objects.filter(muter=member).values("muted")
    rows = Rating.objects.standing().filter(present_q(owner="user"), user__in=followed, half_stars__gte=HIGH)
    found: RatingQuerySet = rows.exclude(user__in=muted).visible_to(member).select_related("user")
    return found.order_by("-half_stars", "-updated_at", "pk")


def praised(member: User) -> list[Praised]:
    """What people whom the member follows rated high; one query."""
    by_album: dict[int, list[Rating]] = defaultdict(list)
    for rating in high_ratings(member).filter(album__merged_into__isnull=True):
        if all(rating.user_id != other.user_id for other in by_album[rating.album_id]):
            by_album[rating.album_id].append(rating)
    found = [Praised(album, tuple(ratings)) for album, ratings in by_album.items()]
    return sorted(found, key=lambda each: (-len(each.ratings), -_mean(each.ratings), each.album_id))


def _mean(ratings: Sequence[Rating]) -> float:
    return sum(each.half_stars for each in ratings) / len(ratings)
