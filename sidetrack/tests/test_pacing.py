"""Pages that are worked out for each reader are paced for visitors, by their address; members read as they like."""

from __future__ import annotations

import pytest
import time_machine
from django.test import Client

from sidetrack.pacing import READS_A_MINUTE
from social.models import User

pytestmark = pytest.mark.django_db
HEAVY = "/@nobody/with/@nowhere/"


def test_a_visitor_who_asks_too_often_waits_and_others_do_not(rin: User) -> None:
    visitor, neighbour, member = Client(REMOTE_ADDR="10.0.0.1"), Client(REMOTE_ADDR="10.0.0.2"), Client()
    member.force_login(rin)
    with time_machine.travel("2025-11-10T09:00:00Z", tick=False):
        assert {visitor.get(HEAVY).status_code for _ in range(READS_A_MINUTE)} == {404}
        waiting = visitor.get(HEAVY)
        assert waiting.status_code == 429
        assert int(waiting["Retry-After"]) == 61
        assert neighbour.get(HEAVY).status_code == 404
        assert member.get(HEAVY, REMOTE_ADDR="10.0.0.1").status_code == 404
    with time_machine.travel("2025-11-10T09:01:01Z", tick=False):
        assert visitor.get(HEAVY).status_code == 404
