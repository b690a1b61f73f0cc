"""Workers that are killed, and a command that is interrupted, lose nothing and repeat nothing."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from sidetrack.tests.running import Site, wait_for
from taste.tests.files.killed_analysis import N_FILES, POINTS

pytestmark = pytest.mark.slow


N_LONG = 60
CODE = f"""
from taste.tests.files.killed_analysis import fill, main
main()
fill({N_LONG}, 20)
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, migrated: Path) -> Site:
    folder = tmp_path_factory.mktemp("killed")
    site = Site(folder, like=migrated)
    site.environment |= {"AUDIO_ROOT": str(folder / "music"), "EMBEDDING_MODEL": "dsp-v1", "OMP_NUM_THREADS": "1"}
    return site


@pytest.fixture(scope="module")
def told(site: Site) -> str:
    """What workers under fire said; after them, longer files wait to be analysed."""
    return site.manage(code=CODE)


def asked(site: Site, query: str) -> Any:
    with closing(sqlite3.connect(f"file:{site.folder / 'sidetrack.sqlite3'}?mode=ro", uri=True)) as database:
        return database.execute(query).fetchone()[0]


def n_heard(site: Site) -> int:
    return int(asked(site, "SELECT count(*) FROM taste_audiofile WHERE heard_by != ''"))


def children(pid: int) -> list[int]:
    """The processes that hear; multiprocessing's own helper is not one."""
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(child) for child in found if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes()]


def test_killed_workers_lose_nothing_and_repeat_nothing(told: str) -> None:
    states = [json.loads(line.removeprefix("STATE ")) for line in told.splitlines() if line.startswith("STATE ")]
    assert [state["died"] for state in states[:-1]] == [True] * len(POINTS)
    before: dict[str, str] = {}
    for state in states:
        assert state["heard"].items() >= before.items()  # with the moment: none was heard twice
        assert state["problems"] == []
        assert state["tracks"] == [True, True, True]  # whole batches, with all that follows from them
        before = state["heard"]
    assert 0 < len(states[-2]["heard"]) < N_FILES
    assert (len(before), states[-1]["n_due"]) == (N_FILES, 0)


def test_a_command_goes_on_without_a_killed_process_and_stops_when_asked(site: Site, told: str) -> None:
    command = [sys.executable, "manage.py", "analyze", "--workers", "2"]
    with site.running(*command) as process:
        wait_for(lambda: n_heard(site) > 0, seconds=90, what="the first batch")
        os.kill(children(process.pid)[0], signal.SIGKILL)
        wait_for(lambda: n_heard(site) >= 24, seconds=90, what="some more batches")
        os.killpg(process.pid, signal.SIGINT)
        assert process.wait(90) != 0
    assert "Stopped." in site.said()
    n_before = n_heard(site)
    assert n_before < N_LONG
    assert asked(site, "SELECT count(*) FROM taste_audiofile WHERE lease_until IS NOT NULL") == 0
    done = site.manage("analyze", "--workers", "1")
    assert f"{N_LONG - n_before} files analysed, in" in done
    assert n_heard(site) == N_LONG
