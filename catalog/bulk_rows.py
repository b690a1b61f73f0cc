"""Which rows thousands of names mean, asked with a handful of queries; nothing is written here.

The same rules as `catalog.naming`: an alias first; then rows of that key which were not merged away. Among several
artists and tracks one with a MusicBrainz id is meant, among several albums the first.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, NamedTuple, Protocol, TypeVar

from catalog.models import Album, Alias, Artist, Track
from catalog.names import name_key, tidy, title_key

Item = TypeVar("Item")
Keys = tuple[str, str]  # the artist's and the title's

N_KEYS = 2_000  # in one query: SQLite takes 32,766 values
N_PROBES = 4_000  # looks into an index that one query may cost


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


@dataclass(frozen=True, slots=True)
class Asked:
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
    artist_key, album = name_key(artist), tidy(heard.album)[:500]
    if not album:
        return Asked(artist, title, "", "", artist_key, title_key(title), "", "")
    maker = tidy(heard.album_artist)[:300] or artist
    maker_key = artist_key if maker == artist else name_key(maker)
    return Asked(artist, title, album, maker, artist_key, title_key(title), title_key(album), maker_key)


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


def artists_of(keys: Collection[str]) -> dict[str, Row]:
    """The artists that these keys mean."""
    return _Makers(keys).meant


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
        fields = ("pk", "name_key", "mbid", "is_demo", "merged_into_id")
        for part in parts(keys, N_KEYS):
            for pk, key, mbid, is_demo, merged in Artist.objects.filter(name_key__in=part).values_list(*fields):
                self.ids[key].add(pk)
                order = (mbid is None, pk)
                if merged is None and (key not in best or order < best[key]):
                    best[key] = order
                    self.meant[key] = Row(pk, pk, is_demo)
        self._read_aliases(keys)

    def _read_aliases(self, keys: Collection[str]) -> None:
        artists: dict[str, int] = {}
        fields = ("kind", "artist_key", "title_key", "artist_id", "album_id", "track_id")
        for part in parts(keys, N_KEYS):
            aliases = Alias.objects.filter(kind__in=Alias.Kind.values, artist_key__in=part)
            for kind, key, title, artist_id, album_id, track_id in aliases.values_list(*fields):
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
    columns = ("pk", "artist_id", "title_key", "is_demo", "merged_into_id", *more)
    for artists, titles in _blocks(pairs):
        # Merged rows are passed over here: asked for in SQL, SQLite would walk the index of `merged_into` instead.
        rows_of = model._default_manager.filter(artist_id__in=artists, title_key__in=titles).order_by()
        for row in rows_of.values_list(*columns):
            if row[4] is not None:
                continue
            for keys in pairs.get((row[1], row[2]), ()):
                place = order(row)
                if keys not in best or place < best[keys]:
                    best[keys] = place
                    found[keys] = Row(row[0], row[1], row[3])
    return found


def _blocks(pairs: Iterable[tuple[int, str]]) -> Iterator[tuple[list[int], set[str]]]:
    """The pairs as blocks of artists and titles, each crossed with each: the database looks once for each crossing.

    Artists with many titles come first, so that a block has either few artists or few titles. To ask for each pair by
    itself takes Django ten times as long as the looking.
    """
    titles_of: dict[int, list[str]] = {}
    for artist_id, title in pairs:
        titles_of.setdefault(artist_id, []).append(title)
    artists: list[int] = []
    titles: set[str] = set()
    for artist_id in sorted(titles_of, key=lambda each: (-len(titles_of[each]), each)):
        for part in parts(titles_of[artist_id], N_PROBES):
            if artists and (len(artists) + 1) * (len(titles) + len(part)) > N_PROBES:
                yield artists, titles
                artists, titles = [], set()
            artists.append(artist_id)
            titles.update(part)
    if artists:
        yield artists, titles


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
