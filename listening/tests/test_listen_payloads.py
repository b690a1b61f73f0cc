"""What was said of plays is forgotten after a while; the plays stay."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine

from listening import payloads
from listening.models import ListenEvent, ListenPayload
from listening.tasks import forget_old_payloads
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
