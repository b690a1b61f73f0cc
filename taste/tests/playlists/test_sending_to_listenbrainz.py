"""A list goes to ListenBrainz once: sent again it is brought up to date, whatever was lost on the way."""

from __future__ import annotations

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils.timezone import now as clock

from catalog.models import Track
from catalog.tests.factories import TrackFactory
from listening.tests.fake_listenbrainz import JSPF, FakeListenBrainz
from listening.tests.fake_listenbrainz import reply as lb_reply
from social.models import User
from taste.models import Playlist
from taste.playlists import services, writing
from taste.tests.playlists.sendings import NOW, kept, linked, sent

pytestmark = pytest.mark.django_db


def recordings(n: int) -> list[Track]:
    return [TrackFactory(recording_mbid=uuid4()) for _ in range(n)]


def held(fake: FakeListenBrainz) -> list[list[str]]:
    return [
        [track["identifier"][0].rsplit("/", 1)[-1] for track in playlist["track"]]
        for playlist in fake.playlists.values()
    ]


def mbids(tracks: list[Track]) -> list[str]:
    return [str(track.recording_mbid) for track in tracks if track.recording_mbid]


def test_a_list_stands_at_listenbrainz_once_and_follows_changes(rin: User, listenbrainz: FakeListenBrainz) -> None:
    linked(rin, "listenbrainz")
    tracks = [*recordings(3), TrackFactory(title="Whitetail", artist__name="Low")]
    row = kept(rin, tracks)
    export = sent(row, "listenbrainz")
    assert (export.state, export.n_found, export.n_tracks) == ("done", 3, 4)
    assert export.missing == ["Whitetail — Low"]
    assert held(listenbrainz) == [mbids(tracks)]
    (playlist,) = listenbrainz.playlists.values()
    assert playlist["title"] == "For the train"
    assert playlist["extension"] == {JSPF: {"public": False}}
    writing.remove(user=rin, playlist=row, line_id=row.lines.get(position=1).pk, now=NOW)
    Playlist.objects.update(title="For the bus")
    sent(row, "listenbrainz", at=1)
    assert held(listenbrainz) == [mbids(tracks)[1:]]
    assert playlist["title"] == "For the bus"
    n_asked = len(listenbrainz.asked)
    sent(row, "listenbrainz", at=2)
    assert len(listenbrainz.asked) == n_asked + 2  # nothing differs: the head, and a look


def test_a_long_list_goes_to_listenbrainz_in_parts(rin: User, listenbrainz: FakeListenBrainz) -> None:
    linked(rin, "listenbrainz")
    tracks = recordings(230)
    sent(kept(rin, tracks), "listenbrainz")
    assert held(listenbrainz) == [mbids(tracks)]
    sizes = [len(json.loads(each.body)["playlist"]["track"]) for each in listenbrainz.asked if "/item/add" in each.path]
    assert sizes == [100, 100, 30]


@pytest.mark.parametrize("lost", ["create", "add"])
def test_a_lost_answer_doubles_nothing_at_listenbrainz(rin: User, listenbrainz: FakeListenBrainz, lost: str) -> None:
    linked(rin, "listenbrainz")
    tracks = recordings(2)
    row = kept(rin, tracks)
    if lost == "create":
        listenbrainz.loses.append(("POST", "/1/playlist/create"))
        export = sent(row, "listenbrainz")
    else:
        export = sent(row, "listenbrainz")
        listenbrainz.loses.append(("POST", f"/1/playlist/{export.remote_id}/item/add"))
        writing.move(user=rin, playlist=row, line_id=row.lines.get(position=2).pk, to=1, now=NOW)
        tracks.reverse()
        export = sent(row, "listenbrainz", at=1)
    assert export.state == "waiting"
    assert export.due_at is not None
    services.send(export.pk, now=export.due_at)
    assert held(listenbrainz) == [mbids(tracks)]


def test_a_list_deleted_at_listenbrainz_is_made_anew(rin: User, listenbrainz: FakeListenBrainz) -> None:
    linked(rin, "listenbrainz")
    row = kept(rin, recordings(1))
    sent(row, "listenbrainz")
    listenbrainz.playlists.clear()
    assert sent(row, "listenbrainz", at=1).state == "done"
    assert len(listenbrainz.playlists) == 1


def test_a_pause_that_listenbrainz_asks_for_is_kept(rin: User, listenbrainz: FakeListenBrainz) -> None:
    linked(rin, "listenbrainz")
    listenbrainz.failures = [lb_reply({"code": 429, "error": "Too many requests"}, 429, Retry_After="120")]
    export = sent(kept(rin, recordings(1)), "listenbrainz")
    assert (export.state, "asks for a pause" in export.words) == ("waiting", True)
    assert export.due_at is not None
    assert export.due_at > clock() + timedelta(seconds=100)
    assert len(listenbrainz.asked) == 1


def test_a_token_that_listenbrainz_refuses_is_told(rin: User, listenbrainz: FakeListenBrainz) -> None:
    linked(rin, "listenbrainz", access_token="old")
    export = sent(kept(rin, recordings(1)), "listenbrainz")
    assert (export.state, export.needs_relink) == ("failed", True)
    assert "old" not in export.words


def test_nothing_known_to_musicbrainz_makes_no_empty_list(rin: User, listenbrainz: FakeListenBrainz) -> None:
    linked(rin, "listenbrainz")
    export = sent(kept(rin, [TrackFactory()]), "listenbrainz")
    assert (export.state, export.words) == ("failed", "None of these tracks is known to MusicBrainz yet.")
    assert listenbrainz.playlists == {}
