"""`import_sound`: files of what others said of tracks, matched, kept and counted."""

from __future__ import annotations

import io
import json
import tarfile
import zipfile
from collections.abc import Callable
from datetime import datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from catalog.merging import merge_tracks
from catalog.models import Track
from catalog.tests.factories import TrackFactory
from social.models import User
from taste.axes.importing import BY_NAMES, BY_RECORDING, BY_SPOTIFY, NOT_HERE, Report, bring_in
from taste.axes.sources.files import NO_NAME, NOT_FEATURES, NOT_JSON, Unreadable, read_file
from taste.models import TrackFeatures, TrackScore
from taste.tests.axes.test_sources import SPOTIFY, binary

pytestmark = pytest.mark.django_db
MBID = "cd3f5efa-bc5e-4064-a765-960494ad4bb4"
OTHER = "0a2b3c4d-0000-4000-8000-000000000002"
HEADER = "song_name,artist_name,energy,audio_valence,danceability,tempo\n"


def high(mbid: str = "", danceable: float = 0.9) -> dict[str, Any]:
    tags = {"musicbrainz_recordingid": [mbid]} if mbid else {}
    return {"highlevel": {"danceability": binary("danceable", danceable)}, "metadata": {"tags": tags}}


def low(mbid: str) -> dict[str, Any]:
    return {"rhythm": {"bpm": 98.2}, "lowlevel": {}, "metadata": {"tags": {"musicbrainz_trackid": [mbid]}}}


