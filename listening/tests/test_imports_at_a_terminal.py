"""`manage.py ingest FILE --user HANDLE`: the same import as on the page, read where the file lies."""

from __future__ import annotations

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from listening.importing import leases, tasks, terminal
from listening.models import ImportBatch, ListenEvent
from listening.tests.bringing import State, as_json, stream
from social.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def history(tmp_path: Path) -> Path:
    path = tmp_path / "endsong_0.json"
    path.write_bytes(as_json([stream(number, incognito_mode=number == 3) for number in range(10)]))
    return path


def run(path: Path, *more: str) -> str:
    out = StringIO()
    call_command("ingest", str(path), "--user", "rin", *more, stdout=out)
    return out.getvalue()


def test_a_file_comes_in_and_its_report_is_told(rin: User, history: Path) -> None:
    told = run(history)
    assert "endsong_0.json: Spotify, extended streaming history, 10 entries" in told
    assert "9 new" in told
    assert "1 left out: Played in a private session" in told
    assert "entry 4: Artist 3 – Song 3" in told
    assert ListenEvent.objects.filter(user=rin).count() == 9
    assert "9 held already" in run(history)
    assert history.exists()


def test_a_dry_run_leaves_no_trace(rin: User, history: Path) -> None:
    assert "nothing is written yet" in run(history, "--dry-run")
    assert not ListenEvent.objects.exists()
    assert not ImportBatch.objects.exists()


def test_what_is_no_history_is_refused_in_words(rin: User, tmp_path: Path) -> None:
    (tmp_path / "a").write_text("hello")
    with pytest.raises(CommandError, match="no listening history that we know"):
        run(tmp_path / "a")
    with pytest.raises(CommandError, match="There is no file"):
        run(tmp_path / "b")
    assert not ImportBatch.objects.exists()


def test_one_may_say_no(rin: User, history: Path) -> None:
    counts = terminal.read_file(path=history, member=rin, out=StringIO(), agree=lambda: False)
    assert counts.n_new == 9
    assert not ImportBatch.objects.exists()


def test_the_same_command_goes_on_where_it_broke_off(rin: User, history: Path, monkeypatch: Any) -> None:
    def interrupted(batch: ImportBatch, **more: Any) -> bool:
        if batch.state == State.UPLOADED:
            return tasks.work(batch, **more)
        whole = leases.hold

        def hold(held: ImportBatch, **when: Any) -> ImportBatch:
            if held.n_lines:
                raise KeyboardInterrupt
            return whole(held, **when)

        with monkeypatch.context() as patch:
            patch.setattr(leases, "hold", hold)
            return tasks.work(batch, **more)

    monkeypatch.setattr(terminal, "work", interrupted)
    with pytest.raises(CommandError, match="The same command goes on"):
        run(history)
    batch = ImportBatch.objects.get()
    assert (batch.state, batch.n_new) == (State.STOPPED, 9)
    monkeypatch.undo()
    assert "Going on with the import" in run(history)
    batch.refresh_from_db()
    assert (batch.state, batch.n_new, batch.n_lines) == (State.DONE, 9, 10)


def test_the_sweep_tells_a_killed_command_apart_from_a_running_one(rin: User) -> None:
    now = timezone.now()
    values = {"user": rin, "file_name": "a", "state": State.RUNNING, "created_at": now}
    dead = ImportBatch.objects.create(**values, lease_until=now - leases.LEASE)
    alive = ImportBatch.objects.create(**values, lease_until=now + leases.LEASE)
    assert tasks.sweep() == "Queued 0 imports."
    assert ImportBatch.objects.get(pk=dead.pk).error.startswith("The command that read it broke off.")
    assert ImportBatch.objects.get(pk=alive.pk).state == State.RUNNING


def test_the_bar_moves_only_where_somebody_watches(rin: User) -> None:
    class Terminal(StringIO):
        def isatty(self) -> bool:
            return True

    batch = ImportBatch(user=rin, n_lines=1_234, share_read=1.0)
    for out, is_told in ((Terminal(), True), (StringIO(), False)):
        bar = terminal.Bar(out, "Reading")
        bar(batch)
        assert ("100% 1,234" in out.getvalue()) == is_told
