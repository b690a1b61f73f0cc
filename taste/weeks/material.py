"""What is known of the music that was heard: values on axes, vectors and tags, and when each last changed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any

import numpy as np
import numpy.typing as npt
from django.db.models import Count, Max, TextField
from django.db.models.functions import Cast

from catalog.models import Tag, Tagging
from listening.models import AlbumTotal, ArtistTotal, TrackTotal
from sidetrack.bulk.rows import blocks_of
from social.models import User
from taste.axes.choosing import AXES
from taste.axes.personal import ear_of, features_for
from taste.embeddings import vectors
from taste.models import Label, TrackEmbedding, TrackFeatures
from taste.weeks.calendar import Ints
from taste.weeks.columns import Plays, UnixMillis, floats_of, numbers_of
from taste.weeks.fingerprints import Hashes, mixed, summed
from taste.weeks.sums import Floats, places
from taste.weeks.words import Tagged

FEW = 2_000
N_TAGS_EACH = 10  # of one track, album or artist, the weightiest: long tails of tags say little
TOTALS: dict[str, Any] = {"track": TrackTotal, "album": AlbumTotal, "artist": ArtistTotal}
MEASURED = tuple(axis for axis in AXES if axis != "key")  # a mean of keys means nothing


@dataclass(frozen=True, slots=True)
class Songs:
    """What was heard as columns of ids, each combination once. albums: 0 where none was said."""

    tracks: Ints
    artists: Ints
    albums: Ints

    def __len__(self) -> int:
        return len(self.tracks)


def songs_of(plays: Plays) -> tuple[Songs, Ints]:
    """The songs of plays, and which song each play is; shape (n,)."""
    artists, albums = int(plays.artists.max(initial=0)) + 1, int(plays.albums.max(initial=0)) + 1
    if (int(plays.tracks.max(initial=0)) + 1) * artists * albums < 2**63:
        keys = (plays.tracks * artists + plays.artists) * albums + plays.albums
    else:  # ids so high that they do not fit side by side into one number
        keys = places(plays.tracks * artists + plays.artists)[1] * albums + plays.albums
    _, first, song = np.unique(keys, return_index=True, return_inverse=True)
    return Songs(plays.tracks[first], plays.artists[first], plays.albums[first]), song.astype(np.int64)


def those(ids: Ints, level: str, user: User) -> Any:
    """What a query says to reach this music of the member: the ids, or with many of them all that they ever heard.

    Thousands of ids cost more to hand over than the rows behind them to read; whoever asks drops what is too much.
    """
    return ids.tolist() if len(ids) <= FEW else TOTALS[level].objects.filter(user=user).values(level)


def rows_among(ids: Ints, given: Ints) -> tuple[Ints, npt.NDArray[np.bool_]]:
    """For each given id its place among `ids` (ascending), and whether it is there at all."""
    at = np.minimum(np.searchsorted(ids, given), max(len(ids) - 1, 0))
    return at, ids[at] == given if len(ids) else np.zeros(len(given), bool)


def newest_common_sound(model: str) -> datetime | None:
    """When any track last sounded different, to everybody."""
    moments = (
        TrackFeatures.objects.aggregate(at=Max("updated_at"))["at"],
        TrackEmbedding.objects.filter(model=model).aggregate(at=Max("computed_at"))["at"],
    )
    return max((moment for moment in moments if moment), default=None)


def newest_labels() -> dict[int, datetime]:
    """Member → when they last said how a track sounds."""
    return dict(Label.objects.order_by().values_list("user").annotate(at=Max("updated_at")))


def newest_sound(user: User, model: str) -> datetime | None:
    """When anything that the member's weeks are made of last sounded different; three queries."""
    said = Label.objects.filter(user=user).aggregate(at=Max("updated_at"))["at"]
    return max((moment for moment in (newest_common_sound(model), said) if moment), default=None)


