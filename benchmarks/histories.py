"""Invented listening histories: Zipf over 20,000 artists, three titles each, as Spotify's extended export has them."""

from __future__ import annotations

import bisect
import json
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

N_ARTISTS, N_TITLES = 20_000, 3
SPAN = timedelta(days=365 * 19)
BEGINS = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0) - SPAN
LENGTH_MS = 215_000

Played = tuple[datetime, str, str, str]


def plays(n: int, *, seed: int = 7) -> Iterator[Played]:
    """Start, artist, title and album of `n` plays, spread over the last 19 years in irregular sittings, in order."""
    chance = random.Random(seed)
    weights = list(accumulate(1 / rank for rank in range(1, N_ARTISTS + 1)))
    times = list(accumulate(chance.choice((1, 1, 1, 1, 1, 1, 1, 1, 1, 41)) for _ in range(n)))
    for time in times:
        moment = BEGINS + SPAN * (time / times[-1])
        artist = bisect.bisect(weights, chance.random() * weights[-1])
        title = chance.randrange(N_TITLES)
        yield (
            moment.replace(microsecond=0),
            f"Artist {artist:05} & Band",
            f"Song No. {title} of {artist}",
            f"Album {artist}",
        )


def write_package(folder: Path, n: int, *, parts: int) -> Path:
    """The history as the service sends it: one zip with so many files, each a later piece."""
    rows, package = plays(n), folder / "my_spotify_data.zip"
    with ZipFile(package, "w", ZIP_DEFLATED) as zipped:
        for part in range(parts):
            with zipped.open(f"Spotify Extended Streaming History/Streaming_History_Audio_{part}.json", "w") as file:
                file.write(b"[")
                for place in range(n // parts):
                    file.write(b"," * bool(place) + json.dumps(exported(next(rows))).encode())
                file.write(b"]")
    return package


def exported(play: Played) -> dict[str, Any]:
    """One line of the export; its time is the end of the play."""
    moment, artist, title, album = play
    return {
        "ts": f"{moment + timedelta(milliseconds=LENGTH_MS):%Y-%m-%dT%H:%M:%SZ}",
        "platform": "linux", "ms_played": LENGTH_MS, "conn_country": "DE", "ip_addr": "192.0.2.1",
        "master_metadata_track_name": title, "master_metadata_album_artist_name": artist,
        "master_metadata_album_album_name": album, "spotify_track_uri": None, "episode_name": None,
        "episode_show_name": None, "spotify_episode_uri": None, "reason_start": "trackdone",
        "reason_end": "trackdone", "shuffle": False, "skipped": False, "offline": False,
        "offline_timestamp": None, "incognito_mode": False,
    }  # fmt: skip


def submitted(play: Played) -> dict[str, Any]:
    """The same as a scrobbler sends it."""
    moment, artist, title, album = play
    names = {"artist_name": artist, "track_name": title, "release_name": album}
    return {"listened_at": int(moment.timestamp()), "track_metadata": names}
