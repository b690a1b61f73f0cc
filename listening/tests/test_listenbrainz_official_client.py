"""The official client of ListenBrainz, liblistenbrainz, against a running site."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest

from listening.tests.programs import LISTENED_AT
from sidetrack.tests.running import Site, wait_for

pytestmark = pytest.mark.slow
MAKE_RIN = """
from django.utils.timezone import now
from listening.tokens import make_token
from social.models import User
print(make_token(user=User.objects.create_user("rin"), name="the official client", now=now())[1])
"""


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory, migrated: Path) -> Iterator[tuple[Site, str]]:
    """The site as `make run` starts it, and rin's token."""
    site = Site(tmp_path_factory.mktemp("site"), like=migrated)
    with site.running(sys.executable, "manage.py", "up", "--no-demo") as up:
        wait_for(lambda: "Sidetrack is ready" in site.said() or up.poll() is not None, seconds=180, what="the site")
        yield site, site.manage(code=MAKE_RIN).split()[-1]


@pytest.fixture
def client(running: tuple[Site, str]) -> Any:
    from liblistenbrainz import ListenBrainz
    from liblistenbrainz.errors import InvalidAuthTokenException

    site, raw = running
    official = ListenBrainz(api_base_url=f"http://127.0.0.1:{site.port}")
    with pytest.raises(InvalidAuthTokenException):
        official.set_auth_token("6f8b7d1c-0000-4000-8000-000000000000")
    official.set_auth_token(raw)
    return official


def test_it_submits_and_reads_back(client: Any) -> None:
    from liblistenbrainz import Listen
    from liblistenbrainz.errors import ListenBrainzAPIException

    blue = Listen("Blue", "Joni Mitchell", LISTENED_AT, release_name="Blue", tags=["folk"], listening_from="vinyl")
    assert client.submit_single_listen(blue) == {"status": "ok"}
    many = [Listen(f"Track {n}", "Pixies", LISTENED_AT - 200 * n) for n in range(1, 100)]
    assert client.submit_multiple_listens(many) == {"status": "ok"}
    assert client.submit_playing_now(Listen("Carey", "Joni Mitchell")) == {"status": "ok"}
    assert client.remaining_requests > 0

    assert client.get_user_listen_count("rin") == 100
    newest = client.get_listens("rin", count=100)
    assert [listen.track_name for listen in newest[:2]] == ["Blue", "Track 1"]
    assert (newest[0].listened_at, newest[0].release_name, newest[0].tags) == (LISTENED_AT, "Blue", ["folk"])
    older = client.get_listens("rin", max_ts=newest[49].listened_at, count=10)
    assert [listen.track_name for listen in older] == [f"Track {n}" for n in range(50, 60)]
    playing = client.get_playing_now("rin")
    assert (playing.track_name, playing.listened_at) == ("Carey", None)

    assert client.get_user_artists("rin")["payload"]["artists"][0]["artist_name"] == "Pixies"
    assert client.get_user_recordings("rin", time_range="all_time")["payload"]["total_recording_count"] == 100
    assert client.get_user_releases("rin", time_range="this_week") is None, "nothing was heard this week"
    assert client.get_user_feedback("rin", score=1, metadata=True)["total_count"] == 0

    assert client.delete_listen(newest[0]) == {"status": "ok"}
    assert client.get_user_listen_count("rin") == 99

    with pytest.raises(ListenBrainzAPIException) as refused:
        client.submit_single_listen(Listen("Blue", "Joni Mitchell", 100))
    assert refused.value.status_code == 400
    assert "too low" in refused.value.message
    with pytest.raises(ListenBrainzAPIException) as unknown:
        client.get_listens("nobody")
    assert unknown.value.status_code == 404


def test_a_body_that_comes_in_pieces_without_its_length_is_read(running: tuple[Site, str]) -> None:
    site, raw = running
    listen = {"track_metadata": {"artist_name": "Joni Mitchell", "track_name": "Urge for Going"}}
    body = json.dumps({"listen_type": "playing_now", "payload": [listen]}).encode()
    connection = HTTPConnection("127.0.0.1", site.port, timeout=20)
    headers = {"Authorization": f"token {raw}", "Transfer-Encoding": "chunked"}
    pieces = iter([body[:20], body[20:]])
    connection.request("POST", "/1/submit-listens", body=pieces, headers=headers, encode_chunked=True)
    assert json.load(connection.getresponse()) == {"status": "ok"}
    connection.close()
