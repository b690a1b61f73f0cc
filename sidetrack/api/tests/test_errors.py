"""What every address below /api/ has in common when it refuses."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError as DjangoValidationError
from django.test import Client
from rest_framework.exceptions import ErrorDetail
from rest_framework.settings import api_settings

from sidetrack.api.errors import flatten, handle
from social.tests.callers import Caller, refused

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "path",
    ["/api/club/weeks", "/api/v2/club/weeks", "/api/v1/club/weeks/", "/api/v1/nothing", "/api/v1/users/a", "/api/x"],
)
@pytest.mark.parametrize("method", ["get", "post", "delete"])
def test_an_address_that_nothing_answers_is_unknown_in_json(method: str, path: str) -> None:
    client = Client(enforce_csrf_checks=True)
    refused(getattr(client, method)(path), 404, "not_found")


def test_the_bare_address_leads_to_the_current_version(client: Client) -> None:
    response = client.get("/api/")
    assert response.status_code == 302
    assert response["Location"] == "/api/v1/"
    addresses = client.get("/api/v1/").json()
    assert addresses["weeks"] == "http://testserver/api/v1/club/weeks"
    assert all(client.get(address).status_code in {200, 400, 401} for address in addresses.values())


def test_a_method_that_an_address_does_not_know_is_refused(visitor: Caller) -> None:
    refused(visitor.client.get("/api/v1/music/albums"), 405, "method_not_allowed")


def test_broken_json_is_a_bad_value(service: Caller) -> None:
    response = service.client.post("/api/v1/club/weeks", "{", content_type="application/json")
    refused(response, 400, "invalid")


def test_another_format_than_json_is_refused(service: Caller) -> None:
    refused(service.client.post("/api/v1/club/weeks", {"theme": "x"}), 415, "unsupported_media_type")


@pytest.mark.parametrize("body", ["[]", "3", '"text"', "null", '{"theme": "\\ud800"}', '{"theme": "\\u0000"}'])
def test_a_body_of_another_shape_is_a_bad_value(service: Caller, body: str) -> None:
    refused(service.client.post("/api/v1/club/weeks", body, content_type="application/json"), 400, "invalid")


def test_a_name_that_is_not_expected_is_named(service: Caller) -> None:
    error = refused(service.post("club/weeks", {"teme": "typo"}), 400, "invalid")
    assert "theme" in error["fields"]["teme"][0]


def test_too_large_a_number_is_unknown_not_a_crash(visitor: Caller) -> None:
    refused(visitor.get("club/weeks/99999999999999999999999999"), 404, "unknown_week")


def test_a_crash_is_answered_without_details_and_logged(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    import club.api.weeks

    def crash(number: int) -> Any:
        raise RuntimeError("the secret is 42")

    monkeypatch.setattr(club.api.weeks, "week_or_404", crash)
    response = Client(raise_request_exception=False).get("/api/v1/club/weeks/1")
    refused(response, 500, "server_error")
    assert b"secret" not in response.content
    assert "the secret is 42" in caplog.text


def test_messages_are_found_by_the_path_of_their_field() -> None:
    detail = {"album": {"title": [ErrorDetail("Write one.")]}, "non_field_errors": [ErrorDetail("Either or.")]}
    assert flatten(detail) == {"album.title": ["Write one."], "body": ["Either or."]}
    assert flatten([{"a": ["x"]}, {"a": ["y"]}], "rows") == {"rows.a": ["x", "y"]}


def test_what_a_model_refuses_is_a_bad_value() -> None:
    response = handle(DjangoValidationError({"theme": ["Too long."]}), {})
    assert response.status_code == 400
    assert response.data["error"]["fields"] == {"theme": ["Too long."]}


def test_times_end_in_z_wherever_the_reader_lives(client: Client, rin: Any) -> None:
    from club.tests.factories import WeekFactory

    WeekFactory(number=1)
    rin.timezone = "Asia/Tokyo"
    rin.save()
    client.force_login(rin)
    assert client.get("/api/v1/club/weeks/1").json()["opens_at"] == "2025-11-10T09:00:00Z"


def test_whoever_calls_too_often_waits(monkeypatch: pytest.MonkeyPatch, visitor: Caller, service: Caller) -> None:
    monkeypatch.setitem(api_settings.DEFAULT_THROTTLE_RATES, "anonymous", "2/min")
    assert [visitor.get("club/weeks").status_code for _ in range(2)] == [200, 200]
    response = visitor.get("club/weeks")
    refused(response, 429, "too_often")
    assert 0 < int(response["Retry-After"]) <= 61
    spoofed = visitor.client.get("/api/v1/club/weeks", headers={"X-Forwarded-For": "203.0.113.7"})
    assert spoofed.status_code == 429, "an invented address is no way around"
    assert service.get("club/weeks").status_code == 200, "another caller is not held back"


def test_searching_has_a_narrower_rate_of_its_own(monkeypatch: pytest.MonkeyPatch, visitor: Caller) -> None:
    monkeypatch.setitem(api_settings.DEFAULT_THROTTLE_RATES, "search", "1/min")
    assert visitor.get("music/search", q="dummy").status_code == 200
    refused(visitor.get("music/search", q="dummy"), 429, "too_often")
    assert visitor.get("club/weeks").status_code == 200


@pytest.mark.parametrize("path", ["club/weeks", "club/weeks/9", "club/weeks/9/votes", "users/me", "music/search"])
def test_asking_for_the_methods_or_the_head_alone_is_no_crash(visitor: Caller, path: str) -> None:
    assert visitor.client.options(f"/api/v1/{path}").status_code in {200, 401}
    assert visitor.client.head(f"/api/v1/{path}").status_code in {200, 400, 401, 404, 405}


def test_nobody_on_the_way_keeps_an_answer_for_somebody_else(visitor: Caller, service: Caller) -> None:
    for response in (visitor.get("club/weeks"), service.get("club/weeks/9"), visitor.get("users/me")):
        assert {"Authorization", "Cookie", "X-User-Id"} <= {name.strip() for name in response["Vary"].split(",")}
        assert "private" in response["Cache-Control"]
