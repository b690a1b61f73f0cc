"""A worker that is killed in the middle of reading an account loses nothing and doubles nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from listening.tests.fake_lastfm import FakeLastfm, Scrobble
from sidetrack.tests.running import Site, wait_for

pytestmark = pytest.mark.slow

PAGE, N_PAGES = 100, 61  # more than a fast machine reads between all the kills
N_PLAYS = PAGE * N_PAGES
FIRST = 1_735_689_600  # 2025-01-01 00:00 UTC
# At which page of a process the kill falls, and how many thousandths of a second after the page was asked for: before
# it is answered, while it is read, named, written, and while the next one is asked for.
POINTS = [(1, 0), (2, 0), (2, 5), (2, 10), (2, 20), (2, 30), (2, 40), (2, 50), (2, 60), (2, 70)]
POINTS += [(2, 80), (2, 100), (2, 120), (2, 150), (3, 15), (3, 35), (3, 55), (3, 75), (1, 25), (1, 90)]

STAGE = """
from django.utils import timezone
from social.identity import link_identity
from social.models import User
rin = User.objects.create_user("rin")
link_identity(user=rin, provider="lastfm", provider_user_id="rin_fm", now=timezone.now())
"""
STATE = """
from django.core.management import call_command
from listening.models import ListenEvent, SyncState, TrackTotal
from django.db.models import Sum
call_command("check_rollups", verbosity=0)
rows = ListenEvent.objects.filter(source="lastfm")
SyncState.objects.update(lease_until=None)  # as if the dead worker's ten minutes were over
state = SyncState.objects.first()
answer = {
    "held": sorted(int(at.timestamp()) for at in rows.values_list("played_at", flat=True)),
    "total": TrackTotal.objects.aggregate(n=Sum("n_listens"))["n"] or 0,
    "status": state.status if state else "",
    "page": (state.checkpoint or {}).get("page") if state else None,
}
"""


@pytest.fixture
def fake() -> FakeLastfm:
    plays = [Scrobble(FIRST + 200 * n, f"Artist {n % 37}", f"Track {n % 191}", "Album") for n in range(N_PLAYS)]
    return FakeLastfm(scrobbles=plays, largest_page=PAGE)


@pytest.fixture
def site(tmp_path: Path, fake: FakeLastfm, migrated: Path) -> Iterator[Site]:
    with fake.running() as server:
        site = Site(tmp_path, like=migrated)
        site.environment |= {"LASTFM_URL": server.url, "LASTFM_RATE_LIMIT": "0"}
        site.environment |= {"LASTFM_API_KEY": "key", "LASTFM_API_SECRET": "shh"}
        site.python(STAGE)
        yield site
        site.close()


def state_of(site: Site) -> dict[str, Any]:
    """What is held, after the totals were proved to be what the listens come to."""
    state: dict[str, Any] = site.python(STATE)
    return state


def kill_at(fake: FakeLastfm, process: subprocess.Popen[bytes], n_pages: int, after_ms: int) -> None:
    """Kill the process so long after it asked for its n-th page."""
    asked = 0

    def on_page(page: int) -> None:
        nonlocal asked
        asked += 1
        if asked == n_pages:
            threading.Timer(after_ms / 1000, os.kill, (process.pid, signal.SIGKILL)).start()

    fake.before = on_page


def test_killed_at_twenty_points_of_one_history_it_ends_up_whole(site: Site, fake: FakeLastfm) -> None:
    pages_left: list[int] = []
    for n_pages, after_ms in POINTS:
        with site.running(sys.executable, "manage.py", "ingest", "--user", "rin") as process:
            kill_at(fake, process, n_pages, after_ms)
            assert process.wait(60) == -signal.SIGKILL, site.said()
        state = state_of(site)
        held = state["held"]
        assert held == [FIRST + 200 * n for n in range(len(held))]  # the oldest plays, each once, without a gap
        assert state["total"] == len(held)
        pages_left.append(N_PAGES if state["page"] is None else state["page"])
        assert len(held) >= PAGE * (N_PAGES - pages_left[-1])
    assert pages_left == sorted(pages_left, reverse=True)
    assert pages_left[-1] < N_PAGES - 5  # it came along all the same
    fake.before = lambda page: None
    site.manage("ingest", "--user", "rin")
    state = state_of(site)
    assert state["held"] == [FIRST + 200 * n for n in range(N_PLAYS)]
    assert (state["total"], state["status"], state["page"]) == (N_PLAYS, "ok", None)


def test_two_workers_on_one_account_read_it_once(site: Site, fake: FakeLastfm) -> None:
    command = [sys.executable, "manage.py", "ingest", "--user", "rin"]
    with site.running(*command, log="one") as one, site.running(*command, log="two") as two:
        assert (one.wait(120), two.wait(120)) == (0, 0)
    state = state_of(site)
    assert state["held"] == [FIRST + 200 * n for n in range(N_PLAYS)]
    assert (state["total"], state["status"]) == (N_PLAYS, "ok")


def test_a_worker_that_slept_through_its_lease_leaves_the_account_to_the_next(site: Site, fake: FakeLastfm) -> None:
    is_asleep, may_wake = threading.Event(), threading.Event()

    def sleep_once(page: int) -> None:
        if page == 10 and not is_asleep.is_set():
            is_asleep.set()
            may_wake.wait(60)

    fake.before = sleep_once
    command = [sys.executable, "manage.py", "ingest", "--user", "rin"]
    site.environment["HTTP_TIMEOUT_S"] = "90"
    with site.running(*command, log="sleeper") as sleeper:
        wait_for(is_asleep.is_set, seconds=60, what="the tenth page")
        state_of(site)
        with site.running(*command, log="successor") as successor:
            assert successor.wait(120) == 0
        may_wake.set()
        assert sleeper.wait(120) == 0
    assert "Another worker went on with it." in (site.folder / "sleeper").read_text()
    state = state_of(site)
    assert state["held"] == [FIRST + 200 * n for n in range(N_PLAYS)]
    assert (state["total"], state["status"]) == (N_PLAYS, "ok")


def test_a_worker_that_is_interrupted_gives_the_account_back_at_once(site: Site, fake: FakeLastfm) -> None:
    is_reading, is_interrupted = threading.Event(), threading.Event()

    def hold(page: int) -> None:
        if page == 15:
            is_reading.set()
            is_interrupted.wait(60)

    fake.before = hold
    with site.running(sys.executable, "manage.py", "ingest", "--user", "rin") as process:
        wait_for(is_reading.is_set, seconds=60, what="the fifteenth page")
        process.send_signal(signal.SIGINT)
        assert process.wait(60) != 0
    is_interrupted.set()
    fake.before = lambda page: None
    assert "new" in site.manage("ingest", "--user", "rin")
    assert state_of(site)["held"] == [FIRST + 200 * n for n in range(N_PLAYS)]
