"""Everything that recommendations are made from, read once for a whole night: albums, plays, tags, sound."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from django.db.models import Sum
from numpy.typing import NDArray

from catalog.models import Album, AlbumTrack, Tagging, Track
from club.models import Nomination, Rating
from listening.models import AlbumTotal, TrackTotal
from social.models import User
from taste.embeddings import main_model, vectors
from taste.matching.population import AT_LEAST, learned_from, ratings_learned_from
from taste.recommending.contents import Contents, tag_rows

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

Ids = NDArray[np.int64]
N_TAGS = 12  # of an album, the weightiest: its own, else its artist's
N_AT_ONCE = 10_000
LEAST_LEARNERS = 8  # below it, what is played together says more about single people than about albums


@dataclass(frozen=True)
class Sound:
    """How albums sound. mean, sd: of single tracks, shape (n_dimensions,), to place a profile among them."""

    model: str
    contents: Contents
    mean: NDArray[np.float32]
    sd: NDArray[np.float32]


@dataclass(frozen=True)
class Shelf:
    """Places, not ids, everywhere: `albums[place]` is an album's id, `members[place]` a member's.

    plays: shape (n_members, n_albums), of every member with plays. learners: places of those whose plays others are
    told about. may_stand: albums that may be recommended for what they are: a learner plays them, or they are known to
    the club; not those that stand here because a member who hides their plays has them, or rated them for few to see.
    """

    albums: Ids
    artists: Ids
    titles: list[str]
    members: Ids
    learners: Ids
    plays: csr_matrix
    may_stand: NDArray[np.bool_]

    @cached_property
    def place_of(self) -> dict[int, int]:
        return {int(album): place for place, album in enumerate(self.albums)}

    @cached_property
    def member_at(self) -> dict[int, int]:
        return {int(member): place for place, member in enumerate(self.members)}

    @cached_property
    def learned(self) -> csr_matrix:
        return self.plays[self.learners]

    @cached_property
    def n_listeners(self) -> Ids:
        """Of each album, among the learners."""
        return np.bincount(self.learned.indices, minlength=len(self.albums))

    @property
    def has_company(self) -> bool:
        """Enough members share their plays to say what is played together."""
        return len(self.learners) >= LEAST_LEARNERS

    def known_to_others(self, member: int, hidden: Collection[int]) -> NDArray[np.bool_]:
        """Albums that at least two learners play, without this member and those that are hidden from them."""
        without = {self.member_at[each] for each in {member, *hidden} if each in self.member_at}
        rows = np.intersect1d(self.learners, np.array(sorted(without), dtype=np.int64))
        theirs = np.bincount(self.plays[rows].indices, minlength=len(self.albums))
        found: NDArray[np.bool_] = self.n_listeners - theirs >= AT_LEAST
        return found

    def row_of(self, member_id: int) -> csr_matrix:
        """One member's plays, shape (1, n_albums); empty for who has none."""
        from scipy.sparse import csr_matrix as rows_first

        place = self.member_at.get(member_id)
        return self.plays[place] if place is not None else rows_first((1, len(self.albums)), dtype=np.float32)


def read() -> Shelf:
    """Albums that somebody plays, rated for all to see, or put up in the club; a handful of queries."""
    from scipy.sparse import csr_matrix as rows_first

    active = User.objects.filter(is_active=True)
    totals = AlbumTotal.objects.filter(user__in=active, n_listens__gt=0, album__merged_into__isnull=True)
    triples = list(totals.order_by().values_list("user_id", "album_id", "n_listens").iterator(chunk_size=10_000))
    played = np.array(triples, dtype=np.int64).reshape(len(triples), 3)
    learner_ids = set(learned_from().values_list("pk", flat=True))
    by_learners = np.isin(played[:, 0], np.array(sorted(learner_ids), dtype=np.int64))
    club = set(Nomination.objects.standing().values_list("album", flat=True))
    club |= set(ratings_learned_from().values_list("album", flat=True))
    known = Album.objects.current().filter(pk__in=club).values_list("pk", flat=True)
    open_ids = np.union1d(played[by_learners, 1], np.array(sorted(known), dtype=np.int64))
    rated = Rating.objects.standing().filter(album__merged_into__isnull=True).order_by().values_list("album", flat=True)
    albums = np.union1d(np.union1d(played[:, 1], open_ids), np.array(sorted(set(rated)), dtype=np.int64))
    members = np.unique(played[:, 0])
    rows, columns = np.searchsorted(members, played[:, 0]), np.searchsorted(albums, played[:, 1])
    plays = rows_first((played[:, 2].astype(np.float32), (rows, columns)), shape=(len(members), len(albums)))
    facts = dict[int, tuple[int, str]]()
    for some in _in_parts(albums):
        found = Album.objects.filter(pk__in=some).values_list("pk", "artist_id", "title_key")
        facts |= {pk: (artist, title) for pk, artist, title in found}
    return Shelf(
        albums=albums,
        artists=np.array([facts[int(album)][0] for album in albums], dtype=np.int64),
        titles=[facts[int(album)][1] for album in albums],
        members=members,
        learners=np.flatnonzero(np.isin(members, np.array(sorted(learner_ids), dtype=np.int64))),
        plays=plays,
        may_stand=np.isin(albums, open_ids),
    )


