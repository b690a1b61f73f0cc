"""Moderators at work on music: typos, tags, merges, look-ups, sheets; as the group they are."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from catalog.models import Album, Artist, Tag
from catalog.naming import get_or_create_album, get_or_create_artist
from catalog.tagging import read_tags, set_tags, tags_of
from catalog.tests.factories import AlbumFactory, ArtistFactory, TrackFactory
from social.errors import NotAllowed
from social.models import ModerationAction, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client: Client, mod: User) -> Client:
    client.force_login(mod)
    return client


def page(desk: Client, address: str) -> str:
    response = desk.get(address)
    assert response.status_code == 200
    return response.content.decode()


def form_of(album: Album, **changes: Any) -> dict[str, Any]:
    names = (
        "title", "artist_credit", "release_year", "first_release_date", "primary_type", "country", "label",
        "release_group_mbid",
    )  # fmt: skip
    return {name: getattr(album, name) or "" for name in names} | {"artist": album.artist_id} | changes


def test_a_typo_is_fixed_logged_and_both_spellings_find_the_album(desk: Client, mod: User) -> None:
    album = AlbumFactory(title="Hejria", artist__name="Joni Mitchell")
    assert desk.post(f"/admin/catalog/album/{album.pk}/change/", form_of(album, title="Hejira")).status_code == 302
    album.refresh_from_db()
    assert (album.title, album.title_key) == ("Hejira", "hejira")
    for spelling in ("Hejira", "hejria"):
        assert get_or_create_album(title=spelling, artist="Joni Mitchell") == (album, False)
    entry = ModerationAction.objects.get()
    assert (entry.verb, entry.moderator, entry.before, entry.after) == (
        "correct", mod, {"title": "Hejria"}, {"title": "Hejira"},
    )  # fmt: skip


def test_saving_without_a_change_logs_nothing(desk: Client) -> None:
    album = AlbumFactory()
    desk.post(f"/admin/catalog/album/{album.pk}/change/", form_of(album))
    assert not ModerationAction.objects.exists()


def test_a_name_that_another_album_has_is_refused_in_words(desk: Client) -> None:
    album = AlbumFactory(title="Blue")
    AlbumFactory(title="Hejira", artist=album.artist)
    response = desk.post(f"/admin/catalog/album/{album.pk}/change/", form_of(album, title="Hejira"))
    assert "An album of this name by this artist exists already." in response.content.decode()
    album.refresh_from_db()
    assert album.title == "Blue"


def test_an_artist_keeps_the_old_spelling_as_a_name(desk: Client) -> None:
    artist = ArtistFactory(name="Joni Mitchel")
    form = {"name": "Joni Mitchell", "sort_name": "", "country": "CA", "mbid": ""}
    assert desk.post(f"/admin/catalog/artist/{artist.pk}/change/", form).status_code == 302
    assert get_or_create_artist(name="Joni Mitchel") == (artist, False)
    assert get_or_create_artist(name="joni mitchell") == (artist, False)


def test_a_track_is_corrected_too(desk: Client) -> None:
    track = TrackFactory(title="Coyotee")
    form = {"title": "Coyote", "artist": track.artist_id, "artist_credit": "", "album": "", "duration_ms": "301000"}
    assert desk.post(f"/admin/catalog/track/{track.pk}/change/", {**form, "recording_mbid": ""}).status_code == 302
    track.refresh_from_db()
    assert (track.title, track.title_key, track.duration_ms) == ("Coyote", "coyote", 301000)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Dub, post-punk", ["Dub", "post-punk"]),
        (" dub ,, Dub,  ", ["dub"]),
        ("", []),
        (",".join(f"tag {n}" for n in range(40)), [f"tag {n}" for n in range(30)]),
    ],
)
def test_tags_are_read_as_they_are_typed(text: str, names: list[str]) -> None:
    assert read_tags(text) == names


def test_tags_are_set_after_before_and_after_were_seen(desk: Client, mod: User, monday: Any) -> None:
    album = AlbumFactory()
    set_tags(row=album, names=["Folk", "jaz"], moderator=mod, now=monday)
    address = f"/admin/catalog/album/{album.pk}/fix-tags/"
    form = {"tags": "folk, Jazz", "reason": "A typo."}
    shown = desk.post(address, form).content.decode()
    assert "folk, Jazz" in shown
    assert set(tags_of(album)) == {"Folk", "jaz"}
    desk.post(address, {**form, "confirmed": "1"})
    assert set(tags_of(album)) == {"Folk", "Jazz"}
    entry = ModerationAction.objects.latest("id")
    assert (entry.verb, entry.reason) == ("set_tags", "A typo.")
    assert Tag.objects.count() == 3


def test_the_same_tags_again_change_nothing(mod: User, monday: Any) -> None:
    album = AlbumFactory()
    set_tags(row=album, names=["Folk"], moderator=mod, now=monday)
    assert set_tags(row=album, names=["FOLK"], moderator=mod, now=monday) is None
    assert ModerationAction.objects.count() == 1


def test_members_set_no_tags(rin: User, monday: Any) -> None:
    with pytest.raises(NotAllowed):
        set_tags(row=AlbumFactory(), names=["Folk"], moderator=rin, now=monday)


def test_only_the_spelling_of_a_tag_changes(desk: Client) -> None:
    tag = Tag.objects.create(name="hip hop", name_key="hip hop")
    address = f"/admin/catalog/tag/{tag.pk}/change/"
    assert "Only the spelling" in desk.post(address, {"name": "Rap"}).content.decode()
    assert desk.post(address, {"name": "Hip Hop", "is_genre": "on"}).status_code == 302
    tag.refresh_from_db()
    assert (tag.name, tag.is_genre) == ("Hip Hop", True)


def test_two_albums_become_one_after_before_and_after_and_two_again(desk: Client) -> None:
    keep, drop = AlbumFactory(title="Kid A"), AlbumFactory(title="Kid A (2000)")
    TrackFactory(album=drop)
    chosen = desk.post("/admin/catalog/album/", {"action": "merge_selected", "_selected_action": [drop.pk, keep.pk]})
    address = f"/admin/catalog/album/{keep.pk}/merge/"
    assert chosen["Location"] == f"{address}?other={drop.pk}"
    form = {"other": drop.pk, "reason": "The same record."}
    assert "Kid A (2000)" in desk.post(address, form).content.decode()
    drop.refresh_from_db()
    assert drop.merged_into is None
    desk.post(address, {**form, "confirmed": "1"})
    drop.refresh_from_db()
    assert drop.merged_into == keep
    assert keep.home_tracks.count() == 1
    desk.post(f"/admin/catalog/album/{keep.pk}/unmerge/")
    drop.refresh_from_db()
    assert drop.merged_into is None
    assert drop.home_tracks.count() == 1


@pytest.mark.parametrize("n", [1, 3])
def test_a_merge_takes_exactly_two(desk: Client, n: int) -> None:
    albums = [AlbumFactory().pk for _ in range(n)]
    response = desk.post(
        "/admin/catalog/album/", {"action": "merge_selected", "_selected_action": albums}, follow=True
    )  # fmt: skip
    assert "Select exactly two rows" in response.content.decode()


def test_a_merge_that_a_rule_forbids_is_refused_in_words(desk: Client) -> None:
    keep = AlbumFactory()
    form = {"other": keep.pk, "reason": "Oops.", "confirmed": "1"}
    assert desk.post(f"/admin/catalog/album/{keep.pk}/merge/", form).status_code == 200
    assert not ModerationAction.objects.exists()


def test_artists_merge_too(desk: Client) -> None:
    keep, drop = ArtistFactory(name="Can"), ArtistFactory(name="CAN (band)")
    album = AlbumFactory(artist=drop)
    form = {"other": drop.pk, "reason": "One band.", "confirmed": "1"}
    desk.post(f"/admin/catalog/artist/{keep.pk}/merge/", form)
    album.refresh_from_db()
    assert album.artist == keep


def test_tracks_merge_too_and_come_apart(desk: Client) -> None:
    keep, drop = TrackFactory(title="Roads"), TrackFactory(title="Rodas")
    form = {"other": drop.pk, "reason": "the same", "confirmed": "1"}
    desk.post(f"/admin/catalog/track/{keep.pk}/merge/", form)
    drop.refresh_from_db()
    assert drop.merged_into == keep
    desk.post(f"/admin/catalog/track/{keep.pk}/unmerge/")
    drop.refresh_from_db()
    assert drop.merged_into is None


def test_looking_up_again_leaves_a_job(desk: Client, jobs: Any, django_capture_on_commit_callbacks: Any) -> None:
    album = AlbumFactory()
    with django_capture_on_commit_callbacks(execute=True):
        desk.post(f"/admin/catalog/album/{album.pk}/look-up/")
    desk.post("/admin/catalog/album/", {"action": "look_up_selected", "_selected_action": [album.pk]})
    from django_q.models import OrmQ

    assert [task.func() for task in OrmQ.objects.all()] == ["catalog.tasks.identify"] * 2


def test_a_sheet_of_albums_is_looked_at_first_and_then_brought_in(desk: Client) -> None:
    known = AlbumFactory(title="Blue", artist__name="Joni Mitchell", release_year=1971)
    sheet = b"title,artist,release_year,label\nBlue,Joni Mitchell,1971,Reprise\nHejira,Joni Mitchell,1976,Asylum\n"
    address = "/admin/catalog/album/import/"
    form = {"format": "0", "resource": "", "import_file": SimpleUploadedFile("albums.csv", sheet)}
    response = desk.post(address, form)
    assert Album.objects.count() == 1
    confirm = response.context["confirm_form"]
    desk.post("/admin/catalog/album/process_import/", confirm.initial)
    known.refresh_from_db()
    assert known.label == "Reprise"
    made = Album.objects.get(title="Hejira")
    assert (made.artist, made.title_key, made.release_year) == (known.artist, "hejira", 1976)
    assert made.slug
    assert Artist.objects.count() == 1


def test_a_sheet_with_a_bad_row_brings_in_nothing(desk: Client) -> None:
    sheet = b"title,artist,release_year\nHejira,Joni Mitchell,1976\n,Nobody,1980\n"
    form = {"format": "0", "resource": "", "import_file": SimpleUploadedFile("albums.csv", sheet)}
    response = desk.post("/admin/catalog/album/import/", form)
    assert "confirm_form" not in (response.context or {}) or response.context["result"].has_errors()
    assert "An album needs a title." in response.content.decode()
    assert not Album.objects.exists()


@pytest.mark.parametrize(("table", "factory"), [("album", AlbumFactory), ("artist", ArtistFactory)])
def test_lists_take_as_many_queries_for_twenty_rows_as_for_two(desk: Client, table: str, factory: Any) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            page(desk, f"/admin/catalog/{table}/")
        return len(queries)

    factory(), factory()
    few = asked()
    for _ in range(18):
        factory()
    assert asked() <= few
