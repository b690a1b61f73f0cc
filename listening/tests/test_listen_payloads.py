"""What was said of plays is forgotten after a while; the plays stay."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine

from listening import payloads
from listening.ingest import ingest
from listening.models import ListenEvent, ListenPayload
from listening.tasks import forget_old_payloads
from listening.tests.plays import EVENING, play
from listening.tests.programs import LISTENED_AT, listen, program_of
from social.models import User

pytestmark = pytest.mark.django_db


def test_payloads_are_forgotten_after_their_days_and_listens_are_not(
    rin: User, monday: datetime, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.LISTEN_PAYLOAD_DAYS = 90
    monkeypatch.setattr(payloads, "A_DELETE", 2)
    with time_machine.travel(monday, tick=False):
        program = program_of(rin, monday)
        program.submit(*[listen(str(n), at=LISTENED_AT - n, media_player="mpv") for n in range(5)], kind="import")
    with time_machine.travel(monday + timedelta(days=1), tick=False):
        program.submit(listen("later", media_player="mpv"))
    with time_machine.travel(monday + timedelta(days=90), tick=False):
        assert forget_old_payloads() == "Forgot what was said of 0 listens."
    with time_machine.travel(monday + timedelta(days=90, seconds=1), tick=False):
        assert forget_old_payloads() == "Forgot what was said of 5 listens."
        assert forget_old_payloads() == "Forgot what was said of 0 listens."
    assert ListenPayload.objects.get().listen.track.title == "later"
    assert ListenEvent.objects.count() == 6


def test_what_no_database_holds_is_taken_out_of_names_and_words(rin: User) -> None:
    odd = {"track": {"name": "Caf\ud800\x00", "list\x00": ["\udc00", "🎷", 7, None]}}
    outcome = ingest(user=rin, source="spotify", plays=[play(0, "Caf\ud800", payload=odd)], now=EVENING)
    assert outcome.n_new == 1
    assert ListenPayload.objects.get().body == {"track": {"name": "Caf?", "list": ["?", "🎷", 7, None]}}
    assert ListenEvent.objects.get().track.title == "Caf"
