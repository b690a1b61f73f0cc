"""Every recorded answer of an endpoint that our clients call goes through them without an unhandled error."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID, uuid4

import pytest

from catalog.clients import musicbrainz_records as records
from catalog.clients.musicbrainz import MusicBrainz
from catalog.clients.spotify import SpotifyCatalogue
from catalog.models import CachedAnswer
from sidetrack.http import ExternalApiError, NotThere, OddReply, TryLater
from sidetrack.tests.local_server import Answer, Asked, serving

pytestmark = [pytest.mark.realdata, pytest.mark.django_db]

ANY_ID = UUID(int=1)
Call = Callable[[MusicBrainz], Any]
LOOKUPS: dict[str, Call] = {
    "artist": lambda client: client.artist(uuid4()),
    "release-group": lambda client: client.release_group(uuid4()),
    "release": lambda client: client.release(uuid4()),
    "recording": lambda client: client.recording(uuid4()),
}
SEARCHES: dict[str, Call] = {
    "artist": lambda client: client.search_artists("Nirvana"),
    "release-group": lambda client: client.search_release_groups(artist="Nirvana", title="Bleach", year=1989),
    "recording": lambda client: client.search_recordings(artist="Nirvana", title="Polly", album="Nevermind"),
}


@dataclass(frozen=True)
class Recorded:
    file: Path
    status: int
    call: Call
    kind: str  # lookup, search or browse


def recorded_musicbrainz(folder: Path) -> list[Recorded]:
    """The answers whose endpoint and way of asking a client of ours uses."""
    found: list[Recorded] = []
    for line in (folder / "ws2" / "index.jsonl").read_text().splitlines():
        entry = json.loads(line)
        parts = urlsplit(entry["uri"])
        path, params = parts.path.removeprefix("/ws/2/").split("/"), parse_qs(parts.query)
        file = folder / "ws2" / entry["file"]
        if len(path) == 2 and path[0] in LOOKUPS:
            found.append(Recorded(file, entry["status"], LOOKUPS[path[0]], "lookup"))
        elif "query" in params and path[0] in SEARCHES:
            found.append(Recorded(file, entry["status"], SEARCHES[path[0]], "search"))
        elif path[0] == "release" and ("release-group" in params or "artist" in params):
            found.append(Recorded(file, entry["status"], lambda client: client.releases_of(ANY_ID), "browse"))
    lookups = sorted(folder.glob("release_lookups/*.json"))
    found += [Recorded(file, 200, LOOKUPS["release"], "lookup") for file in lookups]
    for file in sorted([*folder.glob("picard_ws/*.json"), *folder.glob("ws2_modern/*.json")]):
        name = file.stem
        if name.startswith("release-group_search"):
            found.append(Recorded(file, 200, SEARCHES["release-group"], "search"))
        elif name in {"release_group_3", "release_group_4", "release_group_5", "release_from_track_lb"}:
            found.append(Recorded(file, 200, lambda client: client.releases_of(ANY_ID), "browse"))
        elif name.startswith("release_group"):
            found.append(Recorded(file, 200, LOOKUPS["release-group"], "lookup"))
        elif name.startswith(("release_", "release")) or name.startswith("country"):
            found.append(Recorded(file, 200, LOOKUPS["release"], "lookup"))
        elif name.startswith("recording"):
            found.append(Recorded(file, 200, LOOKUPS["recording"], "lookup"))
        elif name.startswith("artist"):
            found.append(Recorded(file, 200, LOOKUPS["artist"], "lookup"))
    return found


@pytest.fixture
def musicbrainz_folder(real_data: Path, settings: Any) -> Path:
    settings.MUSICBRAINZ_RATE_LIMIT = 0.0
    return real_data / "musicbrainz"


def test_every_answer_of_musicbrainz_is_read_or_refused_in_our_own_words(
    musicbrainz_folder: Path, settings: Any, monday: datetime
) -> None:
    recorded = recorded_musicbrainz(musicbrainz_folder)
    assert len(recorded) >= 70, "the folder holds fewer answers than it did"
    outcomes: dict[str, str] = {}
    current: list[Recorded] = []

    def answer(asked: Asked) -> Answer:
        assert asked.params["fmt"] == "json"
        return Answer(current[0].status, current[0].file.read_bytes())

    with serving(answer) as server:
        settings.MUSICBRAINZ_URL = server.url
        client = MusicBrainz(now=monday, wait_s=1.0)
        client.service.retry_pause_s = 0.001
        for each in recorded:
            current[:] = [each]
            CachedAnswer.objects.all().delete()
            try:
                outcomes[each.file.name] = str(bool(each.call(client)))
            except ExternalApiError as error:
                is_named = str(error).startswith("MusicBrainz ")
                outcomes[each.file.name] = type(error).__name__ if is_named else str(error)
    assert {name: told for name, told in outcomes.items() if "http" in name or "_null" in name} == {
        "artist_lookup_01234567_http404.json": NotThere.__name__,
        "artist_lookup_5b11f4ce_http404.json": NotThere.__name__,
        "artist_lookup_5b11f4ce_http404_2.json": NotThere.__name__,
        "release_lookup_01234567_http404.json": NotThere.__name__,
        "artist_lookup_5b11f4ce_inc-throttled_http503.json": TryLater.__name__,
        "artist_null.json": OddReply.__name__,
        "country_null.json": OddReply.__name__,
        "recording_null.json": OddReply.__name__,
    }
    read = [name for name, told in outcomes.items() if told == "True"]
    empty = [name for name, told in outcomes.items() if told == "False"]
    assert len(read) >= 60
    reduced = {f"release_group_{number}.json" for number in (3, 4, 5)}  # releases stripped of their ids
    assert set(empty) == {"release-group_search_no_hit_2021.json"} | reduced


def test_each_release_lookup_gives_the_right_track_count(
    musicbrainz_folder: Path, settings: Any, monday: datetime
) -> None:
    """The count that each file's own media state, and the one that people wrote into releases.tsv."""
    files = {file.stem.removeprefix("release_"): file for file in musicbrainz_folder.glob("release_lookups/*.json")}
    table = (musicbrainz_folder / "release_lookups" / "releases.tsv").read_text().splitlines()
    noted = {line[:8]: int(line.rsplit("(", 1)[1].split(" tracks")[0]) for line in table if " tracks" in line}
    checked_by_hand = 0
    with serving(lambda asked: Answer(body=files[asked.path.rsplit("/", 1)[1]].read_bytes())) as server:
        settings.MUSICBRAINZ_URL = server.url
        client = MusicBrainz(now=monday)
        for key, file in files.items():
            body = records.dashed(json.loads(file.read_text()))
            release = records.read_release(client._ask(f"/ws/2/release/{key}", {}, "look up", key, timedelta(days=1)))
            assert release is not None
            stated = sum(medium["track-count"] for medium in body["media"])
            assert len(release.tracks) == release.n_tracks == stated, file.name
            assert len({(track.disc, track.position) for track in release.tracks}) == stated
            assert all(track.recording_mbid and track.title and track.credit.artists for track in release.tracks)
            if key in noted:
                assert stated == noted[key]
                checked_by_hand += 1
    assert len(files) >= 25
    assert checked_by_hand >= 7


