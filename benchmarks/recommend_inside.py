"""What of matching and recommending is measured inside the site's own process; each function prints JSON."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from django.db import connection
from django.utils import timezone

from benchmarks.listening_inside import say
from catalog.models import Album, Artist, Tag, Tagging
from listening.models import AlbumTotal, ArtistTotal, Listener
from social.models import User
from taste.matching import compatibility, nearest
from taste.matching.everybody import rows_of_scores
from taste.matching.tastes import rarities, scales, tastes_of
from taste.models import Compatibility, TasteProfile, UserRecommendation
from taste.recommending import finding, renewing, shelf

N_GROUPS, ALBUMS_EACH, ALBUMS_OF_ARTIST, N_TAGS, A_WRITE = 25, 400, 4, 300, 5_000


def fill(n_members: int, n_albums: int) -> None:
    """Members in groups of taste who play some 400 albums each, most of them of their group's part of the catalogue."""
    chance, now = np.random.default_rng(1), timezone.now()
    users = User.objects.bulk_create([User(handle=f"ears{n}") for n in range(n_members)], batch_size=A_WRITE)
    Listener.objects.bulk_create([Listener(user=user, n_listens=4_000) for user in users], batch_size=A_WRITE)
    artists = Artist.objects.bulk_create(
        [Artist(name=f"Artist {n}", name_key=f"artist {n}", slug=f"artist-{n}") for n in range(n_albums // 4)],
        batch_size=A_WRITE,
    )
    albums = Album.objects.bulk_create(
        [
            Album(title=f"Album {n}", title_key=f"album {n}", slug=f"album-{n}", artist=artists[n // ALBUMS_OF_ARTIST])
            for n in range(n_albums)
        ],
        batch_size=A_WRITE,
    )
    tags = Tag.objects.bulk_create(
        [Tag(name=f"genre {n}", name_key=f"genre {n}", is_genre=True) for n in range(N_TAGS)]
    )
    near = N_TAGS // N_GROUPS
    Tagging.objects.bulk_create(
        (
            Tagging(tag=tags[int(tag)], artist=artist, weight=50, source="bench")
            for n, artist in enumerate(artists)
            for tag in {n * N_GROUPS // len(artists) * near + each for each in chance.integers(0, near, 3)}
        ),
        batch_size=A_WRITE,
    )
    of_group = n_albums // N_GROUPS
    for n, user in enumerate(users):
        at_home = (n % N_GROUPS) * of_group + (chance.beta(0.6, 2.0, ALBUMS_EACH) * of_group).astype(int)
        abroad = (chance.beta(0.5, 3.0, ALBUMS_EACH // 4) * n_albums).astype(int)
        chosen = np.unique(np.concatenate([at_home, abroad]))
        plays = np.maximum(chance.pareto(1.2, len(chosen)) * 5, 1).astype(int).clip(1, 2_000)
        AlbumTotal.objects.bulk_create(
            AlbumTotal(user=user, album=albums[int(place)], n_listens=int(played), first_at=now, last_at=now)
            for place, played in zip(chosen, plays, strict=True)
        )
        by_artist: dict[int, int] = {}
        for place, played in zip(chosen, plays, strict=True):
            by_artist[int(place) // 4] = by_artist.get(int(place) // 4, 0) + int(played)
        ArtistTotal.objects.bulk_create(
            ArtistTotal(user=user, artist=artists[place], n_listens=played, first_at=now, last_at=now)
            for place, played in by_artist.items()
        )
    shares = chance.dirichlet(np.ones(12), n_members)
    TasteProfile.objects.bulk_create(
        (
            TasteProfile(
                user=user, last_computed_at=now, n_listens=4_000,
                genre_histogram={f"genre {n % N_GROUPS * near + at}": float(each) for at, each in enumerate(shares[n])},
                feature_means={
                    axis: {"mean": float(mean), "sd": 0.2, "n": 900}
                    for axis, mean in zip(
                        ("energy", "valence", "danceability", "acousticness", "instrumentalness"),
                        chance.normal(0.5, 0.15, 5).clip(0, 1), strict=True,
                    )
                },
            )
            for n, user in enumerate(users)
        ),
        batch_size=A_WRITE,
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    say({"totals": AlbumTotal.objects.count()})


def took(label: str, work: Callable[[], Any]) -> tuple[Any, tuple[str, float, float]]:
    began = time.perf_counter()
    found = work()
    seconds = time.perf_counter() - began
    return found, (label, seconds, memory_peak())


def memory_peak() -> float:
    """MB. getrusage would tell the peak of the process that started this one, where that was higher."""
    status = Path("/proc/self/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) / 1024


def matches() -> None:
    now = timezone.now()
    ids = list(User.objects.order_by("pk").values_list("pk", flat=True))
    tastes, reading = took("matching: tastes read", lambda: list(tastes_of(ids).values()))
    weights = rarities({artist for each in tastes for artist in each.artists})
    _, scoring = took(
        "matching: all pairs scored", lambda: [row.max() for row in rows_of_scores(tastes, weights, scales())]
    )
    _, whole = took("matching: the whole night, 50 nearest of each kept", lambda: nearest.renew(now=now))
    say([reading, scoring, whole])


def one_match() -> None:
    users = list(User.objects.order_by("pk")[:40])
    Compatibility.objects.all().delete()
    now = timezone.now()
    pairs = list(zip(users[::2], users[1::2], strict=True))
    _, (_, fresh, _) = took("", lambda: [compatibility(a, b, now=now) for a, b in pairs])
    _, (_, kept, _) = took("", lambda: [compatibility(a, b, now=now) for a, b in pairs])
    say([("one pair, computed", fresh / len(pairs), 0), ("one pair, kept", kept / len(pairs), 0)])


def recommendations() -> None:
    from threadpoolctl import threadpool_limits

    now = timezone.now()
    with threadpool_limits(1):
        read, reading = took("recommending: plays and albums read", shelf.read)
        _, learning = took("recommending: neighbours, factors, tags learned", lambda: finding.learn(read))
    _, whole = took("recommending: the whole night, 50 albums each with reasons", lambda: renewing.renew(now=now))
    assert UserRecommendation.objects.exists()
    say([reading, learning, whole])
