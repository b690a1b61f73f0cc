"""A playlist, or a mixtape that nobody kept yet, as a file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpResponse
from django.utils.text import slugify

from catalog.models import Track
from social.models import User
from taste.mixtapes import Mixtape
from taste.models import Playlist
from taste.playlists.files import Entry, Sheet, csv_of, jspf, m3u


@dataclass(frozen=True, slots=True)
class Format:
    ending: str
    label: str
    content_type: str
    write: Callable[[Sheet], str]


FORMATS = {
    each.ending: each
    for each in (
        Format("m3u8", "M3U", "audio/x-mpegurl; charset=utf-8", m3u),
        Format("jspf", "JSPF", "application/jspf+json", jspf),
        Format("csv", "CSV", "text/csv; charset=utf-8", csv_of),
    )
}


def sheet_of(playlist: Playlist, *, address: str, with_reasons: bool) -> Sheet:
    """playlist: with its lines, as `reading.with_lines` brings it."""
    entries = [_entry(line.track, line.reason if with_reasons else "") for line in playlist.lines.all()]
    return Sheet(playlist.title, str(playlist.user), playlist.note, address, playlist.updated_at, entries)


def sheet_of_mixtape(mixtape: Mixtape, *, user: User, address: str, now: datetime) -> Sheet:
    entries = [_entry(each.track, each.reason) for each in mixtape.tracks]
    return Sheet(f"Mixtape of {mixtape.key}", str(user), mixtape.method, address, now, entries)


def file_of(sheet: Sheet, ending: str) -> HttpResponse:
    """The file to save. Raises KeyError for an ending that is not in FORMATS."""
    kind = FORMATS[ending]
    name = slugify(sheet.title) or "playlist"
    headers = {"X-Robots-Tag": "noindex", "Content-Disposition": f'attachment; filename="{name}.{ending}"'}
    return HttpResponse(kind.write(sheet), content_type=kind.content_type, headers=headers)


def _entry(track: Track, reason: str) -> Entry:
    return Entry(
        artist=track.artist_credit or track.artist.name,
        title=track.title,
        album=track.album.title if track.album else "",
        duration_ms=track.duration_ms,
        recording_mbid=str(track.recording_mbid) if track.recording_mbid else "",
        reason=reason,
    )
