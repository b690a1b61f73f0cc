"""The rules that conftest.py sets for every test."""

import socket
from pathlib import Path

import httpx
import pytest
from django.conf import settings
from django.core.cache import cache
from django_q.tasks import async_task

import conftest
from sidetrack.tests import skipping


def test_a_test_cannot_reach_another_machine():
    with pytest.raises(AssertionError, match="reached for"):
        httpx.get("https://musicbrainz.org/")
    with socket.socket() as plain, pytest.raises(AssertionError, match="reached for"):
        plain.connect(("192.0.2.7", 80))


def test_the_loopback_is_open():
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as client:
        assert client.getpeername() == server.getsockname()


@pytest.mark.parametrize("turn", [1, 2])
def test_no_cache_and_no_file_outlives_its_test(turn):
    place = Path(settings.MEDIA_ROOT)
    assert cache.get("left-behind") is None
    assert not place.exists()
    cache.set("left-behind", turn)
    place.mkdir(parents=True)


def test_a_skip_becomes_a_failure_where_everything_is_required(monkeypatch):
    monkeypatch.setenv(skipping.REQUIRE_ALL, "1")
    with pytest.raises(pytest.fail.Exception, match="needs a violin"):
        skipping.skip_or_fail("needs a violin")
    monkeypatch.delenv(skipping.REQUIRE_ALL)
    with pytest.raises(pytest.skip.Exception, match="needs a violin"):
        skipping.skip_or_fail("needs a violin")


def test_recorded_data_that_is_not_there_is_named(monkeypatch, tmp_path):
    monkeypatch.setenv(conftest.REAL_DATA, str(tmp_path / "nowhere"))
    assert conftest.REAL_DATA in conftest.what_is_missing("realdata")
    monkeypatch.setenv(conftest.REAL_DATA, str(tmp_path))
    assert conftest.what_is_missing("realdata") == ""


def test_jobs_wait_until_asked(jobs):
    async_task("math.hypot", 3, 4)
    assert jobs.queued() == [("math.hypot", (3, 4))]
    assert jobs.run() == [5.0]
    assert jobs.names() == []
