"""The life of an import: looked at, confirmed, read in slices, stopped, resumed, lost by its worker, taken back."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import LazySettings, settings
from django.utils import timezone

from conftest import Jobs
from listening.formats.rows import UTC_ZONE
from listening.importing import deciding, leases, receiving, tasks
from listening.importing.reading import OpenFile, Place, open_file
from listening.models import ImportBatch, ListenEvent
from listening.plays import Reason
from listening.tests.bringing import (
    State,
    adds_up,
    as_json,
    as_lines,
    as_zip,
    bring,
    everything_about,
    fresh,
    imported,
    listen,
    looked_at,
    stream,
    undone,
    worked_at,
)
from social.errors import Refused
from social.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten records a chunk, so that a small file has many."""
    whole = OpenFile.chunks
    monkeypatch.setattr(OpenFile, "chunks", lambda file, start: whole(file, start, size=10))


def history(n: int) -> bytes:
    return as_json([stream(number) for number in range(n)])


def stored(batch: ImportBatch) -> Path:
    return Path(settings.MEDIA_ROOT) / batch.file.name


def test_a_look_counts_and_writes_nothing(rin: User) -> None:
    imported(rin, as_json([stream(0)]))
    entries = [
        stream(0),
        stream(1),
        stream(1),
        stream(2),
        stream(3, incognito_mode=True),
        stream(4, ms_played=1, skipped=True),
    ]
    batch = looked_at(rin, as_json(entries), name="endsong_0.json")
    assert batch.state == State.PREVIEWED
    told = {name: batch.preview[name] for name in ("n_lines", "n_new", "n_known", "n_duplicates", "skipped")}
    left_out = {Reason.INCOGNITO: 1, Reason.TOO_SHORT: 1}
    assert told == {"n_lines": 6, "n_new": 2, "n_known": 2, "n_duplicates": 0, "skipped": left_out}
    assert batch.preview["examples"][Reason.INCOGNITO] == ["entry 5: Artist 3 – Song 3"]
    assert ListenEvent.objects.count() == 1


def test_what_another_source_tells_is_a_duplicate_in_the_look_and_in_earnest(rin: User) -> None:
    imported(rin, as_lines([listen(0), listen(1)]))
    batch = imported(rin, as_json([stream(0), stream(1), stream(2)]))
    assert (batch.preview["n_new"], batch.preview["n_duplicates"]) == (1, 2)
    assert (batch.n_new, batch.n_duplicates, adds_up(batch)) == (1, 2, True)


def test_taking_back_leaves_all_as_before_even_what_it_stood_for(rin: User) -> None:
    imported(rin, as_lines([listen(0), listen(1)]))
    before = everything_about(rin)
    batch = imported(rin, as_json([stream(0), stream(1), stream(2)]))
    assert ListenEvent.objects.filter(source="listenbrainz", duplicate_of__isnull=False).count() == 2
    assert undone(batch).state == State.UNDONE
    assert everything_about(rin) == before
    again = imported(rin, as_json([stream(0), stream(1), stream(2)]))
    assert (again.n_new, again.n_duplicates) == (1, 2)


def test_an_import_goes_on_slice_by_slice(rin: User, small_chunks: None) -> None:
    package = as_zip(
        {f"endsong_{part}.json": as_json([stream(part * 25 + each) for each in range(25)]) for part in range(3)}
    )
    batch = looked_at(rin, package)
    deciding.confirm(batch=batch, now=timezone.now())
    shares = []
    for _ in range(20):
        leased = leases.take(batch.pk, [State.QUEUED, State.RUNNING], now=timezone.now())
        assert leased is not None
        if tasks.work(leased, seconds=0):
            break
        shares.append(fresh(batch).share_read)
        ImportBatch.objects.update(lease_until=None)
    batch = fresh(batch)
    assert (batch.state, batch.n_new, batch.n_lines, adds_up(batch)) == (State.DONE, 75, 75, True)
    assert len(shares) == 8
    assert shares == sorted(shares)


