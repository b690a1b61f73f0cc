"""A worker that is killed in the middle of a file loses nothing and doubles nothing, reading it or taking it back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from listening.tests.bringing import MORNING
from listening.tests.killed_imports import CHUNK, N_ENTRIES, POINTS
from sidetrack.tests.running import Site

pytestmark = pytest.mark.slow
STARTS = [int(MORNING.timestamp()) + 240 * number for number in range(N_ENTRIES) if number % 9]


@pytest.fixture(scope="module")
def states(tmp_path_factory: pytest.TempPathFactory, migrated: Path) -> list[dict[str, Any]]:
    site = Site(tmp_path_factory.mktemp("killed"), like=migrated)
    told = site.manage(code="from listening.tests.killed_imports import main\nmain()")
    return [json.loads(line.removeprefix("STATE ")) for line in told.splitlines() if line.startswith("STATE ")]


def of(states: list[dict[str, Any]], what: str) -> list[dict[str, Any]]:
    return [state for state in states if state["what"] == what]


def test_workers_were_killed_at_twenty_points(states: list[dict[str, Any]]) -> None:
    for what in ("look killed", "import killed"):
        assert [state["point"] for state in of(states, what) if state["died"]] == list(POINTS)
    assert len(of(states, "undo killed")) >= 10


def test_after_each_kill_whole_chunks_are_held_and_counted(states: list[dict[str, Any]]) -> None:
    before = 0
    for state in of(states, "import killed"):
        n_lines, n_new, n_known, n_duplicates, n_skipped = state["counted"]
        assert n_lines % CHUNK == 0
        assert n_lines >= before
        assert (n_new + n_skipped, n_known, n_duplicates) == (n_lines, 0, 0)
        assert state["held"] == STARTS[:n_new]
        assert state["wrong"] == []
        before = n_lines
    assert CHUNK * 5 < before < N_ENTRIES


def test_in_the_end_all_is_there_once(states: list[dict[str, Any]]) -> None:
    (looked,), (done,) = of(states, "look"), of(states, "import")
    assert looked["looked"] == [N_ENTRIES, len(STARTS), 0, 0]
    assert looked["held"] == []
    assert done["state"] == "done"
    assert done["held"] == STARTS
    assert done["counted"] == [N_ENTRIES, len(STARTS), 0, 0, N_ENTRIES - len(STARTS)]
    assert done["wrong"] == []


def test_what_is_taken_back_under_fire_is_gone(states: list[dict[str, Any]]) -> None:
    n_left = len(STARTS)
    for state in of(states, "undo killed"):
        assert len(state["held"]) <= n_left
        assert state["wrong"] == []
        n_left = len(state["held"])
    (undone,) = of(states, "undo")
    assert (undone["state"], undone["held"], undone["wrong"]) == ("undone", [], [])
