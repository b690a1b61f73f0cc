"""What listening adds to the pages of an artist, an album and a track: one's own history, and who else plays it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Sum
from django.http import HttpRequest
from django.template.loader import render_to_string

from catalog.models import Album, Artist, Track
from listening.figures.completeness import Completeness, completeness
from listening.figures.together import Plays, plays_of
from listening.figures.tops import TOTALS
from listening.models import ListenEvent, TrackTotal
from listening.models.listen import ListenQuerySet, tracks_of
from social.models import User
from social.visibility import Viewer

N_MEMBERS = 12
N_TRACKS = 10
N_LAST = 5


@dataclass(frozen=True, slots=True)
class TrackPlays:
    track: Track
    n: int
    position: int | None = None


@dataclass(frozen=True, slots=True)
class Own:
    """The viewer's own history with it. total: None where they never played it."""

    total: Any
    tracks: list[TrackPlays]
    last: list[ListenEvent]
    heard: Completeness | None
    zone: ZoneInfo

    @property
    def most(self) -> int:
        return max((row.n for row in self.tracks), default=0)


@dataclass(frozen=True, slots=True)
class Played:
    """own: None for visitors. members: of `n_members` whose listens the viewer may read, those who play it most."""

    own: Own | None
    members: list[Plays]
    n_members: int
    n_plays: int


def played(kind: str, music: Any, viewer: Viewer) -> Played:
    """In six queries at most, however often and by however many it was played."""
    others = plays_of(kind, music.pk, viewer)
    sums = others.order_by().aggregate(n_members=Count("pk"), n_plays=Sum("n_listens"))
    members = [Plays(row.user, row.n_listens, row.last_at) for row in others[:N_MEMBERS]] if sums["n_members"] else []
    own = _own(kind, music, viewer) if isinstance(viewer, User) else None
    return Played(own, members, sums["n_members"], sums["n_plays"] or 0)


def _own(kind: str, music: Any, viewer: User) -> Own:
    zone = ZoneInfo(viewer.timezone)
    total = TOTALS[kind].objects.filter(user=viewer, n_listens__gt=0, **{kind: music.pk}).first()
    heard, tracks = None, []
    if kind == "album":
        tracks = _lines(music, viewer)
        heard = completeness(viewer, [music.pk]).get(music.pk) if tracks else None
        if not any(row.n for row in tracks):
            tracks = []
    elif total is not None and kind == "artist":
        rows = TrackTotal.objects.filter(user=viewer, track__in=tracks_of([music.pk]), n_listens__gt=0)
        rows = rows.select_related("track").order_by("-n_listens", "track_id")[:N_TRACKS]
        tracks = [TrackPlays(row.track, row.n_listens) for row in rows]
    last: list[ListenEvent] = []
    if total is not None:
        plays: ListenQuerySet = ListenEvent.objects.counted().filter(user=viewer).select_related("track")
        plays = plays.of_artists([music.pk]) if kind == "artist" else plays.filter(**{kind: music.pk})
        last = list(plays.order_by("-played_at", "-pk")[:N_LAST])
    return Own(total, tracks, last, heard, zone)


def _lines(album: Album, viewer: User) -> list[TrackPlays]:
    """The album's track list with the viewer's plays of each, from whatever album they played it."""
    lines = list(album.lines.select_related("track").order_by("disc", "position"))
    counts = TrackTotal.objects.filter(user=viewer, track__in=[line.track_id for line in lines])
    n = dict(counts.values_list("track_id", "n_listens"))
    return [TrackPlays(line.track, n.get(line.track_id, 0), line.position) for line in lines]


def _panel(request: HttpRequest, kind: str, music: Any) -> str | None:
    """Nothing where there is nothing to say."""
    found = played(kind, music, getattr(request, "user", None))
    if not found.n_members and not (found.own and (found.own.total or found.own.tracks)):
        return None
    return render_to_string("listening/_played.html", {"played": found, "kind": kind, "music": music}, request)


def artist_panel(request: HttpRequest, artist: Artist) -> str | None:
    return _panel(request, "artist", artist)


def album_panel(request: HttpRequest, album: Album) -> str | None:
    return _panel(request, "album", album)
