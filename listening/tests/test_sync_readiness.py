"""The site says when nobody reads its members' accounts, and which services are off."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from listening.models import SyncState
from listening.syncing import readiness
from social.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _key(settings: Any) -> None:
    settings.LASTFM_API_KEY = "key"


def state(user: User, hours_late: float, **values: Any) -> SyncState:
    due_at = timezone.now() - timedelta(hours=hours_late)
    return SyncState.objects.create(user=user, source="lastfm", account_name="x", due_at=due_at, **values)


def told() -> dict[str, str]:
    return {line.name: line.says for line in readiness.lines()}


def test_an_account_that_waits_for_hours_is_a_problem(rin: User, sol: User) -> None:
    state(rin, 1)
    assert readiness.problems() == []
    state(sol, 3)
    assert readiness.problems() == ["1 account has waited for more than 2 hours to be read: is a worker running?"]


def test_an_account_that_its_member_must_mend_is_none(rin: User) -> None:
    state(rin, 100, status="private")
    assert readiness.problems() == []


def test_a_service_that_is_off_is_no_problem_and_names_its_variable(rin: User, settings: Any) -> None:
    state(rin, 100)
    settings.LASTFM_API_KEY = ""
    assert readiness.problems() == []
    assert told()["Listens from Last.fm"] == "Set LASTFM_API_KEY to turn it on."


def test_the_doctor_counts_accounts_and_those_with_a_problem(rin: User, sol: User) -> None:
    assert told()["Listens from Last.fm"] == "0 accounts"
    state(rin, 0)
    assert told()["Listens from Last.fm"] == "1 account"
    state(sol, 0, status="needs_relink", error="Connect it again.")
    assert told()["Listens from Last.fm"] == "2 accounts, 1 with a problem"


def test_a_one_person_site_is_told_whose_accounts_these_are(rin: User, settings: Any) -> None:
    assert "The owner's own accounts" not in told()
    settings.LASTFM_USER = "rin_elsewhere"
    assert told()["The owner's own accounts"] == "Set DEFAULT_USER to a member's handle."
    settings.DEFAULT_USER = "rin"
    assert told()["The owner's own accounts"] == "LASTFM_USER: read for rin"
