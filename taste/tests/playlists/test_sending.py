"""A list goes to Spotify once: sent again it is brought up to date, whatever was lost on the way."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils.timezone import now as clock

from catalog.models import Track
from catalog.tests.factories import AlbumFactory, ArtistFactory, TrackFactory
from listening.tests.fake_listenbrainz import FakeListenBrainz
from listening.tests.fake_spotify import FakeSpotify, refusal
from social.errors import NotAllowed, Refused
from social.models import User
from taste.models import Playlist, PlaylistExport
from taste.playlists import services, writing
from taste.playlists.writing import Line
from taste.tests.blends.test_asking import agreed
from taste.tests.playlists.sendings import MINUTE, NOW, kept, linked, on_spotify, sent, uris

pytestmark = pytest.mark.django_db


def test_a_list_stands_at_spotify_and_sent_again_it_is_the_same_one(rin: User, spotify: FakeSpotify) -> None:
    linked(rin, "spotify")
    tracks = on_spotify(3)
    row = kept(rin, tracks)
    export = sent(row, "spotify")
    assert (export.state, export.n_tracks, export.n_found, export.missing) == ("done", 3, 3, [])
    assert export.url == "https://open.spotify.com/playlist/playlist0"
    assert spotify.playlists == {"playlist0": uris(*tracks)}
    head = spotify.heads["playlist0"]
    assert (head["name"], head["public"]) == ("For the train", False)
    assert head["description"].startswith("Fifty minutes & more Made by Sidetrack (sidetrack-")
    writing.move(user=rin, playlist=row, line_id=row.lines.get(track=tracks[2]).pk, to=1, now=NOW)
    Playlist.objects.update(title="For the bus", visibility="public")
    User.objects.update(visibility="public")
    assert sent(row, "spotify", at=5).state == "done"
    assert spotify.playlists == {"playlist0": uris(tracks[2], tracks[0], tracks[1])}
    assert (spotify.heads["playlist0"]["name"], spotify.heads["playlist0"]["public"]) == ("For the bus", True)


def test_a_long_list_goes_in_parts(rin: User, spotify: FakeSpotify) -> None:
    linked(rin, "spotify")
    tracks = on_spotify(230)
    sent(kept(rin, tracks), "spotify")
    assert spotify.playlists["playlist0"] == uris(*tracks)


def test_a_public_list_of_a_member_whom_not_everybody_sees_is_private_there(rin: User, spotify: FakeSpotify) -> None:
    linked(rin, "spotify")
    sent(kept(rin, on_spotify(1), visibility="public"), "spotify")  # the profile is for members
    assert spotify.heads["playlist0"]["public"] is False


def page_of(row: Playlist) -> str:
    client = Client()
    client.force_login(row.user)  # type: ignore[arg-type]
    return client.get(f"/playlists/{row.pk}/").text


OPEN_THERE = "Everybody may still see it on Spotify"


@pytest.mark.parametrize("narrowed", ["the list", "the member"])
def test_a_list_that_is_narrowed_here_says_that_it_is_still_open_there_until_it_is_sent_again(
    rin: User, spotify: FakeSpotify, narrowed: str
) -> None:
    User.objects.filter(pk=rin.pk).update(visibility="public")
    linked(rin, "spotify")
    row = kept(rin, on_spotify(1), visibility="public")
    assert sent(row, "spotify").is_public_there
    assert spotify.heads["playlist0"]["public"] is True
    assert OPEN_THERE not in page_of(row)
    if narrowed == "the list":
        writing.edit(user=rin, playlist=row, title=row.title, note="", visibility="members", now=NOW)
    else:
        User.objects.filter(pk=rin.pk).update(visibility="members")
    page = page_of(row)
    assert OPEN_THERE in page
    assert page.index(OPEN_THERE) < page.index("Send again")
    assert not sent(row, "spotify", at=1).is_public_there
    assert spotify.heads["playlist0"]["public"] is False
    assert OPEN_THERE not in page_of(row)


def test_what_may_be_open_there_counts_as_open(rin: User, spotify: FakeSpotify) -> None:
    """The answer was lost: whether the list was made nobody knows."""
    User.objects.filter(pk=rin.pk).update(visibility="public")
    linked(rin, "spotify")
    row = kept(rin, on_spotify(1), visibility="public")
    spotify.loses.append(("POST", "/v1/me/playlists"))
    assert sent(row, "spotify").is_public_there


def test_a_list_deleted_there_is_made_anew_and_one_taken_out_of_the_library_comes_back(
    rin: User, spotify: FakeSpotify
) -> None:
    linked(rin, "spotify")
    row = kept(rin, on_spotify(2))
    sent(row, "spotify")
    spotify.library.clear()  # what “delete” does at Spotify
    sent(row, "spotify", at=1)
    assert spotify.library == ["playlist0"]
    del spotify.playlists["playlist0"]
    export = sent(row, "spotify", at=2)
    assert (export.state, export.remote_id) == ("done", "playlist1")
    assert spotify.playlists["playlist1"] == uris(*on_list(row))


def on_list(row: Playlist) -> list[Track]:
    return [line.track for line in row.lines.order_by("position").select_related("track")]


def test_an_answer_that_was_lost_doubles_nothing(rin: User, spotify: FakeSpotify) -> None:
    linked(rin, "spotify")
    row = kept(rin, on_spotify(2))
    spotify.loses.append(("POST", "/v1/me/playlists"))
    export = sent(row, "spotify")
    assert (export.state, export.remote_id) == ("waiting", "")
    assert "out of order" in export.words
    assert export.due_at is not None
    assert services.due(export.due_at) == [export.pk]
    assert services.send(export.pk, now=NOW) is None  # its pause is not over
    services.send(export.pk, now=export.due_at)
    export.refresh_from_db()
    assert (export.state, export.remote_id) == ("done", "playlist0")
    assert len(spotify.heads) == 1


def test_our_list_is_found_again_among_many(rin: User, spotify: FakeSpotify) -> None:
    linked(rin, "spotify")
    row = kept(rin, on_spotify(1))
    sent(row, "spotify")
    for at in range(120):
        spotify.playlists[f"other{at}"], spotify.heads[f"other{at}"] = [], {"name": "Other", "description": "x"}
        spotify.library.insert(0, f"other{at}")
    PlaylistExport.objects.all().delete()
    assert sent(row, "spotify", at=1).remote_id == "playlist0"
    assert len(spotify.heads) == 121
    other = kept(rin, on_list(row), title="Another")
    assert sent(other, "spotify", at=1).remote_id != "playlist0"


def test_tracks_are_looked_up_strictly_and_those_not_there_are_named(rin: User, spotify: FakeSpotify) -> None:
    linked(rin, "spotify")
    low = ArtistFactory(name="Low")
    album = AlbumFactory(title="Things We Lost", artist=low)
    sunflower = TrackFactory(title="Sunflower", artist=low, album=album, duration_ms=280_000)
    live, unknown = TrackFactory(title="Dinosaur Act", artist=low), TrackFactory(title="Whitetail", artist=low)
    spotify.catalogue = [
        body("cover", "Sunflower", "Somebody Else", 280_000),
        body("long", "Sunflower", "Low", 300_000),
        body("single", "Sunflower (2011 Remaster)", "Low", 281_000),
        body("right", "Sunflower", "Low", 282_000, album="Things We Lost"),
        body("live", "Dinosaur Act (Live)", "Low", 200_000),
    ]
    export = sent(kept(rin, [sunflower, live, unknown]), "spotify")
    assert (export.n_found, export.n_tracks) == (1, 3)
    assert export.missing == ["Dinosaur Act — Low", "Whitetail — Low"]
    assert spotify.playlists["playlist0"] == ["spotify:track:right"]
    sunflower.refresh_from_db()
    assert sunflower.spotify_id == "right"  # the next list need not ask


def body(spotify_id: str, title: str, artist: str, ms: int, *, album: str = "") -> dict[str, Any]:
    said = {"id": f"album{spotify_id}", "name": album or "Single", "artists": [{"name": artist}], "images": []}
    return {
        "id": spotify_id,
        "name": title,
        "artists": [{"name": artist}],
        "duration_ms": ms,
        "album": said,
        "external_ids": {"isrc": "X"},
    }


def test_two_names_of_one_recording_stand_there_once(rin: User, spotify: FakeSpotify) -> None:
    linked(rin, "spotify")
    (one,) = on_spotify(1)
    two = TrackFactory(title="Sunflower", artist__name="Low", duration_ms=None)
    spotify.catalogue = [body(str(one.spotify_id), "Sunflower", "Low", 1)]
    export = sent(kept(rin, [one, two]), "spotify")
    assert (export.state, export.n_found) == ("done", 2)
    assert spotify.playlists["playlist0"] == uris(one)


def test_a_pause_that_spotify_asks_for_is_kept_and_said(rin: User, spotify: FakeSpotify) -> None:
    linked(rin, "spotify")
    row = kept(rin, on_spotify(1))
    spotify.failures = [refusal(429, "API rate limit exceeded", Retry_After="7200")]
    export = sent(row, "spotify")
    assert (export.state, "asks for a pause" in export.words) == ("waiting", True)
    assert export.due_at is not None
    assert export.due_at > clock() + timedelta(hours=1.9)
    client = Client()
    client.force_login(rin)
    assert "It goes on by itself" in client.get(f"/playlists/{row.pk}/").text
    PlaylistExport.objects.update(asked_at=NOW - timedelta(days=2), due_at=NOW)
    services.send(export.pk, now=NOW)
    export.refresh_from_db()
    assert (export.state, "tried for a day" in export.words) == ("failed", True)


@pytest.mark.parametrize("how", ["withdrawn", "too narrow here", "too narrow there", "never connected"])
def test_a_missing_permission_is_told_with_the_way_to_connections(
    rin: User, spotify: FakeSpotify, listenbrainz: FakeListenBrainz, how: str
) -> None:
    link = linked(rin, "spotify", scopes="user-read-recently-played" if how == "too narrow here" else "")
    row = kept(rin, on_spotify(1))
    if how == "withdrawn":
        spotify.good.clear()
        spotify.refresh_tokens.clear()
    if how == "too narrow there":
        spotify.failures = [refusal(403, "Insufficient client scope")]
    client = Client()
    client.force_login(rin)
    if how == "never connected":
        link.delete()
        with pytest.raises(Refused, match="Connect your Spotify account first"):
            services.ask(user=rin, playlist=row, service="spotify", now=NOW)
        assert "Connect Spotify" in client.get(f"/playlists/{row.pk}/").text
        return
    export = sent(row, "spotify")
    assert (export.state, export.needs_relink) == ("failed", True)
    page = client.get(f"/playlists/{row.pk}/").text
    assert "Connect Spotify again" in page
    assert "access-0" not in page


def test_two_clicks_make_one_list(rin: User, spotify: FakeSpotify) -> None:
    linked(rin, "spotify")
    row = kept(rin, on_spotify(1))
    one = services.ask(user=rin, playlist=row, service="spotify", now=NOW)
    two = services.ask(user=rin, playlist=row, service="spotify", now=NOW)
    assert one == two
    run = services.Run.begin(one.pk, NOW)
    assert run is not None
    assert services.Run.begin(one.pk, NOW) is None  # the second job finds it taken
    assert services.send(one.pk, now=NOW) is None
    services.ask(user=rin, playlist=row, service="spotify", now=NOW + MINUTE)  # the list was changed meanwhile
    run.go()
    one.refresh_from_db()
    assert one.state == "waiting"  # and is sent once more
    services.send(one.pk, now=NOW + MINUTE)
    one.refresh_from_db()
    assert one.state == "done"
    assert len(spotify.heads) == 1


def test_a_run_that_died_is_followed_by_another_and_says_no_more(rin: User, spotify: FakeSpotify) -> None:
    linked(rin, "spotify")
    row = kept(rin, on_spotify(1))
    export = services.ask(user=rin, playlist=row, service="spotify", now=NOW)
    dead = services.Run.begin(export.pk, NOW)
    assert dead is not None
    later = NOW + services.LEASE + MINUTE
    assert services.due(NOW + MINUTE) == []
    assert services.due(later) == [export.pk]
    services.send(export.pk, now=later)
    dead.fail("I was asleep")
    with pytest.raises(services.Gone):
        dead.note(n_found=99)
    export.refresh_from_db()
    assert (export.state, export.n_found, export.words) == ("done", 1, "")


def test_a_job_that_was_lost_is_found_by_the_sweep(rin: User, spotify: FakeSpotify) -> None:
    linked(rin, "spotify")
    export = services.ask(user=rin, playlist=kept(rin, on_spotify(1)), service="spotify", now=NOW)
    assert services.due(NOW) == []
    assert services.due(NOW + 3 * MINUTE) == [export.pk]


def test_another_account_has_its_own_list(rin: User, spotify: FakeSpotify) -> None:
    link = linked(rin, "spotify")
    row = kept(rin, on_spotify(1))
    sent(row, "spotify")
    link.provider_user_id = "somebody"
    link.save()
    spotify.library.clear()
    assert sent(row, "spotify", at=1).remote_id == "playlist1"


def test_a_blend_goes_without_the_others_name_in_its_words_and_not_after_its_end(
    rin: User, stranger: User, spotify: FakeSpotify
) -> None:
    linked(rin, "spotify")
    agreed(rin, stranger)
    lines = [Line(track, "why", "both") for track in on_spotify(2)]
    row = writing.save(
        user=rin, kind="blend", key=str(stranger.pk), title="Blend", note="2 of Stranger", lines=lines, now=NOW
    )  # fmt: skip
    export = sent(row, "spotify")
    assert export.state == "done"
    assert spotify.heads["playlist0"]["description"].startswith("Made by Sidetrack")
    services.ask(user=rin, playlist=row, service="spotify", now=NOW + MINUTE)
    User.objects.filter(pk=stranger.pk).update(shows_matches=False)
    services.send(export.pk, now=NOW + MINUTE)
    export.refresh_from_db()
    assert (export.state, export.words) == ("failed", "The list is not there any more.")
    with pytest.raises(NotAllowed):
        services.ask(user=rin, playlist=row, service="spotify", now=NOW)


def test_nothing_is_sent_of_what_spotify_does_not_have_or_an_empty_list(rin: User, spotify: FakeSpotify) -> None:
    linked(rin, "spotify")
    export = sent(kept(rin, [TrackFactory(title="Whitetail")]), "spotify")
    assert (export.state, export.words) == ("failed", "Spotify has none of these tracks.")
    assert spotify.heads == {}
    with pytest.raises(Refused, match="nothing on this list"):
        services.ask(user=rin, playlist=kept(rin, [], title="Empty"), service="spotify", now=NOW)


def test_only_its_owner_sends_a_list(rin: User, sol: User, spotify: FakeSpotify) -> None:
    linked(sol, "spotify")
    row = kept(rin, on_spotify(1), visibility="public")
    with pytest.raises(NotAllowed):
        services.ask(user=sol, playlist=row, service="spotify", now=NOW)
    client = Client()
    client.force_login(sol)
    assert client.post(f"/playlists/{row.pk}/send/spotify/").status_code == 404
    assert "Send it elsewhere" not in client.get(f"/playlists/{row.pk}/").text
    assert Client().post(f"/playlists/{row.pk}/send/spotify/")["Location"].startswith("/accounts/login/")


def test_a_site_without_spotifys_keys_does_not_offer_it(rin: User, settings: Any) -> None:
    settings.SPOTIFY_CLIENT_ID = ""
    linked(rin, "spotify")
    row = kept(rin, on_spotify(1))
    with pytest.raises(Refused, match="off on this site"):
        services.ask(user=rin, playlist=row, service="spotify", now=NOW)
    client = Client()
    client.force_login(rin)
    page = client.get(f"/playlists/{row.pk}/").text
    assert "Connect ListenBrainz" in page
    assert "Spotify</b>" not in page


# --- The page -------------------------------------------------------------------------------------------------------
def test_the_page_says_how_it_went(rin: User, spotify: FakeSpotify) -> None:
    linked(rin, "spotify")
    row = kept(rin, [*on_spotify(2), TrackFactory(title="Whitetail", artist__name="Low")])
    client = Client()
    client.force_login(rin)
    assert "Not sent yet" in client.get(f"/playlists/{row.pk}/").text
    answer = client.post(f"/playlists/{row.pk}/send/spotify/", follow=True)
    assert "The list goes to Spotify in a moment." in answer.text
    assert "Waiting for its turn" in answer.text
    services.send(PlaylistExport.objects.get().pk, now=clock() + MINUTE)
    page = client.get(f"/playlists/{row.pk}/").text
    assert "2 of 3 tracks found." in page
    assert "Whitetail — Low" in page
    assert "https://open.spotify.com/playlist/playlist0" in page
    assert "Send again" in page
    assert client.post(f"/playlists/{row.pk}/send/tidal/", follow=True).text.count("Lists go to Spotify") == 1