def test_a_reader_that_begins_in_the_middle_reads_the_rest(rin: User, tmp_path: Path) -> None:
    package = as_zip({f"{part}.json": as_json([stream(part * 25 + each) for each in range(25)]) for part in range(3)})
    (tmp_path / "a.zip").write_bytes(package)
    with open_file(tmp_path / "a.zip", name="a.zip", zone=UTC_ZONE) as file:
        whole = [play.title for chunk in file.chunks(Place(), size=7) for play in chunk.plays]
        assert whole == [f"Song {number}" for number in range(75)]
        for chunk in file.chunks(Place(), size=7):
            rest = [play.title for later in file.chunks(chunk.after, size=100) for play in later.plays]
            assert rest == whole[whole.index(chunk.plays[-1].title) + 1 :]


def test_stopping_keeps_what_is_read_and_resuming_goes_on(rin: User, small_chunks: None) -> None:
    batch = looked_at(rin, history(50))
    deciding.confirm(batch=batch, now=timezone.now())

    def stop_at_twenty(held: ImportBatch) -> None:
        if held.n_lines == 20:
            ImportBatch.objects.filter(pk=batch.pk).update(wants_stop=True)

    batch = worked_at(batch, tell=stop_at_twenty)
    assert (batch.state, batch.n_new, ListenEvent.objects.count()) == (State.STOPPED, 20, 20)
    assert stored(batch).exists()
    deciding.resume(batch=batch, now=timezone.now())
    batch = worked_at(batch)
    assert (batch.state, batch.n_new, batch.n_known, batch.n_lines) == (State.DONE, 50, 0, 50)


def test_a_stopped_import_can_be_taken_back_and_not_be_gone_on_with(
    rin: User, small_chunks: None, django_capture_on_commit_callbacks: Any
) -> None:
    batch = looked_at(rin, history(50))
    deciding.confirm(batch=batch, now=timezone.now())
    batch = worked_at(batch, seconds=0)
    ImportBatch.objects.update(lease_until=None)
    deciding.stop(batch=batch, now=timezone.now())
    batch = fresh(batch)
    assert batch.state == State.STOPPED
    place = stored(batch)
    with django_capture_on_commit_callbacks(execute=True):
        assert undone(batch).state == State.UNDONE
    assert not ListenEvent.objects.exists()
    assert not place.exists()
    ImportBatch.objects.update(state=State.FAILED)
    with pytest.raises(Refused, match="not kept any more"):
        deciding.resume(batch=fresh(batch), now=timezone.now())


def test_two_workers_never_read_one_file(rin: User) -> None:
    batch = looked_at(rin, history(5))
    deciding.confirm(batch=batch, now=timezone.now())
    now = timezone.now()
    first = leases.take(batch.pk, [State.QUEUED], now=now)
    assert first is not None
    assert leases.take(batch.pk, [State.QUEUED], now=now) is None
    late = now + leases.LEASE + timedelta(seconds=1)
    second = leases.take(batch.pk, [State.QUEUED], now=late)
    assert second is not None
    with pytest.raises(leases.LeaseLost):
        tasks.work(first)
    assert not ListenEvent.objects.exists()
    assert tasks.work(second)
    assert fresh(batch).n_new == 5


def test_a_file_that_kills_its_workers_is_given_up(rin: User) -> None:
    batch = looked_at(rin, history(5))
    deciding.confirm(batch=batch, now=timezone.now())
    now = timezone.now()
    for attempt in range(leases.MAX_STARTS):
        assert leases.take(batch.pk, [State.QUEUED], now=now + attempt * 2 * leases.LEASE) is not None
    ImportBatch.objects.update(lease_until=None)
    assert "failed" in tasks.go_on(batch.pk)
    assert "Its worker was lost 5 times" in fresh(batch).error
    assert stored(fresh(batch)).exists()


def test_the_sweep_finds_what_lost_its_worker(rin: User, jobs: Jobs, django_capture_on_commit_callbacks: Any) -> None:
    batch = looked_at(rin, history(5))
    deciding.confirm(batch=batch, now=timezone.now())
    assert leases.take(batch.pk, [State.QUEUED], now=timezone.now()) is not None
    with django_capture_on_commit_callbacks(execute=True):
        assert tasks.sweep() == "Queued 0 imports."
    with time_machine.travel(timezone.now() + leases.LEASE + timedelta(seconds=5), tick=True):
        with django_capture_on_commit_callbacks(execute=True):
            assert tasks.sweep() == "Queued 1 imports."
        jobs.run()
    assert fresh(batch).state == State.DONE


