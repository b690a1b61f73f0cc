"""Programs delete listens: at once, and for good."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine

from listening.ingest import ingest
from listening.models import Listener, ListenEvent, RemovedListen
from listening.plays import Play, msid_of
from listening.tests.programs import LISTENED_AT, Program, listen, program_of
from social.models import User

pytestmark = pytest.mark.django_db
BLUE = str(msid_of("Joni Mitchell", "Blue"))


@pytest.fixture(autouse=True)
def _on_monday(monday: datetime) -> Any:
    with time_machine.travel(monday, tick=False):
        yield


@pytest.fixture
def rins(rin: User, monday: datetime) -> Program:
    program = program_of(rin, monday)
    program.submit(listen("Blue"), listen("Carey", at=LISTENED_AT - 600), kind="import")
    return program


def delete(program: Program, at: object = LISTENED_AT, msid: object = BLUE) -> Any:
    return program.post("delete-listen", {"listened_at": at, "recording_msid": msid})


def test_a_listen_is_gone_at_once_and_stays_gone(rins: Program, rin: User) -> None:
    assert delete(rins).json() == {"status": "ok"}
    assert rins.get("user/rin/listen-count").json()["payload"]["count"] == 1
    assert rins.submit(listen("Blue")).json() == {"status": "ok"}
    assert [row.track.title for row in ListenEvent.objects.select_related("track")] == ["Carey"]
    assert RemovedListen.objects.get().user == rin
    assert delete(rins).json() == {"status": "ok"}


def test_what_another_source_told_of_it_goes_too(rins: Program, rin: User, monday: datetime) -> None:
    again = Play(datetime.fromtimestamp(LISTENED_AT + 2, UTC), "Joni Mitchell", "Blue")
    ingest(user=rin, source="lastfm", plays=[again], now=monday)
    assert Listener.objects.get().n_duplicates == 1
    shown = rins.get("user/rin/listens", count=1).json()["payload"]["listens"][0]
    delete(rins, shown["listened_at"], shown["recording_msid"])
    assert ListenEvent.objects.count() == 1
    listener = Listener.objects.get()
    assert (listener.n_listens, listener.n_duplicates) == (1, 0)


def test_another_members_listen_stays(rins: Program, sol: User, monday: datetime) -> None:
    assert delete(program_of(sol, monday)).json() == {"status": "ok"}
    assert ListenEvent.objects.count() == 2


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        ({"recording_msid": BLUE}, "Listen timestamp missing."),
        ({"listened_at": LISTENED_AT}, "Recording MSID missing."),
        ({"listened_at": LISTENED_AT, "recording_msid": "x"}, "Recording MSID format invalid."),
        ({"listened_at": LISTENED_AT, "recording_msid": None}, "Recording MSID format invalid."),
        ({"listened_at": "noon", "recording_msid": BLUE}, "Listen timestamp invalid."),
        ({"listened_at": None, "recording_msid": BLUE}, "Listen timestamp invalid."),
        ({"listened_at": 10**30, "recording_msid": BLUE}, "Listen timestamp invalid."),
    ],
)
def test_a_request_that_names_no_listen_is_refused(rins: Program, document: Any, reason: str) -> None:
    answer = rins.post("delete-listen", document)
    assert (answer.status_code, answer.json()) == (400, {"code": 400, "error": reason})
    assert ListenEvent.objects.count() == 2
