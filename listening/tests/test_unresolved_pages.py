"""Members say what the names in their listens mean: for themselves, and to be taken back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from catalog.bulk_naming import Heard, Names
from catalog.models import Track
from catalog.tests.factories import TrackFactory
from catalog.tests.musicbrainz_double import MusicBrainzDouble
from listening.ingest import ingest
from listening.models import ListenEvent, RemovedListen
from listening.plays import Play
from listening.tests.plays import EVENING, prove
from listening.views import unresolved
from social.models import User

pytestmark = pytest.mark.django_db
PAGE = "/settings/listens/unresolved/"


def hear(user: User, artist: str, *titles: str, n: int = 1) -> Track:
    """Each title n times; the track of the first."""
    first = ListenEvent.objects.filter(user=user).count()
    plays = [
        Play(EVENING + timedelta(minutes=5 * (first + at)), artist, title)
        for at, title in enumerate(title for title in titles for _ in range(n))
    ]
    ingest(user=user, source="lastfm", plays=plays, now=EVENING + timedelta(days=9))
    return Track.objects.get(pk=Names().resolve([heard := Heard(artist, titles[0])])[heard].track_id)


def tracks_of(user: User) -> set[Track]:
    return {listen.track for listen in ListenEvent.objects.filter(user=user).select_related("track__artist")}


@pytest.fixture
def page(rin: User, client: Client) -> Client:
    client.force_login(rin)
    return client


def test_the_page_lists_what_nobody_could_tell_the_most_played_first(
    rin: User, sol: User, page: Client, musicbrainz: MusicBrainzDouble
) -> None:
    hear(rin, "Low", "Once")
    hear(rin, "Low", "Thrice", n=3)
    hear(sol, "Low", "Of another member")
    artist = Track.objects.get(title="Once").artist
    TrackFactory(title="Known", artist=artist, recording_mbid="0a2b3c4d-0000-4000-8000-000000000001")
    hear(rin, "Low", "Known")
    told = page.get(PAGE).content.decode()
    assert told.index("Thrice") < told.index("Once")
    assert "Of another member" not in told
    assert ">Known<" not in told
    assert "2 tracks" in told
    assert musicbrainz.server.asked == []


def test_a_recording_found_at_musicbrainz_becomes_the_member_s_own_answer(
    rin: User, sol: User, page: Client, musicbrainz: MusicBrainzDouble
) -> None:
    stage = musicbrainz.add_recording("Roads", "Portishead", length=350_000, albums=("Roseland NYC Live",))
    musicbrainz.add_recording("Roads", "Portishead", length=304_000)
    heard = hear(rin, "Portishead", "Roads", "ROADS (remastered)", n=2)
    hear(sol, "Portishead", "Roads")
    told = page.get(f"{PAGE}{heard.pk}/").content.decode()
    assert "Roseland NYC Live" in told
    assert "5:50" in told
    answer = page.post(f"{PAGE}{heard.pk}/link/", {"recording": stage["id"]}, follow=True)
    assert "means “Roads — Portishead” in your listens from now on" in answer.content.decode()
    (track,) = tracks_of(rin)
    assert str(track.recording_mbid) == stage["id"]
    assert tracks_of(sol) == {heard}
    assert hear(sol, "Portishead", "Roads") == heard  # the name means to others what it meant
    hear(rin, "Portishead", "Roads")
    assert tracks_of(rin) == {track}
    prove(rin)


def test_an_answer_is_taken_back(rin: User, page: Client, musicbrainz: MusicBrainzDouble) -> None:
    found = musicbrainz.add_recording("Roads", "Portishead")
    heard = hear(rin, "Portishead", "Roads", n=3)
    page.post(f"{PAGE}{heard.pk}/link/", {"recording": f"https://musicbrainz.org/recording/{found['id']}?x=1"})
    assert tracks_of(rin) != {heard}
    (correction,) = rin.listen_corrections.all()
    page.post(f"/settings/listens/corrections/{correction.pk}/undo/")
    assert tracks_of(rin) == {heard}
    prove(rin)


def test_a_track_that_we_hold_can_be_meant(rin: User, page: Client, musicbrainz: MusicBrainzDouble) -> None:
    known = TrackFactory(
        title="House Quake", artist__name="Prince", recording_mbid="0a2b3c4d-0000-4000-8000-000000000002"
    )
    heard = hear(rin, "Prince", "Housequake!!")
    assert "Known here" in page.get(f"{PAGE}{heard.pk}/?q=house+quake+prince").content.decode()
    page.post(f"{PAGE}{heard.pk}/link/", {"track": known.pk})
    assert tracks_of(rin) == {known}


def test_what_is_not_music_is_taken_out_and_comes_back(rin: User, page: Client, musicbrainz: MusicBrainzDouble) -> None:
    heard = hear(rin, "Some Podcast", "Episode 7", n=2)
    page.post(f"{PAGE}{heard.pk}/not-music/")
    assert tracks_of(rin) == set()
    assert RemovedListen.objects.filter(user=rin).count() == 2
    (correction,) = rin.listen_corrections.all()
    page.post(f"/settings/listens/corrections/{correction.pk}/undo/")
    assert tracks_of(rin) == {heard}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "Paste the address of a recording"),
        ({"recording": "https://musicbrainz.org/release/5d1de71e-0c0b-4a1b-9a55-7a1b5c0ffee0"}, "Paste the address"),
        ({"recording": "5d1de71e-0c0b-4a1b-9a55-7a1b5c0ffee0"}, "MusicBrainz knows no such recording"),
        ({"track": "999999999999999999999"}, "That track is gone"),
    ],
)
def test_what_cannot_be_meant_is_refused_in_words(
    rin: User, page: Client, musicbrainz: MusicBrainzDouble, given: dict[str, Any], said: str
) -> None:
    heard = hear(rin, "Portishead", "Roads")
    assert said in page.post(f"{PAGE}{heard.pk}/link/", given, follow=True).content.decode()
    assert tracks_of(rin) == {heard}


def test_a_busy_musicbrainz_does_not_keep_the_page_waiting(
    rin: User, page: Client, musicbrainz: MusicBrainzDouble
) -> None:
    heard = hear(rin, "Portishead", "Roads")
    musicbrainz.is_down = True
    assert "MusicBrainz is busy" in page.get(f"{PAGE}{heard.pk}/").content.decode()


def test_only_one_s_own_unknown_tracks_are_answered(
    rin: User, sol: User, page: Client, musicbrainz: MusicBrainzDouble
) -> None:
    theirs = hear(sol, "Portishead", "Roads")
    assert page.get(f"{PAGE}{theirs.pk}/").status_code == 404
    assert page.post(f"{PAGE}{theirs.pk}/not-music/").status_code == 404
    assert Client().get(PAGE).status_code == 302


@pytest.mark.parametrize("n", [1, 20])
def test_the_page_asks_as_many_queries_for_twenty_as_for_one(
    rin: User, page: Client, n: int, django_assert_max_num_queries: Any
) -> None:
    hear(rin, "Low", *[f"Song {at}" for at in range(n)])
    with django_assert_max_num_queries(14):
        assert page.get(PAGE).status_code == 200


def test_moderators_see_what_all_members_play_of_unknown_tracks_the_most_played_first(
    rin: User, sol: User, mod: User, client: Client
) -> None:
    for user, title, n in ((rin, "Once", 1), (rin, "Twice", 2), (sol, "Once", 3)):
        hear(user, "Low", title, n=n)
    TrackFactory(title="Known", artist__name="Slint", recording_mbid="0a2b3c4d-0000-4000-8000-000000000003")
    client.force_login(mod)
    told = client.get("/admin/catalog/track/?unknown=yes").content.decode()
    assert told.index(">Once<") < told.index(">Twice<")
    assert ">Known<" not in told


def test_who_searches_very_often_waits_and_musicbrainz_is_not_asked(
    rin: User, page: Client, musicbrainz: MusicBrainzDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    track = hear(rin, "Low", "Over The Ocean")
    first = page.get(f"{PAGE}{track.pk}/", {"q": "one"})
    n_asked = len(musicbrainz.server.asked)
    monkeypatch.setattr(unresolved, "SEARCHES_A_MINUTE", 0)
    second = page.get(f"{PAGE}{track.pk}/", {"q": "another"})
    assert "very often" not in first.content.decode()
    assert "very often" in second.content.decode()
    assert (n_asked > 0, len(musicbrainz.server.asked)) == (True, n_asked)
