"""Lists that Sidetrack makes: for a mood, of the club, of picks that a member missed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from catalog.models import Track
from catalog.tests.factories import AlbumFactory, ArtistFactory, TrackFactory
from club.models import ClubSettings, Nomination, Phase, Rating, Week
from club.tests.factories import NominationFactory, RatingFactory, WeekFactory
from listening.models import AlbumTotal, IncognitoRange, Listener
from social.errors import Refused
from social.models import Block, User
from social.tests.factories import UserFactory
from taste.models import Label, Playlist, TrackFeatures
from taste.playlists import club_blend, missed, moods
from taste.tests.blends.test_making import played
from taste.tests.mapping.scenes import MONDAY

pytestmark = pytest.mark.django_db
NOW = datetime(2025, 12, 1, 3, 0, tzinfo=UTC)


def sounding(n: int, energy: float, valence: float, *, sure: float = 0.6) -> list[Track]:
    tracks = [TrackFactory(artist=ArtistFactory(), duration_ms=240_000) for _ in range(n)]
    TrackFeatures.objects.bulk_create(
        TrackFeatures(
            track=track, energy=energy, valence=valence, confidence={"energy": sure, "valence": sure}, updated_at=NOW
        )
        for track in tracks
    )
    return tracks


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


# --- Moods ----------------------------------------------------------------------------------------------------------
def test_a_mood_takes_the_members_tracks_from_its_place(rin: User) -> None:
    calm, lively = sounding(20, 0.1, 0.3), sounding(20, 0.9, 0.7)
    played(rin, dict.fromkeys([*calm, *lively], 2))
    made = moods.make(user=rin, field="01", minutes=30, now=NOW)
    lines = list(made.lines.order_by("position"))
    assert {line.track_id for line in lines} <= {track.pk for track in calm}
    assert 28 <= 4 * len(lines) <= 33
    assert lines[0].reason == "Energy 10, valence 30 of 100 (fairly sure); played 2 times."
    assert (made.title, made.kind, made.key) == ("Very calm and rather dark, 30 minutes", "mood", "01-30")
    again = moods.make(user=rin, field="01", minutes=30, now=NOW + timedelta(days=1))
    assert again.pk == made.pk
    assert Playlist.objects.count() == 1


def test_too_little_there_is_said_with_numbers(rin: User) -> None:
    played(rin, dict.fromkeys(sounding(5, 0.5, 0.5), 2))
    with pytest.raises(Refused, match="5 tracks whose values are sure enough, 20 of 60 minutes"):
        moods.make(user=rin, field="22", minutes=60, now=NOW)
    assert not Playlist.objects.exists()


def test_guesses_place_nothing_and_what_is_sure_comes_first(rin: User) -> None:
    guessed, unsure, sure = (sounding(10, 0.5, 0.5, sure=each) for each in (0.1, 0.3, 0.9))
    played(rin, dict.fromkeys([*guessed, *unsure, *sure], 2))
    placed, n_looked_at = moods.placed_of(rin)
    assert (len(placed), n_looked_at) == (20, 30)
    made = moods.make(user=rin, field="22", minutes=45, now=NOW)
    found = {line.track_id for line in made.lines.all()}
    assert found >= {track.pk for track in sure}
    assert not found & {track.pk for track in guessed}


def test_what_a_member_says_of_a_track_places_it_for_them(rin: User, stranger: User) -> None:
    tracks = sounding(8, 0.9, 0.9, sure=0.1)
    for member in (rin, stranger):
        played(member, dict.fromkeys(tracks, 2))
    for track in tracks:
        for axis, value in (("energy", 0.1), ("valence", 0.1)):
            Label.objects.create(user=rin, track=track, axis=axis, value=value, created_at=NOW, updated_at=NOW)
    assert moods.make(user=rin, field="00", minutes=30, now=NOW).lines.count() == 8
    with pytest.raises(Refused):
        moods.make(user=stranger, field="00", minutes=30, now=NOW)


def test_the_grid_counts_each_track_once_from_lively_to_calm(rin: User) -> None:
    played(rin, dict.fromkeys([*sounding(3, 1.0, 0.0), *sounding(2, 0.0, 1.0), *sounding(1, 0.5, 0.5)], 1))
    placed, _n = moods.placed_of(rin)
    rows = moods.grid(placed)
    assert rows[0][0].n == 3
    assert rows[4][4].n == 2
    assert rows[2][2].n == 1
    assert sum(field.n for row in rows for field in row) == 6
    assert (rows[0][0].level, rows[4][4].level, rows[2][2].level, rows[0][4].level) == (4, 3, 2, 0)
    assert rows[0][0].label == "very lively, dark"


@pytest.mark.parametrize(("field", "minutes"), [("", 60), ("55", 60), ("2", 60), ("٠٠", 60), ("22", 61), ("22", 0)])
def test_no_such_place_or_length(rin: User, field: str, minutes: int) -> None:
    with pytest.raises(Refused):
        moods.make(user=rin, field=field, minutes=minutes, now=NOW)


def test_the_page_makes_a_list_with_a_plain_form_and_keeps_what_was_chosen(rin: User) -> None:
    assert "No track of yours can be placed yet" in signed_in(rin).get("/playlists/mood/").text
    played(rin, dict.fromkeys(sounding(12, 0.5, 0.5), 2))
    client = signed_in(rin)
    assert "very lively, bright" in client.get("/playlists/mood/").text
    refused = client.post("/playlists/mood/", {"field": "22", "minutes": "120"})
    assert refused.status_code == 400
    assert "12 tracks whose values are sure enough" in refused.text
    assert 'value="22" required checked' in refused.text
    made = client.post("/playlists/mood/", {"field": "22", "minutes": "45"})
    assert made["Location"] == f"/playlists/{Playlist.objects.get().pk}/"
    assert Client().get("/playlists/mood/").status_code == 302


# --- The club's blend -----------------------------------------------------------------------------------------------
@pytest.fixture
def club() -> tuple[list[User], list[Track]]:
    """Six members who all play the same thirty tracks in the last weeks."""
    members = [UserFactory(handle=f"m{at}") for at in range(6)]
    tracks = [TrackFactory(artist=ArtistFactory()) for _ in range(30)]
    for member in members:
        played(member, dict.fromkeys(tracks, 2))
        Listener.objects.filter(user=member).update(n_listens=60)
    return members, tracks


def test_the_clubs_blend_is_what_many_play_a_few_brought_by_each(club: tuple[list[User], list[Track]]) -> None:
    members, _tracks = club
    assert club_blend.renew(now=NOW) == 24  # six members bring four each
    lines = club_blend.lines_for(members[0])
    assert len(lines) == 24
    assert lines[0].reason == "Played by 6 members, 12 times in all."
    assert [line.position for line in lines] == list(range(1, 25))
    row = Playlist.objects.get()
    assert row.user is None
    assert club_blend.renew(now=NOW + timedelta(days=1)) == 24
    assert Playlist.objects.get().pk == row.pk


def test_favourites_of_raters_come_before_others(club: tuple[list[User], list[Track]]) -> None:
    members, tracks = club
    RatingFactory(week=None, user=members[0], track=tracks[-1])
    club_blend.renew(now=NOW)
    reasons = {line.track_id: line.reason for line in club_blend.lines_for(members[0])}
    assert reasons[tracks[-1].pk].endswith("; the favourite of 1 who rated its album.")


def test_who_hides_is_out_of_every_number_at_once(club: tuple[list[User], list[Track]], rin: User) -> None:
    members, _tracks = club
    club_blend.renew(now=NOW)
    User.objects.filter(pk=members[0].pk).update(listens_visibility="followers")
    Block.objects.create(blocker=members[1], blocked=rin)
    assert club_blend.lines_for(rin)[0].reason == "Played by 4 members, 8 times in all."
    User.objects.filter(pk__in=[each.pk for each in members[2:5]]).update(visibility="me")
    assert club_blend.lines_for(rin) == []  # one is left: nobody's plays alone
    assert club_blend.renew(now=NOW) == 0
    assert not Playlist.objects.exists()


def test_private_times_bring_nothing_to_the_club(club: tuple[list[User], list[Track]]) -> None:
    members, _tracks = club
    start = datetime(MONDAY.year, MONDAY.month, MONDAY.day, tzinfo=UTC)
    for member in members[:5]:
        IncognitoRange.objects.create(user=member, starts_at=start, ends_at=start + timedelta(days=1))
    assert club_blend.renew(now=NOW) == 0


def test_members_read_it_and_keep_a_copy(club: tuple[list[User], list[Track]], rin: User) -> None:
    client = signed_in(rin)
    assert "Nothing on it yet" in client.get("/blends/club/").text
    client.post("/blends/club/keep/")
    assert not Playlist.objects.exists()
    club_blend.renew(now=NOW)
    assert "Played by 6 members" in client.get("/blends/club/").text
    kept = client.post("/blends/club/keep/")
    copy = Playlist.objects.get(user=rin)
    assert kept["Location"] == f"/playlists/{copy.pk}/"
    assert copy.lines.count() == 24
    assert "My copy" in client.get("/blends/club/").text
    assert Client().get("/blends/club/").status_code == 302
    of_club = Playlist.objects.get(user=None)
    for viewer in (client, Client()):
        assert viewer.get(f"/playlists/{of_club.pk}/").status_code == 404  # it has its own page


# --- Picks that were missed -----------------------------------------------------------------------------------------
def pick(*, stars: float = 4.0, n: int = 3, wins: bool = True, n_tracks: int = 2) -> tuple[Any, list[Track]]:
    """An album that was put up and rated, with its tracks in order."""
    album = AlbumFactory(n_tracks=n_tracks)
    week = WeekFactory(phase=Phase.CLOSED)
    own = Nomination.objects.filter(week=week)
    if wins:
        own.update(album=album)
        Week.objects.filter(pk=week.pk).update(rating_count=n, rating_mean=stars)
    else:
        Week.objects.filter(pk=week.pk).update(winner=None)
        own.delete()
        NominationFactory(album=album, week=week)
    for _ in range(n):
        RatingFactory(album=album, week=None, half_stars=round(stars * 2))
    return album, [line.track for line in album.lines.order_by("position")]


def test_winners_and_well_rated_nominees_that_were_neither_rated_nor_heard(rin: User) -> None:
    won, won_tracks = pick(stars=3.0)
    good, good_tracks = pick(stars=4.0, wins=False)
    pick(stars=3.0, wins=False)
    pick(stars=5.0, n=ClubSettings.load().minimum_ratings - 1, wins=False)
    rated, heard, heard_by_track, put_up = (pick()[0] for _ in range(4))
    RatingFactory(album=rated, user=rin, week=None)
    AlbumTotal.objects.create(user=rin, album=heard, n_listens=1, first_at=NOW, last_at=NOW)
    played(rin, {TrackFactory(album=heard_by_track, artist=heard_by_track.artist): 1})
    NominationFactory(album=put_up, user=rin)
    assert [each.album_id for each in missed.missed_by(rin)] == [won.pk, good.pk]
    lines = missed.lines_for(rin)
    assert [line.track for line in lines] == [won_tracks[0], good_tracks[0]]
    assert lines[0].reason.startswith("Won WEEK ")
    assert lines[0].reason.endswith(", 3.0 stars from 3 ratings; its first track.")
    assert lines[1].reason.startswith("Nominated in WEEK ")


def test_the_favourite_of_raters_stands_for_an_album_else_what_the_club_plays(rin: User) -> None:
    _album, liked = pick()
    RatingFactory(album=liked[1].album, week=None, track=liked[1])
    _other, heard = pick()
    for member in (UserFactory(), UserFactory()):
        played(member, {heard[1]: 5})
        Listener.objects.filter(user=member).update(n_listens=5)
    _third, once = pick()
    played(UserFactory(), {once[1]: 50})  # one member's plays speak for nobody
    Listener.objects.update(n_listens=5)
    found = {line.track.pk: line.reason.rsplit("; ", 1)[1] for line in missed.lines_for(rin)}
    assert found == {
        liked[1].pk: "the favourite of one who rated it.",
        heard[1].pk: "what the club plays most of it.",
        once[0].pk: "its first track.",
    }


def test_a_kept_list_is_brought_up_to_date(rin: User, stranger: User) -> None:
    with pytest.raises(Refused, match="nothing to catch up on"):
        missed.make(user=rin, now=NOW)
    first, _ = pick()
    row = missed.make(user=rin, now=NOW)
    pick()
    RatingFactory(album=first, user=rin, week=None)
    assert missed.renew(now=NOW + timedelta(days=7)) == 1
    assert row.lines.count() == 1
    assert row.lines.get().track.album_id != first.pk


@pytest.mark.parametrize("n", [1, 12])
def test_as_many_queries_for_many_picks_as_for_one(rin: User, n: int, django_assert_num_queries: Any) -> None:
    for _ in range(n):
        pick()
    with django_assert_num_queries(19):
        assert len(missed.lines_for(rin)) == n
    client = signed_in(rin)
    assert client.get("/playlists/missed/").status_code == 200
    assert client.post("/playlists/missed/keep/")["Location"].startswith("/playlists/")


def test_hidden_ratings_speak_for_nothing(rin: User) -> None:
    pick(stars=4.0, wins=False, n=3)
    Rating.objects.update(hidden_at=NOW)
    assert missed.missed_by(rin) == []
