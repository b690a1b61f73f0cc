"""A member with half a year of weeks whose sound is known: what the dashboard's tests look at."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

import numpy as np

from catalog.models import Album, Track
from catalog.names import title_key
from catalog.tests.factories import AlbumFactory
from listening.models import ListenEvent, Source
from listening.plays import msid_of
from listening.tests.histories import counted, listener
from social.models import User
from taste.embeddings import Embedded, main_model, store
from taste.mapping.keeping import keep_up
from taste.models import TrackFeatures
from taste.weeks.aggregating import aggregate

NOW = datetime(2025, 11, 27, 12, 0, tzinfo=UTC)  # the Thursday of week 48
N_ALBUMS, N_TRACKS = 6, 8


def shelf() -> list[Track]:
    """Forty-eight tracks on six albums, from quiet to loud, half of them dark; the same ones whenever it is asked."""
    albums = list(Album.objects.filter(title__startswith="Shelf ").order_by("title"))
    if not albums:
        albums = [AlbumFactory(title=f"Shelf {each}", artist__name=f"Shelf Band {each}", n_tracks=N_TRACKS,
                               label=f"Label {each % 2}") for each in range(N_ALBUMS)]  # fmt: skip
        tracks = list(Track.objects.filter(album__in=albums).order_by("album__title", "pk"))
        for at, track in enumerate(tracks):
            track.title, track.title_key = f"Song {at}", title_key(f"Song {at}")
        Track.objects.bulk_update(tracks, ["title", "title_key"])
        chance = np.random.default_rng(7)
        TrackFeatures.objects.bulk_create(
            TrackFeatures(
                track=track, energy=0.1 + 0.8 * at / len(tracks), valence=0.2 if at % 2 else 0.8, danceability=0.5,
                tempo=80 + 2 * at, acousticness=0.9 - 0.8 * at / len(tracks), instrumentalness=0.1,
                confidence={axis: 0.3 if axis == "valence" else 0.8 for axis in
                            ("energy", "valence", "danceability", "tempo", "acousticness", "instrumentalness")},
                sources={}, updated_at=NOW - timedelta(days=400),
            )
            for at, track in enumerate(tracks)
        )  # fmt: skip
        vectors = {
            track.pk: Embedded((chance.normal(0, 0.3, 8) + math.floor(at / N_TRACKS)).astype(np.float32))
            for at, track in enumerate(tracks)
        }
        store(model=main_model(), version="test", embedded=vectors, now=NOW - timedelta(days=400))
    return list(Track.objects.filter(album__in=albums).select_related("artist").order_by("album__title", "pk"))


def plays(member: User, n_weeks: int, *, a_week: int = 12, until: datetime = NOW) -> None:
    """Some plays in each of the last `n_weeks` weeks, calm ones first and ever louder towards now."""
    tracks = shelf()
    monday = until.replace(hour=8) - timedelta(days=until.weekday())
    rows = []
    for back in range(n_weeks):
        begin = monday - timedelta(weeks=back)
        middle = round((len(tracks) - 1) * (1 - back / max(n_weeks, 2)) * 0.6)
        for place in range(a_week):
            track = tracks[(middle + place * 7 % 19) % len(tracks)]
            rows.append(
                ListenEvent(
                    user=member, played_at=begin + timedelta(hours=place), track=track, artist=track.artist,
                    album=track.album, ms_played=200_000, source=Source.LASTFM if place % 3 else Source.SPOTIFY,
                    msid=msid_of(track.artist.name, track.title),
                )
            )  # fmt: skip
    ListenEvent.objects.bulk_create([row for row in rows if row.played_at < until])
    counted(member, now=until)


def a_year_of(handle: str = "ana", n_weeks: int = 30, *, with_map: bool = True) -> User:
    member = listener(handle)
    plays(member, n_weeks)
    aggregate(user=member, now=NOW, everything=True)
    if with_map:
        keep_up(now=NOW, by="pca")
    return member