def own_words(user: User) -> str:
    """What the member's own labels stand at, and what they teach: they move tracks of which they are not said.

    What is learnt moves as well when a labelled track sounds different to everybody, and as the basis grows.
    """
    labels = Label.objects.filter(user=user).aggregate(n=Count("pk"), at=Max("updated_at"))
    corrections = ear_of(user).corrections if labels["n"] else {}
    taught = {axis: (each.weights.round(6) + 0.0).tolist() for axis, each in corrections.items() if each.helps}
    return f"{labels['n']} {labels['at']} {taught or ''}"


def stamps(user: User, tracks: Ints, model: str) -> Hashes:
    """A hash of each track's last changes. tracks: shape (n,), ids, ascending. Returns shape (2, n)."""
    heard = those(tracks, "track", user)
    features = TrackFeatures.objects.filter(track__in=heard).values_list("track_id", UnixMillis("updated_at"))
    embeddings = TrackEmbedding.objects.filter(model=model, track__in=heard)
    columns = np.zeros((2, len(tracks)), np.int64)
    for column, rows in zip(
        columns, (features, embeddings.values_list("track_id", UnixMillis("computed_at"))), strict=True
    ):
        ids, moments = numbers_of(rows, 2)
        at, is_there = rows_among(tracks, ids)
        column[at[is_there]] = moments[is_there]
    return mixed(*columns)


@dataclass(frozen=True, slots=True)
class Sound:
    """How tracks sound to one member. values: shape (n_tracks, n_axes) in the order of MEASURED, NaN where not known.

    confidence: the same shape. vectors: shape (n, d). places: shape (n_tracks,), each track's vector, −1 without one.
    """

    values: Floats
    confidence: Floats
    vectors: npt.NDArray[np.float32]
    places: Ints

    def of(self, axis: str) -> Floats:
        column: Floats = self.values[:, MEASURED.index(axis)]
        return column


def sound_of(user: User, tracks: Ints, model: str) -> Sound:
    """tracks: shape (n_tracks,), ids, ascending."""
    values, confidence = np.full((2, len(tracks), len(MEASURED)), np.nan)
    text = Cast("confidence", TextField())
    rows = TrackFeatures.objects.filter(track__in=those(tracks, "track", user)).values_list("track_id", text, *MEASURED)
    for block in blocks_of(rows):
        at, is_there = rows_among(tracks, np.array([row[0] for row in block], np.int64))
        at = at[is_there]
        values[at] = np.array([row[2:] for row in block], np.float64)[is_there]  # None becomes NaN
        confidence[at] = _sure([row[1] for row in block])[is_there]
    if Label.objects.filter(user=user).exists():
        values = values_for(user, tracks)
    ids, found = _vectors(tracks, model)
    at, is_there = rows_among(tracks, ids)
    places_of = np.full(len(tracks), -1, np.int64)
    places_of[at[is_there]] = np.flatnonzero(is_there)
    return Sound(values, confidence, found, places_of)


def _sure(documents: list[str]) -> Floats:
    """`TrackFeatures.confidence` as text, as rows in the order of MEASURED; read at once, as one document.

    Tracks that are known by their tags alone share a few documents: each is read once.
    """
    place_of: dict[str, int] = {}
    places_of = np.fromiter((place_of.setdefault(each, len(place_of)) for each in documents), np.int64, len(documents))
    found = np.full((len(place_of), len(MEASURED)), np.nan)
    alike: dict[tuple[str, ...], list[int]] = {}
    said: list[dict[str, float]] = json.loads(f"[{','.join(place_of)}]")
    for row, each in enumerate(said):
        alike.setdefault(tuple(each), []).append(row)
    for axes, rows in alike.items():
        flat = chain.from_iterable(said[row].values() for row in rows)
        numbers = np.fromiter(flat, np.float64, len(rows) * len(axes)).reshape(len(rows), len(axes))
        for column, axis in enumerate(axes):
            if axis in MEASURED:
                found[rows, MEASURED.index(axis)] = numbers[:, column]
    return found[places_of]


