"""Which rows thousands of names mean, asked with a handful of queries; nothing is written here.

The same rules as `catalog.naming`: an alias first; then rows of that key which were not merged away. Among several
artists and tracks one with a MusicBrainz id is meant, among several albums the first.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from typing import Any, NamedTuple, Protocol, TypeVar

from catalog.models import Album, Alias, Artist, Track
from catalog.names import name_key, tidy, title_key
from sidetrack.bulk.given import NUMBER, TEXT
from sidetrack.bulk.rows import matching

Item = TypeVar("Item")
_name_key, _title_key = lru_cache(maxsize=20_000)(name_key), lru_cache(maxsize=20_000)(title_key)
Keys = tuple[str, str]  # the artist's and the title's

N_KEYS = 2_000  # in one query: SQLite takes 32,766 values
ARTIST_KEY = {"name_key": TEXT}
ALIAS_KEY = {"kind": TEXT, "artist_key": TEXT}
TITLE_KEY = {"artist_id": NUMBER, "title_key": TEXT}


class Names(Protocol):
    """Artist, title, album and the album's artist as a source wrote them."""

    @property
    def artist(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def album(self) -> str: ...
    @property
    def album_artist(self) -> str: ...


class Asked(NamedTuple):
    """Names made fit for showing, with their keys; `maker` is the album's artist, "" without an album."""

    artist: str
    title: str
    album: str
    maker: str
    artist_key: str
    title_key: str
    album_key: str
    maker_key: str


class Row(NamedTuple):
    """What has to be known of a track or an album to answer with it; of an artist too, who is its own artist."""

    id: int
    artist_id: int
    is_demo: bool


@dataclass
class Found:
    """What is there: artists by key, tracks and albums by both keys."""

    artists: dict[str, Row] = field(default_factory=dict)
    tracks: dict[Keys, Row] = field(default_factory=dict)
    albums: dict[Keys, Row] = field(default_factory=dict)


def asked(heard: Names) -> Asked | None:
    """The names with their keys; None where the artist or the title is blank."""
    artist, title = tidy(heard.artist)[:300], tidy(heard.title)[:500]
    if not artist or not title:
        return None
    artist_key, album = _name_key(artist), tidy(heard.album)[:500]
    if not album:
        return Asked(artist, title, "", "", artist_key, title_key(title), "", "")
    maker = tidy(heard.album_artist)[:300] or artist
    maker_key = artist_key if maker == artist else _name_key(maker)
    return Asked(artist, title, album, maker, artist_key, title_key(title), _title_key(album), maker_key)


def look(wanted: Iterable[Asked]) -> Found:
    """The rows that these names mean, as far as there are any."""
    names = list(wanted)
    tracks = {(each.artist_key, each.title_key) for each in names}
    albums = {(each.maker_key, each.album_key) for each in names if each.album_key}
    makers = _Makers({key for key, _ in tracks | albums})
    found = Found(artists=makers.meant)
    found.tracks = _titled(Track, tracks, makers, ("recording_mbid", "album_id"), _track_order)
    found.albums = _titled(Album, albums, makers, (), lambda row: row[:1])
    return found


def _track_order(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """One with a recording, else one that stands on no album, else the first."""
    pk, mbid, album_id = row[0], row[5], row[6]
    return (mbid is None, album_id is not None, pk)


class _Makers:
    """The artists of some keys, and the aliases under these keys, whatever they stand for."""

    def __init__(self, keys: Collection[str]) -> None:
        self.meant: dict[str, Row] = {}
        self.ids: dict[str, set[int]] = {key: set() for key in keys}
        self.tracks: dict[Keys, int] = {}
        self.albums: dict[Keys, int] = {}
        best: dict[str, tuple[bool, int]] = {}
        columns = ("id", "name_key", "mbid", "is_demo", "merged_into_id")
        for pk, key, mbid, is_demo, merged in matching(Artist, ARTIST_KEY, [(key,) for key in keys], columns):
            self.ids[key].add(pk)
            order = (mbid is None, pk)
            if merged is None and (key not in best or order < best[key]):
                best[key] = order
                self.meant[key] = Row(pk, pk, bool(is_demo))
        self._read_aliases(keys)

    def _read_aliases(self, keys: Collection[str]) -> None:
        artists: dict[str, int] = {}
        columns = ("kind", "artist_key", "title_key", "artist_id", "album_id", "track_id")
        wanted = [(kind, key) for kind in Alias.Kind.values for key in keys]
        for kind, key, title, artist_id, album_id, track_id in matching(Alias, ALIAS_KEY, wanted, columns):
            if kind == Alias.Kind.ARTIST and not title:
                artists[key] = artist_id
                self.ids[key].add(artist_id)
            elif kind == Alias.Kind.TRACK:
                self.tracks[key, title] = track_id
            elif kind == Alias.Kind.ALBUM:
                self.albums[key, title] = album_id
        rows = standing(Artist, set(artists.values()))
        for key, artist_id in artists.items():
            self.meant[key] = rows[artist_id]
            self.ids[key].add(rows[artist_id].id)


def _titled(
    model: type[Track | Album], wanted: Collection[Keys], makers: _Makers, more: tuple[str, ...], order: Any
) -> dict[Keys, Row]:
    """The track or album of each pair of keys: the alias's, else the first in `order` among those of its artists."""
    aliases = makers.tracks if model is Track else makers.albums
    meant = {keys: aliases[keys] for keys in wanted if keys in aliases}
    rows = standing(model, set(meant.values()))
    found = {keys: rows[pk] for keys, pk in meant.items()}
    pairs: dict[tuple[int, str], list[Keys]] = {}
    for keys in wanted:
        if keys not in found:
            for artist_id in makers.ids[keys[0]]:
                pairs.setdefault((artist_id, keys[1]), []).append(keys)
    best: dict[Keys, tuple[Any, ...]] = {}
    columns = ("id", "artist_id", "title_key", "is_demo", "merged_into_id", *more)
    for row in matching(model, TITLE_KEY, list(pairs), columns):
        if row[4] is not None:
            continue
        for keys in pairs[row[1], row[2]]:
            place = order(row)
            if keys not in best or place < best[keys]:
                best[keys] = place
                found[keys] = Row(row[0], row[1], bool(row[3]))
    return found


def standing(model: type[Artist | Album | Track], ids: Collection[int]) -> dict[int, Row]:
    """By id the row itself, or the one that it was merged into."""
    artist = "pk" if model is Artist else "artist_id"
    rows: dict[int, tuple[Row, int | None]] = {}
    unread = set(ids)
    while unread:
        read: set[int] = set()
        for part in parts(unread, N_KEYS):
            fields = ("pk", artist, "is_demo", "merged_into_id")
            for pk, artist_id, is_demo, merged in model._default_manager.filter(pk__in=part).values_list(*fields):
                rows[pk] = (Row(pk, artist_id, is_demo), merged)
                if merged is not None and merged not in rows:
                    read.add(merged)
        unread = read - rows.keys()
    answers: dict[int, Row] = {}
    for pk in ids:
        row, merged = rows[pk]
        while merged is not None:
            row, merged = rows[merged]
        answers[pk] = row
    return answers


def parts(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    """The items in lists of at most `size`."""
    rest = iter(items)
    while part := list(islice(rest, size)):
        yield part
