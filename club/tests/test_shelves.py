"""The rules of what members keep by hand: a diary, albums to hear, four favourites; and what merging does with them."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from catalog.merging import merge_albums, unmerge
from catalog.models import Album
from catalog.tests.factories import AlbumFactory
from catalog.wanted import wanted
from club.errors import ClubRuleBroken
from club.models import DiaryEntry, FavouriteAlbum, Phase, WantedAlbum
from club.ratings import rate, rate_outside
from club.shelves.diary import change_entry, log_album, remove_entry
from club.shelves.favourites import add_favourite, favourites_of, move_favourite, remove_favourite, set_favourites
from club.shelves.wanting import unwant, want
from club.tests.factories import MONDAY, WeekFactory
from social.models import User

pytestmark = pytest.mark.django_db
TODAY = MONDAY.date()


def wants(member: User) -> list[Album]:
    rows = WantedAlbum.objects.standing().filter(user=member).select_related("album")
    return [row.album for row in rows.order_by("created_at", "pk")]


# --- Albums to hear -------------------------------------------------------------------------------------------------
def test_an_album_is_wanted_once_and_its_note_changes_alone(rin: User) -> None:
    album = AlbumFactory()
    first, is_new = want(member=rin, album=album, now=MONDAY)
    assert is_new
    again, is_new = want(member=rin, album=album, note="  Sol's  tip ", now=MONDAY + timedelta(days=1))
    assert (again.pk, is_new, again.note, again.created_at) == (first.pk, False, "Sol's tip", MONDAY)
    want(member=rin, album=album, visibility="me", now=MONDAY)
    again.refresh_from_db()
    assert (again.note, again.visibility) == ("Sol's tip", "me")
    assert unwant(member=rin, album=album)
    assert not unwant(member=rin, album=album)


def test_what_is_rated_or_heard_whole_leaves_the_list_and_what_is_heard_in_part_stays(rin: User) -> None:
    rated, heard, begun, kept = AlbumFactory.create_batch(4)
    for album in (rated, heard, begun, kept):
        want(member=rin, album=album, now=MONDAY)
    rate_outside(member=rin, album=rated, half_stars=8, now=MONDAY)
    assert log_album(member=rin, album=heard, now=MONDAY).left_list
    logged = log_album(member=rin, album=begun, extent="part", now=MONDAY)
    assert not logged.left_list
    assert wants(rin) == [begun, kept]
    change_entry(entry=logged.entry, by=rin, extent="whole", now=MONDAY)
    assert wants(rin) == [kept]


def test_rating_the_weeks_album_takes_it_off_the_list(rin: User) -> None:
    week = WeekFactory(phase=Phase.DISCUSSION, opens_at=MONDAY)
    assert week.winner is not None
    want(member=rin, album=week.winner.album, now=MONDAY)
    rate(member=rin, week=week, half_stars=7, now=week.discussion_at + timedelta(hours=1))
    assert wants(rin) == []


def test_an_album_that_is_wanted_again_survives_a_change_of_its_rating(rin: User) -> None:
    album = AlbumFactory()
    rate_outside(member=rin, album=album, half_stars=8, now=MONDAY)
    want(member=rin, album=album, now=MONDAY)
    rate_outside(member=rin, album=album, half_stars=9, now=MONDAY)
    assert wants(rin) == [album]


@pytest.mark.parametrize("note", ["x" * 301, "a\x00b"])
def test_a_note_that_cannot_be_kept_is_refused(rin: User, note: str) -> None:
    with pytest.raises(ClubRuleBroken):
        want(member=rin, album=AlbumFactory(), note=note, now=MONDAY)
    assert not WantedAlbum.objects.exists()


# --- Diary ----------------------------------------------------------------------------------------------------------
def test_a_day_holds_an_album_once_and_the_second_time_corrects_it(rin: User) -> None:
    album = AlbumFactory()
    first = log_album(member=rin, album=album, now=MONDAY)
    assert (first.is_new, first.entry.listened_on, first.entry.extent) == (True, TODAY, "whole")
    again = log_album(member=rin, album=album, extent="part", visibility="me", now=MONDAY)
    assert (again.is_new, again.entry.pk) == (False, first.entry.pk)
    entry = DiaryEntry.objects.get()
    assert (entry.extent, entry.visibility) == ("part", "me")
    log_album(member=rin, album=album, listened_on=TODAY - timedelta(days=1), now=MONDAY)
    assert DiaryEntry.objects.count() == 2


def test_today_is_the_members_own_and_no_later_day_is_taken(rin: User) -> None:
    late = datetime.fromisoformat("2025-11-10T22:30:00+00:00")  # already the 11th in Tokyo
    with pytest.raises(ClubRuleBroken, match="not come yet"):
        log_album(member=rin, album=AlbumFactory(), listened_on=date(2025, 11, 11), now=late)
    rin.timezone = "Asia/Tokyo"
    assert log_album(member=rin, album=AlbumFactory(), now=late).entry.listened_on == date(2025, 11, 11)


def test_a_day_before_the_release_is_taken(rin: User) -> None:
    album = AlbumFactory(release_year=2025, first_release_date="2025-11-28")
    assert log_album(member=rin, album=album, now=MONDAY).is_new


def test_an_entry_moves_to_another_day_unless_the_album_is_there_already(rin: User) -> None:
    album, yesterday = AlbumFactory(), TODAY - timedelta(days=1)
    today = log_album(member=rin, album=album, now=MONDAY).entry
    log_album(member=rin, album=album, listened_on=yesterday, now=MONDAY)
    with pytest.raises(ClubRuleBroken, match="for that day already"):
        change_entry(entry=today, by=rin, listened_on=yesterday, now=MONDAY)
    change_entry(entry=today, by=rin, listened_on=yesterday - timedelta(days=1), now=MONDAY)
    assert sorted(DiaryEntry.objects.values_list("listened_on", flat=True)) == [
        yesterday - timedelta(days=1), yesterday,
    ]  # fmt: skip


def test_only_its_owner_touches_an_entry(rin: User, sol: User) -> None:
    entry = log_album(member=rin, album=AlbumFactory(), now=MONDAY).entry
    with pytest.raises(ClubRuleBroken):
        change_entry(entry=entry, by=sol, extent="part", now=MONDAY)
    with pytest.raises(ClubRuleBroken):
        remove_entry(entry=entry, by=sol)
    assert remove_entry(entry=entry, by=rin)
    assert not remove_entry(entry=entry, by=rin)


# --- Favourites -----------------------------------------------------------------------------------------------------
def test_favourites_are_four_in_the_members_order(rin: User) -> None:
    albums = AlbumFactory.create_batch(5)
    for album in (*albums[:4], albums[0]):
        add_favourite(member=rin, album=album, now=MONDAY)
    assert favourites_of(rin) == albums[:4]
    with pytest.raises(ClubRuleBroken, match="4 places"):
        add_favourite(member=rin, album=albums[4], now=MONDAY)
    move_favourite(member=rin, album=albums[3], earlier=True, now=MONDAY)
    move_favourite(member=rin, album=albums[0], earlier=True, now=MONDAY)
    assert favourites_of(rin) == [albums[0], albums[1], albums[3], albums[2]]
    remove_favourite(member=rin, album=albums[1], now=MONDAY)
    add_favourite(member=rin, album=albums[4], now=MONDAY)
    assert favourites_of(rin) == [albums[0], albums[3], albums[2], albums[4]]
    assert list(FavouriteAlbum.objects.values_list("position", flat=True)) == [1, 2, 3, 4]


# --- Everywhere -----------------------------------------------------------------------------------------------------
def test_suspended_members_keep_no_shelves(rin: User) -> None:
    rin.suspended_at = MONDAY - timedelta(days=1)
    for act in (want, log_album, add_favourite):
        with pytest.raises(ClubRuleBroken, match="suspended"):
            act(member=rin, album=AlbumFactory(), now=MONDAY)


def test_shelves_follow_an_album_into_the_one_that_it_becomes_and_back(rin: User, mod: User) -> None:
    keep, drop = AlbumFactory(), AlbumFactory()
    want(member=rin, album=drop, note="Sol's tip", now=MONDAY)
    log_album(member=rin, album=drop, extent="part", now=MONDAY)
    set_favourites(member=rin, albums=[drop], now=MONDAY)
    action = merge_albums(keep=keep, drop=drop, moderator=mod, reason="The same.", now=MONDAY).action
    assert (wants(rin), favourites_of(rin)) == ([keep], [keep])
    assert DiaryEntry.objects.standing().get().album == keep
    unmerge(action=action, moderator=mod, now=MONDAY)
    assert (wants(rin), favourites_of(rin)) == ([drop], [drop])
    assert DiaryEntry.objects.standing().get().album == drop


def test_who_had_both_has_one_after_a_merge_and_both_again_after_taking_it_back(rin: User, mod: User) -> None:
    keep, drop, other = AlbumFactory.create_batch(3)
    for album in (drop, keep):
        want(member=rin, album=album, now=MONDAY)
        log_album(member=rin, album=album, extent="part", now=MONDAY)
    set_favourites(member=rin, albums=[drop, other, keep], now=MONDAY)
    action = merge_albums(keep=keep, drop=drop, moderator=mod, reason="The same.", now=MONDAY).action
    assert (wants(rin), favourites_of(rin)) == ([keep], [other, keep])
    assert DiaryEntry.objects.standing().count() == 1
    unmerge(action=action, moderator=mod, now=MONDAY)
    assert (wants(rin), favourites_of(rin)) == ([drop, keep], [drop, other, keep])
    assert DiaryEntry.objects.standing().count() == 2


def test_what_is_taken_off_after_a_merge_does_not_come_back_with_the_dropped_album(rin: User, mod: User) -> None:
    keep, drop = AlbumFactory(), AlbumFactory()
    for album in (drop, keep):
        want(member=rin, album=album, now=MONDAY)
    set_favourites(member=rin, albums=[drop, keep], now=MONDAY)
    action = merge_albums(keep=keep, drop=drop, moderator=mod, reason="The same.", now=MONDAY).action
    drop.refresh_from_db()
    unwant(member=rin, album=drop)
    add_favourite(member=rin, album=AlbumFactory(), now=MONDAY)
    unmerge(action=action, moderator=mod, now=MONDAY)
    assert wants(rin) == []
    assert len(favourites_of(rin)) == 2


def test_albums_on_shelves_are_looked_up_but_not_for_what_is_kept_to_oneself(rin: User) -> None:
    shown, hidden = AlbumFactory(), AlbumFactory()
    want(member=rin, album=shown, now=MONDAY)
    want(member=rin, album=hidden, visibility="me", now=MONDAY)
    assert set(Album.objects.filter(wanted())) == {shown}
