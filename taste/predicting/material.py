"""What predictions are made from, read for the whole club at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from numpy.typing import NDArray

from catalog.models import Album
from club.models import Rating
from listening.models import ArtistTotal, ListenEvent
from taste.matching.population import ratings_learned_from
from taste.models import TasteProfile
from taste.predicting import features
from taste.predicting.model import Sample, drawn_mean
from taste.recommending.shelf import Sound, albums_alone, sound_of, tags_of


@dataclass(frozen=True, slots=True)
class Rated:
    """One rating. plays: of the album's artist, by the member, before it."""

    album: int
    stars: float
    plays: int
    is_shared: bool


@dataclass
class Material:
    """ratings: by member. artists: of each album. mixes: each member's share of plays by genre."""

    ratings: dict[int, list[Rated]]
    artists: dict[int, int]
    mixes: dict[int, dict[str, float]]
    albums: NDArray[np.int64]
    tag_rows: NDArray[np.float32]  # shape (n_albums, n_tags), length 1 or zeros
    tag_names: list[str]
    sound: Sound | None
    place_of: dict[int, int] = field(default_factory=dict)

    @cached_property
    def everybody(self) -> float:
        """The mean of all shared ratings; the middle of the scale without any."""
        stars = [each.stars for rated in self.ratings.values() for each in rated if each.is_shared]
        return sum(stars) / len(stars) if stars else 3.0

    def mean_of(self, member: int, *, without: int | None = None) -> float:
        stars = [each.stars for each in self.ratings.get(member, []) if each.album != without]
        return drawn_mean(stars, self.everybody)

    def samples(self) -> list[Sample]:
        """Every rating, each as it could have been predicted without itself."""
        return [
            Sample(
                member, each.stars, self.mean_of(member, without=each.album),
                self.features(member, each.album, each.plays), each.is_shared,
            )
            for member, rated in self.ratings.items()
            for each in rated
        ]  # fmt: skip

    def features(self, member: int, album: int, plays: int) -> tuple[float, ...]:
        """As `model.FEATURES`; the member's own rating of the album is left out, and everybody's of that album."""
        others = [each for each in self.ratings.get(member, []) if each.album != album]
        mean = self.mean_of(member, without=album)
        left_over = np.array([each.stars - mean for each in others])
        at = [self.place_of[each.album] for each in others]
        place = self.place_of[album]
        tags = self.tag_rows[at] @ self.tag_rows[place]
        sounds = self._sounds(at, place)
        genres = {self.tag_names[column]: float(self.tag_rows[place, column]) for column in self._tags_at(place)}
        return (
            features.by_likeness(tags, left_over),
            features.by_likeness(sounds, left_over),
            features.by_artist(self._of_artist(member, album)),
            features.by_plays(plays),
            features.by_taste(genres, self.mixes.get(member, {})),
        )

    def _tags_at(self, place: int) -> list[int]:
        return [int(column) for column in np.flatnonzero(self.tag_rows[place])]

    def _sounds(self, at: list[int], place: int) -> NDArray[np.float32]:
        if self.sound is None or not at:
            return np.zeros(len(at), np.float32)
        rows = self.sound.contents.rows
        found: NDArray[np.float32] = np.asarray((rows[at] @ rows[place].T).todense()).ravel()
        return found

    @cached_property
    def _by_artist(self) -> dict[int, list[tuple[int, int, float, bool]]]:
        """Artist → (member, album, stars above the member's mean, whether shared)."""
        found: dict[int, list[tuple[int, int, float, bool]]] = defaultdict(list)
        for member, rated in self.ratings.items():
            for each in rated:
                above = each.stars - self.mean_of(member, without=each.album)
                found[self.artists[each.album]].append((member, each.album, above, each.is_shared))
        return found

    def _of_artist(self, member: int, album: int) -> list[float]:
        """Ratings of the artist's other albums, by the member or shared by others."""
        of_artist = self._by_artist.get(self.artists[album], [])
        return [above for who, other, above, shared in of_artist if other != album and (shared or who == member)]


def read(*, members: Collection[int], albums: Iterable[int]) -> Material:
    """Ratings that all members may read, every rating of `members` themselves, and the facts of `albums`."""
    ratings: dict[int, dict[int, Rated]] = defaultdict(dict)
    shared = ratings_learned_from()
    own = Rating.objects.standing().filter(user__in=members).exclude(pk__in=shared.order_by().values("pk"))
    artists: dict[int, int] = {}
    for rows, is_shared in ((own.order_by("updated_at", "pk"), False), (shared, True)):
        before = ListenEvent.objects.filter(
            user=OuterRef("user"), artist=OuterRef("album__artist"), played_at__lt=OuterRef("created_at"),
            duplicate_of__isnull=True,
        )  # fmt: skip
        counted = before.order_by().values("artist").annotate(n=Count("pk")).values("n")
        values = rows.annotate(plays=Coalesce(Subquery(counted), 0))
        for user, album, artist, half, plays in values.values_list(
            "user", "album", "album__artist", "half_stars", "plays"
        ):
            artists[album] = artist
            ratings[user][album] = Rated(album, half / 2, plays, is_shared)
    wanted = set(albums) - artists.keys()
    artists |= dict(Album.objects.filter(pk__in=wanted).values_list("pk", "artist_id"))
    shelf = albums_alone(artists)
    tags, names = tags_of(shelf)
    return Material(
        ratings={member: list(rated.values()) for member, rated in sorted(ratings.items())},
        artists=artists,
        mixes=dict(TasteProfile.objects.filter(pk__in=ratings).values_list("pk", "genre_histogram")),
        albums=shelf.albums,
        tag_rows=tags.rows.toarray(),
        tag_names=[names[place] for place in sorted(names)],
        sound=sound_of(shelf),
        place_of=shelf.place_of,
    )


def plays_now(members: Collection[int], artists: Collection[int]) -> dict[tuple[int, int], int]:
    """Plays so far by member and artist; one query."""
    rows = ArtistTotal.objects.filter(user__in=members, artist__in=artists)
    return {(user, artist): n for user, artist, n in rows.values_list("user", "artist", "n_listens")}
