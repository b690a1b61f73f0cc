"""The folder of music and the rows about it: what is new, unchanged, changed, moved, gone or damaged."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from taste.audio import scanning
from taste.audio.scanning import NoFolder, locate, scan
from taste.models import AudioFile
from taste.tests.files.music import write

pytestmark = pytest.mark.django_db


def row(path: str) -> AudioFile:
    return AudioFile.objects.get(path=path)


def test_music_of_every_kind_is_found_and_the_rest_is_not(music: Path) -> None:
    for kind in ("mp3", "flac", "ogg", "oga", "opus", "m4a", "wav"):
        write(music / "a" / f"song.{kind}")
    write(music / "LOUD.wav").rename(music / "LOUD.WAV")
    write(music / ".hidden" / "song.wav")
    write(music / "._song.wav")
    (music / "cover.jpg").write_bytes(b"a picture")
    done = scan(music)
    assert (done.n_found, done.n_new) == (8, 8)
    assert set(AudioFile.objects.values_list("path", flat=True)) == {
        "LOUD.WAV", *(f"a/song.{kind}" for kind in ("mp3", "flac", "ogg", "oga", "opus", "m4a", "wav")),
    }  # fmt: skip


def test_a_second_scan_reads_nothing(music: Path) -> None:
    write(music / "a.wav", artist="Björk", title="Jóga")
    scan(music)
    before = AudioFile.objects.values().get()
    (music / "a.wav").chmod(0)  # whoever opened it now would fail, root apart
    again = scan(music)
    assert (again.n_new, again.n_changed, again.n_problems) == (0, 0, 0)
    assert str(again) == "1 file, all known."
    after = AudioFile.objects.values().get()
    assert after.pop("seen_at") > before.pop("seen_at")
    assert after == before


def test_a_touched_file_keeps_what_was_measured_in_it(music: Path) -> None:
    path = write(music / "a.wav")
    scan(music)
    AudioFile.objects.update(measured={"seconds": 1}, measured_version="1", heard_by="|x=1|")
    os.utime(path, (1, 1))
    assert scan(music).n_changed == 0
    assert (row("a.wav").measured_version, row("a.wav").heard_by) == ("1", "|x=1|")
    assert row("a.wav").modified_at.timestamp() == 1


def test_other_sound_under_the_same_name_is_due_again(music: Path) -> None:
    write(music / "a.wav")
    scan(music)
    AudioFile.objects.update(measured={"seconds": 1}, measured_version="1", heard_by="|x=1|", problem="broken")
    write(music / "a.wav", pitch=330, seconds=1.5)
    assert scan(music).n_changed == 1
    file = row("a.wav")
    assert (file.measured, file.measured_version, file.heard_by, file.problem) == ({}, "", "", "")
    assert file.seconds == pytest.approx(1.5, abs=0.01)


def test_a_moved_file_is_the_same_file(music: Path) -> None:
    write(music / "new" / "a.wav")
    scan(music)
    file = row("new/a.wav")
    AudioFile.objects.update(measured={"seconds": 1}, measured_version="1")
    shutil.move(music / "new", music / "old")
    done = scan(music)
    assert (done.n_moved, done.n_new, done.n_gone) == (1, 0, 0)
    assert (row("old/a.wav").pk, row("old/a.wav").measured_version) == (file.pk, "1")


def test_a_copy_is_a_file_of_its_own(music: Path) -> None:
    shutil.copy(write(music / "a.wav"), music / "b.wav")
    assert scan(music).n_new == 2
    shutil.copy(music / "a.wav", music / "c.wav")
    assert (scan(music).n_new, AudioFile.objects.count()) == (1, 3)


def test_a_file_that_is_gone_is_marked_and_may_come_back(music: Path) -> None:
    path = write(music / "a.wav")
    scan(music)
    away = path.rename(music.parent / "a.wav")
    assert scan(music).n_gone == 1
    assert row("a.wav").gone_at is not None
    assert scan(music).n_gone == 0
    away.rename(path)
    assert scan(music).n_new == 0
    assert row("a.wav").gone_at is None


def test_damaged_and_empty_files_stop_nothing(music: Path) -> None:
    (music / "broken.mp3").write_bytes(b"\x00\x01garbage" * 99)
    (music / "empty.flac").write_bytes(b"")
    write(music / "good.ogg")
    done = scan(music)
    assert (done.n_new, done.n_problems) == (3, 1)
    assert row("empty.flac").problem == "It is empty."
    assert "says too little" in row("broken.mp3").no_match_reason
    write(music / "empty.flac")
    scan(music)
    assert row("empty.flac").problem == ""


def closed(patch: pytest.MonkeyPatch, *places: Path) -> None:
    """The system refuses these, as it does by their mode to everybody but root."""
    really_open, really_list = Path.open, os.scandir

    def refused(place: Any) -> None:
        if Path(place) in places:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(place))

    def open_(place: Path, *args: Any, **kwargs: Any) -> Any:
        refused(place)
        return really_open(place, *args, **kwargs)

    def list_(place: Any) -> Any:
        refused(place)
        return really_list(place)

    patch.setattr(Path, "open", open_)
    patch.setattr(os, "scandir", list_)


def test_what_may_not_be_read_is_told_and_tried_again(music: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, inside = write(music / "a.wav"), write(music / "closed" / "b.wav")
    with monkeypatch.context() as patch:
        closed(patch, path, inside.parent)
        done = scan(music)
    assert "The folder closed could not be read: Permission denied." in str(done)
    assert "Permission denied" in row("a.wav").problem
    assert AudioFile.objects.count() == 1
    scan(music)
    assert row("a.wav").problem == row("closed/b.wav").problem == ""


def test_no_link_is_followed(music: Path, tmp_path: Path) -> None:
    secret = write(tmp_path / "outside" / "secret.wav")
    (music / "link.wav").symlink_to(secret)
    (music / "folder").symlink_to(secret.parent)
    (music / "round").symlink_to(music)
    assert scan(music).n_found == 0
    assert locate(music, "link.wav") is None
    assert locate(music, "folder/secret.wav") is None
    assert locate(music, "../outside/secret.wav") is None


def test_a_name_that_is_no_utf8_is_told(music: Path) -> None:
    write(music / "a.wav").rename(os.fsdecode(os.fsencode(music) + b"/caf\xe9.wav"))
    for _ in range(2):
        scan(music)
        assert AudioFile.objects.values_list("path", "problem").get() == (
            "caf\\xe9.wav",
            "Its name is not UTF-8: rename it.",
        )


def test_one_folder_alone_leaves_the_others_as_they_are(music: Path) -> None:
    write(music / "a" / "1.wav")
    write(music / "b" / "1.wav")
    scan(music)
    shutil.rmtree(music / "a")
    shutil.rmtree(music / "b")
    write(music / "a" / "2.wav", pitch=330)
    done = scan(music, below=music / "a")
    assert (done.n_new, done.n_gone) == (1, 1)
    assert done.ids == {row("a/2.wav").pk}
    assert row("b/1.wav").gone_at is None


def test_a_scan_that_is_cut_off_goes_on_and_takes_nothing_for_gone(music: Path) -> None:
    for number in range(scanning.AT_ONCE + 1):
        path = music / f"{number:03}.wav"
        if number:
            shutil.copy(music / "000.wav", path)
        else:
            write(path)
    scan(music)
    AudioFile.objects.all().delete()
    cut = scan(music, longest_s=0)
    assert (cut.is_whole, cut.n_new, cut.n_gone) == (False, 0, 0)
    assert str(cut).endswith("The time was over: the next scan goes on.")
    assert scan(music).n_new == scanning.AT_ONCE + 1


def test_a_folder_that_is_not_there_is_told(music: Path, tmp_path: Path) -> None:
    with pytest.raises(NoFolder, match="no folder"):
        scan(music / "nowhere")
    with pytest.raises(NoFolder, match="does not lie in AUDIO_ROOT"):
        scan(music, below=tmp_path)
    (music / "notes.txt").write_text("words")
    with pytest.raises(NoFolder, match="none of"):
        scan(music, below=music / "notes.txt")


def test_queries_do_not_grow_with_known_files(music: Path) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def queries(n: int) -> int:
        for number in range(n):
            write(music / f"{n}-{number}.wav", pitch=200 + number, seconds=0.05)
        scan(music)
        with CaptureQueriesContext(
            connection,
        ) as caught:
            scan(music)
        return len(caught)

    assert queries(1) == queries(20)
