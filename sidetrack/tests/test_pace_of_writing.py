"""Whatever a member may write on the pages, they write in a pace that a hand can keep."""

from __future__ import annotations

import pytest
import time_machine
from django.test import Client

from sidetrack.pacing import ACTS_A_MINUTE
from sidetrack.tests.every_address import every_address
from social.models import User

pytestmark = pytest.mark.django_db

# What takes a POST and counts otherwise, or not at all; by the beginning of the route.
NOT_PACED = {
    "1/": "programs submit listens by token, as many as they hold: its own limits",
    "apis/listenbrainz/1/": "the same under another address",
    "api/": "REST has throttles of its own",
    "^api/": "answers 404 to whatever is no endpoint",
    "settings/imports/": "paced behind the check of the upload's size, which has to come first",
    "theme/": "sets a cookie and writes nothing",
}


def test_every_view_that_takes_a_post_is_paced_or_explained(client: Client, rin: User) -> None:
    """An answer of 405 takes none. What the examples name is not there, so nothing is done."""
    client.raise_request_exception = False
    client.force_login(rin)
    addresses = every_address()
    rest = [each for each in addresses if not getattr(each.view, "is_paced", False)]
    assert len(addresses) - len(rest) > 50
    bare = [each.route for each in rest if client.post(each.example).status_code != 405]
    assert [route for route in bare if not route.startswith(tuple(NOT_PACED))] == []
    assert [start for start in NOT_PACED if not any(route.startswith(start) for route in bare)] == []


def test_the_pace_counts_all_views_of_a_member_together(client: Client, rin: User, stranger: User) -> None:
    client.force_login(rin)
    with time_machine.travel("2025-11-20 12:00:01+00:00", tick=False):
        answers = [client.post("/warnings/read/").status_code for _ in range(ACTS_A_MINUTE)]
        assert 429 not in answers
        refused = client.post("/settings/appearance/")
    assert refused.status_code == 429
    assert refused["Retry-After"]
    assert client.get("/settings/appearance/").status_code == 200
    client.force_login(stranger)
    assert client.post("/settings/appearance/").status_code != 429
