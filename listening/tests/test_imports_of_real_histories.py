"""Whole histories of real people: each line accounted for, nothing twice, and back to where it was."""

from __future__ import annotations

from pathlib import Path

import pytest

from listening.models import ImportBatch
from listening.plays import Reason
from listening.tests.bringing import adds_up, everything_about, imported, looked_at, undone
from social.models import User

pytestmark = [pytest.mark.realdata, pytest.mark.django_db, pytest.mark.long]

FILES = [
    ("listens/lastfm_user_d_2023.tsv", "lastfm-csv", 420),
    ("listenbrainz/imports/librefm.csv", "librefm", 3),
    ("listenbrainz/imports/librefm_with_comments.csv", "librefm", 3),
    ("listenbrainz/imports/listenbrainz_listener_1749780844.zip", "listenbrainz", 5),
    ("listenbrainz/imports/listenbrainz_listens.jsonl", "listenbrainz", 2),
    ("listenbrainz/imports/listenbrainz_mixed_validity.jsonl", "listenbrainz", 5),
    ("listenbrainz/imports/maloja.json", "maloja", 2),
    ("listenbrainz/imports/maloja_export_multi_artist.json", "maloja", 38),
    ("listenbrainz/imports/panoscrobbler.jsonl", "pano", 2),
    ("listenbrainz/imports/scrobbler.log.txt", "scrobbler-log", 4),
    ("listenbrainz/imports/spinitron_sample.csv", "spinitron", 5),
    ("lastfm/exports/recenttracks-export-1749776100.json", "lastfm-json", 10),
    ("spotify/export_extended/Streaming_History_Audio_import_test.json", "spotify-extended", 39),
    ("spotify/export_extended/spotify_streaming_endsong_0.json", "spotify-extended", 5),
]
HISTORIES = [
    ("listens/lastfm_user_a.csv", "lastfm-csv", 42_674),
    ("listens/lastfm_user_b.csv", "lastfm-csv", 60_950),
    ("listens/lastfm_user_c.csv", "lastfm-csv", 11_622),
]
SPOTIFY = [
    ("listens/spotify_user_a_export_2019-11.zip", 45_478),
    ("listens/spotify_user_a_export_2020-05.zip", 40_084),
    ("listens/spotify_user_a_export_2022-12.zip", 23_885),
    ("listens/spotify_user_a_export_2023-12.zip", 18_623),
]


def same_counts(batch: ImportBatch) -> bool:
    """The dry run told what then came."""
    names = ("n_lines", "n_new", "n_known", "n_duplicates", "skipped")
    return all(batch.preview[name] == getattr(batch, name) for name in names)


@pytest.mark.parametrize(("file", "file_format", "n_lines"), FILES + HISTORIES)
def test_a_real_file_comes_in_once_and_goes_again(
    rin: User, real_data: Path, file: str, file_format: str, n_lines: int
) -> None:
    content = (real_data / file).read_bytes()
    before = everything_about(rin)
    first = imported(rin, content, name=Path(file).name)
    assert (first.state, first.error, first.file_format, first.n_lines) == ("done", "", file_format, n_lines)
    assert adds_up(first)
    assert same_counts(first)
    after = everything_about(rin)
    assert len(after["listens"]) == first.n_new + first.n_duplicates > 0
    again = imported(rin, content)
    assert (again.n_new, again.n_duplicates) == (0, 0)
    assert again.n_known == first.n_new + first.n_known + first.n_duplicates
    assert everything_about(rin) == after
    undone(first)
    assert everything_about(rin) == before


def test_undated_and_repeated_lines_are_told_as_such(rin: User, real_data: Path) -> None:
    batch = looked_at(rin, (real_data / "listens/lastfm_user_b.csv").read_bytes())
    assert batch.preview["skipped"] == {Reason.NO_TIME: 303}
    # 2,382 lines stand there again to the letter, one more without its album.
    assert batch.preview["n_known"] == 2_383


def test_exports_that_overlap_are_one_history(rin: User, real_data: Path) -> None:
    batches = [imported(rin, (real_data / file).read_bytes()) for file, _ in SPOTIFY]
    assert [batch.n_lines for batch in batches] == [n_lines for _, n_lines in SPOTIFY]
    assert all(adds_up(batch) and same_counts(batch) for batch in batches)
    assert batches[1].n_known == 17_362  # of the 21,751 lines that both hold; the rest are skips
    for batch in reversed(batches):
        undone(batch)
    assert everything_about(rin)["listens"] == []
