"""The pages of lists, their buttons and files; and who may read them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from catalog.tests.factories import AlbumFactory, TrackFactory
from social.models import Block, User
from taste.models import AudioFile, Playlist
from taste.playlists import writing
from taste.playlists.writing import Line
from taste.tests.mapping.scenes import NOW, analysed, hear, planted

pytestmark = pytest.mark.django_db


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def kept(user: User, *, kind: str = "mine", visibility: str = "public", n: int = 2, key: str = "k") -> Playlist:
    album = AlbumFactory()
    lines = [Line(TrackFactory(album=album, artist=album.artist), f"reason {at}") for at in range(n)]
    playlist = writing.save(user=user, kind=kind, key=key, title=f"List {key}", note="a note", lines=lines, now=NOW)
    Playlist.objects.filter(pk=playlist.pk).update(visibility=visibility)
    return playlist


def open_to_all(user: User) -> None:
    user.visibility = user.taste_visibility = user.listens_visibility = "public"
    user.save()


def status(user: User | None, playlist: Playlist, ending: str = "/") -> int:
    client = signed_in(user) if user else Client()
    return client.get(f"/playlists/{playlist.pk}{ending}").status_code


# --- Reading --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("level", "seen_by"),
    [("public", "rin sol stranger visitor"), ("members", "rin sol stranger"), ("followers", "rin sol"), ("me", "rin")],
)
def test_the_lists_own_level_decides(rin: User, sol: User, stranger: User, level: str, seen_by: str) -> None:
    open_to_all(rin)
    playlist = kept(rin, visibility=level)
    for name, viewer in {"rin": rin, "sol": sol, "stranger": stranger, "visitor": None}.items():
        for ending in ("/", ".csv"):
            assert status(viewer, playlist, ending) == (200 if name in seen_by.split() else 404), (name, ending)


@pytest.mark.parametrize("narrowed", ["visibility", "taste_visibility", "listens_visibility"])
def test_a_mixtape_is_as_hidden_as_the_listens_it_is_made_of(rin: User, stranger: User, narrowed: str) -> None:
    open_to_all(rin)
    setattr(rin, narrowed, "me")
    rin.save()
    assert status(stranger, kept(rin, kind="mixtape")) == 404
    assert status(stranger, kept(rin)) == (404 if narrowed == "visibility" else 200)
    assert status(rin, Playlist.objects.get(kind="mixtape")) == 200


def test_who_is_blocked_finds_nothing(rin: User, stranger: User) -> None:
    open_to_all(rin)
    playlist = kept(rin)
    Block.objects.create(blocker=rin, blocked=stranger)
    assert status(stranger, playlist) == 404


def test_why_a_track_is_on_a_list_by_hand_is_its_owners_alone(rin: User, stranger: User) -> None:
    open_to_all(rin)
    by_hand, tape = kept(rin), kept(rin, kind="mixtape")
    for ending in ("/", ".csv", ".jspf"):
        assert "reason 1" in signed_in(rin).get(f"/playlists/{by_hand.pk}{ending}").text
        assert "reason 1" not in signed_in(stranger).get(f"/playlists/{by_hand.pk}{ending}").text
        assert "reason 1" in signed_in(stranger).get(f"/playlists/{tape.pk}{ending}").text


def test_own_lists_are_on_one_page_and_visitors_are_asked_to_sign_in(rin: User, sol: User) -> None:
    kept(rin)
    page = signed_in(rin).get("/playlists/").text
    assert "List k" in page
    assert "2 tracks" in page
    assert "List k" not in signed_in(sol).get("/playlists/").text
    assert "No lists yet" in signed_in(sol).get("/playlists/").text
    assert Client().get("/playlists/").status_code == 302


@pytest.mark.parametrize("n", [1, 20])
def test_pages_ask_as_often_for_twenty_rows_as_for_one(rin: User, n: int, django_assert_max_num_queries: Any) -> None:
    for at in range(n):
        kept(rin, key=f"k{at}", n=1)
    long = kept(rin, key="long", n=n)
    client = signed_in(rin)
    client.get("/playlists/")
    with django_assert_max_num_queries(9):
        client.get("/playlists/")
    with django_assert_max_num_queries(12):
        client.get(f"/playlists/{long.pk}/")
    with django_assert_max_num_queries(8):
        client.get(f"/playlists/{long.pk}.jspf")


# --- Files ----------------------------------------------------------------------------------------------------------
def test_files_are_saved_under_the_lists_name_and_name_no_file_of_this_machine(rin: User) -> None:
    playlist = kept(rin)
    track = playlist.lines.get(position=1).track
    AudioFile.objects.create(path="secret/folder/a.ogg", n_bytes=1, modified_at=NOW, seen_at=NOW, track=track)
    client = signed_in(rin)
    for ending, kind in {"m3u8": "audio/x-mpegurl", "jspf": "application/jspf+json", "csv": "text/csv"}.items():
        answer = client.get(f"/playlists/{playlist.pk}.{ending}")
        assert answer["Content-Disposition"] == f'attachment; filename="list-k.{ending}"'
        assert answer["Content-Type"].startswith(kind)
        assert "private" in answer["Cache-Control"]
        assert track.title in answer.text
        assert "secret" not in answer.text
    said = json.loads(client.get(f"/playlists/{playlist.pk}.jspf").text)["playlist"]
    assert said["info"] == f"http://testserver/playlists/{playlist.pk}/"
    assert client.get(f"/playlists/{playlist.pk}.exe").status_code == 404


# --- Acting ---------------------------------------------------------------------------------------------------------
def test_the_button_beside_a_track_puts_it_on_a_list_and_leads_back(rin: User) -> None:
    track = TrackFactory(title="Roads")
    client = signed_in(rin)
    answer = client.post(
        "/playlists/add/", {"track": track.pk, "reason": "why", "next": "/dashboard/outliers/?weeks=4"}
    )
    assert answer["Location"] == "/dashboard/outliers/?weeks=4"
    assert Playlist.objects.get().lines.get().track == track
    away = client.post("/playlists/add/", {"track": track.pk, "next": "https://elsewhere.example/"})
    assert away["Location"] == reverse("taste:playlist", args=[Playlist.objects.get().pk])
    assert client.post("/playlists/add/", {"track": track.pk, "next": "nowhere"}).status_code == 302


@pytest.mark.parametrize("given", [{"track": "x"}, {"track": "9" * 30}, {"track": "999999"}, {}])
def test_no_such_track_is_not_found(rin: User, given: dict[str, str]) -> None:
    assert signed_in(rin).post("/playlists/add/", given).status_code == 404


def test_owners_edit_move_remove_and_delete_with_plain_forms(rin: User) -> None:
    client = signed_in(rin)
    client.post("/playlists/make/", {"title": "Evening"})
    playlist = Playlist.objects.get()
    for name in ("one", "two"):
        client.post("/playlists/add/", {"track": TrackFactory(title=name).pk, "playlist": playlist.pk})
    at = f"/playlists/{playlist.pk}"
    second = playlist.lines.get(position=2)
    client.post(f"{at}/move/", {"line": second.pk, "to": 1})
    assert [line.track.title for line in playlist.lines.all()] == ["two", "one"]
    client.post(f"{at}/remove/", {"line": second.pk, "to": ""})
    client.post(f"{at}/edit/", {"title": "Night", "note": "dark", "visibility": "members"})
    client.get(f"{at}/")  # the messages
    page = client.get(f"{at}/").text
    assert "Night" in page
    assert "one" in page
    assert "two" not in page
    assert 'option value="members" selected' in page
    assert client.post(f"{at}/paint/").status_code == 404
    assert client.post(f"{at}/delete/")["Location"] == "/playlists/"
    assert not Playlist.objects.exists()


def test_others_find_no_buttons_and_no_way_to_act(rin: User, sol: User) -> None:
    open_to_all(rin)
    playlist = kept(rin)
    client = signed_in(sol)
    page = client.get(f"/playlists/{playlist.pk}/").text
    assert "<textarea" not in page
    assert "Delete this list" not in page
    for verb in ("edit", "move", "remove", "delete"):
        assert client.post(f"/playlists/{playlist.pk}/{verb}/", {"line": 1, "to": 1}).status_code == 404
    assert client.post("/playlists/add/", {"track": TrackFactory().pk, "playlist": playlist.pk}).status_code == 404
    assert Client().post(f"/playlists/{playlist.pk}/delete/").status_code == 302
    assert Playlist.objects.exists()


def test_a_weeks_mixtape_is_kept_as_a_list(rin: User, time_machine: Any) -> None:
    time_machine.move_to(NOW)
    tracks = analysed(planted(40, n_clusters=1)[0])
    hear(rin, dict.fromkeys(tracks, 1))
    client = signed_in(rin)
    for _ in range(2):
        client.post("/dashboard/weeks/2025-W46/mixtape/keep/")
    playlist = Playlist.objects.get()
    assert (playlist.kind, playlist.key) == ("mixtape", "2025-W46")
    assert "Mixtape of 2025-W46" in client.get(f"/playlists/{playlist.pk}/").text
    quiet = client.post("/dashboard/weeks/2024-W01/mixtape/keep/", follow=True)
    assert "wants an hour of analysed music" in quiet.text
    assert client.post("/dashboard/weeks/2024-W60/mixtape/keep/").status_code == 404


def test_a_mixtape_nobody_kept_is_a_file_for_whoever_may_read_the_week(
    rin: User, stranger: User, time_machine: Any
) -> None:
    time_machine.move_to(NOW)
    tracks = analysed(planted(40, n_clusters=1)[0])
    hear(rin, dict.fromkeys(tracks, 1))
    at = "/dashboard/weeks/2025-W46/mixtape"
    said = json.loads(signed_in(rin).get(f"{at}.jspf").text)["playlist"]
    assert said["title"] == "Mixtape of 2025-W46"
    assert 60 <= sum(track["duration"] for track in said["track"]) / 60_000 <= 90
    assert signed_in(rin).get(f"{at}.exe").status_code == 404
    assert signed_in(rin).get("/dashboard/weeks/2024-W02/mixtape.csv").status_code == 404
    open_to_all(rin)
    assert signed_in(stranger).get(f"{at}.csv?member=rin").status_code == 200
    rin.listens_visibility = "me"
    rin.save()
    assert signed_in(stranger).get(f"{at}.csv?member=rin").status_code == 404
