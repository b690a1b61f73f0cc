"""Importers remember here how far they came."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
import time_machine

from listening.models import ListenToken
from listening.tests.programs import LISTENED_AT, Program, program_of
from listening.tokens import revoke_token
from social.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _on_monday(monday: datetime) -> Any:
    with time_machine.travel(monday, tick=False):
        yield


@pytest.fixture
def rins(rin: User, monday: datetime) -> Program:
    return program_of(rin, monday)


def asked(program: Program, **query: object) -> Any:
    return program.get("latest-import", user_name="rin", **query).json()


def test_an_importer_goes_on_where_it_ended(rins: Program) -> None:
    assert asked(rins) == {"musicbrainz_id": "rin", "latest_import": 0}
    assert rins.post("latest-import", {"ts": LISTENED_AT}).json() == {"status": "ok"}
    assert asked(rins) == {"musicbrainz_id": "rin", "latest_import": LISTENED_AT}
    assert asked(rins, service="librefm")["latest_import"] == 0
    rins.post("latest-import", {"ts": LISTENED_AT - 5, "service": "LibreFM"})
    assert asked(rins, service="librefm")["latest_import"] == LISTENED_AT - 5


def test_it_never_goes_back_and_outlives_its_token(rins: Program, rin: User, monday: datetime) -> None:
    rins.post("latest-import", {"ts": LISTENED_AT})
    revoke_token(token=ListenToken.objects.get(), now=monday)
    another = program_of(rin, monday)
    assert another.post("latest-import", {"ts": LISTENED_AT - 1}).json() == {"status": "ok"}
    assert asked(another)["latest_import"] == LISTENED_AT


@pytest.mark.parametrize(
    "document", [{"ts": "x"}, {"ts": None}, {"ts": -1}, {"ts": 10**12}, {"ts": 1, "service": "x"}, {"service": [1]}]
)
def test_what_cannot_be_is_refused(rins: Program, document: Any) -> None:
    assert rins.post("latest-import", document).status_code == 400
    assert asked(rins)["latest_import"] == 0


def test_an_unknown_member_is_not_found(rins: Program) -> None:
    assert rins.get("latest-import", user_name="nobody").status_code == 404
    assert rins.get("latest-import").status_code == 404
    assert Program().get("latest-import", user_name="rin").status_code == 404
