"""What every endpoint does alike: methods, limits, headers, words for what goes wrong."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
import time_machine
from django.db import OperationalError

from listening.listenbrainz.answering import PER_ADDRESS, PER_MEMBER
from listening.tests.programs import Program, listen, program_of
from social.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _on_monday(monday: datetime) -> Any:
    with time_machine.travel(monday, tick=False):
        yield


@pytest.fixture
def rins(rin: User, monday: datetime) -> Program:
    return program_of(rin, monday)


def test_a_browser_extension_may_call_from_any_page(rins: Program) -> None:
    for answer in (rins.client.options("/1/submit-listens"), rins.submit(listen()), Program().submit(listen())):
        assert answer["Access-Control-Allow-Origin"] == "*"
        assert answer["Access-Control-Allow-Methods"] == "OPTIONS, POST"
        assert answer["Access-Control-Allow-Headers"] == "Authorization, Content-Type"
        assert "X-RateLimit-Remaining" in answer["Access-Control-Expose-Headers"]
    assert rins.client.options("/1/submit-listens").status_code == 200


def test_answers_depend_on_no_cookie_and_set_none(rin: User, rins: Program) -> None:
    rins.client.force_login(rin)
    for answer in (rins.submit(listen()), rins.get("user/rin/listens")):
        assert not answer.cookies
    rins.client.logout()
    assert "Cookie" not in rins.get("user/rin/listens").get("Vary", "")


def test_a_session_opens_nothing(rin: User) -> None:
    visitor = Program()
    visitor.client.force_login(rin)
    assert visitor.submit(listen()).status_code == 401
    assert visitor.get("user/rin/listens").status_code == 404


@pytest.mark.parametrize("path", ["submit-listens", "delete-listen", "feedback/recording-feedback"])
def test_another_method_is_not_allowed(rins: Program, path: str) -> None:
    answer = rins.get(path)
    assert answer.status_code == 405
    assert answer["Allow"] == "OPTIONS, POST"
    assert answer.json()["code"] == 405


@pytest.mark.parametrize("path", ["/1/", "/1/user/rin/playlists", "/apis/listenbrainz/1/x", "/1/submit-listens/x/"])
def test_an_unknown_address_is_said_in_json(rins: Program, path: str) -> None:
    for answer in (rins.client.get(path), rins.client.post(path)):
        assert answer.status_code == 404
        assert answer.json()["code"] == 404


def test_calls_are_counted_and_the_count_is_told(rins: Program, monday: datetime) -> None:
    answer = rins.submit(listen())
    assert answer["X-RateLimit-Limit"] == str(PER_MEMBER)
    assert answer["X-RateLimit-Remaining"] == str(PER_MEMBER - 1)
    assert answer["X-RateLimit-Reset-In"] == "10"
    assert answer["X-RateLimit-Reset"] == str(int(monday.timestamp()) + 10)
    assert Program().get("validate-token", token="x")["X-RateLimit-Limit"] == str(PER_ADDRESS)


def test_all_tokens_of_a_member_count_together(rin: User, rins: Program, monday: datetime) -> None:
    rins.get("validate-token")
    assert program_of(rin, monday).get("validate-token")["X-RateLimit-Remaining"] == str(PER_MEMBER - 2)


def test_who_calls_too_often_waits(rin: User) -> None:
    for _ in range(PER_ADDRESS):
        answer = Program().get("metadata/lookup")
    assert (answer.status_code, answer["X-RateLimit-Remaining"]) == (400, "0")
    answer = Program().get("metadata/lookup")
    assert answer.status_code == 429
    assert answer.json() == {"code": 429, "error": "You have exceeded your rate limit."}
    assert answer["Retry-After"] == answer["X-RateLimit-Reset-In"] == "10"


def test_a_wrong_token_counts_for_its_address(rin: User, rins: Program) -> None:
    for _ in range(PER_ADDRESS + 1):
        answer = Program("wrong").submit(listen())
    assert answer.status_code == 429
    assert rins.submit(listen()).status_code == 200


class BusyDatabase:
    """Refuses one statement, as SQLite does while another process writes for too long."""

    def __init__(self, needle: str, error: Exception) -> None:
        self.needle, self.error = needle, error

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if self.needle in sql:
            raise self.error
        return execute(sql, params, many, context)


def test_a_busy_database_asks_the_program_to_come_again(rins: Program) -> None:
    from django.db import connection

    with connection.execute_wrapper(BusyDatabase("listening_listener", OperationalError("database is locked"))):
        answer = rins.submit(listen())
    assert (answer.status_code, answer.json()["code"]) == (503, 503)
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert rins.submit(listen()).json() == {"status": "ok"}


def test_our_own_mistake_is_logged_and_said_in_json(rins: Program, caplog: pytest.LogCaptureFixture) -> None:
    from django.db import connection

    with connection.execute_wrapper(BusyDatabase("listening_listener", TypeError("a bug"))):
        answer = rins.get("user/rin/listen-count")
    assert (answer.status_code, answer.json()) == (500, {"code": 500, "error": "An unknown error occurred."})
    assert "a bug" in caplog.text
