"""What MusicBrainz told about an album becomes rows, all of them or none; the same told again changes nothing."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, models, transaction

from catalog.adding import UNKNOWN_ARTIST
from catalog.clients.musicbrainz_records import Credit, CreditedArtist, ReleaseGroupRecord, ReleaseRecord, TrackRecord
from catalog.merging import MergeRefused, merge_albums
from catalog.models import Album, AlbumTrack, Alias, Artist, Track
from catalog.models.resolution import Resolution
from catalog.names import name_key, tidy, title_key
from catalog.naming import free_slug, get_or_create_artist, standing
from catalog.recordings import remember_meaning
from sidetrack import slots

logger = logging.getLogger(__name__)

N_ATTEMPTS = 3


@dataclass(frozen=True)
class Gathered:
    """One album as MusicBrainz has it."""

    record: ReleaseGroupRecord
    confidence: float
    release: ReleaseRecord | None
    artist_country: str


@dataclass(frozen=True)
class Stored:
    album: Album
    has_changed: bool


def store(*, album: Album, gathered: Gathered, now: datetime, is_by_hand: bool = False) -> Stored | None:
    """Write it down; None when the album stands already under another row that a rule keeps apart from this one.

    Another process may store the same artist or recording meanwhile: the constraint tells, and the next try finds it.
    """
    for attempt in range(N_ATTEMPTS):
        try:
            return _store(album, gathered, now, is_by_hand=is_by_hand)
        except IntegrityError:
            if attempt == N_ATTEMPTS - 1:
                raise
    raise AssertionError("unreachable")


def _store(album: Album, gathered: Gathered, now: datetime, *, is_by_hand: bool) -> Stored | None:
    with transaction.atomic():
        album = Album.objects.select_for_update(of=("self",)).select_related("artist").get(pk=album.pk)
        twin = Album.objects.filter(release_group_mbid=gathered.record.mbid).exclude(pk=album.pk).first()
        if twin is not None:
            twin = standing(twin)
            if twin.pk != album.pk:
                try:
                    merge_albums(keep=twin, drop=album, moderator=None, reason="One MusicBrainz release group", now=now)
                except MergeRefused as refusal:
                    logger.warning("Albums %s and %s are the same but stay apart: %s", twin.pk, album.pk, refusal)
                    return None
                return Stored(twin, has_changed=True)
        is_first = album.resolution not in {Resolution.MATCHED, Resolution.MANUAL}
        has_changed = _store_album(album, gathered, is_first=is_first or is_by_hand, is_by_hand=is_by_hand)
        if gathered.release is not None:
            has_changed |= _store_tracks(album, gathered.release.tracks)
        if has_changed:
            list(slots.call("catalog:changed"))
        if not album.cover_300:
            transaction.on_commit(lambda: _fetch_cover_later(album.pk))
        return Stored(album, has_changed)


def _fetch_cover_later(album_id: int) -> None:
    from django_q.tasks import async_task

    async_task("catalog.tasks.cover", album_id)


def _store_album(album: Album, gathered: Gathered, *, is_first: bool, is_by_hand: bool) -> bool:
    """The album's own facts. Its title and artist follow MusicBrainz at the first match only: moderators may edit."""
    record, release = gathered.record, gathered.release
    old_keys = (album.artist.name_key, album.title_key)
    was_nameless = album.artist.name == UNKNOWN_ARTIST
    old_artist = album.artist
    values: dict[str, Any] = {
        "release_group_mbid": record.mbid,
        "first_release_date": record.first_release_date or album.first_release_date,
        "release_year": record.year or album.release_year,
        "primary_type": record.primary_type[:32],
        "next_try_at": None,
        "n_tries": 0,
        "match_quality": round(min(gathered.confidence, 1.0), 4),
        "resolution": Resolution.MANUAL if is_by_hand else album.resolution,
    }
    if is_first:
        title = tidy(record.title)[:500]
        values |= {"title": title, "title_key": title_key(title)}
        values["resolution"] = Resolution.MANUAL if is_by_hand else Resolution.MATCHED
        if record.credit.artists:
            artist = _artist_of(record.credit.artists[0], country=gathered.artist_country, is_demo=album.is_demo)
            credit = tidy(record.credit.text)[:500]
            values |= {"artist": artist, "artist_credit": credit if credit != artist.name else ""}
            if was_nameless:
                values["slug"] = free_slug(Album, f"{artist.name} {title}", f"{artist.name} {title} {record.year}")
    if release is not None:
        values |= {"country": release.country, "label": release.label[:200]}
        if not Album.objects.filter(release_mbid=release.mbid).exclude(pk=album.pk).exists():
            values["release_mbid"] = release.mbid
    has_changed = _write(album, values)
    if is_first and not was_nameless and (album.artist.name_key, album.title_key) != old_keys:
        _remember(old_keys, album)
    if is_first and old_artist != album.artist:
        _forget_if_unused(old_artist)
    return has_changed


def _write(row: models.Model, values: dict[str, Any]) -> bool:
    """Save what differs; whether anything did. Book-keeping of tries is no change that a reader could see."""
    changed = {name: value for name, value in values.items() if getattr(row, name) != value}
    if changed:
        for name, value in changed.items():
            setattr(row, name, value)
        row.save(update_fields=[*changed, "updated_at"])
    return bool(changed.keys() - {"next_try_at", "n_tries"})


def _remember(keys: tuple[str, str], album: Album) -> None:
    """The name that somebody typed means this album from now on."""
    artist_key, key = keys
    Alias.objects.get_or_create(
        kind=Alias.Kind.ALBUM,
        artist_key=artist_key,
        title_key=key,
        defaults={"album": album, "source": "musicbrainz"},
    )


