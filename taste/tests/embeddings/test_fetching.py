"""`manage.py fetch_models`: what it says when it cannot."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from taste.embeddings.musicnn.fetching import CannotFetch, convert, fetch, put


def test_another_file_than_the_known_package_is_refused(tmp_path: Path) -> None:
    wheel = tmp_path / "musicnn-0.1.0-py3-none-any.whl"
    wheel.write_bytes(b"something else")
    with pytest.raises(CannotFetch, match=r"is not the package that is known here: its SHA-256 is [0-9a-f]{64}\.$"):
        fetch(tmp_path / "models", wheel=wheel)
    assert not (tmp_path / "models").exists()


def test_a_wheel_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(CannotFetch, match=r"nowhere\.whl cannot be read: No such file"):
        fetch(tmp_path / "models", wheel=tmp_path / "nowhere.whl")


def test_a_refused_download_says_what_to_do_by_hand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.delenv("PIP_FIND_LINKS", raising=False)
    with pytest.raises(CannotFetch, match=r"could not be downloaded: .*pass it with --wheel\.$"):
        fetch(tmp_path / "models")
    assert not (tmp_path / "models").exists()


def test_a_package_of_another_make_is_said(tmp_path: Path) -> None:
    wheel = tmp_path / "other.whl"
    wheel.write_bytes(b"no zip")
    with pytest.raises(CannotFetch, match=r"other\.whl holds something else than was expected"):
        convert(wheel, tmp_path / "models")


def test_a_file_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    put(tmp_path / "weights", b"whole")
    with pytest.raises(TypeError):
        put(tmp_path / "weights", "no bytes")  # type: ignore[arg-type]
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"whole"]


@pytest.mark.django_db
def test_the_command_fails_with_the_sentence(tmp_path: Path, settings: Any) -> None:
    settings.MODELS_DIR = tmp_path
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("fetch_models", wheel=tmp_path / "nowhere.whl")


@pytest.mark.django_db
@pytest.mark.realdata
def test_the_command_says_which_models_are_ready(
    musicnn_weights: Path, tmp_path: Path, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "musicnn").symlink_to(musicnn_weights)
    settings.MODELS_DIR, settings.EMBEDDING_MODEL, settings.TORCH_DEVICE = tmp_path, ["musicnn", "panns"], "auto"
    call_command("fetch_models")
    said = capsys.readouterr().out.splitlines()
    assert said[0].endswith("already.")
    assert said[1].startswith("musicnn: ready, version 0.1.0")
    assert said[2].startswith("panns: off. ")
    assert said[3].startswith("dsp-v1: ready")
