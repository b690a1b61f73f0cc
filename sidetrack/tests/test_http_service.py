"""A service client tries again where that is safe, keeps to limits, and its errors say what to do."""

from __future__ import annotations

import gzip
import os
import socket
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx
import pytest

from sidetrack.http import N_RETRIES, NeedsRelink, NotThere, OddReply, Service, TryLater, retry_after, until_reset
from sidetrack.tests.local_server import Answer, serving


def service(url: str, **options: object) -> Service:
    return Service("Testing", base_url=url, retry_pause_s=0.01, **options)  # type: ignore[arg-type]


def test_every_call_says_who_we_are_and_how_to_reach_us(settings: object) -> None:
    settings.SITE_URL = "https://club.example"  # type: ignore[attr-defined]
    with serving(Answer(body=b'{"ok": true}')) as server:
        assert service(server.url).get("/x", action="ask", params={"fmt": "json"}).json() == {"ok": True}
    (asked,) = server.asked
    assert asked.headers["User-Agent"] == "Sidetrack/0.1.0 ( https://club.example )"
    assert asked.params == {"fmt": "json"}


def test_a_reading_call_is_tried_three_times_more() -> None:
    with serving([Answer(503), Answer(500), Answer(429), Answer(body=b"[1]")]) as server:
        assert service(server.url).get("/", action="ask").json() == [1]
    assert len(server.asked) == 1 + N_RETRIES


def test_then_it_is_left_for_later() -> None:
    with serving(Answer(503)) as server, pytest.raises(TryLater, match="Testing could not ask “Blue”") as caught:
        service(server.url).get("/", action="ask", subject="Blue")
    assert len(server.asked) == 1 + N_RETRIES
    assert caught.value.after == 60


def test_a_writing_call_is_sent_once() -> None:
    with serving(Answer(500)) as server, pytest.raises(TryLater):
        service(server.url).request("POST", "/", action="write", data={"a": "b"})
    assert len(server.asked) == 1


def test_a_writing_call_that_was_refused_for_haste_is_sent_again() -> None:
    with serving([Answer(429, headers={"Retry-After": "0"}), Answer()]) as server:
        service(server.url).request("POST", "/", action="write")
    assert len(server.asked) == 2


def test_a_service_that_nobody_runs_is_tried_again_and_left_for_later() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    with pytest.raises(TryLater, match="cannot be reached"):
        service(url).request("POST", "/", action="write")


def test_retry_after_is_obeyed() -> None:
    with serving([Answer(503, headers={"Retry-After": "1"}), Answer()]) as server:
        service(server.url).get("/", action="ask")
    first, second = server.asked
    assert second.at - first.at >= 0.99


def test_a_pause_that_nobody_can_wait_for_is_handed_on() -> None:
    with serving(Answer(429, headers={"Retry-After": "3600"})) as server, pytest.raises(TryLater) as caught:
        service(server.url).get("/", action="ask")
    assert caught.value.after == 3600
    assert len(server.asked) == 1


def test_a_caller_in_a_hurry_does_not_wait_for_pauses() -> None:
    began = time.monotonic()
    with serving(Answer(503, headers={"Retry-After": "5"})) as server, pytest.raises(TryLater):
        service(server.url).get("/", action="ask", wait_s=0.2)
    assert time.monotonic() - began < 4.5  # the pause that was asked for is 5 s
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("status", "error"), [(404, NotThere), (410, NotThere), (401, NeedsRelink), (400, OddReply), (403, OddReply)]
)
def test_a_refusal_is_an_error_that_means_an_action(status: int, error: type[Exception]) -> None:
    with serving(Answer(status)) as server, pytest.raises(error) as caught:
        service(server.url).get("/", action="ask", headers={"Authorization": "Bearer s3cret"}, params={"key": "s3cret"})
    assert len(server.asked) == 1
    assert "s3cret" not in str(caught.value)
    assert "Testing" in str(caught.value)


@pytest.mark.parametrize(
    "answer",
    [
        Answer(body=b"x" * 3000),
        Answer(body=b"BB8\r\n" + b"x" * 3000 + b"\r\n0\r\n\r\n", headers={"Transfer-Encoding": "chunked"}),
        Answer(body=gzip.compress(b"x" * 3_000_000), headers={"Content-Encoding": "gzip"}),
    ],
    ids=["said so", "did not say", "compressed"],
)
def test_an_answer_that_is_too_large_is_not_read(answer: Answer) -> None:
    with serving(answer) as server, pytest.raises(OddReply, match="larger"):
        service(server.url, max_bytes=2000 if "Content-Encoding" not in answer.headers else 500_000).get(
            "/", action="ask"
        )


def test_an_answer_that_is_not_json_is_odd() -> None:
    with serving(Answer(body=b"<html>")) as server, pytest.raises(OddReply, match="not JSON"):
        service(server.url).get("/", action="ask").json()


def test_a_redirect_is_not_followed_to_who_knows_where() -> None:
    with serving(Answer(302, headers={"Location": "http://169.254.169.254/"})) as server, pytest.raises(OddReply):
        service(server.url).get("/", action="ask")


def test_a_forked_process_opens_its_own_connections() -> None:
    with serving(Answer()) as server:
        client = service(server.url)
        client.get("/", action="ask")
        pid = os.fork()
        if pid == 0:  # the child: its answer is its exit status
            inherited = client._client
            client.get("/", action="ask")
            os._exit(0 if client._client is not inherited else 1)
        assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0


def test_retry_after_may_be_a_date_and_nonsense_counts_as_nothing() -> None:
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True)
    assert retry_after(httpx.Headers({"Retry-After": soon})) == pytest.approx(30, abs=2)
    assert retry_after(httpx.Headers({"Retry-After": "Thu, 01 Jan 1970 00:00:00 GMT"})) == 0
    for nonsense in ("", "soon", "nan", "Mon, 99 Foo"):
        assert retry_after(httpx.Headers({"Retry-After": nonsense})) is None


def test_an_allowance_says_when_it_is_full_again_only_where_it_is_used_up() -> None:
    assert until_reset(httpx.Headers({"X-RateLimit-Remaining": "0", "X-RateLimit-Reset-In": "8"})) == 8
    for remaining, reset in (("1", "8"), ("0", ""), ("", "8"), ("0", "soon"), ("none", "8"), ("0", "nan")):
        assert until_reset(httpx.Headers({"X-RateLimit-Remaining": remaining, "X-RateLimit-Reset-In": reset})) is None


def test_a_refusal_keeps_what_the_service_said_and_shows_it_to_nobody() -> None:
    with serving(Answer(400, b'{"error": "invalid_grant"}')) as server, pytest.raises(OddReply) as caught:
        service(server.url).get("/", action="ask")
    assert caught.value.said() == {"error": "invalid_grant"}
    assert "invalid_grant" not in str(caught.value)
    with serving([Answer(404, b"<html>"), Answer(404, b"[1]")]) as server:
        for _ in range(2):
            with pytest.raises(NotThere) as nothing:
                service(server.url).get("/", action="ask")
            assert nothing.value.said() == {}
