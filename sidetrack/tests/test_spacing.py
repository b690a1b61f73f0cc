"""All processes together ask a service no more often than it allows."""

from __future__ import annotations

import multiprocessing
import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path

import pytest
import redis

from sidetrack.http import Service, TryLater
from sidetrack.spacing import FileTurns, RedisTurns, TooFarAhead, hold_turns, pause, paused_s, wait_for_turn
from sidetrack.tests.local_server import Answer, LocalServer, serving

PER_SECOND = 20.0
CALLER = """
import sys, django
from django.conf import settings
settings.configure(REDIS_URL=sys.argv[2], CACHE_DIR=sys.argv[3], SITE_URL="http://x", HTTP_TIMEOUT_S=10.0,
                   SIDETRACK_MUSICBRAINZ_APP_NAME="Sidetrack")
from sidetrack.http import Service
service = Service("Spaced", base_url=sys.argv[1], per_second=float(sys.argv[4]))
for _ in range(int(sys.argv[5])):
    service.get("/", action="ask")
"""


def ask_from_processes(server: LocalServer, *, redis_url: str, folder: Path, n_processes: int, n_calls: int) -> None:
    """Separate interpreters that share nothing but the file, or Redis."""
    command = [sys.executable, "-c", CALLER, server.url, redis_url, str(folder), str(PER_SECOND), str(n_calls)]
    running = [subprocess.Popen(command) for _ in range(n_processes)]
    assert [process.wait(60) for process in running] == [0] * n_processes


def assert_spaced(server: LocalServer, *, n: int) -> None:
    moments = sorted(asked.at for asked in server.asked)
    assert len(moments) == n
    # Not quite the whole: on a busy machine the server's thread may note the first arrival late.
    assert moments[-1] - moments[0] >= 0.8 * (n - 1) / PER_SECOND


@pytest.mark.slow
def test_four_processes_share_the_turns_in_a_file(tmp_path: Path) -> None:
    with serving(Answer()) as server:
        ask_from_processes(server, redis_url="", folder=tmp_path, n_processes=4, n_calls=8)
    assert_spaced(server, n=32)


@pytest.mark.slow
@pytest.mark.redis
def test_four_processes_share_the_turns_in_redis(tmp_path: Path, redis_url: str) -> None:
    redis.Redis.from_url(redis_url).flushdb()
    with serving(Answer()) as server:
        ask_from_processes(server, redis_url=redis_url, folder=tmp_path, n_processes=4, n_calls=8)
    assert_spaced(server, n=32)
    assert not list(tmp_path.iterdir())


def _pass_gates(folder: str, n: int, moments: multiprocessing.Queue[float]) -> None:
    turns = FileTurns("gate", Path(folder))
    for _ in range(n):
        time.sleep(turns.reserve(interval=0.02, wait_s=None))
        while (missing := turns.pass_gate(interval=0.02)) > 0:
            time.sleep(missing)
        with turns._locked() as (_, [_, last_used]):
            moments.put(last_used)


def test_no_two_processes_ever_pass_within_one_interval(tmp_path: Path) -> None:
    fork = multiprocessing.get_context("fork")
    moments: multiprocessing.Queue[float] = fork.Queue()
    children = [fork.Process(target=_pass_gates, args=(str(tmp_path), 10, moments)) for _ in range(4)]
    for child in children:
        child.start()
    passed = sorted({moments.get(timeout=30) for _ in range(40)})
    for child in children:
        child.join()
    assert len(passed) > 20
    assert all(later - earlier >= 0.02 - 1e-6 for earlier, later in pairwise(passed))


def test_a_caller_in_a_hurry_is_told_how_long_and_takes_no_turn(settings: object, tmp_path: Path) -> None:
    with serving(Answer()) as server:
        service = Service("Slow", base_url=server.url, per_second=0.1)
        service.get("/", action="ask")
        for _ in range(3):
            with pytest.raises(TryLater) as caught:
                service.get("/", action="ask", wait_s=1.0)
            assert 8.5 < caught.value.after <= 10
    assert len(server.asked) == 1


def test_a_pause_that_a_service_asks_for_holds_for_everybody() -> None:
    hold_turns("Held", seconds=50)
    with pytest.raises(TooFarAhead) as caught:
        wait_for_turn("Held", per_second=5, wait_s=1)
    assert caught.value.seconds == pytest.approx(50, abs=1)


def test_a_long_pause_is_remembered_by_everybody_until_it_ends() -> None:
    headers = {"Retry-After": "7200"}
    with serving(Answer(429, headers=headers)) as server:
        for _ in range(3):  # each as a process of its own would: no client knows of the other
            with pytest.raises(TryLater) as caught:
                Service("Strict", base_url=server.url, keeps_pauses=True).get("/", action="ask")
            assert caught.value.after == pytest.approx(7200, abs=5)
    assert len(server.asked) == 1
    pause("Strict", seconds=0.01)
    time.sleep(0.02)
    assert paused_s("Strict") == 0


def test_a_pause_of_one_budget_leaves_another_alone() -> None:
    with serving([Answer(429, headers={"Retry-After": "7200"}), Answer()]) as server:
        with pytest.raises(TryLater):
            Service("Strict", base_url=server.url, keeps_pauses=True, budget="imports").get("/", action="ask")
        Service("Strict", base_url=server.url, keeps_pauses=True, budget="polls").get("/", action="ask")
    assert len(server.asked) == 2


def test_an_allowance_that_is_used_up_holds_everybody_until_it_is_full_again() -> None:
    last = Answer(headers={"X-RateLimit-Remaining": "0", "X-RateLimit-Reset-In": "7"})
    with serving(last) as server:
        service = Service("Counting", base_url=server.url, per_second=50)
        service.get("/", action="ask")
        with pytest.raises(TryLater) as caught:
            service.get("/", action="ask", wait_s=1)
    assert caught.value.after == pytest.approx(7, abs=1)
    assert len(server.asked) == 1


def test_a_file_from_a_wrong_clock_or_half_written_does_not_block_for_ever(tmp_path: Path) -> None:
    turns = FileTurns("odd", tmp_path)
    for written in (f"{time.time() + 1e9} {time.time() + 1e9}", "12", ""):
        turns.path.write_text(written)
        assert turns.reserve(interval=1, wait_s=0) == 0
    for written in (f"{time.time() + 1e9}", "soon", ""):
        turns.path.with_suffix(".pause").write_text(written)
        assert turns.paused_s() == 0


@pytest.mark.redis
def test_redis_refuses_and_holds_like_the_file(redis_url: str) -> None:
    redis.Redis.from_url(redis_url).flushdb()
    turns = RedisTurns("once", redis_url)
    assert turns.reserve(interval=2, wait_s=0) == 0
    with pytest.raises(TooFarAhead):
        turns.reserve(interval=2, wait_s=1)
    assert turns.pass_gate(interval=0.2) == 0
    assert 0 < turns.pass_gate(interval=0.2) <= 0.2
    turns.hold(seconds=30)
    with pytest.raises(TooFarAhead) as caught:
        turns.reserve(interval=2, wait_s=5)
    assert caught.value.seconds == pytest.approx(30, abs=1)
    assert turns.paused_s() == 0
    turns.pause(seconds=7200)
    assert RedisTurns("once", redis_url).paused_s() == pytest.approx(7200, abs=1)


def test_without_redis_the_file_steps_in(settings: object) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"  # type: ignore[attr-defined]
    wait_for_turn("Lonely", per_second=0.1, wait_s=0)
    with pytest.raises(TooFarAhead):
        wait_for_turn("Lonely", per_second=0.1, wait_s=0)
