"""The worker loses no running job, whoever is signalled, and replaces a cluster that hangs."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sidetrack import worker
from sidetrack.tests.running import Site, processes_mentioning, wait_for

pytestmark = pytest.mark.slow
N_JOBS, JOB_S = 6, 2


@pytest.fixture(scope="module")
def site(tmp_path_factory, migrated) -> Site:
    return Site(tmp_path_factory.mktemp("worker"), like=migrated)


def names(folder: Path, suffix: str) -> set[str]:
    return {path.stem for path in folder.glob(f"*.{suffix}")}


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_every_started_job_finishes_when_the_whole_group_is_signalled(site, tmp_path, number):
    site.manage(
        code="from django_q.tasks import async_task\n"
        f"for n in range({N_JOBS}):\n"
        f"    async_task('sidetrack.tests.slow_jobs.leave_traces', {str(tmp_path)!r}, f'job{{n}}', {JOB_S})"
    )
    with site.running(sys.executable, "manage.py", "worker") as parent:
        wait_for(lambda: len(names(tmp_path, "started")) >= 2, seconds=60, what="two running jobs")
        os.killpg(parent.pid, number)  # what honcho does, and a terminal at Ctrl-C
        assert parent.wait(60) == 0, site.said()
    started, finished = names(tmp_path, "started"), names(tmp_path, "finished")
    assert len(started) >= 2
    assert finished == started
    left = int(
        site.manage(code="from django_q.models import OrmQ; print(OrmQ.objects.filter(key='sidetrack').count())")
    )
    assert left >= N_JOBS - len(started)
    assert processes_mentioning(str(site.folder)) == []
    site.manage(code="from django_q.models import OrmQ; OrmQ.objects.all().delete()")


def test_jobs_finish_even_when_the_parent_is_killed_outright(site, tmp_path):
    site.manage(
        code="from django_q.tasks import async_task\n"
        f"async_task('sidetrack.tests.slow_jobs.leave_traces', {str(tmp_path)!r}, 'only', {JOB_S})"
    )
    with site.running(sys.executable, "manage.py", "worker") as parent:
        wait_for(lambda: names(tmp_path, "started"), seconds=60, what="the job")
        parent.kill()
        wait_for(lambda: names(tmp_path, "finished"), seconds=30, what="the end of the job")
        wait_for(lambda: not processes_mentioning(str(site.folder)), seconds=30, what="the cluster to stop by itself")


def test_a_cluster_that_hangs_is_started_anew(tmp_path, monkeypatch):
    """The stand-in ignores SIGTERM, as a hung cluster does; the second one it starts ends by itself."""
    monkeypatch.setattr(worker, "WATCH_EVERY_S", 0.2)
    monkeypatch.setattr(worker, "HUNG_GETS_S", 0.2)
    log = tmp_path / "starts"
    stand_in = (
        "import os, pathlib, signal, sys, time\n"
        f"log = pathlib.Path({str(log)!r})\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "first = not log.exists()\n"
        "log.open('a').write(f'{os.getpid()} {os.environ.get(\"DATABASE_POOL\")}\\n')\n"
        "time.sleep(60) if first else sys.exit(7)\n"
    )
    monkeypatch.setenv("DATABASE_POOL", "yes")
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        parent = worker.Parent([sys.executable, "-c", stand_in], is_hung=lambda started: log.exists(), longest_task_s=1)
        assert parent.run() == 7
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    first, second = log.read_text(encoding="utf-8").splitlines()
    assert [line.split()[1] for line in (first, second)] == ["None", "None"], "the pool reached the queue's processes"
    with pytest.raises(ProcessLookupError):
        os.kill(int(first.split()[0]), 0)


STUBBORN = """
import pathlib, signal, sys, time

signal.signal(signal.SIGTERM, signal.SIG_IGN)
pathlib.Path(sys.argv[1]).touch()
time.sleep(60)
"""
IMPATIENT = """
import sys
from sidetrack import worker

worker.WATCH_EVERY_S = 0.2
command = [sys.executable, "-c", sys.argv[1], sys.argv[2]]
sys.exit(worker.Parent(command, is_hung=lambda started: False, longest_task_s=0.5).run())
"""


def test_a_cluster_that_will_not_stop_is_killed_after_the_longest_job(tmp_path):
    is_up, began = tmp_path / "up", time.monotonic()
    parent = subprocess.Popen([sys.executable, "-c", IMPATIENT, STUBBORN, str(is_up)], start_new_session=True)
    wait_for(is_up.exists, seconds=20, what="the stand-in")
    os.killpg(parent.pid, signal.SIGTERM)
    assert parent.wait(20) == 0
    assert time.monotonic() - began < 40
