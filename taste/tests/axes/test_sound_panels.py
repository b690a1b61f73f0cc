"""“How it sounds” on the pages of an album, a week and a track."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from catalog.models import Album, Track
from catalog.tests.factories import AlbumFactory, TrackFactory
from club.models import Phase
from club.tests.factories import WeekFactory
from social.models import User
from taste.axes.choosing import choose
from taste.axes.evidence import keep
from taste.axes.judging import Judged
from taste.axes.labelling import label
from taste.axes.sounding import Line, key_name, sound_of, sound_of_album, sureness
from taste.templatetags.sound import sound_bar

pytestmark = pytest.mark.django_db


def sounds(tracks: list[Track], now: datetime, *, sure: float = 0.8, source: str = "audio", **values: float) -> None:
    judged = {axis: Judged(value, sure, f"by {source}") for axis, value in values.items()}
    keep(source=source, version="1", judged={track.pk: judged for track in tracks}, now=now)
    choose([track.pk for track in tracks], now)


def lines(album: Album) -> list[Track]:
    return list(Track.objects.filter(lines__album=album).order_by("pk"))


def test_an_album_says_how_it_sounds_and_how_that_is_known(client: Client, monday: datetime) -> None:
    album = AlbumFactory(n_tracks=3)
    first, second, _ = lines(album)
    sounds([first], monday, energy=0.9, danceability=0.7, valence=0.4, tempo=120.0, loudness=-9.0)
    sounds([second], monday, energy=0.7, danceability=0.8, valence=0.5, tempo=130.0, loudness=-11.0)
    page = client.get(album.get_absolute_url()).content.decode()
    assert "How it sounds" in page
    assert "Energetic and danceable." in page
    assert "2 of 3 tracks" in page
    assert "125 BPM" in page
    assert "-10.0 LUFS" in page
    assert "70–90" in page
    assert "by audio" in page
    assert "measured in the audio here" in page
    assert "9,306 popular songs" in page
    assert "style=" not in page.partition('id="how-it-sounds"')[2].partition("</section>")[0]


def test_an_album_of_which_nobody_knows_says_nothing(client: Client) -> None:
    assert "How it sounds" not in client.get(AlbumFactory(n_tracks=2).get_absolute_url()).content.decode()


def test_tracks_that_were_only_heard_from_an_album_count_too(monday: datetime) -> None:
    album = AlbumFactory(n_tracks=1)
    heard = TrackFactory(artist=album.artist, album=album)
    sounds([heard], monday, energy=0.9)
    found = sound_of_album(album)
    assert found is not None
    assert (found.n_known, found.n_tracks) == (1, 2)


def test_a_week_says_how_its_winner_sounds(client: Client, monday: datetime) -> None:
    week = WeekFactory(phase=Phase.LISTENING)
    album = week.winner.album
    assert "How it sounds" not in client.get(week.get_absolute_url()).content.decode()
    sounds([TrackFactory(artist=album.artist, album=album)], monday, energy=0.1, acousticness=0.95)
    visitor = Client()
    visitor.cookies["messages"] = "x"  # not served from a kept copy
    page = visitor.get(week.get_absolute_url()).content.decode()
    assert "Calm and acoustic." in page
    without = WeekFactory(phase=Phase.NOMINATIONS)
    assert "How it sounds" not in visitor.get(without.get_absolute_url()).content.decode()


def test_a_track_says_its_key_and_what_the_member_says(client: Client, rin: User, monday: datetime) -> None:
    track = TrackFactory()
    address = reverse("listening:track", args=[track.pk])
    assert "How it sounds" not in client.get(address).content.decode()
    sounds([track], monday, energy=0.5, key=9.0, mode=0.0, instrumentalness=0.97)
    visitor = Client(headers={"cookie": "messages=x"})
    page = visitor.get(address).content.decode()
    assert "Mostly without voices." in page
    assert "A minor" in page
    assert "Say how you hear it" not in page
    client.force_login(rin)
    assert "Say how you hear it" in client.get(address).content.decode()
    label(by=rin, track=track, axis="energy", value=0.8, now=monday)
    page = client.get(address).content.decode()
    assert "Energy 80" in page
    assert "Change what you say" in page


def test_a_member_may_say_something_of_a_track_that_nobody_knows(client: Client, rin: User) -> None:
    client.force_login(rin)
    page = client.get(reverse("listening:track", args=[TrackFactory().pk])).content.decode()
    assert "Nobody has told yet how it sounds" in page
    assert "Say how you hear it" in page


@pytest.mark.parametrize("signed_in", [False, True])
def test_the_pages_take_as_many_queries_for_twenty_tracks_as_for_one(
    client: Client, rin: User, monday: datetime, signed_in: bool
) -> None:
    def queries(n: int) -> tuple[int, int]:
        week = WeekFactory(phase=Phase.LISTENING, winner__album=AlbumFactory(n_tracks=n))
        album = week.winner.album
        sounds(lines(album), monday, energy=0.5, tempo=120.0)
        sounds(lines(album), monday, source="tags", sure=0.2, energy=0.4, valence=0.4)
        found = []
        for address in (album.get_absolute_url(), week.get_absolute_url()):
            with CaptureQueriesContext(connection) as captured:
                assert "How it sounds" in client.get(address).content.decode()
            found.append(len(captured))
        return found[0], found[1]

    if signed_in:
        client.force_login(rin)
    client.get("/")  # what is asked once a process
    assert queries(1) == queries(20)


def test_an_album_in_three_queries_and_in_one_where_nobody_knows(
    monday: datetime, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    album = AlbumFactory(n_tracks=20)
    with django_assert_num_queries(1):
        assert sound_of_album(album) is None
    sounds(lines(album), monday, energy=0.5)
    with django_assert_num_queries(3):
        found = sound_of_album(album)
    assert found is not None
    assert (found.n_known, found.n_tracks) == (20, 20)
    assert found.finding == "Nothing about it stands out."


@pytest.mark.parametrize(("value", "word"), [(0.95, "sure"), (0.5, "fairly sure"), (0.3, "unsure"), (0.05, "a guess")])
def test_confidence_has_a_word(value: float, word: str) -> None:
    assert sureness(value) == word


def test_a_guess_is_hollow_says_so_and_stays_out_of_the_finding(monday: datetime) -> None:
    track = TrackFactory()
    sounds([track], monday, sure=0.1, energy=0.95)
    found = sound_of([track.pk])
    assert found is not None
    assert found.finding == "Nothing about it stands out."
    assert found.lines[0].is_weak
    assert "weak" in sound_bar(found.lines[0])


@pytest.mark.parametrize(
    ("key", "mode", "name"), [(9, 0, "A minor"), (3, 1, "E♭ major"), (0, None, "C"), (-1, 1, ""), (None, 0, "")]
)
def test_a_key_has_a_name(key: int | None, mode: int | None, name: str) -> None:
    assert key_name(key, mode) == name


def test_what_is_hard_to_tell_needs_a_source_that_is_fairly_sure(monday: datetime) -> None:
    track = TrackFactory()
    sounds([track], monday, sure=0.35, valence=0.5, danceability=0.5)
    found = sound_of([track.pk])
    assert found is not None
    assert {line.axis: line.is_weak for line in found.lines} == {"danceability": False, "valence": True}
    page = Client().get(reverse("listening:track", args=[track.pk])).content.decode()
    assert "weak evidence" in page


def test_a_bar_is_drawn_without_words_beside_its_number() -> None:
    line = Line("energy", "Energy", 0.5, 0.25, 0.75, 4, 0.9, ("audio",), ("heard",))
    drawn = sound_bar(line)
    assert 'aria-hidden="true"' in drawn
    assert 'width="50"' in drawn
    assert "span" in drawn
    assert "style" not in drawn
    assert line.below_percent == pytest.approx(26, abs=1)


def test_the_numbers_of_the_panel_are_a_file_too(client: Client, monday: datetime) -> None:
    album, silent = AlbumFactory(n_tracks=2), AlbumFactory(n_tracks=1)
    first, second = lines(album)
    sounds([first], monday, energy=0.9)
    sounds([second], monday, energy=0.7)
    kept = AlbumFactory(title="Merged", merged_into=album)
    file = f"{album.get_absolute_url()}sound.csv"
    assert f'href="{file}"' in client.get(album.get_absolute_url()).content.decode()
    answer = client.get(file)
    assert answer["Content-Type"].startswith("text/csv")
    head, row = answer.content.decode().splitlines()
    assert head.startswith("axis,value,low,high,tracks,share_of_songs_below,confidence")
    assert row.startswith("energy,0.8,0.7,0.9,2,")
    assert client.get(f"{kept.get_absolute_url()}sound.csv")["Location"] == file
    assert client.get(f"{silent.get_absolute_url()}sound.csv").status_code == 404
    of_track = f"{reverse('listening:track', args=[first.pk])}sound.csv"
    assert client.get(of_track).content.decode().splitlines()[1].startswith("energy,0.9,0.9,0.9,1,")
    assert f'href="{of_track}"' in client.get(reverse("listening:track", args=[first.pk])).content.decode()
