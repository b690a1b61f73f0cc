"""Music in REST: `music/search` and `music/albums`, and how an album looks in every other answer."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.urls import path
from django.urls.resolvers import URLPattern
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.adding import add_album_by_id
from catalog.covers_shown import shown_cover
from catalog.models import Album, Track
from catalog.naming import get_or_create_album, standing
from catalog.outside_search import AlbumCandidate, search_musicbrainz_albums
from catalog.search import search_albums, search_tracks
from sidetrack.api.describing import answers, asks, shown_as
from sidetrack.api.serializers import Answer, Body
from sidetrack.api.views import Endpoint
from sidetrack.http import ExternalApiError
from social.acting import Person, acting_member_or_service
from social.authentication import is_service

MAX_RESULTS = 50
WAIT_S = 2.0  # the one place where a request waits for an outside service, and only for members


DUMMY = {
    "id": 17,
    "title": "Dummy",
    "artist": "Portishead",
    "year": 1994,
    "cover_url": "https://club.example/media/covers/17-600.webp",
    "url": "https://club.example/albums/portishead-dummy/",
}


@shown_as(DUMMY)
class AlbumAnswer(Answer):
    """An album as it stands in other answers."""

    id = serializers.IntegerField()
    title = serializers.CharField()
    artist = serializers.CharField(source="credit")
    year = serializers.IntegerField(source="release_year", allow_null=True)
    cover_url = serializers.SerializerMethodField(help_text="A picture in any case: the cover, or a drawn sleeve.")
    url = serializers.SerializerMethodField(help_text="The album's page.")

    def get_cover_url(self, album: Album) -> str:
        address: str = self.context["request"].build_absolute_uri(shown_cover(album, 600).address)
        return address

    def get_url(self, album: Album) -> str:
        address: str = self.context["request"].build_absolute_uri(album.get_absolute_url())
        return address


class AlbumNamed(Body):
    """An album in a body, by name."""

    title = serializers.CharField(max_length=500)
    artist = serializers.CharField(max_length=300)
    year = serializers.IntegerField(required=False, allow_null=True, min_value=1860, max_value=2200)
    release_group_mbid = serializers.UUIDField(required=False, allow_null=True)


def album_by_id(pk: int) -> Album:
    """The album with this id, or the one that it was merged into; 404 where there is none."""
    album = Album.objects.select_related("artist", "merged_into__artist").filter(pk=pk).first()
    if album is None:
        raise NotFound(f"There is no album {pk}.", code="unknown_album")
    return standing(album)


def album_named(given: dict[str, Any]) -> Album:
    """The album of a validated `AlbumNamed`, made where new; its ids and cover come later, in a job."""
    return get_or_create_album(
        title=given["title"],
        artist=given["artist"],
        year=given.get("year"),
        release_group_mbid=given.get("release_group_mbid"),
    )[0]


class FoundAnswer(Answer):
    type = serializers.ChoiceField(choices=["album", "track"])
    source = serializers.ChoiceField(choices=["sidetrack", "musicbrainz"])  # type: ignore[assignment]
    id = serializers.IntegerField(allow_null=True, help_text="Null while Sidetrack does not have it: add it first.")
    title = serializers.CharField()
    artist = serializers.CharField()
    year = serializers.IntegerField(allow_null=True, help_text="Of albums.")
    album = AlbumAnswer(allow_null=True, help_text="Of tracks: the album it is known from.")
    duration_ms = serializers.IntegerField(allow_null=True, help_text="Of tracks.")
    mbid = serializers.UUIDField(allow_null=True, help_text="Release group of an album, recording of a track.")
    cover_url = serializers.CharField(allow_null=True)
    url = serializers.CharField(allow_null=True)


NOT_ALBUM = {"album": None, "duration_ms": None}
FOUND = {
    "count": 2,
    "next": None,
    "previous": None,
    "results": [
        {"type": "album", "source": "sidetrack", **DUMMY, **NOT_ALBUM, "mbid": "48140466-cff6-3222-bd55-63c27e43190d"},
        {
            **{"type": "album", "source": "musicbrainz", "id": None, "title": "Portishead", "artist": "Portishead"},
            **{"year": 1997, **NOT_ALBUM, "mbid": "8c30bd5d-7e7a-3f7c-b7c3-1d1b4c1d9c3f"},
            **{"cover_url": None, "url": None},
        },
    ],
    "musicbrainz": "answered",
    "notice": None,
}


@shown_as(FOUND)
class SearchAnswer(Answer):
    count = serializers.IntegerField()
    next = serializers.CharField(allow_null=True, help_text="Always null: a search has one page.")
    previous = serializers.CharField(allow_null=True, help_text="Always null.")
    results = FoundAnswer(many=True)
    musicbrainz = serializers.ChoiceField(
        choices=["answered", "not_asked", "unavailable"], help_text="What became of asking MusicBrainz."
    )
    notice = serializers.CharField(allow_null=True, help_text="For people: what is missing from the results, and why.")


class SearchQuery(serializers.Serializer[Any]):
    q = serializers.CharField(max_length=200)
    type = serializers.ChoiceField(choices=["album", "track"], default="album")
    limit = serializers.IntegerField(min_value=1, max_value=MAX_RESULTS, default=10)


def found_album(album: Album, request: Request) -> dict[str, Any]:
    shown = AlbumAnswer(album, context={"request": request}).data
    return {**shown, "type": "album", "source": "sidetrack", "album": None, "duration_ms": None,
            "mbid": album.release_group_mbid}  # fmt: skip


def found_track(track: Track, request: Request) -> dict[str, Any]:
    album = AlbumAnswer(track.album, context={"request": request}).data if track.album else None
    return {
        "type": "track",
        "source": "sidetrack",
        "id": track.pk,
        "title": track.title,
        "artist": track.artist_credit or track.artist.name,
        "year": None,
        "album": album,
        "duration_ms": track.duration_ms,
        "mbid": track.recording_mbid,
        "cover_url": album["cover_url"] if album else None,
        "url": album["url"] if album else None,
    }


def found_elsewhere(candidate: AlbumCandidate) -> dict[str, Any]:
    return {
        "type": "album",
        "source": "musicbrainz",
        "id": None,
        "title": candidate.title,
        "artist": candidate.artist,
        "year": candidate.year,
        "album": None,
        "duration_ms": None,
        "mbid": candidate.mbid,
        "cover_url": None,
        "url": None,
    }


def search_outside(
    query: str, known: list[dict[str, Any]], limit: int, request: Request
) -> tuple[list[dict[str, Any]], str, str | None]:
    """More albums than `known`, what became of asking for them, and what a person should know about it."""
    if not (is_service(request) or request.user.is_authenticated):
        return [], "not_asked", "Sign in to search MusicBrainz too."
    if len(known) >= limit:
        return [], "not_asked", None
    try:
        candidates = search_musicbrainz_albums(query, limit=limit, wait_s=WAIT_S)
    except ExternalApiError:
        return [], "unavailable", "MusicBrainz did not answer in time: these are the albums that Sidetrack knows."
    have = {str(each["mbid"]) for each in known if each["mbid"]}
    return [found_elsewhere(each) for each in candidates if str(each.mbid) not in have], "answered", None


class Search(Endpoint):
    throttle_scope = "search"

    @extend_schema(
        tags=["music"],
        operation_id="music_search",
        summary="Search albums or tracks",
        description="Sidetrack's own catalogue for everybody, forgiving typing errors and accents; for members "
        "MusicBrainz's albums after it. It waits two seconds at most for its turn there, and says when it gave up.",
        parameters=[
            OpenApiParameter("q", str, required=True, description="Words of the title or the artist."),
            OpenApiParameter("type", str, enum=["album", "track"], default="album"),
            OpenApiParameter("limit", int, default=10, description=f"1 to {MAX_RESULTS}."),
        ],
        responses=answers({200: SearchAnswer}, 400, 401),
    )
    def get(self, request: Request) -> Response:
        query = SearchQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        words, limit = query.validated_data["q"], query.validated_data["limit"]
        if query.validated_data["type"] == "track":
            results = [found_track(track, request) for track in search_tracks(words, limit=limit)]
            outcome, notice = "not_asked", None
        else:
            results = [found_album(album, request) for album in search_albums(words, limit=limit)]
            more, outcome, notice = search_outside(words, results, limit, request)
            results = (results + more)[:limit]
        page = {"count": len(results), "next": None, "previous": None, "results": results}
        return Response(page | {"musicbrainz": outcome, "notice": notice})


class NewAlbum(Person):
    title = serializers.CharField(required=False, max_length=500)
    artist = serializers.CharField(required=False, max_length=300)
    year = serializers.IntegerField(required=False, allow_null=True, min_value=1860, max_value=2200)
    release_group_mbid = serializers.UUIDField(required=False, help_text="MusicBrainz release group.")
    spotify_id = serializers.RegexField(r"^[A-Za-z0-9]{22}$", required=False, help_text="Spotify album, 22 characters.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        has_name = "title" in attrs and "artist" in attrs
        if not has_name and ("title" in attrs or "artist" in attrs):
            raise serializers.ValidationError("A name is both title and artist.")
        if not (has_name or "release_group_mbid" in attrs or "spotify_id" in attrs):
            raise serializers.ValidationError("Send title and artist, or release_group_mbid, or spotify_id.")
        return attrs


class Albums(Endpoint):
    @extend_schema(
        tags=["music"],
        operation_id="albums_add",
        summary="Add an album",
        description="By name or by id, 201 when it is new and 200 when it is there already. It never waits for another "
        "service: an album added by id alone stands under that id until a job has asked for its name.",
        request=asks(
            NewAlbum,
            {
                "By name": {"title": "Dummy", "artist": "Portishead", "year": 1994},
                "By MusicBrainz release group": {"release_group_mbid": "48140466-cff6-3222-bd55-63c27e43190d"},
            },
        ),
        responses=answers({201: AlbumAnswer, 200: AlbumAnswer}, 400, 401, 403, 404),
    )
    def post(self, request: Request) -> Response:
        body = NewAlbum(data=request.data)
        body.is_valid(raise_exception=True)
        given = body.validated_data
        with transaction.atomic():
            acting_member_or_service(request, given, now=timezone.now())
            if "title" in given:
                album, created = get_or_create_album(
                    title=given["title"],
                    artist=given["artist"],
                    year=given.get("year"),
                    release_group_mbid=given.get("release_group_mbid"),
                )
            else:
                album, created = add_album_by_id(
                    release_group_mbid=given.get("release_group_mbid"), spotify_id=given.get("spotify_id")
                )
        return Response(AlbumAnswer(album, context={"request": request}).data, status=201 if created else 200)


urlpatterns: list[URLPattern] = [
    path("music/search", Search.as_view(), name="music_search"),
    path("music/albums", Albums.as_view(), name="music_albums"),
]
