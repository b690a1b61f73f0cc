"""The programs that people use, request by request, as their sources send them.

Web Scrobbler (listenbrainz-scrobbler.ts), Pano Scrobbler (ListenBrainz.kt), Navidrome (listenbrainz/client.go),
multi-scrobbler (lzUtils.ts, ListenbrainzApiClient.ts), Music Assistant (providers/listenbrainz_scrobble).
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import pytest
import time_machine
from django.test import Client

from listening.models import Feedback, ListenEvent, ListenToken, NowPlaying
from listening.tests.programs import LISTENED_AT
from listening.tokens import make_token
from social.models import User

pytestmark = pytest.mark.django_db
MBID = "3ad754b9-1af2-4743-8ee5-d91ba4c82f0f"


@pytest.fixture(autouse=True)
def _on_monday(monday: datetime) -> Any:
    with time_machine.travel(monday, tick=False):
        yield


@pytest.fixture
def raw(rin: User, monday: datetime) -> str:
    return make_token(user=rin, name="a program", now=monday)[1]


def call(method: str, path: str, document: Any = None, **headers: str) -> Any:
    body = b"" if document is None else json.dumps(document).encode()
    kind = headers.pop("content_type", "")
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    answer = Client(enforce_csrf_checks=True).generic(method, path, body, content_type=kind, headers=sent)
    assert answer.status_code == 200, answer.content
    return answer.json() if answer.content else None


def stored() -> ListenEvent:
    found: ListenEvent = ListenEvent.objects.with_music().select_related("payload").get()
    return found


def test_web_scrobbler(raw: str) -> None:
    address = "/1/submit-listens"
    headers = {"Authorization": f"Token {raw}", "content_type": "application/json; charset=UTF-8"}
    asks_first = {"Origin": "https://music.youtube.com", "Access_Control_Request_Method": "POST"}
    call("OPTIONS", address, **asks_first)
    metadata = {
        "artist_name": "Joni Mitchell",
        "track_name": "Blue",
        "additional_info": {
            "submission_client": "Web Scrobbler",
            "submission_client_version": "3.16.0",
            "music_service_name": "Spotify",
            "origin_url": "https://open.spotify.com/track/1rrgWMXGCGHru5bIRxGFV0",
            "release_artist_name": "Joni Mitchell",
            "spotify_id": "https://open.spotify.com/track/1rrgWMXGCGHru5bIRxGFV0",
            "duration": 183.44,
        },
        "release_name": "Blue",
    }
    playing = {"listen_type": "playing_now", "payload": [{"track_metadata": metadata}]}
    assert call("POST", address, playing, **headers) == {"status": "ok"}
    assert NowPlaying.objects.get().client == "Web Scrobbler 3.16.0"
    listens = [{"listened_at": LISTENED_AT - 200 * n, "track_metadata": metadata} for n in range(50)]
    assert call("POST", address, {"listen_type": "single", "payload": listens[:1]}, **headers) == {"status": "ok"}
    assert stored().payload.body["track_metadata"]["additional_info"]["music_service_name"] == "Spotify"
    assert call("POST", address, {"listen_type": "import", "payload": listens}, **headers) == {"status": "ok"}
    assert ListenEvent.objects.count() == 50
    assert ListenToken.objects.get().last_client == "Web Scrobbler 3.16.0"


def test_pano_scrobbler(raw: str) -> None:
    headers = {"Authorization": f"token {raw}", "content_type": "application/json"}
    assert call("GET", "/1/validate-token", **headers)["user_name"] == "rin"
    metadata = {
        "artist_name": "Joni Mitchell",
        "release_name": "Blue",
        "track_name": "Blue",
        "additional_info": {
            "duration_ms": 183_000,
            "submission_client": "Pano Scrobbler",
            "submission_client_version": "4.10",
        },
    }
    playing = {"listen_type": "playing_now", "payload": [{"track_metadata": metadata}]}
    said = call("POST", "/1/submit-listens?return_msid=true", playing, **headers)
    assert said["status"] == "ok"
    assert call("GET", "/1/user/rin/playing-now", **headers)["payload"]["listens"][0]["playing_now"] is True
    loved = {"recording_msid": said["recording_msid"], "score": 1}
    assert call("POST", "/1/feedback/recording-feedback", loved, **headers)["status"] == "ok"
    single = {"listen_type": "single", "payload": [{"listened_at": LISTENED_AT, "track_metadata": metadata}]}
    assert call("POST", "/1/submit-listens", single, **headers)["status"] == "ok"

    page = call("GET", "/1/user/rin/listens?count=25", **headers)["payload"]
    track = page["listens"][0]
    assert (track["listened_at"], track["track_metadata"]["release_name"]) == (LISTENED_AT, "Blue")
    assert track["track_metadata"]["additional_info"]["duration_ms"] == 183_000
    assert track["listened_at"] <= page["oldest_listen_ts"], "there is no older page"
    assert call("GET", "/1/user/rin/listen-count", **headers) == {"payload": {"count": 1}}
    loves = call("GET", "/1/feedback/user/rin/get-feedback?offset=0&metadata=true&count=25", **headers)
    assert loves["feedback"][0]["track_metadata"]["track_name"] == "Blue"
    assert call("GET", "/1/user/rin/following", **headers) == {"following": [], "user": "rin"}
    for what in ("artists", "releases", "recordings"):
        charts = call("GET", f"/1/stats/user/rin/{what}?offset=0&range=all_time&count=50", **headers)["payload"]
        assert charts[what][0]["listen_count"] == 1
        assert charts.keys() >= {"count", "from_ts", "to_ts", "last_updated", "offset", "range"}
    activity = call("GET", "/1/stats/user/rin/listening-activity?range=this_month", **headers)["payload"]
    assert activity["listening_activity"][0].keys() == {"from_ts", "to_ts", "listen_count", "time_range"}
    found = "/1/metadata/lookup?artist_name=Joni+Mitchell&recording_name=Blue&release_name=Blue"
    assert call("GET", found, **headers) == {}
    gone = {"listened_at": LISTENED_AT, "recording_msid": track["recording_msid"]}
    assert call("POST", "/1/delete-listen", gone, **headers)["status"] == "ok"
    assert not ListenEvent.objects.exists()
    assert Feedback.objects.get().score == 1


def test_navidrome(raw: str) -> None:
    """Its base address ends in /1/; it sends an empty object with GET too."""
    headers = {"Authorization": f"Token {raw}", "content_type": "application/json; charset=UTF-8"}
    assert call("GET", "/1/validate-token", {}, **headers)["valid"] is True
    info = {
        "submission_client": "navidrome",
        "submission_client_version": "0.58.0",
        "tracknumber": 10,
        "artist_names": ["Joni Mitchell"],
        "artist_mbids": [MBID],
        "recording_mbid": MBID,
        "release_mbid": MBID,
        "release_group_mbid": MBID,
        "duration_ms": 183_000,
    }
    names = {"artist_name": "Joni Mitchell", "track_name": "Blue", "release_name": "Blue", "additional_info": info}
    playing = {"listen_type": "playing_now", "payload": [{"track_metadata": names}]}
    assert call("POST", "/1/submit-listens", playing, **headers) == {"status": "ok"}
    single = {"listen_type": "single", "payload": [{"listened_at": LISTENED_AT, "track_metadata": names}]}
    assert call("POST", "/1/submit-listens", single, **headers) == {"status": "ok"}
    assert (stored().track.title, stored().album.title) == ("Blue", "Blue")
    assert stored().payload.body["track_metadata"]["additional_info"]["recording_mbid"] == MBID


@pytest.mark.parametrize("root", ["", "/apis/listenbrainz"])
def test_multi_scrobbler(raw: str, root: str) -> None:
    headers = {"Authorization": f"Token {raw}", "content_type": "application/json", "User_Agent": "node-superagent/10"}
    assert Client().get("/apis/web/v1/stats").status_code == 404, "it asks whether this is a Koito"
    assert call("GET", f"{root}/1/validate-token", **headers)["valid"] is True
    info = {
        "duration": 183,
        "artist_mbids": [],
        "submission_client": "multi-scrobbler",
        "submission_client_version": "0.10.0",
        "artist_names": ["Joni Mitchell", "James Taylor"],
        "release_artist_name": "Joni Mitchell",
        "release_artist_names": ["Joni Mitchell"],
        "media_player": "Jellyfin",
        "music_service_name": "jellyfin",
        "spotify_artist_ids": [],
    }
    names = {"artist_name": "Joni Mitchell, James Taylor", "track_name": "California", "release_name": "Blue"}
    listen = {"listened_at": LISTENED_AT, "track_metadata": {**names, "additional_info": info}}
    single = {"listen_type": "single", "payload": [listen]}
    assert call("POST", f"{root}/1/submit-listens", single, **headers) == {"status": "ok"}
    assert stored().album.artist.name == "Joni Mitchell"
    held = call("GET", f"{root}/1/user/rin/listens?count=20", **headers)["payload"]["listens"]
    assert [(each["listened_at"], each["track_metadata"]["track_name"]) for each in held] == [
        (LISTENED_AT, "California")
    ]
    assert call("GET", f"{root}/1/user/rin/playing-now", **headers)["payload"]["listens"] == []


def test_music_assistant_sends_no_content_type(raw: str) -> None:
    names = {"track_name": "Blue", "artist_name": "Joni Mitchell", "release_name": "Blue"}
    listen = {"track_metadata": {**names, "additional_info": {"listening_from": "music-assistant"}}}
    headers = {"Authorization": f"Token {raw}", "content_type": ""}
    assert call("GET", f"/1/validate-token?token={raw}")["valid"] is True
    assert call("POST", "/1/submit-listens", {"listen_type": "playing_now", "payload": [listen]}, **headers)
    listened = {"listened_at": LISTENED_AT, **listen}
    assert call("POST", "/1/submit-listens", {"listen_type": "single", "payload": [listened]}, **headers)
    assert stored().track.title == "Blue"
