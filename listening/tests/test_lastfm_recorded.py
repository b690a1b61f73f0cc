"""Every recorded answer of a Last.fm endpoint that our client calls goes through it, from a server on this machine."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from listening.clients.lastfm import Lastfm
from listening.clients.lastfm_records import Page
from listening.syncing.reading import KeyRefused, Private
from sidetrack.http import NotThere
from sidetrack.tests.local_server import Answer, serving

pytestmark = pytest.mark.realdata

Call = Callable[[Lastfm], Any]
RECENT: Call = lambda client: client.recent_tracks("rj")  # noqa: E731
USER: Call = lambda client: client.user("rj")  # noqa: E731
CALLS: dict[str, Call] = {
    "user.getRecentTracks": RECENT,
    "user.getInfo": USER,
    "user.getTopArtists": lambda client: client.top_artists("rj"),
    "user.getTopAlbums": lambda client: client.top_albums("rj"),
    "artist.getTopTags": lambda client: client.artist_tags("Metallica"),
    "album.getTopTags": lambda client: client.album_tags("Metallica", "Metallica"),
    "track.getTopTags": lambda client: client.track_tags("Metallica", "One"),
}
NAMED_OTHERWISE: dict[str, Call] = {
    "recent_tracks/extended_page_with_nowplaying.json": RECENT,
    "recent_tracks/test_recenttracks.json": RECENT,
    "recent_tracks/test_recenttracks_no_scrobble.json": RECENT,
    "recent_tracks/test_user.json": USER,
    "listenbrainz_importer/getInfo.json": USER,
    "listenbrainz_importer/page.json": RECENT,
    "listenbrainz_importer/lastFMPrivateUser.json": RECENT,
    "swift/errorInvalidAPIKey.json": USER,
    "api_docs/codes__error.json": USER,
}


@pytest.fixture
def lastfm(real_data: Path) -> Path:
    return real_data / "lastfm"


@pytest.fixture(autouse=True)
def _key(settings: Any) -> None:
    settings.LASTFM_API_KEY, settings.LASTFM_RATE_LIMIT = "key", 0


def recorded(folder: Path) -> dict[Path, tuple[Call, int]]:
    """File → the call whose answer it is, and the HTTP status it came with."""
    index = [json.loads(line) for line in (folder / "api_docs" / "index.jsonl").read_text().splitlines()]
    status = {folder / "api_docs" / entry["file"]: entry["status"] for entry in index}
    by_name = {
        file: CALLS[method]
        for place in ("api_docs", "swift")
        for file in sorted((folder / place).glob("*.json"))
        if (method := file.stem.partition("__")[0].partition("_")[0]) in CALLS
    }
    others = {folder / name: call for name, call in NAMED_OTHERWISE.items()}
    return {file: (call, status.get(file, 200)) for file, call in {**by_name, **others}.items()}


def ask(settings: Any, file: Path, call: Call, status: int) -> Any:
    with serving(Answer(status, file.read_bytes())) as server:
        settings.LASTFM_URL = server.url
        return call(Lastfm())


def n_rows(body: Any) -> int:
    """Rows in an answer, counted without our reader."""
    ((_, inner),) = body.items()
    rows = next((inner[name] for name in ("track", "artist", "album", "tag") if name in inner), [])
    rows = rows if isinstance(rows, list) else [rows]
    return sum(1 for row in rows if "@attr" not in row or "nowplaying" not in row["@attr"])


def test_each_recorded_answer_is_read_whole_or_refused_by_its_meaning(lastfm: Path, settings: Any) -> None:
    answers = recorded(lastfm)
    assert len(answers) >= 19
    refused = 0
    for file, (call, status) in answers.items():
        body = json.loads(file.read_text())
        if "error" in body:
            expected = {6: NotThere, 10: KeyRefused, 17: Private}[body["error"]]
            with pytest.raises(expected):
                ask(settings, file, call, status)
            refused += 1
            continue
        answer = ask(settings, file, call, status)
        if isinstance(answer, Page):
            assert len(answer.plays) + sum(answer.skipped.values()) == n_rows(body), file.name
        elif isinstance(answer, tuple):
            assert len(answer) == n_rows(body), file.name
        else:
            assert answer.n_plays == int(body["user"]["playcount"]), file.name
    assert refused >= 6


def test_what_plays_now_is_seen_in_the_recorded_page(lastfm: Path, settings: Any) -> None:
    page = ask(settings, lastfm / "recent_tracks" / "extended_page_with_nowplaying.json", RECENT, 200)
    assert (page.now_playing.artist, page.now_playing.title, page.now_playing.album) == ("Daphni", "Falling", "Cherry")
    assert (len(page.plays), page.n_plays, page.per_page, page.n_pages) == (105, 105, 200, 1)
