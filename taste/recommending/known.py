"""What is not recommended to a member: what they know, what they said no to, what they hate."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray

from club.models import DiaryEntry, Nomination, Rating
from listening.models import Feedback, TrackTotal
from taste.models import UserRecommendation
from taste.recommending.shelf import Shelf


class Known:
    """Read for several members at once; five queries, whoever they are."""

    def __init__(self, shelf: Shelf, member_ids: Collection[int]) -> None:
        self.shelf = shelf
        said: dict[int, set[int]] = defaultdict(set)
        for pairs in (
            Rating.objects.filter(user__in=member_ids).order_by().values_list("user", "album"),
            Nomination.objects.filter(user__in=member_ids).order_by().values_list("user", "album"),
            DiaryEntry.objects.filter(user__in=member_ids).order_by().values_list("user", "album"),
            UserRecommendation.objects.filter(user__in=member_ids).exclude(feedback="").order_by()
            .values_list("user", "album"),
            Feedback.objects.filter(user__in=member_ids, score=-1, track__album__isnull=False)
            .values_list("user", "track__album"),
        ):  # fmt: skip
            for user_id, album_id in pairs:
                said[user_id].add(album_id)
        self.said = said
        names = {pair: place for place, pair in enumerate(zip(shelf.artists.tolist(), shelf.titles, strict=True))}
        pairs_of = zip(shelf.artists.tolist(), shelf.titles, strict=True)
        self.work = np.array([names[pair] for pair in pairs_of], dtype=np.int64)

    def mask(self, member_id: int) -> NDArray[np.bool_]:
        """Shape (n_albums,): played, rated, put up, logged, answered to, hated; other editions of these by name too."""
        known = np.zeros(len(self.shelf.albums), bool)
        known[self.shelf.row_of(member_id).indices] = True
        for album_id in self.said[member_id]:
            if (place := self.shelf.place_of.get(album_id)) is not None:
                known[place] = True
        found: NDArray[np.bool_] = np.isin(self.work, self.work[known])
        return found


def heard_by_track(member_id: int, album_ids: Collection[int]) -> set[int]:
    """Of these albums the ones whose tracks the member plays without the source having named the album; one query."""
    heard = TrackTotal.objects.filter(user=member_id, n_listens__gt=0, track__album__in=album_ids)
    return set(heard.order_by().values_list("track__album_id", flat=True))
