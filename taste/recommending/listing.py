"""A member's list: candidates blended, made to differ, and each given its reason."""

from __future__ import annotations

from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from taste.models import UserRecommendation
from taste.recommending.blending import WEIGHTS, Blended, blend, diversified
from taste.recommending.finding import Candidates, Learned
from taste.recommending.known import heard_by_track
from taste.recommending.reasons import Reasons

VERSION = "rec-1"
N_BLENDED = 150  # that diversity chooses from
N_KEPT = 50
Kind = UserRecommendation.Kind
KINDS = {
    "together": Kind.SIMILAR,
    "tags": Kind.SIMILAR,
    "artists": Kind.SIMILAR,
    "factors": Kind.LISTENERS,
    "sound": Kind.SOUND,
    "club": Kind.CLUB,
    "friends": Kind.FRIENDS,
}


def chosen(learned: Learned, found: Candidates) -> list[Blended]:
    """What the member is told of, the best first: blended, without what they heard unnamed, and diverse; one query."""
    shelf = learned.shelf
    blended = blend(found.parts, WEIGHTS)[:N_BLENDED]
    heard = heard_by_track(found.member.pk, [int(shelf.albums[each.album]) for each in blended])
    left = [each for each in blended if int(shelf.albums[each.album]) not in heard]
    places = np.array([each.album for each in left], dtype=np.int64)
    return diversified(left, N_KEPT, artists=shelf.artists[places], alike=_alike(learned, places))


def rows_of(learned: Learned, found: Candidates, *, now: datetime) -> list[UserRecommendation]:
    """The member's list, not saved; three queries."""
    taken = chosen(learned, found)
    reasons = Reasons(learned, found, taken)
    rows = []
    for rank, each in enumerate(taken, 1):
        text, evidence = reasons.of(each)
        rows.append(
            UserRecommendation(
                user=found.member,
                album_id=int(learned.shelf.albums[each.album]),
                kind=KINDS[each.part],
                score=each.score,
                rank=rank,
                reason=text[:300],
                evidence={"part": each.part, **evidence},
                version=VERSION,
                computed_at=now,
            )
        )
    return rows


def _alike(learned: Learned, places: NDArray[np.int64]) -> NDArray[np.float32]:
    """How alike candidates are, by sound where both are analysed, else by tags; shape (n, n), 0 to 1."""
    by_tags = learned.tags.rows[places]
    found: NDArray[np.float32] = (by_tags @ by_tags.T).toarray()
    if learned.sound is not None and len(places):
        rows, both = learned.sound.contents.rows[places], learned.sound.contents.is_known[places]
        found = np.where(np.outer(both, both), (rows @ rows.T).toarray(), found)
    return np.clip(found, 0, 1)
