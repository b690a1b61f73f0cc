"""Two rows of one album or artist become one; what pointed at either points at the kept one; and back again."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command

from catalog.merging import MergeRefused, merge_albums, merge_artists, merge_tracks, unmerge
from catalog.models import Album, AlbumTrack, Alias, Artist, Tag, Tagging, Track
from catalog.naming import get_or_create_album, get_or_create_artist, get_or_create_track
from catalog.tests.factories import AlbumFactory, ArtistFactory, TrackFactory
from sidetrack import slots
from social.models import ModerationAction, User

pytestmark = pytest.mark.django_db


def everything() -> list[Any]:
    models = (Album, Artist, Track, Alias, Tagging)
    return [list(model.objects.order_by("pk").values()) for model in models]


def without_times(rows: list[Any]) -> list[Any]:
    return [[{k: v for k, v in row.items() if k != "updated_at"} for row in table] for table in rows]


def test_what_pointed_at_the_dropped_album_points_at_the_kept_one(mod: User, monday: datetime) -> None:
    keep = AlbumFactory(title="In Rainbows", artist__name="Radiohead")
    drop = AlbumFactory(title="In Rainbow", artist__name="Radio Head", n_tracks=3, release_group_mbid=(mbid := uuid4()))
    Tagging.objects.create(tag=Tag.objects.create(name="rock", name_key="rock"), album=drop, source="test")
    report = merge_albums(keep=keep, drop=drop, moderator=mod, reason="a typo", now=monday)
    keep.refresh_from_db()
    drop.refresh_from_db()
    assert drop.merged_into == keep
    assert (keep.lines.count(), keep.home_tracks.count(), keep.taggings.count()) == (3, 3, 1)
    assert (keep.release_group_mbid, drop.release_group_mbid) == (mbid, None)
    assert report.moved == {"album tracks": 3, "tracks": 3, "tagging": 1}
    assert (report.action.moderator, report.action.reason, report.action.verb) == (mod, "a typo", "merge_album")
    assert sum(len(ids) for ids in report.action.before["moved"].values()) == 7
    assert get_or_create_album(title="In Rainbow", artist="Radio Head") == (keep, False)
    assert get_or_create_album(title="?", artist="?", release_group_mbid=mbid) == (keep, False)


def test_undoing_a_merge_brings_every_row_back(mod: User, monday: datetime) -> None:
    keep = AlbumFactory(title="In Rainbows", artist__name="Radiohead", label="", country="")
    drop = AlbumFactory(
        title="In Rainbow", artist=keep.artist, n_tracks=2, release_group_mbid=uuid4(), label="XL", country="GB"
    )
    older = AlbumFactory(title="Rainbows", artist=keep.artist, merged_into=drop)
    before = everything()
    report = merge_albums(keep=keep, drop=drop, moderator=mod, reason="", now=monday)
    older.refresh_from_db()
    assert older.merged_into == keep
    keep.refresh_from_db()
    assert (keep.label, keep.country) == ("XL", "GB")
    undone = unmerge(action=report.action, moderator=mod, now=monday)
    assert without_times(everything()) == without_times(before)
    assert undone.undoes == report.action
    with pytest.raises(MergeRefused, match="taken back already"):
        unmerge(action=report.action, moderator=mod, now=monday)


def test_the_kept_album_keeps_its_own_track_list_and_facts(monday: datetime) -> None:
    keep = AlbumFactory(n_tracks=2, release_year=1997, release_group_mbid=(mbid := uuid4()))
    drop = AlbumFactory(n_tracks=5, release_year=2017, release_group_mbid=uuid4())
    merge_albums(keep=keep, drop=drop, moderator=None, reason="", now=monday)
    keep.refresh_from_db()
    assert (keep.lines.count(), keep.release_year, keep.release_group_mbid) == (2, 1997, mbid)
    assert keep.home_tracks.count() == 7


def test_a_tag_that_both_have_stays_behind_quietly(monday: datetime) -> None:
    keep, drop = AlbumFactory(), AlbumFactory()
    rock = Tag.objects.create(name="rock", name_key="rock")
    for album in (keep, drop):
        Tagging.objects.create(tag=rock, album=album, source="test")
    merge_albums(keep=keep, drop=drop, moderator=None, reason="", now=monday)
    assert (keep.taggings.count(), drop.taggings.count()) == (1, 1)


def test_artists_take_their_albums_along(mod: User, monday: datetime) -> None:
    keep, drop = ArtistFactory(name="Radiohead"), ArtistFactory(name="Radio Head")
    album = AlbumFactory(title="Kid A", artist=drop)
    report = merge_artists(keep=keep, drop=drop, moderator=mod, reason="", now=monday)
    album.refresh_from_db()
    assert album.artist == keep
    assert get_or_create_artist(name="RADIO HEAD") == (keep, False)
    assert str(report) == "Radiohead: moved 1 album."
    unmerge(action=report.action, moderator=mod, now=monday)
    album.refresh_from_db()
    assert album.artist == drop
    assert get_or_create_artist(name="Radio Head") == (drop, False)


def test_what_is_known_by_one_name_becomes_one_with_its_artists(mod: User, monday: datetime) -> None:
    keep, drop = ArtistFactory(name="Radiohead"), ArtistFactory(name="Radio Head")
    kid_a, creep = AlbumFactory(title="Kid A", artist=keep), TrackFactory(title="Creep", artist=keep)
    AlbumFactory(title="Kid A", artist=drop, label="XL")
    AlbumFactory(title="Amnesiac", artist=drop)
    TrackFactory(title="Creep", artist=drop)
    identified = TrackFactory(title="Creep", artist=drop, recording_mbid=uuid4())
    before = everything()
    report = merge_artists(keep=keep, drop=drop, moderator=mod, reason="", now=monday)
    assert [album.title for album in keep.albums.current()] == ["Amnesiac", "Kid A"]
    assert set(keep.tracks.current()) == {creep, identified}
    kid_a.refresh_from_db()
    assert kid_a.label == "XL"
    assert ModerationAction.objects.count() == 1
    unmerge(action=report.action, moderator=mod, now=monday)
    assert without_times(everything()) == without_times(before)


def test_tracks_become_one_and_two_again(mod: User, monday: datetime) -> None:
    keep = TrackFactory(title="Roads", artist__name="Portishead", duration_ms=None)
    drop = TrackFactory(title="Rodas", artist=keep.artist, duration_ms=305_000, recording_mbid=(mbid := uuid4()))
    album = AlbumFactory()
    AlbumTrack.objects.create(album=album, track=drop, position=1)
    before = everything()
    report = merge_tracks(keep=keep, drop=drop, moderator=mod, reason="a typo", now=monday)
    keep.refresh_from_db()
    assert (keep.duration_ms, keep.recording_mbid, album.lines.get().track) == (305_000, mbid, keep)
    assert get_or_create_track(title="Rodas", artist="Portishead") == (keep, False)
    assert str(report) == "Roads — Portishead: moved 1 album track."
    unmerge(action=report.action, moderator=mod, now=monday)
    assert without_times(everything()) == without_times(before)
    assert album.lines.get().track == drop


def test_an_album_is_not_merged_into_itself_nor_twice(monday: datetime) -> None:
    keep, drop, third = AlbumFactory(), AlbumFactory(), AlbumFactory()
    with pytest.raises(MergeRefused, match="one and the same"):
        merge_albums(keep=keep, drop=keep, moderator=None, reason="", now=monday)
    merge_albums(keep=keep, drop=drop, moderator=None, reason="", now=monday)
    for other in ({"keep": drop, "drop": third}, {"keep": third, "drop": drop}):
        with pytest.raises(MergeRefused, match="merged into another"):
            merge_albums(**other, moderator=None, reason="", now=monday)


def test_the_pages_are_told(monday: datetime) -> None:
    told: list[int] = []
    slots.register("catalog:changed", lambda: told.append(1), name="test merging")
    try:
        merge_albums(keep=AlbumFactory(), drop=AlbumFactory(), moderator=None, reason="", now=monday)
    finally:
        slots._fillers["catalog:changed"] = [
            each for each in slots.fillers("catalog:changed") if each.name != "test merging"
        ]
    assert told == [1]


def test_the_command_merges_by_slug_and_can_only_try(capsys: pytest.CaptureFixture[str]) -> None:
    keep, drop = AlbumFactory(title="Kid A"), AlbumFactory(title="Kid AA", n_tracks=1)
    call_command("merge_albums", keep.slug, drop.slug, "--dry-run")
    assert "nothing was changed" in capsys.readouterr().out
    assert Album.objects.current().count() == 2
    call_command("merge_albums", keep.slug, drop.slug)
    assert "moved 1 track, 1 album track" in capsys.readouterr().out
    assert list(Album.objects.current()) == [keep]
    with pytest.raises(CommandError, match="Nothing was changed"):
        call_command("merge_albums", keep.slug, drop.slug)
    with pytest.raises(CommandError, match="No artist has the slug"):
        call_command("merge_artists", "nobody", "nobody-else")


def test_tracks_are_merged_by_number(capsys: pytest.CaptureFixture[str]) -> None:
    keep, drop = TrackFactory(title="Roads"), TrackFactory(title="Rodas")
    call_command("merge_tracks", str(keep.pk), str(drop.pk))
    assert list(Track.objects.current()) == [keep]
    assert "Roads" in capsys.readouterr().out
    with pytest.raises(CommandError, match="No track has the number"):
        call_command("merge_tracks", str(keep.pk), "roads")
