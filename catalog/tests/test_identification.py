"""An album's name is looked up at MusicBrainz; what is sure is stored whole, what is not waits for a person."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from catalog.adding import add_album_by_id
from catalog.identification import candidates_for, choose_candidate, identify_album, pause_after
from catalog.models import Album, AlbumTrack, Alias, Artist, CachedAnswer, Track
from catalog.models.resolution import Resolution
from catalog.naming import get_or_create_album
from catalog.tests.factories import AlbumFactory, TrackFactory
from catalog.tests.musicbrainz_double import MusicBrainzDouble, mbid, release, release_group
from sidetrack import slots
from sidetrack.http import TryLater
from sidetrack.tests.local_server import Answer, serving

pytestmark = pytest.mark.django_db


def in_rainbows(musicbrainz: MusicBrainzDouble) -> dict[str, Any]:
    return musicbrainz.add(
        release_group("In Rainbows", "Radiohead", date="2007-10-10"),
        release("In Rainbows", date="2008-01-01", country="US"),
        release("In Rainbows", date="2007-12-03", country="GB", discs=[["15 Step", "Bodysnatchers"], ["MK 1"]]),
        release("In Rainbows", date="2007", country="XW", status="Bootleg"),
    )


def named(title: str, artist: str, **facts: Any) -> Album:
    return get_or_create_album(title=title, artist=artist, **facts)[0]


def test_release_group_release_and_tracks_are_stored(musicbrainz: MusicBrainzDouble, monday: datetime) -> None:
    group = in_rainbows(musicbrainz)
    album = named("in rainbows (Deluxe Edition)", "radiohead")
    assert identify_album(album=album, now=monday) == Resolution.MATCHED
    album.refresh_from_db()
    assert (album.title, album.artist.name, album.artist.mbid) == (
        "In Rainbows",
        "Radiohead",
        UUID(mbid("artist Radiohead")),
    )
    assert str(album.release_group_mbid) == group["id"]
    assert str(album.release_mbid) == mbid("release In Rainbows 2007-12-03 GB")
    assert (album.first_release_date, album.release_year, album.primary_type) == ("2007-10-10", 2007, "Album")
    assert (album.country, album.label, album.artist.country) == ("GB", "XL", "GB")
    assert album.match_quality == 1.0
    lines = list(album.lines.values_list("disc", "position", "track__title", "track__duration_ms"))
    assert lines == [(1, 1, "15 Step", 180_001), (1, 2, "Bodysnatchers", 180_002), (2, 1, "MK 1", 180_001)]
    assert {str(each) for each in album.home_tracks.values_list("recording_mbid", flat=True)} == {
        mbid("recording 15 Step"),
        mbid("recording Bodysnatchers"),
        mbid("recording MK 1"),
    }


def test_asking_again_changes_nothing_and_asks_nobody(musicbrainz: MusicBrainzDouble, monday: datetime) -> None:
    in_rainbows(musicbrainz)
    album = named("In Rainbows", "Radiohead")
    identify_album(album=album, now=monday)
    before = [list(model.objects.order_by("pk").values()) for model in (Artist, Track, AlbumTrack, Alias)]
    n_asked = len(musicbrainz.server.asked)
    announced: list[str] = []
    slots.register("catalog:changed", lambda: announced.append("!"), name="test")
    try:
        for days in (0, 1):
            identify_album(album=album, now=monday + timedelta(days=days))
    finally:
        slots._fillers["catalog:changed"] = [each for each in slots.fillers("catalog:changed") if each.name != "test"]
    assert [list(model.objects.order_by("pk").values()) for model in (Artist, Track, AlbumTrack, Alias)] == before
    assert announced == []
    paths = [asked.path for asked in musicbrainz.server.asked[n_asked:]]
    assert paths == [f"/ws/2/release-group/{mbid('group Radiohead In Rainbows 2007-10-10 Album')}"]  # once, by its id


def test_the_search_names_artist_title_and_year(musicbrainz: MusicBrainzDouble, monday: datetime) -> None:
    musicbrainz.add(release_group("( )", "Sigur: Rós+", date="2002"), release("( )", date="2002"))
    identify_album(album=named("( )", "Sigur: Rós+", year=2002), now=monday)
    asked = musicbrainz.server.asked[0]
    assert asked.params == {
        "query": r'artist:"Sigur\: Rós\+" AND release:"\( \)" AND firstreleasedate:2002',
        "limit": "10",
        "fmt": "json",
    }
    browsed = musicbrainz.server.asked[1]
    assert (browsed.path, browsed.params["inc"], browsed.params["limit"]) == (
        "/ws/2/release",
        "recordings media",
        "100",
    )


def test_the_year_of_a_reissue_does_not_hide_the_album(musicbrainz: MusicBrainzDouble, monday: datetime) -> None:
    in_rainbows(musicbrainz)
    album = named("In Rainbows", "Radiohead", year=2016)
    assert identify_album(album=album, now=monday) == Resolution.MATCHED
    album.refresh_from_db()
    assert album.release_year == 2007


def test_the_home_country_s_release_is_preferred(
    musicbrainz: MusicBrainzDouble, monday: datetime, settings: Any
) -> None:
    settings.DEFAULT_COUNTRY = "US"
    in_rainbows(musicbrainz)
    album = named("In Rainbows", "Radiohead")
    identify_album(album=album, now=monday)
    album.refresh_from_db()
    assert album.country == "US"


def test_one_title_twice_by_one_artist_waits_for_a_person(musicbrainz: MusicBrainzDouble, monday: datetime) -> None:
    for date in ("1994-05-10", "2001-05-15"):
        musicbrainz.add(release_group("Weezer", "Weezer", date=date), release("Weezer", date=date))
    album = named("Weezer", "Weezer")
    assert identify_album(album=album, now=monday) == Resolution.NO_MATCH
    album.refresh_from_db()
    assert album.release_group_mbid is None
    assert album.next_try_at == monday + timedelta(hours=1)
    first, second = candidates_for(album=album, now=monday)
    assert (first.record.year, first.is_sure) == (1994, False)
    assert choose_candidate(album=album, mbid=second.record.mbid, now=monday) == Resolution.MANUAL
    album.refresh_from_db()
    assert (album.release_year, album.resolution) == (2001, Resolution.MANUAL)


def test_the_year_decides_between_two_of_one_title(musicbrainz: MusicBrainzDouble, monday: datetime) -> None:
    for date in ("1994-05-10", "2001-05-15"):
        musicbrainz.add(release_group("Weezer", "Weezer", date=date), release("Weezer", date=date))
    album = named("Weezer", "Weezer", year=2001)
    assert identify_album(album=album, now=monday) == Resolution.MATCHED
    album.refresh_from_db()
    assert album.first_release_date == "2001-05-15"


def test_an_album_is_preferred_to_a_single_of_its_name(musicbrainz: MusicBrainzDouble, monday: datetime) -> None:
    musicbrainz.add(release_group("Blue", "Joni Mitchell", date="1970", kind="Single"), release("Blue", date="1970"))
    musicbrainz.add(release_group("Blue", "Joni Mitchell", date="1971"), release("Blue", date="1971-06"))
    album = named("Blue", "Joni Mitchell")
    identify_album(album=album, now=monday)
    album.refresh_from_db()
    assert (album.primary_type, album.release_year) == ("Album", 1971)


def test_what_nobody_knows_is_tried_again_after_longer_and_longer_pauses(
    musicbrainz: MusicBrainzDouble, monday: datetime
) -> None:
    album = named("Nobody's Demo Tape", "Nobody")
    now = monday
    for n_tries, pause in enumerate([timedelta(hours=1), timedelta(hours=3), timedelta(hours=9)], start=1):
        assert identify_album(album=album, now=now) == Resolution.NO_MATCH
        album.refresh_from_db()
        assert (album.n_tries, album.next_try_at) == (n_tries, now + pause)
        now = album.next_try_at
    assert pause_after(50) == timedelta(days=30)
    assert album.title == "Nobody's Demo Tape"


def test_a_service_that_is_down_costs_no_try_and_stores_nothing(
    musicbrainz: MusicBrainzDouble, monday: datetime
) -> None:
    in_rainbows(musicbrainz)
    musicbrainz.is_down = True
    album = named("In Rainbows", "Radiohead")
    with pytest.raises(TryLater):
        identify_album(album=album, now=monday)
    album.refresh_from_db()
    assert (album.resolution, album.n_tries) == (Resolution.UNRESOLVED, 0)
    assert monday < album.next_try_at <= monday + timedelta(seconds=121)
    assert not CachedAnswer.objects.exists()


def test_a_misspelt_name_is_remembered_and_its_artist_forgotten(
    musicbrainz: MusicBrainzDouble, monday: datetime
) -> None:
    group = in_rainbows(musicbrainz)
    group["artist-credit"][0]["artist"]["aliases"] = [{"name": "Radio Head"}]
    group["artist-credit"][0]["name"] = "Radio Head"
    album = named("In Rainbows", "Radio Head")
    identify_album(album=album, now=monday)
    album.refresh_from_db()
    assert (album.artist.name, album.artist_credit) == ("Radiohead", "Radio Head")
    assert not Artist.objects.filter(name="Radio Head").exists()
    assert named("In Rainbows", "Radio Head") == album


def test_two_rows_of_one_release_group_become_one(musicbrainz: MusicBrainzDouble, monday: datetime) -> None:
    in_rainbows(musicbrainz)
    first = named("In Rainbows", "Radiohead")
    identify_album(album=first, now=monday)
    second = AlbumFactory(title="In Rainbows", artist__name="Radio-head!", release_year=None)
    group = musicbrainz.groups[0]
    group["artist-credit"][0]["artist"]["aliases"] = [{"name": "Radio-head!"}]
    group["artist-credit"][0]["name"] = "Radio-head!"
    assert identify_album(album=second, now=monday) == Resolution.MATCHED
    second.refresh_from_db()
    assert second.merged_into == first


def test_a_heard_name_becomes_the_recording_it_was(musicbrainz: MusicBrainzDouble, monday: datetime) -> None:
    in_rainbows(musicbrainz)
    album = named("In Rainbows", "Radiohead")
    heard = TrackFactory(title="15 step", artist=album.artist, duration_ms=None)
    identify_album(album=album, now=monday)
    heard.refresh_from_db()
    assert str(heard.recording_mbid) == mbid("recording 15 Step")
    assert (heard.title, heard.album, heard.duration_ms) == ("15 Step", album, 180_001)
    assert Track.objects.count() == 3


def test_a_moderator_s_spelling_survives_the_next_look_up(musicbrainz: MusicBrainzDouble, monday: datetime) -> None:
    in_rainbows(musicbrainz)
    album = named("In Rainbows", "Radiohead")
    identify_album(album=album, now=monday)
    Album.objects.filter(pk=album.pk).update(title="In/Rainbows")
    identify_album(album=album, now=monday + timedelta(days=90))
    album.refresh_from_db()
    assert album.title == "In/Rainbows"


def test_an_album_added_by_id_alone_gets_its_name_and_address(musicbrainz: MusicBrainzDouble, monday: datetime) -> None:
    group = in_rainbows(musicbrainz)
    album, _ = add_album_by_id(release_group_mbid=UUID(group["id"]))
    identify_album(album=album, now=monday)
    album.refresh_from_db()
    assert (str(album), album.slug) == ("In Rainbows — Radiohead", "radiohead-in-rainbows")
    assert not Alias.objects.exists()


def test_every_page_of_many_releases_is_read(musicbrainz: MusicBrainzDouble, monday: datetime) -> None:
    releases = [release("Blue", date=f"19{year}", country="US") for year in range(99, 71, -1)]
    musicbrainz.add(release_group("Blue", "Joni Mitchell", date="1971"), *releases[:15], releases[-1])
    album = named("Blue", "Joni Mitchell")
    identify_album(album=album, now=monday)
    album.refresh_from_db()
    assert str(album.release_mbid) == mbid("release Blue 1972 US")


def test_an_album_added_by_spotify_s_id_alone_is_named_by_spotify_and_found(
    musicbrainz: MusicBrainzDouble, monday: datetime, settings: Any
) -> None:
    in_rainbows(musicbrainz)
    album, _ = add_album_by_id(spotify_id="5vkqYmiPBYLaalcmjujWxK")
    assert identify_album(album=album, now=monday) == Resolution.NO_MATCH  # no keys: nobody to ask for its name
    answers = {
        "/api/token": b'{"access_token": "t", "expires_in": 3600}',
        "/v1/albums/5vkqYmiPBYLaalcmjujWxK": b'{"id": "5vkqYmiPBYLaalcmjujWxK", "name": "In Rainbows", '
        b'"artists": [{"name": "Radiohead"}], "release_date": "2007-12-28"}',
    }
    settings.SPOTIFY_CLIENT_ID, settings.SPOTIFY_CLIENT_SECRET = "id", "secret"
    with serving(lambda asked: Answer(body=answers[asked.path])) as server:
        settings.SPOTIFY_API_URL = settings.SPOTIFY_ACCOUNTS_URL = server.url
        assert identify_album(album=album, now=monday + timedelta(hours=1)) == Resolution.MATCHED
    assert server.asked[1].headers["Authorization"] == "Bearer t"
    album.refresh_from_db()
    assert (str(album), album.slug, album.spotify_id) == (
        "In Rainbows — Radiohead",
        "radiohead-in-rainbows",
        "5vkqYmiPBYLaalcmjujWxK",
    )
