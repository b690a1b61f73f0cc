"""MusicBrainz's answers as plain records, in every shape it has used: pure, and forgiving about what is missing.

Known differences: older answers spell keys with underscores (`first_release_date`), name search lists in the singular
(`artist`, `recording`), give scores and lengths as strings, credits without a name of their own and tracks without a
position. Any field may be null. An entry without id or name is left out of a list.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any, TypeVar
from uuid import UUID

Record = TypeVar("Record")


@dataclass(frozen=True)
class CreditedArtist:
    mbid: UUID | None
    name: str
    sort_name: str
    country: str
    credited_as: str
    join: str
    aliases: tuple[str, ...]


@dataclass(frozen=True)
class Credit:
    """Who made something, as printed: “Jay‐Z / Linkin Park”."""

    artists: tuple[CreditedArtist, ...]

    @property
    def text(self) -> str:
        return "".join(each.credited_as + each.join for each in self.artists).strip()


@dataclass(frozen=True)
class ArtistRecord:
    mbid: UUID
    name: str
    sort_name: str
    country: str
    score: int
    disambiguation: str


@dataclass(frozen=True)
class ReleaseGroupRecord:
    mbid: UUID
    title: str
    credit: Credit
    first_release_date: str
    primary_type: str
    secondary_types: tuple[str, ...]
    score: int
    disambiguation: str

    @property
    def year(self) -> int | None:
        return year_of(self.first_release_date)


@dataclass(frozen=True)
class TrackRecord:
    disc: int
    position: int
    title: str
    length_ms: int | None
    recording_mbid: UUID | None
    credit: Credit


@dataclass(frozen=True)
class ReleaseRecord:
    mbid: UUID
    title: str
    status: str
    date: str
    country: str
    label: str
    tracks: tuple[TrackRecord, ...]
    n_tracks: int
    release_group: ReleaseGroupRecord | None


@dataclass(frozen=True)
class RecordingRecord:
    mbid: UUID
    title: str
    length_ms: int | None
    credit: Credit
    score: int
    releases: tuple[ReleaseRecord, ...]


@dataclass(frozen=True)
class ReleasePage:
    releases: tuple[ReleaseRecord, ...]
    n_given: int
    n_all: int


def dashed(value: Any) -> Any:
    """Keys with dashes all the way down, as today's answers have them."""
    if isinstance(value, dict):
        return {str(key).replace("_", "-"): dashed(each) for key, each in value.items()}
    if isinstance(value, list):
        return [dashed(each) for each in value]
    return value


def year_of(date: str) -> int | None:
    """1997 from “1997-05-21”; None where the year is not known (“????-05”)."""
    return int(date[:4]) if date[:4].isdigit() and len(date) >= 4 and int(date[:4]) > 0 else None


def read_artist(body: Any) -> ArtistRecord | None:
    data = _dict(dashed(body))
    mbid, name = _mbid(data), _text(data, "name")
    if mbid is None or not name:
        return None
    country = _text(data, "country") or _area_code(_dict(data.get("area")))
    return ArtistRecord(
        mbid=mbid,
        name=name,
        sort_name=_text(data, "sort-name"),
        country=country[:2],
        score=_int(data.get("score")) or 0,
        disambiguation=_text(data, "disambiguation"),
    )


def read_artists(body: Any) -> tuple[ArtistRecord, ...]:
    return _read_all(_list(dashed(body), "artists", "artist"), read_artist)


def read_release_group(body: Any) -> ReleaseGroupRecord | None:
    data = _dict(dashed(body))
    mbid, title = _mbid(data), _text(data, "title")
    if mbid is None or not title:
        return None
    secondary = data.get("secondary-types")
    return ReleaseGroupRecord(
        mbid=mbid,
        title=title,
        credit=_credit(data),
        first_release_date=_date(data.get("first-release-date")),
        primary_type=_text(data, "primary-type") or _text(data, "type"),
        secondary_types=tuple(str(each) for each in secondary if each) if isinstance(secondary, list) else (),
        score=_int(data.get("score")) or 0,
        disambiguation=_text(data, "disambiguation"),
    )


def read_release_groups(body: Any) -> tuple[ReleaseGroupRecord, ...]:
    return _read_all(_list(dashed(body), "release-groups", "release-group"), read_release_group)


