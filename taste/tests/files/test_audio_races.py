"""Several workers and scans at once: no file is heard twice, none is a row twice. Needs PostgreSQL."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from catalog.tests.factories import TrackFactory
from catalog.tests.test_races import at_once
from taste.audio.due import BATCH
from taste.audio.running import Run, run
from taste.audio.scanning import scan
from taste.models import AudioFile, TrackEmbedding
from taste.tests.files.music import write

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
N = BATCH * 2 + 3


def fill(music: Path) -> None:
    for number in range(N):
        TrackFactory(title=f"Song {number}", artist__name=f"Band {number}")
        write(music / f"Band {number} - Song {number}.wav", pitch=200 + 10 * number, seconds=0.3)


def test_four_scans_and_four_workers_at_once_do_each_file_once(music: Path, settings: Any) -> None:
    settings.EMBEDDING_MODEL = ["dsp-v1"]
    fill(music)
    scans = at_once(*[lambda: scan(music)] * 4)
    assert {each.n_found for each in scans} == {N}
    assert AudioFile.objects.filter(track__isnull=False).count() == N
    heard: list[Run] = at_once(*[lambda: run(only=None, n_workers=1, tell=lambda n_done, problems: None)] * 4)
    assert sum(each.n_done for each in heard) == N
    assert [each.problems for each in heard] == [[]] * 4
    assert TrackEmbedding.objects.count() == N
    assert not AudioFile.objects.exclude(lease_until=None, n_starts=0).exists()
