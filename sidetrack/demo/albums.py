"""The albums of the demo, as facts: read from albums.csv, tracks.txt and families.toml. Pure."""

from __future__ import annotations

import csv
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class DemoAlbum:
    """voice: sung, rapped or none. tracks: the whole list in order where `is_whole`, else a few titles of it."""

    title: str
    artist: str
    year: int
    genre: str
    country: str
    voice: str
    family: str
    tracks: tuple[str, ...]
    is_whole: bool

    @property
    def decade(self) -> str:
        return f"{self.year // 10 * 10}s"

    @property
    def name(self) -> str:
        return f"{self.artist} — {self.title}"


@lru_cache(maxsize=1)
def families() -> dict[str, str]:
    """The family of each genre."""
    groups = tomllib.loads((HERE / "families.toml").read_text(encoding="utf-8"))
    return {genre: family for family, genres in groups.items() for genre in genres}


@lru_cache(maxsize=1)
def demo_albums() -> tuple[DemoAlbum, ...]:
    """All of them, oldest first."""
    tracks, whole = _tracks()
    with (HERE / "albums.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    albums = []
    for row in rows:
        name = f"{row['artist']} — {row['title']}"
        albums.append(
            DemoAlbum(
                title=row["title"],
                artist=row["artist"],
                year=int(row["year"]),
                genre=row["genre"],
                country=row["country"],
                voice=row["voice"],
                family=families()[row["genre"]],
                tracks=tuple(tracks.get(name, ())),
                is_whole=name in whole,
            )
        )
    if strangers := set(tracks) - {album.name for album in albums}:
        raise ValueError(f"tracks.txt names albums that albums.csv does not: {', '.join(sorted(strangers))}")
    return tuple(albums)


def _tracks() -> tuple[dict[str, list[str]], set[str]]:
    """Titles by album, and the albums of which every title is there."""
    titles: dict[str, list[str]] = {}
    whole: set[str] = set()
    here: list[str] = []
    for line in (HERE / "tracks.txt").read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        if line.startswith(("= ", "~ ")):
            name = line[2:]
            here = titles.setdefault(name, [])
            if line.startswith("="):
                whole.add(name)
        else:
            here.append(line)
    return titles, whole
