"""The site as `make run` and the image start it: ready, quick the second time, stopped in good order."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from http.client import HTTPConnection

import pytest
from django.conf import settings

from sidetrack.tests.running import Site, processes_mentioning, wait_for

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Site:
    """A site in a folder of its own, prepared as the first start does it."""
    site = Site(tmp_path_factory.mktemp("site"))
    prepared = subprocess.run(
        [sys.executable, "manage.py", "up", "--prepare-only"],
        cwd=settings.BASE_DIR, env=site.environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert prepared.returncode == 0, prepared.stdout + prepared.stderr
    assert "migrations" in prepared.stdout
    return site


def fetch(site: Site, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    connection = HTTPConnection("127.0.0.1", site.port, timeout=20)
    try:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
    finally:
        connection.close()


def test_up_prepares_serves_announces_and_stops(site):
    with site.running(sys.executable, "manage.py", "up", "--no-demo") as up:
        wait_for(lambda: "Sidetrack is ready" in site.said() or up.poll() is not None, seconds=180, what="the address")
        assert site.said().rstrip().splitlines()[-1] == f"Sidetrack is ready: http://127.0.0.1:{site.port}/"

        assert fetch(site, "/health")[0] == 200
        status, _, body = fetch(site, "/ready")
        assert (status, b'"problems": []' in body) == (200, True)

        taken = subprocess.run(
            [sys.executable, "manage.py", "up", "--no-demo"],
            cwd=settings.BASE_DIR, env=site.environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert taken.returncode != 0
        assert f"Port {site.port} is taken" in taken.stderr
        assert f"make run PORT={site.port + 1}" in taken.stderr

        os.killpg(up.pid, signal.SIGINT)  # as a terminal does at Ctrl-C
        assert up.wait(60) == 0, site.said()
    assert "Traceback" not in site.said()
    wait_for(lambda: not processes_mentioning(str(site.folder)), seconds=15, what="every process to end")


def test_the_second_start_is_ready_within_seconds(site):
    began = time.monotonic()
    with site.running(sys.executable, "manage.py", "up", "--no-demo", log="second") as up:
        wait_for(lambda: "is ready" in site.said("second") or up.poll() is not None, seconds=60, what="the address")
        took = time.monotonic() - began
        os.kill(up.pid, signal.SIGTERM)
        assert up.wait(60) == 0
    assert "migrations" not in site.said("second")
    assert "Static files" not in site.said("second")
    assert took < 30, "a second start does again what the first one did"


def test_gunicorn_sends_static_files_compressed_and_for_good(site):
    """The command of the image's web service, as compose.yml has it."""
    command = (sys.executable, "-m", "gunicorn", "sidetrack.wsgi", "-c", "python:sidetrack.web")
    with site.running(*command, log="web") as web:
        wait_for(lambda: answers(site.port), seconds=60, what="gunicorn")
        status, _, page = fetch(site, "/accounts/login/")
        assert status == 200
        sheet = re.search(rb'href="(/static/css/site\.[0-9a-f]+\.css)"', page)
        assert sheet, "the page names no hashed style sheet"
        status, headers, body = fetch(site, sheet[1].decode(), **{"Accept-Encoding": "br"})
        assert (status, headers["content-encoding"]) == (200, "br")
        assert "immutable" in headers["cache-control"]
        assert int(re.search(r"max-age=(\d+)", headers["cache-control"])[1]) >= 31_536_000
        assert len(body) < 20_000

        fetch(site, "/accounts/login/?token=a-very-secret-token")
        os.kill(web.pid, signal.SIGTERM)
        assert web.wait(30) == 0
    said = site.said("web")
    assert "GET /accounts/login/ 200" in said
    assert "a-very-secret-token" not in said


def answers(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0
