"""POST analyze/track/{id}: moderators and the service ask for a track to be heard."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from catalog.tests.factories import TrackFactory
from social.models import User
from social.tests.callers import Caller, caller_of, refused
from taste.audio.scanning import scan
from taste.models import AnalysisSettings, TrackFeatures
from taste.tests.files.music import write

pytestmark = pytest.mark.django_db


@pytest.fixture
def joga(music: Path, settings: Any) -> Any:
    settings.EMBEDDING_MODEL = ["dsp-v1"]
    track = TrackFactory(title="Jóga", artist__name="Björk")
    write(music / "a.ogg", artist="Björk", title="Jóga")
    scan(music)
    return track


def test_a_track_is_queued_once_and_heard(
    joga: Any, service: Caller, jobs: Any, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        first = service.post(f"analyze/track/{joga.pk}")
        assert jobs.names() == []  # its files are not reserved for others to see yet
    assert (first.status_code, first.json()) == (202, {"track": joga.pk, "queued": True, "message": ""})
    second = service.post(f"analyze/track/{joga.pk}").json()
    assert (second["queued"], second["message"]) == (False, "It is queued, or being analysed, already.")
    assert jobs.names() == ["taste.audio.tasks.analyse_files"]
    jobs.run()
    assert TrackFeatures.objects.filter(track=joga, loudness__isnull=False).exists()
    assert service.post(f"analyze/track/{joga.pk}").json()["message"] == "It was analysed already."
    assert service.post(f"analyze/track/{joga.pk}", {"anew": True}).json()["queued"] is True


def test_moderators_may_and_others_may_not(joga: Any, mod: User, rin: User, visitor: Caller) -> None:
    assert caller_of(mod).post(f"analyze/track/{joga.pk}").status_code == 202
    refused(visitor.post(f"analyze/track/{joga.pk}"), 401, "not_authenticated")
    answer = caller_of(rin).post(f"analyze/track/{joga.pk}")
    assert answer.status_code == 403


def test_what_cannot_be_heard_is_told(joga: Any, service: Caller, settings: Any) -> None:
    assert service.post(f"analyze/track/{TrackFactory().pk}").json() | {"track": 0} == {
        "track": 0,
        "queued": False,
        "message": "No music file here belongs to this track.",
    }
    refused(service.post("analyze/track/999999999"), 404, "not_found")
    AnalysisSettings.objects.create(pk=1, is_paused=True)
    assert "paused" in service.post(f"analyze/track/{joga.pk}").json()["message"]
    settings.AUDIO_ROOT = ""
    refused(service.post(f"analyze/track/{joga.pk}"), 503, "unavailable")
