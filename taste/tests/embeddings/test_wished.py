"""Which models are asked for, and which of them places tracks."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from catalog.tests.factories import TrackFactory
from taste.embeddings import Embedded, main_model, states, store, wished
from taste.embeddings.adapters import adapter_of
from taste.models import AnalysisSettings
from taste.tests.embeddings.sounds import heard

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _asked(settings: Any, tmp_path: Path) -> None:
    settings.MODELS_DIR, settings.EMBEDDING_MODEL = tmp_path, ["musicnn", "dsp-v1"]
    settings.USE_CLAP = settings.USE_DEMUCS = False
    settings.TORCH_DEVICE = "auto"


def names() -> list[str]:
    return [adapter.name for adapter in wished()]


def test_the_environment_asks(settings: Any) -> None:
    assert names() == ["musicnn", "dsp-v1"]
    settings.EMBEDDING_MODEL, settings.USE_CLAP, settings.USE_DEMUCS = ["panns", "openl3"], True, True
    assert names() == ["panns", "openl3", "clap", "stems", "dsp-v1"]
    settings.EMBEDDING_MODEL = ["clap", "Musicnn", "clap"]
    assert names() == ["clap", "musicnn", "stems", "dsp-v1"]


def test_an_operators_settings_stand_over_the_environment(settings: Any) -> None:
    settings.USE_DEMUCS = True
    AnalysisSettings.objects.create(pk=1, embedding_models=" dsp-v1, panns ,", uses_stems=False, device="cpu")
    assert names() == ["dsp-v1", "panns"]
    AnalysisSettings.objects.update(embedding_models="", uses_stems=None)
    assert names() == ["musicnn", "dsp-v1", "stems"]
    assert {getattr(adapter, "device", "cpu") for adapter in wished()} == {"cpu"}


def test_a_slip_of_the_pen_is_off_with_a_word_and_stops_nothing(settings: Any) -> None:
    settings.EMBEDDING_MODEL = ["musicn", "dsp-v1"]
    assert states()[0][:2] == ("musicn", "")
    assert states()[0][2].startswith("No model is called musicn; EMBEDDING_MODEL knows clap, dsp-v1, musicnn")
    assert wished()[0].embed([heard(None)])[0].is_empty
    assert main_model() == "dsp-v1"


def test_states_say_what_is_off_and_why(settings: Any) -> None:
    settings.USE_DEMUCS = True
    found = {name: why for name, _, why in states()}
    assert found["musicnn"].endswith("run manage.py fetch_models.")
    assert found["stems"] == "demucs is not installed: pip install demucs."
    assert found["dsp-v1"] == ""


@pytest.mark.parametrize("name", ["musicnn", "clap", "panns", "openl3", "stems", "dsp-v1", "other"])
def test_every_adapter_answers_without_any_file(name: str) -> None:
    adapter = adapter_of(name, "auto")
    item = heard(adapter.patches, 1)
    answers = adapter.embed([item, item])
    assert len(answers) == 2
    assert all(answer.is_empty == bool(adapter.why_off()) for answer in answers)
    assert adapter.name == name
    assert isinstance(adapter.version, str)
    assert len(adapter.version) <= 24


def test_the_main_model_is_the_first_with_vectors_else_the_first_that_is_ready(
    settings: Any, invented_musicnn: Path, monday: datetime, tmp_path: Path
) -> None:
    assert main_model() == "dsp-v1"  # musicnn has no files yet
    (tmp_path / "musicnn").symlink_to(invented_musicnn)
    assert main_model() == "musicnn"
    track, answer = TrackFactory(), {"stems": 4, "dsp-v1": 56}
    settings.USE_DEMUCS = True
    for model, n in answer.items():
        store(model=model, version="1", embedded={track.pk: Embedded(np.ones(n, np.float32))}, now=monday)
        assert main_model() == ("musicnn" if model == "stems" else "dsp-v1")
    store(model="musicnn", version="1", embedded={track.pk: Embedded(np.ones(400, np.float32))}, now=monday)
    assert main_model() == "musicnn"


def test_the_map_stays_with_a_model_until_the_next_knows_half_of_the_tracks(
    monday: datetime, django_assert_num_queries: Any
) -> None:
    tracks = TrackFactory.create_batch(5)

    def know(model: str, n: int) -> None:
        given = {track.pk: Embedded(np.ones(4, np.float32)) for track in tracks[:n]}
        store(model=model, version="1", embedded=given, now=monday)

    know("dsp-v1", 5)
    for n, main in ((1, "dsp-v1"), (2, "dsp-v1"), (3, "musicnn"), (5, "musicnn")):
        know("musicnn", n)
        with django_assert_num_queries(2):
            assert main_model() == main
