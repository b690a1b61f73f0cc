"""The nightly renewal of everybody's list."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from social.models import User
from taste.models import UserRecommendation
from taste.recommending import finding, listing, shelf

A_BATCH = 50  # members whose scores are in memory at once


@dataclass(frozen=True, slots=True)
class Renewed:
    n_members: int
    n_albums: int
    n_learners: int

    def __str__(self) -> str:
        return f"{self.n_albums} albums for {self.n_members} members, learned from {self.n_learners}"


def renew(users: Iterable[User] | None = None, *, now: datetime) -> Renewed:
    """Write lists anew, of all active members or of these. What a member said of an album stays, and keeps it away.

    The same listens, ratings and tags give the same lists: one thread, fixed seeds.
    """
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    members = list(users) if users is not None else list(User.objects.filter(is_active=True).order_by("pk"))
    with threadpool_limits(1):
        learned = finding.learn(shelf.read())
        n_albums = 0
        for start in range(0, len(members), A_BATCH):
            for found in finding.candidates_of(learned, members[start : start + A_BATCH]):
                rows = listing.rows_of(learned, found, now=now)
                keep(found.member, rows)
                n_albums += len(rows)
    return Renewed(len(members), n_albums, len(learned.shelf.learners))


@transaction.atomic
def keep(member: User, rows: list[UserRecommendation]) -> None:
    """Put a member's new list in place of the old one. An answer given while it was made is not lost.

    Whoever left while it was made gets none: leaving begins with this row.
    """
    if not User.objects.select_for_update(no_key=True).filter(pk=member.pk, is_active=True).first():
        return
    mine = UserRecommendation.objects.filter(user=member)
    mine.filter(feedback="").delete()
    mine.update(rank=None)
    answered = set(mine.values_list("album", flat=True))
    UserRecommendation.objects.bulk_create([row for row in rows if row.album_id not in answered])
