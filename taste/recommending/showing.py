"""A member's list as somebody may read it, without what has become known or untrue since the night."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from catalog.models import Album
from club.models import DiaryEntry, Rating
from listening.models import AlbumTotal
from social.models import User
from social.visibility import Viewer
from taste.dashboard.rights import may_read_taste
from taste.models import UserRecommendation
from taste.recommending.club import high_ratings
from taste.recommending.reasons import of_friends

Kind = UserRecommendation.Kind
FOR_OTHERS = {
    Kind.SIMILAR: "Near what they play.",
    Kind.LISTENERS: "Fits their plays, by what members here listen to.",
    Kind.SOUND: "Sounds like what they play.",
    Kind.CLUB: "A pick of the club that they missed.",
}


@dataclass(frozen=True, slots=True)
class Recommended:
    rank: int
    score: float
    kind: str
    reason: str
    album: Album
    version: str
    computed_at: datetime


def may_read(member: User, viewer: Viewer) -> bool:
    """Their own, or of members whose taste and listens are both open to the viewer: a list is drawn from both."""
    if viewer is not None and viewer.pk == member.pk:
        return True
    return may_read_taste(member, viewer)


def shown_to(member: User, viewer: Viewer) -> list[Recommended]:
    """In order, ranks anew from 1; empty for who may not read it.

    A member reads reasons by name: ratings by people they follow are asked for anew, so that none is told that was
    hidden since. Others read what kind of reason it is, and nothing that rests on ratings of whom the member follows.
    """
    if not may_read(member, viewer):
        return []
    is_own = viewer is not None and viewer.pk == member.pk
    rows = UserRecommendation.objects.filter(user=member, rank__isnull=False, feedback="")
    found = list(rows.select_related("album__artist").order_by("rank"))
    if not is_own:
        found = [row for row in found if row.kind in FOR_OTHERS]
    album_ids = [row.album_id for row in found]
    known = set(AlbumTotal.objects.filter(user=member, album__in=album_ids).values_list("album", flat=True))
    known |= set(Rating.objects.filter(user=member, album__in=album_ids).values_list("album", flat=True))
    known |= set(DiaryEntry.objects.filter(user=member, album__in=album_ids).values_list("album", flat=True))
    friends = _friends(member, found) if is_own else {}
    shown: list[Recommended] = []
    for row in found:
        reason = row.reason if is_own else FOR_OTHERS[Kind(row.kind)]
        if row.kind == Kind.FRIENDS:
            reason = of_friends(friends[row.album_id]) if row.album_id in friends else ""
        if reason and row.album_id not in known:
            rank = len(shown) + 1
            shown.append(Recommended(rank, row.score, row.kind, reason, row.album, row.version, row.computed_at))
    return shown


def _friends(member: User, rows: list[UserRecommendation]) -> dict[int, list[Rating]]:
    """The ratings behind rows, as far as they would still put them there; one query."""
    ids = [pk for row in rows if row.kind == Kind.FRIENDS for pk in row.evidence.get("ratings", [])]
    found: dict[int, list[Rating]] = defaultdict(list)
    for rating in high_ratings(member).filter(pk__in=ids):
        found[rating.album_id].append(rating)
    return dict(found)
