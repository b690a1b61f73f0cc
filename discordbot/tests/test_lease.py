"""One bot at a time: who gets the lease, when, and what becomes of one that was left behind."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from datetime import datetime, timedelta

import pytest

from discordbot.lease import LASTS, acquire, new_holder, note, release, renew, who_holds
from discordbot.models import BotLease

pytestmark = pytest.mark.django_db
ONE, TWO = "1.one", "1.two"


def take(holder: str, now: datetime, *, host: str = "here", pid: int = 100) -> bool:
    return acquire(holder=holder, host=host, pid=pid, now=now)


def test_the_first_gets_it_and_the_second_does_not(monday: datetime) -> None:
    assert take(ONE, monday)
    assert not take(TWO, monday, host="elsewhere")
    assert take(ONE, monday)
    assert "process 100 on here, since 2025-11-10 09:00 UTC" in who_holds()


def test_it_expires_thirty_seconds_after_the_last_renewal(monday: datetime) -> None:
    take(ONE, monday)
    assert renew(holder=ONE, now=monday + timedelta(seconds=20))
    assert not take(TWO, monday + timedelta(seconds=49), host="elsewhere")
    assert take(TWO, monday + timedelta(seconds=50), host="elsewhere")
    assert not renew(holder=ONE, now=monday + timedelta(seconds=51))


def test_given_back_it_is_free_at_once_but_only_its_holder_gives_it_back(monday: datetime) -> None:
    take(ONE, monday)
    assert not release(holder=TWO)
    assert not take(TWO, monday, host="elsewhere")
    assert release(holder=ONE)
    assert take(TWO, monday, host="elsewhere")


def test_a_process_that_died_on_this_machine_is_followed_at_once(monday: datetime) -> None:
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    take(ONE, monday, pid=dead.pid)
    assert not take(TWO, monday, host="elsewhere")
    assert take(TWO, monday, host="here")


def test_a_living_process_and_one_in_another_container_are_left_alone(monday: datetime) -> None:
    take(ONE, monday, pid=os.getppid())
    assert not take(TWO, monday)
    BotLease.objects.update(pid=2**22 + 1, holder="2.one")  # nobody has this number, but it is another's space
    assert not take(TWO, monday)


def test_a_lease_from_a_clock_that_was_an_hour_ahead_holds_nobody_up(monday: datetime) -> None:
    take(ONE, monday + timedelta(hours=1))
    assert take(TWO, monday, host="elsewhere")


def test_what_the_bot_notes_is_written_by_its_holder_only(monday: datetime) -> None:
    take(ONE, monday)
    assert note(holder=ONE, connected_at=monday, problem="No club channel.")
    assert not note(holder=TWO, problem="")
    row = BotLease.objects.get()
    assert (row.connected_at, row.problem) == (monday, "No club channel.")
    BotLease.objects.update(expires_at=monday)
    take(TWO, monday + LASTS, host="elsewhere")
    row.refresh_from_db()
    assert (row.connected_at, row.problem) == (None, "")


def test_names_are_never_the_same_and_fit() -> None:
    names = {new_holder() for _ in range(100)}
    assert len(names) == 100
    assert max(map(len, names)) <= 64
    assert len(socket.gethostname()) <= 128