def albums_alone(artist_of: Mapping[int, int]) -> Shelf:
    """These albums (id → artist) without anybody's plays: for what they are like in themselves."""
    from scipy.sparse import csr_matrix as rows_first

    albums = np.array(sorted(artist_of), dtype=np.int64)
    nobody = np.zeros(0, np.int64)
    return Shelf(
        albums=albums,
        artists=np.array([artist_of[int(album)] for album in albums], dtype=np.int64),
        titles=[""] * len(albums),
        members=nobody,
        learners=nobody,
        plays=rows_first((0, len(albums)), dtype=np.float32),
        may_stand=np.ones(len(albums), bool),
    )


def tags_of(shelf: Shelf) -> tuple[Contents, dict[int, str]]:
    """Albums by their genres (their artist's where they have none), and the name of each dimension."""
    own = _tags("album", shelf.albums)
    missing = np.array([artist for album, artist in zip(shelf.albums, shelf.artists, strict=True) if album not in own])
    artists = _tags("artist", np.unique(missing).astype(np.int64))
    pairs = zip(shelf.albums.tolist(), shelf.artists.tolist(), strict=True)
    found = [own.get(album) or artists.get(artist) or {} for album, artist in pairs]
    names: dict[str, int] = {}
    numbered = [{names.setdefault(name, len(names)): weight for name, weight in each.items()} for each in found]
    return Contents(tag_rows(numbered, len(names))), {place: name for name, place in names.items()}


def _tags(kind: str, ids: Ids) -> dict[int, dict[str, float]]:
    """Of each album or artist the weightiest tags: the highest weight that any source gives."""
    found: dict[int, dict[str, float]] = defaultdict(dict)
    for some in _in_parts(ids):
        rows = Tagging.objects.filter(weight__gt=0, tag__is_genre=True, **{f"{kind}__in": some})
        weightiest = rows.order_by("-weight", "tag__name_key")
        for pk, name, weight in weightiest.values_list(f"{kind}_id", "tag__name", "weight"):
            kept = found[pk]
            if name not in kept and len(kept) < N_TAGS:
                kept[name] = float(weight)
    return found


def sound_of(shelf: Shelf) -> Sound | None:
    """Each album as the mean of its tracks' vectors by the learners' plays; None while nothing is analysed."""
    model = main_model()
    tracks, rows = vectors(None, model)
    if not len(tracks):
        return None
    mean, sd = rows.mean(axis=0), np.maximum(rows.std(axis=0), 1e-6)
    learner_ids = shelf.members[shelf.learners].tolist()
    heard = TrackTotal.objects.filter(user__in=learner_ids, track__embeddings__model=model).order_by()
    plays = dict(heard.values_list("track").annotate(n=Sum("n_listens")))
    lines = set(AlbumTrack.objects.filter(track__embeddings__model=model).values_list("album_id", "track_id"))
    homes = Track.objects.filter(embeddings__model=model, album__isnull=False)
    lines |= set(homes.values_list("album_id", "pk"))
    sums = np.zeros((len(shelf.albums), rows.shape[1]), np.float64)
    at = {int(track): place for place, track in enumerate(tracks)}
    for album, track in sorted(lines):
        place = shelf.place_of.get(album)
        if place is not None and track in at:
            sums[place] += (plays.get(track, 0) + 1) * ((rows[at[track]] - mean) / sd)
    return Sound(model, Contents(sums.astype(np.float32)), mean, sd)


def _in_parts(ids: Ids) -> list[list[int]]:
    return [ids[start : start + N_AT_ONCE].tolist() for start in range(0, len(ids), N_AT_ONCE)]