def _vectors(tracks: Ints, model: str) -> tuple[Ints, npt.NDArray[np.float32]]:
    """Vectors of these tracks, and perhaps of more: see `those`."""
    if len(tracks) > FEW and TrackEmbedding.objects.filter(model=model).count() < 3 * len(tracks):
        return vectors(None, model)
    return vectors(tracks.tolist(), model)


def values_for(user: User, tracks: Ints, *, as_heard: bool = True) -> Floats:
    """Shape (n_tracks, n_axes) in the order of MEASURED: the tracks as the member hears them, NaN where not known.

    as_heard: False gives everybody's values, for what others may read of few tracks: labels are their member's alone.
    """
    values = np.full((len(tracks), len(MEASURED)), np.nan)
    if as_heard and Label.objects.filter(user=user).exists():
        known = features_for(user, tracks.tolist())
        if known:
            at = np.searchsorted(tracks, np.fromiter(known, np.int64, len(known)))
            values[at] = [[row.get(axis, np.nan) for axis in MEASURED] for row in known.values()]
        return values
    # Without labels everybody's values are the member's, and columns of them are much faster to read than rows.
    rows = TrackFeatures.objects.filter(track__in=those(tracks, "track", user)).values_list("track_id", *MEASURED)
    found = floats_of(rows, 1 + len(MEASURED))
    at, is_there = rows_among(tracks, found[0].astype(np.int64))
    values[at[is_there]] = found[1:, is_there].T
    return values


@dataclass(frozen=True, slots=True)
class Tags:
    """What songs are called. ids: shape (n_tags,), of tags. tagged: songs by tags. hashes: shape (2, n_songs)."""

    ids: Ints
    tagged: Tagged
    hashes: Hashes


def tags_of(user: User, songs: Songs) -> Tags:
    """The tags of each song's track, album and artist, the highest weight of each."""
    levels = (("track", songs.tracks), ("album", songs.albums), ("artist", songs.artists))
    rows = np.concatenate([_spread(user, level, ids) for level, ids in levels], axis=1)
    song, tag, weight = rows[:, np.lexsort((-rows[2], rows[1], rows[0]))]
    is_first = np.ones(len(song), bool)
    is_first[1:] = (song[1:] != song[:-1]) | (tag[1:] != tag[:-1])
    song, tag, weight = song[is_first], tag[is_first], weight[is_first]
    ids, at = places(tag)
    hashes = summed(mixed(tag, weight), song, len(songs))
    return Tags(ids, Tagged(song, at, weight / 100), hashes)


def _spread(user: User, level: str, of_song: Ints) -> Ints:
    """Rows of song, tag and weight, shape (3, n), in no order, from what the songs' tracks, albums or artists have."""
    ids, at = places(of_song)
    tagged = Tagging.objects.filter(**{f"{level}__in": those(ids[ids > 0], level, user)}, weight__gt=0)
    rows = numbers_of(tagged.values_list(f"{level}_id", "tag_id", "weight"), 3)
    rows = rows[:, np.lexsort((rows[1], -rows[2], rows[0]))]
    rank = np.arange(rows.shape[1]) - np.searchsorted(rows[0], rows[0])
    owner, tag, weight = rows[:, rank < N_TAGS_EACH]
    begins = np.searchsorted(owner, ids)
    lengths = np.searchsorted(owner, ids, side="right") - begins
    repeats = lengths[at]
    row = np.repeat(begins[at] - np.cumsum(repeats) + repeats, repeats) + np.arange(int(repeats.sum()))
    return np.stack([np.repeat(np.arange(len(of_song)), repeats), tag[row], weight[row]])


def names_of(tag_ids: set[int]) -> dict[int, str]:
    return dict(Tag.objects.filter(pk__in=tag_ids).values_list("pk", "name"))


def genres_among(tag_ids: Ints) -> npt.NDArray[np.bool_]:
    """Which of the tags are genres; shape (n_tags,)."""
    genres = Tag.objects.filter(is_genre=True)
    if len(tag_ids) <= FEW:
        genres = genres.filter(pk__in=tag_ids.tolist())
    return np.isin(tag_ids, numbers_of(genres.values_list("pk"), 1)[0])
