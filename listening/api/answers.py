"""How a member's listening looks in REST."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from catalog.api import DUMMY, AlbumAnswer
from catalog.models import Artist, Track
from listening.figures.ranges import Range
from listening.models import ListenEvent
from sidetrack.api.describing import shown_as
from sidetrack.api.serializers import Answer, UtcDateTimeField

PORTISHEAD = {
    "id": 9,
    "name": "Portishead",
    "mbid": "8f6bd1e4-fbe1-4f50-aa9b-94c450ec0f11",
    "url": "https://club.example/artists/portishead/",
}
ROADS = {
    "id": 210,
    "title": "Roads",
    "artist": "Portishead",
    "recording_mbid": None,
    "url": "https://club.example/tracks/210/",
}
A_SUMMARY = {
    "period": {"range": "month", "from": "2025-11-01", "to": "2025-11-30", "timezone": "Europe/Berlin"},
    "listens": 412,
    "artists": 58,
    "albums": 71,
    "tracks": 260,
    "top_artists": [{"place": 1, "place_before": 3, "listens": 40, "artist": PORTISHEAD}],
    "top_albums": [{"place": 1, "place_before": None, "listens": 31, "album": DUMMY}],
    "top_genres": [{"genre": "trip hop", "listens": 96, "artists": 4}],
    "computed_at": "2025-11-20T12:00:00Z",
}
A_LISTEN = {
    "id": 80231,
    "played_at": "2025-11-20T11:04:31Z",
    "source": "lastfm",
    "ms_played": None,
    "track": ROADS,
    "album": DUMMY,
}


class PeriodAnswer(Answer):
    """The days of a summary, in the member's zone, both ends included; null at both ends for everything."""

    range = serializers.CharField(help_text="As it was asked for.")
    to = serializers.DateField(allow_null=True)
    timezone = serializers.CharField()

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """`from` is no name that Python lets a class have."""
        fields = super().get_fields()
        fields["from"] = serializers.DateField(allow_null=True, source="first")
        return {name: fields[name] for name in ("range", "from", "to", "timezone")}


def period_of(span: Range) -> dict[str, Any]:
    return {"range": span.slug, "first": span.first, "to": span.last, "timezone": str(span.zone)}


class ArtistAnswer(Answer):
    id = serializers.IntegerField()
    name = serializers.CharField()
    mbid = serializers.UUIDField(allow_null=True)
    url = serializers.SerializerMethodField(help_text="The artist's page.")

    def get_url(self, artist: Artist) -> str:
        address: str = self.context["request"].build_absolute_uri(artist.get_absolute_url())
        return address


class TrackAnswer(Answer):
    id = serializers.IntegerField()
    title = serializers.CharField()
    artist = serializers.SerializerMethodField()
    recording_mbid = serializers.UUIDField(allow_null=True)
    url = serializers.SerializerMethodField(help_text="The track's page.")

    def get_artist(self, track: Track) -> str:
        return track.artist_credit or track.artist.name

    def get_url(self, track: Track) -> str:
        address: str = self.context["request"].build_absolute_uri(f"/tracks/{track.pk}/")
        return address


class PlaceAnswer(Answer):
    place = serializers.IntegerField(help_text="Equal numbers share a place.")
    place_before = serializers.IntegerField(
        source="before", allow_null=True, help_text="In the period before; null where it was not among its first 1,000."
    )
    listens = serializers.IntegerField(source="n")


class TopArtistAnswer(PlaceAnswer):
    artist = ArtistAnswer(source="music")


class TopAlbumAnswer(PlaceAnswer):
    album = AlbumAnswer(source="music")


class TopGenreAnswer(Answer):
    genre = serializers.CharField(source="name")
    listens = serializers.IntegerField(source="n", help_text="A play counts for each genre of its artist.")
    artists = serializers.IntegerField(source="n_artists")


@shown_as(A_SUMMARY)
class SummaryAnswer(Answer):
    """A member's listening in a range. Each play counts once, however many sources told it."""

    period = PeriodAnswer()
    listens = serializers.IntegerField()
    artists = serializers.IntegerField(help_text="How many different ones.")
    albums = serializers.IntegerField()
    tracks = serializers.IntegerField()
    top_artists = TopArtistAnswer(many=True)
    top_albums = TopAlbumAnswer(many=True)
    top_genres = TopGenreAnswer(many=True)
    computed_at = UtcDateTimeField()


@shown_as(A_LISTEN)
class ListenAnswer(Answer):
    """One play."""

    id = serializers.IntegerField()
    played_at = UtcDateTimeField(help_text="When it began.")
    source = serializers.CharField()  # type: ignore[assignment]
    ms_played = serializers.IntegerField(allow_null=True, help_text="Null where the source did not say.")
    track = TrackAnswer()
    album = serializers.SerializerMethodField(help_text="Null where the source did not say.")

    def get_album(self, listen: ListenEvent) -> dict[str, Any] | None:
        return dict(AlbumAnswer(listen.album, context=self.context).data) if listen.album else None