def test_the_file_goes_when_the_import_is_done(rin: User, django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        batch = bring(rin, history(3))
        place = stored(batch)
    assert place.exists()
    worked_at(batch)
    assert place.exists()
    deciding.confirm(batch=batch, now=timezone.now())
    with django_capture_on_commit_callbacks(execute=True):
        worked_at(batch)
    assert not place.exists()
    assert fresh(batch).file.name == ""


def test_a_file_that_is_no_history_is_not_kept(rin: User, django_capture_on_commit_callbacks: Any) -> None:
    batch = bring(rin, b"hello")
    place = stored(batch)
    with django_capture_on_commit_callbacks(execute=True):
        batch = worked_at(batch)
    assert (batch.state, "no listening history that we know" in batch.error) == (State.FAILED, True)
    assert not place.exists()


def test_a_file_that_breaks_off_says_where_and_brings_nothing(rin: User) -> None:
    batch = looked_at(rin, history(30)[:-40])
    assert batch.state == State.FAILED
    assert "can be read up to entry 29" in batch.error
    assert not ListenEvent.objects.exists()


def test_what_nobody_came_back_to_is_forgotten(rin: User, django_capture_on_commit_callbacks: Any) -> None:
    batch = looked_at(rin, history(3))
    place = stored(batch)
    stray = place.with_name("f" * 32 + receiving.ENDING)
    stray.write_bytes(b"x")
    for days, is_there in ((29, True), (31, False)):
        with django_capture_on_commit_callbacks(execute=True):
            receiving.forget_old_files(now=timezone.now() + timedelta(days=days))
        assert place.exists() == is_there
    assert not ImportBatch.objects.exists()
    assert not stray.exists()


def test_a_member_has_only_so_many_files_waiting(rin: User) -> None:
    for number in range(receiving.MAX_OPEN):
        bring(rin, history(number + 1))
    with pytest.raises(Refused, match="not finished"):
        bring(rin, history(9))


def test_a_file_that_is_too_large_leaves_nothing(rin: User, settings: LazySettings) -> None:
    settings.IMPORT_MAX_MB = 1
    with pytest.raises(Refused, match="larger than 1 MB"):
        receiving.receive(member=rin, pieces=iter([b"x" * 600_000] * 2), name="a", now=timezone.now())
    assert not list((Path(settings.MEDIA_ROOT) / receiving.FOLDER).iterdir())


def test_a_log_of_a_clock_without_a_zone_is_read_in_the_members(rin: User) -> None:
    rin.timezone = "Asia/Tokyo"
    rin.save()
    log = "#AUDIOSCROBBLER/1.1\n#TZ/UNKNOWN\n#CLIENT/x\nLow\tA\tLullaby\t1\t259\tL\t1605864900\t\n"
    imported(rin, log.encode())
    assert ListenEvent.objects.get().played_at.isoformat() == "2020-11-20T00:35:00+00:00"


def test_names_of_files_lose_what_cannot_be_shown() -> None:
    assert receiving.tidy_name("C:\\x\\../my\x00 history‮.json") == "my history.json"
    assert receiving.tidy_name("/") == "file"
    assert len(receiving.tidy_name("a" * 400)) == 255


@pytest.mark.parametrize("state", [State.DONE, State.STOPPED, State.UNDOING, State.UNDONE])
def test_a_worker_that_lost_an_import_and_then_breaks_does_not_fail_it_for_the_others(rin: User, state: str) -> None:
    batch = ImportBatch.objects.create(
        user=rin, file_name="gone.json", file="imports/gone.import", state=State.RUNNING, created_at=timezone.now()
    )
    leased = leases.take(batch.pk, [State.RUNNING], now=timezone.now())
    assert leased is not None
    ImportBatch.objects.filter(pk=batch.pk).update(state=state, lease_until=None)
    tasks.work(leased)
    batch.refresh_from_db()
    assert (batch.state, batch.error) == (state, "")
