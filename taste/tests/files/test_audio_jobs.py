"""The queue's part: look what is there, and hear it, a batch a job."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from catalog.tests.factories import TrackFactory
from sidetrack.diagnosis import findings
from sidetrack.health import problems
from sidetrack.schedule import JOBS
from taste.audio import due
from taste.audio.tasks import analyse_due, analyse_files, scan_folder
from taste.models import AnalysisSettings, AudioFile, TrackFeatures
from taste.tests.files.music import write

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def only_dsp(settings: Any) -> None:
    settings.EMBEDDING_MODEL = ["dsp-v1"]


def fill(music: Path, n: int) -> None:
    for number in range(n):
        TrackFactory(title=f"Song {number}", artist__name=f"Band {number}")
        write(music / f"Band {number} - Song {number}.wav", pitch=200 + number, seconds=0.2)


def test_both_jobs_are_in_the_schedule() -> None:
    assert {"taste.audio.tasks.scan_folder", "taste.audio.tasks.analyse_due"} <= {job.function for job in JOBS}


def test_from_a_folder_to_features_without_a_hand(music: Path, jobs: Any) -> None:
    n = due.BATCH + 3
    fill(music, n)
    assert scan_folder() == f"{n} files: {n} new. {n} found their track."
    assert analyse_due() == "Queued 1 batch of files to analyse."
    assert len(jobs.queued()) == 1  # the next one is queued when this one is done: other jobs come in between
    assert analyse_due() == "Queued 0 batches of files to analyse."
    answers = jobs.run()
    assert answers == [f"{due.BATCH} files analysed.", "3 files analysed."]
    assert TrackFeatures.objects.filter(loudness__isnull=False).count() == n
    assert analyse_due() == "Queued 0 batches of files to analyse."


def test_as_many_batches_as_an_operator_allows(music: Path, jobs: Any) -> None:
    fill(music, due.BATCH * 2 + 1)
    scan_folder()
    AnalysisSettings.objects.create(pk=1, jobs_at_once=2)
    assert analyse_due() == "Queued 2 batches of files to analyse."
    ids = [pk for _, (batch, _) in jobs.queued() for pk in batch]
    assert len(ids) == len(set(ids)) == due.BATCH * 2
    jobs.run()
    assert TrackFeatures.objects.count() == due.BATCH * 2 + 1


def test_a_job_that_comes_twice_does_nothing_the_second_time(music: Path, jobs: Any) -> None:
    fill(music, 1)
    scan_folder()
    analyse_due()
    ((_, (ids, until)),) = jobs.queued()
    assert analyse_files(ids, until) == "1 file analysed."
    before = AudioFile.objects.values().get()
    assert analyse_files(ids, until) == "Another worker has these files."
    assert AudioFile.objects.values().get() == before


def test_while_it_is_paused_nothing_begins(music: Path, jobs: Any) -> None:
    fill(music, 1)
    scan_folder()
    analyse_due()
    AnalysisSettings.objects.create(pk=1, is_paused=True)
    assert jobs.run() == ["The analysis is paused."]
    assert scan_folder() == analyse_due() == "The analysis is paused."
    assert list(AudioFile.objects.values_list("lease_until", "n_starts")) == [(None, 0)]
    AnalysisSettings.objects.update(is_paused=False)
    assert analyse_due() == "Queued 1 batch of files to analyse."


def test_a_queue_that_lost_its_jobs_is_filled_again(music: Path, jobs: Any) -> None:
    from django_q.models import OrmQ

    fill(music, 1)
    scan_folder()
    analyse_due()
    OrmQ.objects.all().delete()
    assert analyse_due() == "Queued 0 batches of files to analyse."
    AudioFile.objects.update(lease_until=timezone.now())
    assert analyse_due() == "Queued 1 batch of files to analyse."


def test_without_a_folder_jobs_rest_and_doctor_says_what_to_set(settings: Any, jobs: Any) -> None:
    settings.AUDIO_ROOT = ""
    assert scan_folder() == analyse_due() == "AUDIO_ROOT is not set: name the folder of music in it."
    (line,) = [each for each in findings() if each.name == "Analysis of music files"]
    assert (line.is_on, line.says) == (False, "AUDIO_ROOT is not set: name the folder of music in it.")
    assert not [problem for problem in problems(timezone.now()) if "AUDIO_ROOT" in problem]


def test_a_folder_that_is_lost_is_a_problem_and_loses_no_file(music: Path, jobs: Any) -> None:
    fill(music, 1)
    scan_folder()
    analyse_due()
    away = music.rename(music.parent / "away")
    assert "names no folder" in scan_folder()
    assert "names no folder" in jobs.run()[0]
    assert any("AUDIO_ROOT names no folder" in problem for problem in problems(timezone.now()))
    assert AudioFile.objects.get().gone_at is None
    away.rename(music)
    analyse_due()
    assert jobs.run() == ["1 file analysed."]


def test_doctor_names_models_and_files(music: Path, settings: Any) -> None:
    settings.EMBEDDING_MODEL = ["musicnn"]
    fill(music, 1)
    scan_folder()
    lines = {each.name: each for each in findings()}
    assert lines["Analysis of music files"].says == "0 of 1 files analysed; whole files, auto"
    assert lines["Model dsp-v1"].is_on
    assert not lines["Model musicnn"].is_on
    assert "fetch_models" in lines["Model musicnn"].says
