"""What a service answered is not asked again while it is fresh; “no such thing” is an answer, “not now” is none."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from catalog import tasks
from catalog.clients.musicbrainz import LOOKUPS_LAST, MusicBrainz
from catalog.models import CachedAnswer
from sidetrack.http import NotThere, OddReply, TryLater
from sidetrack.tests.local_server import Answer, serving

pytestmark = pytest.mark.django_db
ID = UUID("b1392450-e666-3926-a536-22c65f834433")


def body(name: str) -> bytes:
    return f'{{"id": "{ID}", "name": "{name}"}}'.encode()


@pytest.fixture(autouse=True)
def _no_spacing(settings: Any) -> None:
    settings.MUSICBRAINZ_RATE_LIMIT = 0.0


def test_an_answer_is_kept_until_it_expires(settings: Any, monday: datetime) -> None:
    with serving([Answer(body=body("First")), Answer(body=body("Second"))]) as server:
        settings.MUSICBRAINZ_URL = server.url
        names = [
            MusicBrainz(now=monday + after).artist(ID).name
            for after in (timedelta(0), timedelta(days=29), LOOKUPS_LAST + timedelta(seconds=1))
        ]
    assert names == ["First", "First", "Second"]
    assert len(server.asked) == 2
    assert CachedAnswer.objects.get().address == f"/ws/2/artist/{ID}?fmt=json"


@pytest.mark.parametrize(("status", "error"), [(404, NotThere), (400, OddReply)])
def test_a_refusal_is_remembered_too(settings: Any, monday: datetime, status: int, error: type[Exception]) -> None:
    with serving(Answer(status, b'{"error": "x"}')) as server:
        settings.MUSICBRAINZ_URL = server.url
        for _ in range(3):
            with pytest.raises(error):
                MusicBrainz(now=monday).artist(ID)
    assert len(server.asked) == 1


def test_a_pause_is_not_remembered(settings: Any, monday: datetime) -> None:
    with serving([Answer(503, headers={"Retry-After": "99"}), Answer(body=body("X"))]) as server:
        settings.MUSICBRAINZ_URL = server.url
        with pytest.raises(TryLater):
            MusicBrainz(now=monday).artist(ID)
        assert MusicBrainz(now=monday).artist(ID).name == "X"


def test_other_questions_are_other_answers(settings: Any, monday: datetime) -> None:
    with serving(Answer(body=b'{"artists": [], "recordings": []}')) as server:
        settings.MUSICBRAINZ_URL = server.url
        client = MusicBrainz(now=monday)
        client.search_artists("Nirvana")
        client.search_artists("Nirvana", limit=3)
        client.search_recordings(artist="Nirvana", title="Polly")
        client.search_recordings(artist="Nirvana", title="Polly", album="Nevermind")
        client.search_recordings(artist="Nirvana", title="Polly", album="Nevermind")
    assert [asked.params["query"] for asked in server.asked] == [
        'artist:"Nirvana"',
        'artist:"Nirvana"',
        'recording:"Polly" AND artist:"Nirvana"',
        'recording:"Polly" AND artist:"Nirvana" AND release:"Nevermind"',
    ]
    assert server.asked[-1].params["limit"] == "5"


def test_a_nul_character_in_an_answer_does_no_harm(settings: Any, monday: datetime) -> None:
    with serving(Answer(body=body("Bo\\u0000ards"))) as server:
        settings.MUSICBRAINZ_URL = server.url
        assert MusicBrainz(now=monday).artist(ID).name == "Boards"


def test_old_answers_are_forgotten(settings: Any, monday: datetime) -> None:
    for days, key in ((-1, "old"), (10_000, "fresh")):
        CachedAnswer.objects.create(
            service="x", request_key=key, address=key, status=200, fetched_at=monday,
            expires_at=datetime.now(tz=monday.tzinfo) + timedelta(days=days),
        )  # fmt: skip
    assert tasks.forget_old_answers() == "Forgot 1 old answers."
    assert CachedAnswer.objects.get().request_key == "fresh"