@pytest.fixture
def written(tmp_path: Path) -> Callable[[str, str | bytes], Path]:
    def write(name: str, text: str | bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    return write


@pytest.fixture
def roads() -> Track:
    return TrackFactory(title="Roads", artist__name="Portishead", recording_mbid=MBID, spotify_id=SPOTIFY["id"])


def read(path: Path, now: datetime, **options: Any) -> Report:
    return bring_in(read_file(path), now=now, **options)


def test_rows_of_a_table_find_their_tracks_by_name(
    written: Callable[[str, str], Path], roads: Track, monday: datetime
) -> None:
    text = (
        HEADER
        + "Roads (Remastered),Portishead,0.3,0.1,0.4,75.3\nNobody Knows,It,0.5,0.5,0.5,100\nRoads,,0.3,0.1,0.4,75\n"
    )
    report = read(written("songs.csv", text + "x,y,,,,\n"), monday)
    assert (report.n_records, report.matched, report.n_changed) == (4, {BY_NAMES: 1}, 1)
    assert report.refused == {NOT_HERE: 1, NO_NAME.why: 1, NOT_FEATURES.why: 1}
    assert report.examples[NOT_HERE] == "It — Nobody Knows"
    row = TrackFeatures.objects.get(track=roads)
    assert (row.energy, row.valence, row.tempo) == (0.3, 0.1, 75.3)
    assert Track.objects.count() == 1


@pytest.mark.parametrize(
    "body",
    [
        SPOTIFY,
        [SPOTIFY],
        {"audio_features": [None, SPOTIFY]},
        {**SPOTIFY, "id": "", "uri": f"spotify:track:{SPOTIFY['id']}"},
    ],
)
def test_spotifys_json_finds_its_track_by_id(
    written: Callable[[str, str], Path], roads: Track, monday: datetime, body: Any
) -> None:
    assert read(written("features.json", json.dumps(body)), monday).matched == {BY_SPOTIFY: 1}
    assert TrackFeatures.objects.get(track=roads).sources["energy"] == "spotify"


@pytest.mark.parametrize("shape", ["plain", "by id", "lines", "named by the file", "zip", "tar"])
def test_acousticbrainz_in_all_its_shapes(
    written: Callable[[str, str | bytes], Path], roads: Track, monday: datetime, shape: str
) -> None:
    document = json.dumps(high(MBID))
    buffer = io.BytesIO()
    if shape == "zip":
        with zipfile.ZipFile(buffer, "w") as archive:
            archive.writestr(f"highlevel/c/{MBID}-0.json", json.dumps(high()))
            archive.writestr("readme.txt", "about")
    elif shape == "tar":
        with tarfile.open(fileobj=buffer, mode="w:bz2") as archive:
            info = tarfile.TarInfo(f"highlevel/c/{MBID}-0.json")
            info.size = len(document)
            archive.addfile(info, io.BytesIO(document.encode()))
    files: dict[str, tuple[str, str | bytes]] = {
        "plain": ("answer.json", document),
        "by id": ("bulk.json", json.dumps({MBID: {"0": high()}, "mbid_mapping": {}})),
        "lines": ("dump.jsonl", f"{document}\n\nnot json\n"),
        "named by the file": (f"{MBID}-0.json", json.dumps(high())),
        "zip": ("dump.zip", buffer.getvalue()),
        "tar": ("dump.tar.bz2", buffer.getvalue()),
    }
    report = read(written(*files[shape]), monday)
    assert report.matched == {BY_RECORDING: 1}
    assert report.refused == ({NOT_JSON.why: 1} if shape == "lines" else {})
    assert TrackFeatures.objects.get(track=roads).danceability == 0.9


def test_two_documents_of_one_recording_add_up_and_the_same_file_again_changes_nothing(
    written: Callable[[str, str], Path], roads: Track, monday: datetime
) -> None:
    for name, document in (("high.json", high(MBID)), ("low.json", low(MBID))):
        assert read(written(name, json.dumps(document)), monday).n_values == 1
    row = TrackFeatures.objects.get(track=roads)
    assert (row.danceability, row.tempo) == (0.9, 98.2)
    report = read(written("low.json", json.dumps(low(MBID))), monday)
    assert (report.n_matched, report.n_values, report.n_changed) == (1, 0, 0)


def test_a_recording_that_became_part_of_another_tells_of_that_one(
    written: Callable[[str, str], Path], roads: Track, mod: User, monday: datetime
) -> None:
    keep = TrackFactory(title="Roads", artist=roads.artist, recording_mbid=OTHER)
    merge_tracks(keep=keep, drop=roads, moderator=mod, reason="one recording", now=monday)
    assert read(written("a.json", json.dumps(high(MBID))), monday).matched == {BY_RECORDING: 1}
    assert TrackFeatures.objects.get(danceability=0.9).track_id == keep.pk


def test_a_dry_run_counts_and_writes_nothing(
    written: Callable[[str, str], Path], roads: Track, monday: datetime
) -> None:
    path = written("a.json", json.dumps(high(MBID)))
    out = StringIO()
    call_command("import_sound", str(path), "--dry-run", stdout=out)
    assert "1 records, 1 matched" in out.getvalue()
    assert "Nothing was written" in out.getvalue()
    assert not TrackScore.objects.exists()
    call_command("import_sound", str(path), stdout=out)
    assert "1 values are new, 1 tracks sound different now" in out.getvalue()


@pytest.mark.parametrize("name", ["none.json", "broken.zip", "broken.tar"])
def test_a_file_that_cannot_be_read_is_told_in_words(written: Callable[[str, bytes], Path], name: str) -> None:
    path = written(name, b"PK\x03\x04 nothing good" * 9) if name != "none.json" else Path("/nowhere/none.json")
    if name == "broken.zip":
        whole = io.BytesIO()
        with zipfile.ZipFile(whole, "w") as archive:
            archive.writestr("a.json", json.dumps(high(MBID)) * 20)
        path.write_bytes(whole.getvalue().replace(b"danceability", b"danceabilitx"))
    with pytest.raises(Unreadable):
        list(read_file(path))
    with pytest.raises(CommandError):
        call_command("import_sound", str(path))


@pytest.mark.realdata
def test_real_files_find_the_tracks_that_are_here(real_data: Path, monday: datetime) -> None:
    grange = TrackFactory(title="La Grange", artist__name="ZZ Top")
    end = TrackFactory(title="In the End", artist__name="Linkin Park")
    report = read(real_data / "features" / "spotify_19000_songs.csv", monday)
    assert report.n_records == 12_563
    assert report.matched[BY_NAMES] >= 1
    assert report.n_records == report.n_matched + report.refused.total()
    assert TrackFeatures.objects.get(track=end).energy == pytest.approx(0.853)
    answer = read(real_data / "features" / "acousticbrainz_high_and_low_level.json", monday)
    assert answer.matched == {BY_NAMES: 1}
    assert "acousticbrainz" in TrackFeatures.objects.get(track=grange).sources.values()
