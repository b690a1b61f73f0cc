"""`listens/bulk` in REST."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from listening.api.bulk import FORMAT
from listening.importing import deciding
from listening.importing.tasks import go_on
from listening.models import ImportBatch, ListenEvent
from listening.plays import Reason
from listening.tests.plays import prove
from social.models import PersonalToken, User
from social.tests.callers import Caller, caller_of, refused

pytestmark = pytest.mark.django_db
PATH = "listens/bulk"
ROADS = {"played_at": "2025-11-10T20:00:00Z", "track": "Roads", "artist": "Portishead", "album": "Dummy"}


def sent(caller: Caller, *listens: Any, source: str = "manual", **more: Any) -> dict[str, Any]:
    answer = caller.post(PATH, {"source": source, "listens": list(listens), **more})
    assert answer.status_code == 200, answer.content
    counts: dict[str, Any] = answer.json()
    return counts


def test_listens_are_stored_once_for_the_caller(rin: User) -> None:
    caller = caller_of(rin)
    later = ROADS | {"played_at": "2025-11-10T22:30:00.75+02:00", "ms_played": 1000, "album": None}
    assert sent(caller, ROADS, later) == {"new": 2, "known": 0, "duplicates": 0, "skipped": []}
    assert sent(caller, ROADS) == {"new": 0, "known": 1, "duplicates": 0, "skipped": []}
    assert list(ListenEvent.objects.order_by("played_at").values_list("played_at", "source")) == [
        (datetime(2025, 11, 10, 20, 0, tzinfo=UTC), "manual"),
        (datetime(2025, 11, 10, 20, 30, tzinfo=UTC), "manual"),
    ]
    assert sent(caller, ROADS, source="maloja")["duplicates"] == 1
    prove(rin)


def test_plays_of_a_service_that_may_be_read_too_are_told_apart_from_its_account(rin: User) -> None:
    caller = caller_of(rin)
    sent(caller, ROADS, source="lastfm")
    sent(caller, ROADS, ROADS | {"played_at": "2025-11-10T21:00:00Z"}, source="lastfm")
    batch = ImportBatch.objects.get()
    assert (batch.n_lines, batch.n_new, batch.n_known) == (3, 2, 1)
    assert set(ListenEvent.objects.values_list("import_batch", flat=True)) == {batch.pk}


def test_what_was_taken_back_comes_again_as_a_batch_that_can_be_taken_back(rin: User) -> None:
    caller = caller_of(rin)
    for _ in range(2):
        sent(caller, ROADS, source="lastfm")
        batch = ImportBatch.objects.get(listens__user=rin)
        deciding.undo(batch=batch, now=timezone.now())
        go_on(batch.pk)
        batch.refresh_from_db()
        assert (batch.state, ListenEvent.objects.count()) == (ImportBatch.State.UNDONE, 0)


def test_two_first_calls_at_once_leave_two_batches_and_no_error(rin: User) -> None:
    for _ in range(2):
        ImportBatch.objects.create(
            user=rin, source="lastfm", file_format=FORMAT, state=ImportBatch.State.DONE, created_at=timezone.now()
        )
    assert sent(caller_of(rin), ROADS, source="lastfm")["new"] == 1


def test_an_odd_listen_is_skipped_with_the_reason_and_keeps_nobody_out(rin: User) -> None:
    listens = [
        "no object",
        ROADS | {"played_at": "yesterday"},
        ROADS | {"played_at": 1731268800},
        ROADS | {"played_at": "2099-01-01T00:00:00Z"},
        ROADS | {"artist": "  "},
        ROADS | {"track": 7},
        ROADS | {"recording_mbid": "17"},
        ROADS | {"ms_played": -1},
        ROADS | {"ms_played": True},
        ROADS | {"titel": "Roads"},
        ROADS | {"played_at": "2025-13-01T00:00:00Z"},
        ROADS | {"played_at": "0001-01-01T00:00:00+14:00"},
        ROADS,
    ]
    answer = sent(caller_of(rin), *listens)
    assert answer["new"] == 1
    skipped = {each["index"]: each["reason"] for each in answer["skipped"]}
    assert sorted(skipped) == list(range(12))
    assert skipped[3] == Reason.IN_FUTURE
    assert skipped[4] == skipped[5] == Reason.NO_NAMES
    assert "played_at must be" in skipped[2]
    assert "titel" in skipped[9]


def test_a_thousand_at_once_and_no_more(rin: User) -> None:
    caller = caller_of(rin)
    listens = [ROADS | {"played_at": f"2025-11-10T{n // 60:02}:{n % 60:02}:00Z"} for n in range(1000)]
    with CaptureQueriesContext(
        connection,
    ) as few:
        assert sent(caller, *listens[:2])["new"] == 2
    with CaptureQueriesContext(connection) as many:
        assert sent(caller, *listens)["new"] == 998
    assert len(many) <= len(few)
    error = refused(caller.post(PATH, {"source": "manual", "listens": [*listens, ROADS]}), 400, "invalid")
    assert "At most 1000" in error["message"]


@pytest.mark.parametrize(
    "body",
    [{}, {"source": "manual"}, {"source": "winamp", "listens": [ROADS]}, {"source": "manual", "listens": []},
     {"source": "manual", "listens": {}}, {"source": "manual", "listens": [ROADS], "dry": True}],
)  # fmt: skip
def test_a_body_that_makes_no_sense_is_refused_as_a_whole(rin: User, body: dict[str, Any]) -> None:
    refused(caller_of(rin).post(PATH, body), 400, "invalid")
    assert not ListenEvent.objects.exists()


def test_nobody_writes_without_or_for_another(rin: User, sol: User, visitor: Caller, service: Caller) -> None:
    body = {"source": "manual", "listens": [ROADS]}
    refused(visitor.post(PATH, body), 401, "not_authenticated")
    refused(caller_of(rin, PersonalToken.Scope.READ).post(PATH, body), 403, "read_only_token")
    refused(caller_of(rin).post(PATH, body | {"user": sol.handle}), 403, "not_your_own")
    assert not ListenEvent.objects.exists()
    assert sent(service, ROADS, user=sol.handle)["new"] == 1
    assert ListenEvent.objects.get().user == sol
