"""From an album's name to MusicBrainz: which release group it is, which release stands for it, and its tracks.

Read `identify_album` first. Everything is asked before anything is stored; everything is stored in one transaction.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings

from catalog.adding import UNKNOWN_ARTIST
from catalog.clients import spotify
from catalog.clients.musicbrainz import MusicBrainz
from catalog.clients.musicbrainz_records import ReleaseGroupRecord, ReleaseRecord
from catalog.matching import Candidate, preferred_release, ranked
from catalog.models import Album
from catalog.models.resolution import Resolution
from catalog.names import plain_title
from catalog.naming import standing
from catalog.storing import Gathered, store
from sidetrack.http import NotThere, TryLater

logger = logging.getLogger(__name__)

FIRST_PAUSE, LONGEST_PAUSE = timedelta(hours=1), timedelta(days=30)
KNOWN_BY_ID = 1.0


@dataclass(frozen=True)
class Named:
    """What an album is called while it is looked up."""

    title: str
    artist: str
    year: int | None


def pause_after(n_tries: int) -> timedelta:
    """1 h, 3 h, 9 h … 30 days: how long an album that nobody can identify rests before the next try."""
    factor: int = 3 ** min(max(n_tries - 1, 0), 10)
    return min(FIRST_PAUSE * factor, LONGEST_PAUSE)


def identify_album(*, album: Album, now: datetime) -> Resolution:
    """Find the album at MusicBrainz and store what is found; asked again, it changes nothing.

    TryLater when the service cannot now; the album is then due again as soon as it can. What nobody knows stays
    unresolved and is due again after a pause that grows with each try.
    """
    album = standing(Album.objects.select_related("artist", "merged_into").get(pk=album.pk))
    album.n_tries += 1
    album.next_try_at = now + pause_after(album.n_tries)  # before the work: a try that kills its process counts too
    album.save(update_fields=["n_tries", "next_try_at"])
    client = MusicBrainz(now=now)
    try:
        gathered = _gather(album, client, now)
    except TryLater as error:
        album.n_tries -= 1
        album.next_try_at = now + timedelta(seconds=error.after)
        album.save(update_fields=["n_tries", "next_try_at"])
        raise
    if gathered is None:
        return _unresolved(album)
    stored = store(album=album, gathered=gathered, now=now)
    if stored is None:  # the same album stands twice and a rule keeps the two apart: a moderator's question
        return _unresolved(album)
    return Resolution(stored.album.resolution)


def candidates_for(*, album: Album, now: datetime) -> tuple[Candidate, ...]:
    """The albums that may be meant, best first, each with its confidence: for a moderator to choose from."""
    return _candidates(Named(album.title, album.artist.name, album.release_year), MusicBrainz(now=now))


def choose_candidate(*, album: Album, mbid: UUID, now: datetime) -> Resolution:
    """A person's answer: this release group it is. Stored as matched by hand, and kept by every later look-up."""
    client = MusicBrainz(now=now)
    gathered = _details(client.release_group(mbid), KNOWN_BY_ID, client)
    stored = store(album=standing(album), gathered=gathered, now=now, is_by_hand=True)
    if stored is None:
        return Resolution(album.resolution)
    return Resolution(stored.album.resolution)


def _unresolved(album: Album) -> Resolution:
    if album.resolution == Resolution.UNRESOLVED:
        album.resolution = Resolution.NO_MATCH
        album.save(update_fields=["resolution", "updated_at"])
    return Resolution(album.resolution)


def _gather(album: Album, client: MusicBrainz, now: datetime) -> Gathered | None:
    """Everything about the album, or None when nobody knows it or several may be meant."""
    if album.release_group_mbid:
        try:
            record = client.release_group(album.release_group_mbid)
        except NotThere:
            return None
        return _details(record, album.match_quality or KNOWN_BY_ID, client)
    named = _named(album, now)
    if named is None:
        return None
    found = _candidates(named, client)
    if not found or not found[0].is_sure:
        best = f"best {found[0].record.mbid} at {found[0].confidence:.2f}" if found else "nothing alike"
        logger.info("Album %s stays unresolved: %s.", album.pk, best)
        return None
    return _details(found[0].record, found[0].confidence, client)


def _named(album: Album, now: datetime) -> Named | None:
    """The album's name; for one of which only Spotify's id is known, the name that Spotify gives it."""
    if album.artist.name != UNKNOWN_ARTIST:
        return Named(album.title, album.artist.name, album.release_year)
    if not album.spotify_id or not spotify.is_configured():
        return None
    try:
        told = spotify.SpotifyCatalogue(now=now).album(album.spotify_id)
    except NotThere:
        return None
    return Named(told.title, ", ".join(told.artists[:1]), told.year)


def _candidates(named: Named, client: MusicBrainz) -> tuple[Candidate, ...]:
    """With the year first; without it where that finds nothing sure: people type the year of their edition."""
    title = plain_title(named.title)
    found: tuple[Candidate, ...] = ()
    for year in dict.fromkeys([named.year, None]):
        records = client.search_release_groups(artist=named.artist, title=title, year=year)
        found = ranked(records, title=title, artist=named.artist, year=named.year) or found
        if found and found[0].is_sure:
            return found
    return found


def _details(record: ReleaseGroupRecord, confidence: float, client: MusicBrainz) -> Gathered:
    """The release that stands for the group, with its label and tracks, and where its artist comes from."""
    release: ReleaseRecord | None = preferred_release(client.releases_of(record.mbid), country=settings.DEFAULT_COUNTRY)
    if release is not None:
        try:
            full = client.release(release.mbid)
        except NotThere:
            full = None
        release = full if full is not None and full.tracks else release
    maker = record.credit.artists[0] if record.credit.artists else None
    country = maker.country if maker else ""
    if maker and maker.mbid and not country:
        try:
            country = client.artist(maker.mbid).country
        except NotThere:
            country = ""
    return Gathered(record=record, confidence=confidence, release=release, artist_country=country)
