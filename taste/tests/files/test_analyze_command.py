"""`manage.py analyze` at a terminal and in a log; the pool of processes has its own slow test."""

from __future__ import annotations

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from catalog.tests.factories import TrackFactory
from taste.audio.progress import CLEAR, Progress, duration
from taste.models import AudioFile, TrackFeatures
from taste.tests.files.music import write


@pytest.fixture(autouse=True)
def only_dsp(settings: Any) -> None:
    settings.EMBEDDING_MODEL = ["dsp-v1"]


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def said(*arguments: str, out: StringIO | None = None, **options: Any) -> str:
    out = out or StringIO()
    call_command("analyze", *arguments, stdout=out, stderr=out, workers=1, **options)
    return out.getvalue()


@pytest.mark.django_db
def test_a_folder_is_scanned_matched_and_heard(music: Path) -> None:
    track = TrackFactory(title="Jóga", artist__name="Björk")
    write(music / "a.ogg", artist="Björk", title="Jóga")
    write(music / "b.ogg", artist="Nobody", title="Nothing", pitch=330)
    (music / "Björk - Jóga.mp3").write_bytes(b"not music " * 99)
    told = said()
    assert "3 files: 3 new. 2 found their track." in told
    assert "Model dsp-v1: version" in told
    assert "Analysing: 2 of 2" in told or "Analysing: 1 of 1" in told
    assert "1 file analysed" in told
    assert "1 file without a track:\n  b.ogg: Nobody here knows “Nothing” by Nobody" in told
    assert TrackFeatures.objects.filter(track=track, loudness__isnull=False).exists()
    assert "Nothing is due." in said()


@pytest.mark.django_db
def test_what_is_asked_for_by_name_is_heard_anew(music: Path) -> None:
    for number in range(2):
        TrackFactory(title=f"Song {number}", artist__name=f"Band {number}")
        write(music / str(number) / f"Band {number} - Song {number}.wav", pitch=200 + 50 * number)
    said()
    moments = dict(AudioFile.objects.values_list("path", "measured_at"))

    def heard_anew(*arguments: str) -> set[str]:
        said(*arguments)
        now = dict(AudioFile.objects.values_list("path", "measured_at"))
        changed = {path for path, at in now.items() if at != moments[path]}
        moments.update(now)
        return changed

    first, second = sorted(moments)
    assert heard_anew() == set()
    assert heard_anew("--path", "0") == {first}
    assert heard_anew("--path", str(music / second)) == {second}
    track = AudioFile.objects.get(path=first).track_id
    assert heard_anew("--track", str(track)) == {first}
    assert heard_anew("--all") == {first, second}


@pytest.mark.django_db
def test_mistakes_are_told_in_words(music: Path, settings: Any, tmp_path: Path) -> None:
    for arguments, words in (
        (["--path", str(tmp_path)], "does not lie in AUDIO_ROOT"),
        (["--path", "nowhere"], "There is no file or folder"),
        (["--track", "99999999"], "There is no track 99999999."),
        (["--track", str(TrackFactory().pk)], "No file belongs to"),
    ):
        with pytest.raises(CommandError, match=words):
            said(*arguments)
    settings.AUDIO_ROOT = ""
    with pytest.raises(CommandError, match="AUDIO_ROOT is not set: name the folder of music in it"):
        said()
    settings.AUDIO_ROOT = str(tmp_path / "gone")
    with pytest.raises(CommandError, match="AUDIO_ROOT names no folder"):
        said()


@pytest.mark.django_db
def test_failures_are_listed_with_the_reason(music: Path) -> None:
    TrackFactory(title="Jóga", artist__name="Björk")
    (music / "Björk - Jóga.mp3").write_bytes(b"not music " * 99)
    told = said()
    assert "0 files analysed, 1 could not be" in told
    assert "Björk - Jóga.mp3: " in told
    assert ", 1 failed" in told


def test_at_a_terminal_one_line_moves() -> None:
    clock, out = iter([0.0, 10.0, 10.0, 10.1, 20.0, 20.0]), Terminal()
    bar = Progress(out, 100, clock=lambda: next(clock))
    bar.add(49, 1)
    assert out.getvalue() == f"{CLEAR}Analysing [{'█' * 15}{' ' * 15}] 50 of 100, 5.0/s, 10 s left, 1 failed"
    bar.add(1)  # too soon to be drawn
    bar.add(49)
    assert out.getvalue().endswith(f"[{'█' * 30}] 100 of 100, 5.0/s, 1 failed")


def test_in_a_log_plain_lines_come_now_and_then() -> None:
    clock, out = iter([0.0, 1.0, 16.0, 16.0, 20.0, 20.0]), StringIO()
    bar = Progress(out, 40, clock=lambda: next(clock))
    bar.add(2)
    bar.add(14)
    bar.add(24)
    bar.end()
    assert out.getvalue() == "Analysing: 16 of 40, 1.0/s, 24 s left\nAnalysing: 40 of 40, 2.0/s\n"


@pytest.mark.parametrize(("seconds", "words"), [(0, "0 s"), (119, "119 s"), (120, "2 min"), (3_900, "1 h 05 min")])
def test_time_is_told_as_people_say_it(seconds: float, words: str) -> None:
    assert duration(seconds) == words