def read_release(body: Any) -> ReleaseRecord | None:
    data = _dict(dashed(body))
    mbid, title = _mbid(data), _text(data, "title")
    if mbid is None or not title:
        return None
    media = [_dict(each) for each in _list(data, "media", "medium")]
    tracks = tuple(track for index, medium in enumerate(media) for track in _tracks(medium, index + 1))
    counts = [_int(medium.get("track-count")) for medium in media]
    labels = [_text(_dict(_dict(each).get("label")), "name") for each in _list(data, "label-info")]
    return ReleaseRecord(
        mbid=mbid,
        title=title,
        status=_text(data, "status"),
        date=_date(data.get("date")),
        country=_text(data, "country")[:2],
        label=" / ".join(dict.fromkeys(label for label in labels if label)),
        tracks=tracks,
        n_tracks=sum(count for count in counts if count) or _int(data.get("track-count")) or len(tracks),
        release_group=read_release_group(data.get("release-group")),
    )


def read_releases(body: Any) -> ReleasePage:
    data = _dict(dashed(body))
    given = _list(data, "releases", "release")
    n_all = _int(data.get("release-count")) or _int(data.get("count")) or len(given)
    return ReleasePage(_read_all(given, read_release), n_given=len(given), n_all=n_all)


def read_recording(body: Any) -> RecordingRecord | None:
    data = _dict(dashed(body))
    mbid, title = _mbid(data), _text(data, "title")
    if mbid is None or not title:
        return None
    return RecordingRecord(
        mbid=mbid,
        title=title,
        length_ms=_int(data.get("length")),
        credit=_credit(data),
        score=_int(data.get("score")) or 0,
        releases=_read_all(_list(data, "releases", "release"), read_release),
    )


def read_recordings(body: Any) -> tuple[RecordingRecord, ...]:
    return _read_all(_list(dashed(body), "recordings", "recording"), read_recording)


def _tracks(medium: dict[str, Any], fallback_disc: int) -> Iterable[TrackRecord]:
    """The lines of one disc, a hidden track before the first one as position 0; data tracks are no music."""
    disc = _int(medium.get("position")) or fallback_disc
    offset = _int(medium.get("track-offset")) or 0
    listed = [(_dict(each), offset + index + 1) for index, each in enumerate(_list(medium, "tracks", "track"))]
    if medium.get("pregap"):
        listed.insert(0, (_dict(medium["pregap"]), 0))
    for data, counted in listed:
        recording = _dict(data.get("recording"))
        title = _text(data, "title") or _text(recording, "title")
        if not title:
            continue
        position = _int(data.get("position"))
        credit = _credit(data)
        yield TrackRecord(
            disc=disc,
            position=counted if position is None else position,
            title=title,
            length_ms=_int(data.get("length")) or _int(recording.get("length")),
            recording_mbid=_mbid(recording),
            credit=credit if credit.artists else _credit(recording),
        )


def _credit(data: dict[str, Any]) -> Credit:
    artists: list[CreditedArtist] = []
    for each in _list(data, "artist-credit"):
        if isinstance(each, str):  # the very old shape: join phrases stand between the artists
            if artists:
                artists[-1] = replace(artists[-1], join=each)
            continue
        entry = _dict(each)
        artist = _dict(entry.get("artist"))
        name = _text(artist, "name") or _text(entry, "name")
        if not name:
            continue
        aliases = [_text(_dict(alias), "name") for alias in _list(artist, "aliases")]
        artists.append(
            CreditedArtist(
                mbid=_mbid(artist),
                name=name,
                sort_name=_text(artist, "sort-name"),
                country=_text(artist, "country")[:2],
                credited_as=_text(entry, "name") or name,
                join=str(entry.get("joinphrase") or ""),
                aliases=tuple(alias for alias in aliases if alias),
            )
        )
    return Credit(tuple(artists))


def _read_all(entries: list[Any], read: Callable[[Any], Record | None]) -> tuple[Record, ...]:
    return tuple(record for entry in entries if (record := read(entry)) is not None)


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(data: Any, *names: str) -> list[Any]:
    for name in names:
        if isinstance(data, dict) and isinstance(data.get(name), list):
            return list(data[name])
    return []


def _text(data: dict[str, Any], name: str) -> str:
    value = data.get(name)
    return value.strip() if isinstance(value, str) else ""


def _int(value: Any) -> int | None:
    """A whole number that may be written as a string; anything negative or else is none."""
    try:
        number = int(value)
    except (TypeError, ValueError):
        return None
    return number if number >= 0 else None


def _mbid(data: dict[str, Any]) -> UUID | None:
    try:
        return UUID(_text(data, "id"))
    except ValueError:
        return None


def _date(value: Any) -> str:
    """1997, 1997-05 or 1997-05-21; "" for anything without a year."""
    text = value.strip() if isinstance(value, str) else ""
    return text[:10] if year_of(text) else ""


def _area_code(area: dict[str, Any]) -> str:
    codes = [str(code) for code in _list(area, "iso-3166-1-codes") if code]
    return codes[0] if codes else ""