SPOTIFY_FILES = {
    "web_api/GetAlbumRequest.json": lambda client: client.album("0sNOF9WDwhWunNAHPD3Baj"),
    "web_api_other/album_65KwtzkJXw7oT819NFWmEP.json": lambda client: client.album("65KwtzkJXw7oT819NFWmEP"),
    "web_api_beets/album_info.json": lambda client: client.album("5l3zEmMrOhOzG8d8s83GOL"),
    "web_api_beets/track_info.json": lambda client: client.track("6NPVjNh8Jhru9xOmyQigds"),
    "web_api_beets/multiartist_track.json": lambda client: client.track("6NPVjNh8Jhru9xOmyQigds"),
    "web_api/SearchAlbumsRequest.json": lambda client: client.search_albums(artist="Muse", title="Muse"),
    "web_api/SearchItemRequest.json": lambda client: client.search_tracks(artist="Muse", title="Muse"),
    "web_api_beets/track_request.json": lambda client: client.search_tracks(artist="Pharrell", title="Happy"),
    "web_api_beets/missing_request.json": lambda client: client.search_tracks(artist="x", title="y"),
    "web_api_lb/spotifySearchResponse.json": lambda client: client.search_tracks(artist="Kate Bush", title="Hill"),
    "web_api_lb/spotifySearchEmptyResponse.json": lambda client: client.search_tracks(artist="x", title="y"),
}
EMPTY = {"missing_request.json", "spotifySearchEmptyResponse.json"}


def test_every_answer_of_spotify_s_catalogue_is_read(real_data: Path, settings: Any, monday: datetime) -> None:
    folder = real_data / "spotify"
    settings.SPOTIFY_CLIENT_ID, settings.SPOTIFY_CLIENT_SECRET = "id", "secret"
    current: list[str] = []

    def answer(asked: Asked) -> Answer:
        name = "web_api/ClientCredentials.json" if asked.path == "/api/token" else current[0]
        return Answer(body=(folder / name).read_bytes())

    with serving(answer) as server:
        settings.SPOTIFY_API_URL = settings.SPOTIFY_ACCOUNTS_URL = server.url
        client = SpotifyCatalogue(now=monday)
        for name, call in SPOTIFY_FILES.items():
            current[:] = [name]
            CachedAnswer.objects.all().delete()
            found = call(client)
            assert bool(found) == (Path(name).name not in EMPTY), name
            for each in found if isinstance(found, tuple) else [found]:
                assert each.title
                assert each.spotify_id
                assert each.artists


def test_spotify_s_refusal_of_our_keys_names_the_variables(real_data: Path, settings: Any, monday: datetime) -> None:
    settings.SPOTIFY_CLIENT_ID, settings.SPOTIFY_CLIENT_SECRET = "id", "s3cret"
    refusal = (real_data / "spotify" / "web_api" / "auth-invalid-client.json").read_bytes()
    with serving(Answer(400, refusal)) as server:
        settings.SPOTIFY_API_URL = settings.SPOTIFY_ACCOUNTS_URL = server.url
        with pytest.raises(OddReply, match="SPOTIFY_CLIENT_SECRET") as caught:
            SpotifyCatalogue(now=monday).album("65KwtzkJXw7oT819NFWmEP")
    assert "s3cret" not in str(caught.value)
    assert not CachedAnswer.objects.exists()
