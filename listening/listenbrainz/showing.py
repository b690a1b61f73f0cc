"""How a listen looks to a program.

Names are ours, so that what a member put right is right there too; `additional_info` is what the program once sent,
as long as its payload is kept, and for its member alone: programs tell of players and home servers. `mbid_mapping` is
there where the recording is known.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from catalog.models import Album, Track
from listening.models import ListenEvent, ListenPayload, NowPlaying
from listening.plays import msid_of


def shown_listen(listen: ListenEvent, handle: str, *, is_own: bool) -> dict[str, Any]:
    """Needs track, artist, album and payload to have come along."""
    payload: ListenPayload | None = getattr(listen, "payload", None)
    info = info_of(payload.body) if payload and is_own else {}
    listened_at = int(listen.played_at.timestamp())
    return {
        "inserted_at": int(payload.received_at.timestamp()) if payload else listened_at,
        "listened_at": listened_at,
        "recording_msid": str(listen.msid),
        "user_name": handle,
        "track_metadata": shown_music(listen.track, listen.album, msid=listen.msid, info=info),
    }


def shown_now_playing(row: NowPlaying, handle: str, *, is_own: bool) -> dict[str, Any]:
    """Without `listened_at`: it is no listen yet. Its names are the source's."""
    msid = str(msid_of(row.artist_name, row.title))
    metadata: dict[str, Any] = {
        "artist_name": row.artist_name,
        "track_name": row.title,
        "additional_info": (info_of(row.payload) if is_own else {}) | {"recording_msid": msid},
    }
    if row.album_title:
        metadata["release_name"] = row.album_title
    return {"playing_now": True, "recording_msid": msid, "user_name": handle, "track_metadata": metadata}


def shown_music(track: Track, album: Album | None, *, msid: UUID | None, info: dict[str, Any]) -> dict[str, Any]:
    """`track_metadata`; the track's artist must have come along."""
    info = dict(info)
    if msid:
        info["recording_msid"] = str(msid)
    if track.duration_ms and not info.keys() & {"duration", "duration_ms"}:
        info["duration_ms"] = track.duration_ms
    metadata: dict[str, Any] = {
        "artist_name": track.artist_credit or track.artist.name,
        "track_name": track.title,
        "additional_info": info,
    }
    if album:
        metadata["release_name"] = album.title
    if track.recording_mbid:
        metadata["mbid_mapping"] = _mapping(track, album)
    return metadata


def info_of(payload: dict[str, Any]) -> dict[str, Any]:
    """`additional_info` of a payload in a listen's shape; empty for the payloads of other services."""
    metadata = payload.get("track_metadata")
    info = metadata.get("additional_info") if isinstance(metadata, dict) else None
    return dict(info) if isinstance(info, dict) else {}


def mbids_of(*artist_mbids: UUID | None) -> list[str]:
    return [str(mbid) for mbid in artist_mbids if mbid]


def mbid(value: UUID | None) -> str | None:
    return str(value) if value else None


def _mapping(track: Track, album: Album | None) -> dict[str, Any]:
    credit = track.artist_credit or track.artist.name
    artist_mbids = mbids_of(track.artist.mbid)
    return {
        "recording_mbid": str(track.recording_mbid),
        "recording_name": track.title,
        "release_mbid": mbid(album.release_mbid) if album else None,
        "artist_mbids": artist_mbids,
        "artists": [
            {"artist_mbid": artist_mbid, "artist_credit_name": credit, "join_phrase": ""}
            for artist_mbid in artist_mbids
        ],
        "caa_id": None,
        "caa_release_mbid": None,
    }
