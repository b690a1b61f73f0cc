"""A cover is fetched by a job, checked, made small, given a colour, and replaced only by another one."""

from __future__ import annotations

import io
import json
import struct
import zlib
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from django.core.files.storage import default_storage
from PIL import Image, ImageDraw

from catalog import tasks
from catalog.cover_pictures import BadPicture, cover_files, cover_hue
from catalog.covers import fetch_cover
from catalog.models import Album
from catalog.tests.factories import AlbumFactory
from sidetrack.http import TryLater
from sidetrack.tests.local_server import Answer, Asked, LocalServer, serving

GROUP = UUID("b1392450-e666-3926-a536-22c65f834433")


def picture(colour: str = "#C2571A", size: tuple[int, int] = (900, 900), kind: str = "JPEG", **options: Any) -> bytes:
    image = Image.new("RGB", size, "#DDDDDD")
    ImageDraw.Draw(image).rectangle((0, 0, size[0] // 2, size[1]), fill=colour)
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_a_picture_becomes_two_squares(kind: str) -> None:
    made = cover_files(picture(kind=kind, size=(1200, 1000)))
    for size in (300, 600):
        with Image.open(io.BytesIO(made.files[size])) as image:
            assert (image.format, image.size) == ("WEBP", (size, size))


def test_a_small_picture_is_not_blown_up() -> None:
    with Image.open(io.BytesIO(cover_files(picture(size=(250, 250))).files[600])) as image:
        assert image.size == (250, 250)


def test_the_same_picture_gives_the_same_files() -> None:
    assert cover_files(picture()) == cover_files(picture())


@pytest.mark.parametrize(
    ("colour", "degrees"),
    [("#FF0000", 29.2), ("#FFFF00", 109.8), ("#00FF00", 142.5), ("#0000FF", 264.1), ("#FF00FF", 328.4)],
)
def test_the_hue_is_oklch_s(colour: str, degrees: float) -> None:
    """Hues of the primaries as the colour space's author and CSS Color 4 give them."""
    assert cover_hue(Image.new("RGB", (64, 64), colour)) == int(degrees // 15)


def test_a_grey_sleeve_has_no_hue_even_with_a_speck_of_colour() -> None:
    grey = Image.new("RGB", (640, 640), "#808080")
    assert cover_hue(grey) is None
    ImageDraw.Draw(grey).rectangle((0, 0, 60, 60), fill="#FF0000")
    assert cover_hue(grey) is None
    ImageDraw.Draw(grey).rectangle((0, 0, 300, 300), fill="#FF0000")
    assert cover_hue(grey) == 1


def test_a_strong_colour_outweighs_a_larger_pale_one() -> None:
    image = Image.new("RGB", (640, 640), "#C8D8DC")
    ImageDraw.Draw(image).rectangle((0, 0, 640, 200), fill="#0000FF")
    assert cover_hue(image) == 17


def bomb() -> bytes:
    """A PNG of a few bytes that claims 60,000 x 60,000 pixels."""
    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + header
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk + struct.pack(">I", zlib.crc32(chunk))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<html>not found</html>",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        bomb(),
        picture()[:2000],
        picture(size=(60, 900)),
        picture(kind="TIFF"),
        picture(size=(7000, 7000), kind="PNG"),
    ],
    ids=["empty", "html", "svg", "bomb", "cut off", "too small", "tiff", "too large"],
)
def test_what_is_no_sound_picture_is_refused(content: bytes) -> None:
    with pytest.raises(BadPicture):
        cover_files(content)


class CoverServer:
    """A Cover Art Archive that redirects to its store, as the real one does, and a Spotify."""

    def __init__(self) -> None:
        self.front: bytes | None = picture()
        self.status = 200
        self.image: Answer | None = None
        self.spotify: list[dict[str, Any]] = []
        self.server: LocalServer

    def answer(self, asked: Asked) -> Answer:
        if asked.path == f"/release-group/{GROUP}":
            if self.front is None:
                return Answer(404)
            return Answer(307, headers={"Location": "/store/index.json"}) if self.status == 200 else Answer(self.status)
        if asked.path == "/store/index.json":
            thumbnails = {"250": f"{self.server.url}/250.jpg", "1200": f"{self.server.url}/1200.jpg"}
            back = {"front": False, "image": f"{self.server.url}/back.jpg", "thumbnails": {}}
            front = {"front": True, "approved": True, "image": f"{self.server.url}/x.jpg", "thumbnails": thumbnails}
            return Answer(body=json.dumps({"images": [back, front]}).encode())
        if asked.path == "/1200.jpg":
            return self.image or Answer(body=self.front or b"", headers={"Content-Type": "image/jpeg"})
        if asked.path == "/api/token":
            return Answer(body=b'{"access_token": "t", "expires_in": 3600}')
        if asked.path == "/v1/search":
            return Answer(body=json.dumps({"albums": {"items": self.spotify}}).encode())
        if asked.path == "/spotify.jpg":
            return Answer(body=picture("#0000FF"))
        return Answer(404)


@pytest.fixture
def covers(settings: Any) -> Iterator[CoverServer]:
    double = CoverServer()
    with serving(double.answer) as server:
        double.server = server
        settings.COVERART_URL = settings.SPOTIFY_API_URL = settings.SPOTIFY_ACCOUNTS_URL = server.url
        settings.SPOTIFY_CLIENT_ID = settings.SPOTIFY_CLIENT_SECRET = ""
        yield double


@pytest.mark.django_db(transaction=True)
class TestFetching:
    def test_the_front_cover_is_stored_under_the_name_of_its_content(
        self, covers: CoverServer, monday: datetime
    ) -> None:
        album = AlbumFactory(release_group_mbid=GROUP)
        assert fetch_cover(album=album, now=monday)
        album.refresh_from_db()
        assert album.cover_300.name.startswith("covers/")
        assert album.cover_300.name.endswith("-300.webp")
        assert (album.cover_hue, album.cover_checked_at) == (cover_files(picture()).hue, monday)
        with Image.open(album.cover_600) as image:
            assert image.size == (600, 600)
        assert [asked.path for asked in covers.server.asked][-1] == "/1200.jpg"

    def test_the_same_cover_again_changes_nothing_and_another_replaces_it(
        self, covers: CoverServer, monday: datetime
    ) -> None:
        album = AlbumFactory(release_group_mbid=GROUP)
        fetch_cover(album=album, now=monday)
        album.refresh_from_db()
        first = album.cover_300.name
        fetch_cover(album=album, now=monday)
        album.refresh_from_db()
        assert album.cover_300.name == first
        covers.front = picture("#2B5C8A")
        fetch_cover(album=album, now=monday)
        album.refresh_from_db()
        assert album.cover_300.name != first
        assert default_storage.exists(album.cover_300.name)
        assert not default_storage.exists(first)

    def test_without_a_cover_the_album_is_marked_as_asked_about(self, covers: CoverServer, monday: datetime) -> None:
        covers.front = None
        album = AlbumFactory(release_group_mbid=GROUP)
        assert not fetch_cover(album=album, now=monday)
        album.refresh_from_db()
        assert album.cover_checked_at == monday
        assert not album.cover_300

    def test_a_broken_picture_is_not_stored(self, covers: CoverServer, monday: datetime) -> None:
        covers.image = Answer(body=b"no picture")
        album = AlbumFactory(release_group_mbid=GROUP)
        assert not fetch_cover(album=album, now=monday)

    def test_a_picture_in_the_private_network_is_not_fetched(self, covers: CoverServer, monday: datetime) -> None:
        with serving(Answer(body=picture())) as inner:
            covers.image = Answer(302, headers={"Location": inner.url})
            assert not fetch_cover(album=AlbumFactory(release_group_mbid=GROUP), now=monday)
            assert inner.asked == []

    def test_an_archive_that_is_down_is_asked_again_later(self, covers: CoverServer, monday: datetime) -> None:
        covers.status = 503
        album = AlbumFactory(release_group_mbid=GROUP)
        with pytest.raises(TryLater):
            fetch_cover(album=album, now=monday)
        album.refresh_from_db()
        assert album.cover_checked_at is None

    def test_spotify_is_asked_where_the_archive_has_none(
        self, covers: CoverServer, monday: datetime, settings: Any
    ) -> None:
        settings.SPOTIFY_CLIENT_ID, settings.SPOTIFY_CLIENT_SECRET = "id", "secret"
        covers.front = None
        image = {"url": f"{covers.server.url}/spotify.jpg", "width": 640, "height": 640}
        covers.spotify = [
            {"id": "1", "name": "Blue (Karaoke)", "artists": [{"name": "Nobody"}], "images": []},
            {"id": "2", "name": "Blue (Remastered)", "artists": [{"name": "JONI MITCHELL"}], "images": [image]},
        ]
        album = AlbumFactory(title="Blue", artist__name="Joni Mitchell", release_group_mbid=GROUP)
        assert fetch_cover(album=album, now=monday)
        album.refresh_from_db()
        assert album.cover_hue == 17

    def test_the_sweep_queues_what_lacks_a_cover_once(self, covers: CoverServer, jobs: Any) -> None:
        album = AlbumFactory(release_group_mbid=GROUP)
        AlbumFactory()  # not identified: nobody to ask
        AlbumFactory(release_group_mbid=UUID(int=5), is_demo=True)
        assert tasks.fetch_due_covers() == "Queued 1 covers to fetch."
        assert tasks.fetch_due_covers() == "Queued 0 covers to fetch."
        assert jobs.queued() == [("catalog.tasks.cover", (album.pk,))]
        assert jobs.run() == [f"Album {album.pk} has its cover."]
        assert Album.objects.get(pk=album.pk).cover_600
