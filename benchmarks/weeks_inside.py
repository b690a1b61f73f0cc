"""What of weekly taste is measured inside the site's own process; each function prints JSON."""

from __future__ import annotations

import resource
from datetime import timedelta
from statistics import median
from typing import Any

import numpy as np
from django.db import connection
from django.utils import timezone

from benchmarks.histories import plays
from benchmarks.listening_inside import member, say, timed
from catalog.bulk_naming import Heard, Names
from catalog.models import Tag, Tagging
from catalog.names import name_key
from listening.ingest import ingest
from listening.models import Listener, ListenEvent
from listening.plays import Play, msid_of
from listening.totals import recount
from taste.embeddings import main_model
from taste.models import TasteProfile, TrackEmbedding, TrackFeatures, WeeklyTaste
from taste.weeks.aggregating import aggregate

TURNS, N_TAGS, TAGS_EACH, DIMENSIONS = 3, 400, 8, 200


def fill(handle: str, n_listens: int) -> None:
    """A member with so many listens of tracks that all have features and vectors, of artists that all have tags."""
    user, names = member(handle), Names()
    history = list(plays(n_listens))
    known = names.resolve(
        Heard(*each) for each in sorted({(artist, title, album) for _, artist, title, album in history})
    )
    rows = []
    for moment, artist, title, album in history:
        ids = known[Heard(artist, title, album)]
        rows.append(
            ListenEvent(
                user=user, played_at=moment, source="spotify", msid=msid_of(artist, title), track_id=ids.track_id,
                artist_id=ids.artist_id, album_id=ids.album_id, ms_played=215_000,
            )
        )  # fmt: skip
    ListenEvent.objects.bulk_create(rows, batch_size=5_000, ignore_conflicts=True)
    recount(user=user, now=timezone.now())
    sound({ids.track_id for ids in known.values()}, {ids.artist_id for ids in known.values()})
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    say({"listens": ListenEvent.objects.count(), "tracks": TrackFeatures.objects.count()})


def sound(track_ids: set[int], artist_ids: set[int]) -> None:
    generator, now = np.random.default_rng(1), timezone.now()
    axes = ("energy", "valence", "danceability", "acousticness", "instrumentalness", "speechiness", "liveness")
    TrackFeatures.objects.bulk_create(
        (
            TrackFeatures(
                track_id=track_id, updated_at=now, tempo=120.0, loudness=-9.0, key=3, mode=1,
                confidence=dict.fromkeys([*axes, "tempo", "loudness", "key", "mode"], 0.5),
                sources=dict.fromkeys([*axes, "tempo", "loudness", "key", "mode"], "audio"),
                **dict(zip(axes, generator.random(len(axes)).tolist(), strict=True)),
            )
            for track_id in sorted(track_ids)
        ),
        batch_size=2_000,
    )  # fmt: skip
    TrackEmbedding.objects.bulk_create(
        (
            TrackEmbedding(
                track_id=track_id, model=main_model(), version="1", dimensions=DIMENSIONS, computed_at=now,
                vector=generator.standard_normal(DIMENSIONS, np.float32).tobytes(),
            )
            for track_id in sorted(track_ids)
        ),
        batch_size=2_000,
    )  # fmt: skip
    tags = Tag.objects.bulk_create(
        Tag(name=f"tag {n}", name_key=name_key(f"tag {n}"), is_genre=n % 2 == 0) for n in range(N_TAGS)
    )
    Tagging.objects.bulk_create(
        (
            Tagging(tag=tags[place], artist_id=artist_id, weight=int(generator.integers(5, 101)), source="lastfm")
            for artist_id in sorted(artist_ids)
            for place in generator.choice(N_TAGS, TAGS_EACH, replace=False)
        ),
        batch_size=5_000,
    )


def read(handle: str) -> int:
    """The floor: the columns that weeks are made of, by plain SQL."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT played_at, track_id, artist_id, album_id, ms_played FROM listening_listenevent "
            "WHERE user_id = %s AND duplicate_of_id IS NULL ORDER BY played_at",
            [member(handle).pk],
        )
        return len(cursor.fetchall())


def read_music(handle: str) -> int:
    """The same, and by plain SQL what is known of the music: features, vectors and tags."""
    n = read(handle)
    columns = "track_id, energy, valence, danceability, tempo, acousticness, instrumentalness, speechiness, confidence"
    for asked in (
        f"SELECT {columns} FROM taste_trackfeatures",
        "SELECT track_id, version, dimensions, vector FROM taste_trackembedding",
        "SELECT artist_id, tag_id, weight FROM catalog_tagging",
    ):
        with connection.cursor() as cursor:
            cursor.execute(asked)
            n += len(cursor.fetchall())
    return n


def aggregated(handle: str) -> None:
    """Seconds of the floor, of every week from nothing, of one new listen, of nothing new; and the most memory, MB."""
    user = member(handle)
    took: dict[str, list[float]] = {name: [] for name in ("floor", "music", "whole", "one", "none")}
    answer: dict[str, Any] = {}

    def run() -> None:
        answer["weeks"] = aggregate(user=user, now=timezone.now()).n_weeks

    run()
    for turn in range(TURNS):
        took["floor"].append(timed(lambda: read(handle)))
        took["music"].append(timed(lambda: read_music(handle)))
        WeeklyTaste.objects.filter(user=user).delete()
        TasteProfile.objects.filter(user=user).delete()
        took["whole"].append(timed(run))
        heard = timezone.now() - timedelta(minutes=10 * turn + 5)
        play = Play(heard.replace(microsecond=0), "Artist 00001 & Band", "Song No. 0 of 1")
        ingest(user=user, source="manual", plays=[play], now=timezone.now())
        took["one"].append(timed(run))
        took["none"].append(timed(run))
    assert Listener.objects.get(pk=user.pk).revision == TasteProfile.objects.get(pk=user.pk).weeks_revision
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    say(answer | {name: median(times) for name, times in took.items()} | {"megabytes": memory})