def _forget_if_unused(artist: Artist) -> None:
    """A misspelt artist that nothing refers to any more needs no page."""
    if artist.mbid is None and not any(
        relation.related_model._base_manager.filter(**{relation.field.name: artist}).exists()
        for relation in artist._meta.related_objects
        if relation.related_model is not None
    ):
        artist.delete()


def _artist_of(credited: CreditedArtist, *, country: str = "", is_demo: bool = False) -> Artist:
    artist, _ = get_or_create_artist(name=credited.name, mbid=credited.mbid, is_demo=is_demo)
    values: dict[str, Any] = {}
    if credited.sort_name and not artist.sort_name:
        values["sort_name"] = tidy(credited.sort_name)[:300]
    if (country or credited.country) and not artist.country:
        values["country"] = (country or credited.country)[:2]
    if artist.mbid == credited.mbid and artist.name_key == name_key(credited.name):
        values["name"] = tidy(credited.name)[:300]  # its accents and capitals
    _write(artist, values)
    return artist


def _store_tracks(album: Album, records: Iterable[TrackRecord]) -> bool:
    """The track list, line by line: known recordings are found again, names without an id get theirs."""
    records = _one_per_place(records)
    tracks = _Tracks(album, records)
    wanted = [(record.disc, record.position, tracks.for_record(record).pk) for record in records]
    held = list(album.lines.order_by("disc", "position").values_list("disc", "position", "track_id"))
    if wanted and wanted != held:
        album.lines.all().delete()
        AlbumTrack.objects.bulk_create(
            AlbumTrack(album=album, disc=disc, position=position, track_id=track_id)
            for disc, position, track_id in wanted
        )
        list(slots.call("catalog:track_list_changed", album.pk, [track_id for _, _, track_id in wanted]))
        return True
    return tracks.has_changed


def _one_per_place(records: Iterable[TrackRecord]) -> list[TrackRecord]:
    """In playing order, the first of two that claim one place."""
    places: dict[tuple[int, int], TrackRecord] = {}
    for record in records:
        places.setdefault((record.disc, record.position), record)
    return [places[place] for place in sorted(places)]


def _of_other_albums(album: Album, track_ids: list[int]) -> set[int]:
    """Of these names those that upper apps know from other albums alone: a song's stage version is another recording.

    slots.register("catalog:of_other_albums", heard_elsewhere)     # (album, track ids) -> ids
    """
    found: set[int] = set()
    if track_ids:
        for ids in slots.call("catalog:of_other_albums", album, track_ids):
            found |= ids
    return found


class _Tracks:
    """The Track rows of one track list, found with two queries and made where new."""

    def __init__(self, album: Album, records: list[TrackRecord]) -> None:
        self.album = album
        self.has_changed = False
        self.artists: dict[tuple[UUID | None, str], Artist] = {}
        mbids = [record.recording_mbid for record in records if record.recording_mbid]
        known = Track.objects.current().select_related("artist").filter(recording_mbid__in=mbids)
        self.by_mbid = {track.recording_mbid: track for track in known}
        named = Track.objects.current().select_related("artist")
        named = named.filter(title_key__in={title_key(record.title) for record in records}, recording_mbid__isnull=True)
        self.by_name: dict[tuple[int, str], Track] = {}
        free = list(named.filter(models.Q(album=album) | models.Q(album__isnull=True)).order_by("-album_id", "id"))
        elsewhere = _of_other_albums(album, [track.pk for track in free if track.album_id is None])
        self.apart: dict[tuple[int, str], Track] = {}
        for track in free:
            names = self.apart if track.pk in elsewhere else self.by_name
            names.setdefault((track.artist_id, track.title_key), track)

    def for_record(self, record: TrackRecord) -> Track:
        artist = self._artist(record.credit)
        title = tidy(record.title)[:500]
        values: dict[str, Any] = {"resolution": Resolution.MATCHED, "match_quality": 1.0}
        if record.length_ms:
            values["duration_ms"] = record.length_ms
        track = self.by_mbid.get(record.recording_mbid) if record.recording_mbid else None
        if track is not None:
            kept = {name: value for name, value in values.items() if not getattr(track, name)}
            if track.album_id is None:
                kept["album"] = self.album
            self.has_changed |= _write(track, kept)
            return track
        track = self.by_name.pop((artist.pk, title_key(title)), None)
        if track is not None:
            values |= {"title": title, "recording_mbid": record.recording_mbid, "album": track.album or self.album}
            self.has_changed |= _write(track, values)
        else:
            credit = tidy(record.credit.text)[:500]
            track = Track.objects.create(
                title=title,
                title_key=title_key(title),
                artist=artist,
                artist_credit=credit if credit != artist.name else "",
                album=self.album,
                recording_mbid=record.recording_mbid,
                is_demo=self.album.is_demo,
                **values,
            )
            self.has_changed = True
            if other := self.apart.get((artist.pk, track.title_key)):  # the name means what it meant
                remember_meaning((artist.name_key, track.title_key), other)
        if record.recording_mbid:
            self.by_mbid[record.recording_mbid] = track
        else:
            self.by_name[artist.pk, title_key(title)] = track
        return track

    def _artist(self, credit: Credit) -> Artist:
        """Whoever plays on the track; the album's artist where the answer does not say."""
        if not credit.artists:
            return self.album.artist
        first = credit.artists[0]
        if first.mbid and first.mbid == self.album.artist.mbid:
            return self.album.artist
        key = (first.mbid, name_key(first.name))
        if key not in self.artists:
            self.artists[key] = _artist_of(first, is_demo=self.album.is_demo)
        return self.artists[key]
