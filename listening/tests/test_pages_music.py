"""What listening adds to albums, artists, tracks, the front page and the page of all members."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from catalog.models import Album, Track
from catalog.tests.factories import AlbumFactory, TrackFactory
from listening.models import NowPlaying
from listening.tests.histories import NOW, counted, crowd, heard, listener, together
from social.models import User
from social.visibility import Visibility

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_today")]


@pytest.fixture
def _today() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def album() -> Album:
    album: Album = AlbumFactory(title="Tago Mago", artist__name="Can", n_tracks=3)
    return album


def lines(album: Album) -> list[Track]:
    return [line.track for line in album.lines.select_related("track").order_by("position")]


def page(address: str, member: User | None = None) -> str:
    client = Client()
    if member:
        client.force_login(member)
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return answer.content.decode()


def panel(address: str, member: User | None = None) -> str:
    """The part of the page about listening; empty where there is none."""
    return page(address, member).partition('aria-labelledby="listening"')[2].partition("</section>")[0]


def test_an_album_tells_its_reader_how_much_of_it_they_know(album: Album, rin: User) -> None:
    first, second, third = lines(album)
    heard(rin, first, "2025-11-01 10:00", "2025-11-05 11:00", album=album)
    heard(rin, second, "2025-11-05 11:10")
    counted(rin)
    shown = panel(album.get_absolute_url(), rin)
    assert "You played it <b>3 times</b>" in shown
    assert "1 Nov 2025" in shown
    assert "You have heard 2 of its 3 tracks." in shown
    assert shown.count("not yet") == 1
    heard(rin, third, "2025-11-06 11:10")
    counted(rin)
    assert "You have heard every track of it." in panel(album.get_absolute_url(), rin)


def test_an_artist_lists_their_readers_own_tracks(album: Album, rin: User, sol: User) -> None:
    first, second, _ = lines(album)
    heard(rin, first, "2025-11-01 10:00", "2025-11-05 11:00")
    heard(sol, second, "2025-11-01 10:00")
    counted(rin, sol)
    shown = panel(album.artist.get_absolute_url(), rin)
    assert first.title in shown
    assert second.title not in shown
    assert "2 members whose listens you may read: 3 plays" in shown


def test_what_nobody_plays_has_no_panel(album: Album, rin: User) -> None:
    assert panel(album.get_absolute_url(), rin) == ""
    assert panel(album.get_absolute_url()) == ""


@pytest.mark.parametrize("kind", ["album", "artist", "track"])
def test_who_plays_it_is_shown_as_far_as_each_allows(album: Album, rin: User, kind: str) -> None:
    first = lines(album)[0]
    address = {
        "album": album.get_absolute_url(), "artist": album.artist.get_absolute_url(), "track": f"/tracks/{first.pk}/",
    }[kind]  # fmt: skip
    open_one, shy, hidden = listener("open"), listener("shy"), listener("hidden", visibility=Visibility.ME)
    User.objects.filter(pk=open_one.pk).update(visibility="public", listens_visibility="public")
    User.objects.filter(pk=shy.pk).update(listens_visibility=Visibility.ME)
    for member in (open_one, shy, hidden):
        heard(member, first, "2025-11-01 10:00", album=album)
        counted(member)
    for reader in (rin, None):
        shown = panel(address, reader)
        assert "1 member whose listens you may read: 1 play<" in shown
        assert "@open" in shown
        assert "Shy" not in shown
        assert "Hidden" not in shown
    assert "2 members whose listens you may read" in panel(address, shy)  # oneself, and who is open


def test_a_visitors_kept_page_forgets_who_hides_at_once(album: Album) -> None:
    from social.profile import change_privacy

    ana = listener("ana", visibility="public", listens_visibility="public")
    heard(ana, lines(album)[0], "2025-11-01 10:00", album=album)
    counted(ana)
    assert "@ana" in panel(album.get_absolute_url())
    change_privacy(member=ana, listens_visibility=Visibility.ME)
    assert "@ana" not in panel(album.get_absolute_url())


def test_a_track_that_became_another_leads_there(album: Album) -> None:
    first, second, _ = lines(album)
    first.merged_into = second
    first.save()
    answer = Client().get(f"/tracks/{first.pk}/")
    assert (answer.status_code, answer["Location"]) == (301, f"/tracks/{second.pk}/")
    for unknown in ("999999", "9" * 40):
        assert Client().get(f"/tracks/{unknown}/").status_code == 404


def test_a_track_names_its_albums(album: Album, rin: User) -> None:
    other = AlbumFactory(title="Anthology")
    other.lines.create(track=lines(album)[0], position=1)
    shown = page(f"/tracks/{lines(album)[0].pk}/", rin)
    assert "Tago Mago" in shown
    assert "Anthology" in shown
    assert "You have not played it yet." in shown


def test_the_page_of_all_members_names_what_they_play_together(album: Album, rin: User) -> None:
    members = crowd(3)
    together(members, lines(album)[0], "2025-11-03 10:00")
    NowPlaying.objects.create(
        user=members[0], source="lastfm", artist_name="Neu!", title="Hallogallo", started_at=NOW,
        expires_at=NOW + timedelta(minutes=5),
    )  # fmt: skip
    shown = page("/community/", rin)
    assert "3 members, 3 plays" in shown
    assert "Hallogallo" in shown
    assert "1 play<" in shown
    assert "nothing yet that two members have played" in page("/community/?most=week", rin)
    visitors = page("/community/")
    assert "Hallogallo" not in visitors
    assert "What they listen to" not in visitors


def test_what_members_play_is_a_file_with_the_same_numbers_for_the_same_reader(album: Album, rin: User) -> None:
    together(crowd(2), lines(album)[0], "2025-11-03 10:00")
    assert page("/community/artists.csv", rin).splitlines()[1] == "1,,Can,2,2"
    client = Client()
    client.force_login(rin)
    answer = client.get("/community/albums.json?most=year").json()
    assert (answer["period"], answer["timezone"]) == ("year", "UTC")
    assert answer["rows"] == [
        {"place": 1, "place_before": None, "album": "Tago Mago", "artist": "Can", "members": 2, "listens": 2}
    ]
    assert client.get("/community/artists.json?most=week").json()["rows"] == []
    assert page("/community/artists.csv").splitlines() == ["place,place_before,artist,members,listens"]


def test_the_front_page_shows_the_weeks_albums(album: Album, rin: User) -> None:
    for track in lines(album):
        for member in crowd(2) if not User.objects.filter(handle="crowd0").exists() else []:
            heard(member, track, "2025-11-18 10:00", album=album)
            counted(member)
    assert "2 members this week" in page("/", rin)
    assert "The club plays" not in page("/")


@pytest.mark.parametrize("where", ["album", "artist", "track", "community"])
def test_a_panel_costs_as_much_for_many_listeners_as_for_few(album: Album, rin: User, where: str) -> None:
    first = lines(album)[0]
    address = {
        "album": album.get_absolute_url(), "artist": album.artist.get_absolute_url(), "track": f"/tracks/{first.pk}/",
        "community": "/community/",
    }[where]  # fmt: skip
    members = [*crowd(2), rin]
    for member in members:
        heard(member, first, "2025-11-01 10:00", album=album)
        counted(member)
    page(address, rin)
    with CaptureQueriesContext(connection) as few:
        page(address, rin)
    for place in range(12):
        member = listener(f"more{place}")
        heard(member, first, "2025-11-01 10:00", "2025-11-02 10:00", album=album)
        heard(member, TrackFactory(artist=album.artist), "2025-11-03 10:00")
        counted(member)
    page(address, rin)
    with CaptureQueriesContext(connection) as many:
        page(address, rin)
    assert len(many) == len(few)
