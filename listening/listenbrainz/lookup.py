"""MusicBrainz ids for names, as far as we know them: `metadata/lookup`. Nobody else is asked."""

from __future__ import annotations

from catalog.bulk_naming import Heard, Names
from catalog.models import Album, Track
from listening.listenbrainz.answering import Answer, endpoint
from listening.listenbrainz.calls import Call
from listening.listenbrainz.documents import Invalid
from listening.listenbrainz.showing import mbid, mbids_of


@endpoint("GET")
def look_up(call: Call) -> Answer:
    """An empty object where the recording is unknown, as ListenBrainz answers."""
    query = call.request.GET
    artist, title = query.get("artist_name", "").strip(), query.get("recording_name", "").strip()
    if not artist:
        raise Invalid("artist_name is invalid or not present in arguments")
    if not title:
        raise Invalid("recording_name is invalid or not present in arguments")
    heard = Heard(artist, title, query.get("release_name", "").strip())
    known = Names().find([heard]).get(heard)
    if known is None:
        return {}
    track = Track.objects.select_related("artist", "album").get(pk=known.track_id)
    if track.recording_mbid is None:
        return {}
    album = Album.objects.filter(pk=known.album_id).first() if known.album_id else track.album
    return {
        "artist_credit_name": track.artist_credit or track.artist.name,
        "artist_mbids": mbids_of(track.artist.mbid),
        "recording_mbid": mbid(track.recording_mbid),
        "recording_name": track.title,
        "release_mbid": mbid(album.release_mbid) if album else None,
        "release_name": album.title if album else None,
    }
