"""Tags of each kind of file; no database."""

from __future__ import annotations

from pathlib import Path

import pytest

from taste.audio.tags import FileTags, TagsUnreadable, read_tags
from taste.tests.files.music import tag, write

RECORDING = "0a1b2c3d-0000-4000-8000-00000000abcd"


@pytest.mark.parametrize("kind", ["mp3", "flac", "ogg", "opus", "m4a", "wav"])
def test_each_kind_of_file_says_who_what_and_which_recording(tmp_path: Path, kind: str) -> None:
    path = write(tmp_path / f"a.{kind}", artist="Björk", title="Jóga", album="Homogenic", albumartist="Björk")
    if kind != "m4a":
        tag(path, musicbrainz_trackid=RECORDING)
    tags, seconds = read_tags(path)
    assert (tags.artist, tags.title, tags.album, tags.album_artist) == ("Björk", "Jóga", "Homogenic", "Björk")
    assert tags.recording == (RECORDING if kind != "m4a" else "")
    assert seconds == pytest.approx(1.0, abs=0.15)
    assert FileTags.from_json(tags.as_json()) == tags


def test_an_m4a_keeps_the_recording_in_an_atom_of_its_own(tmp_path: Path) -> None:
    import mutagen

    path = write(tmp_path / "a.m4a")
    file = mutagen.File(path)
    file["----:com.apple.iTunes:MusicBrainz Track Id"] = [RECORDING.encode()]
    file.save()
    assert read_tags(path)[0].recording == RECORDING


def test_several_artists_are_joined_and_kept_apart(tmp_path: Path) -> None:
    import mutagen

    path = write(tmp_path / "a.flac", title="Crazy in Love")
    file = mutagen.File(path)
    file["artist"] = ["Beyoncé", "JAY-Z"]
    file.save()
    tags, _ = read_tags(path)
    assert (tags.artist, tags.artists) == ("Beyoncé, JAY-Z", ("Beyoncé", "JAY-Z"))


def test_no_tags_are_no_mistake(tmp_path: Path) -> None:
    assert read_tags(write(tmp_path / "a.wav"))[0] == FileTags()


@pytest.mark.parametrize("kind", ["mp3", "flac", "ogg", "opus", "m4a", "wav"])
def test_a_damaged_head_is_told_in_words(tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"a.{kind}"
    path.write_bytes(b"this was music once " * 40)
    with pytest.raises(TagsUnreadable, match="head"):
        read_tags(path)


def test_an_id_that_is_none_is_passed_over(tmp_path: Path) -> None:
    assert read_tags(write(tmp_path / "a.ogg", musicbrainz_trackid="not an id"))[0].recording == ""
