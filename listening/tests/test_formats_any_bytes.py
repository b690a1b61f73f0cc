"""Whatever a file holds, it is read or refused in words; a parser never breaks on one record's nonsense."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from listening.formats.packages import DAMAGED, Unusable
from listening.formats.recognising import look_into
from listening.formats.rows import Broken, LeftOut
from listening.plays import Play, Reason
from listening.tests.bringing import as_json, as_lines, as_zip, listen, stream, told

UNIX = 1605864900
REASONS = {value for name, value in vars(Reason).items() if name.isupper()}
SEEDS = [
    as_json([stream(0), stream(1)]),
    as_lines([listen(0), listen(1)]),
    as_zip({"a.json": as_json([stream(0)]), "b.json": as_json([stream(1)])}),
    b"artist,album,track,uts\nLow,A,Lullaby,1605864900\nLow,A,Two,0\n",
    b"#AUDIOSCROBBLER/1.1\n#TZ/UNKNOWN\n#CLIENT/x\nLow\tA\tLullaby\t1\t259\tL\t1605864900\t\n",
    as_json({"maloja": {}, "scrobbles": [{"time": UNIX, "track": {"artists": ["Low"], "title": "Two"}}]}),
]
ANY = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
anything: Any = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=5,
)


def check(content: bytes, place: Path) -> None:
    with suppress(Unusable, Broken, *DAMAGED):  # `OpenFile.chunks` puts the last into words
        for each in told(content, place)[1]:
            assert isinstance(each, Play) or each.reason in REASONS


@ANY
@given(seed=st.sampled_from(SEEDS), cuts=st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=6)), max_size=4))
def test_a_damaged_file_is_read_or_refused(tmp_path: Path, seed: bytes, cuts: list[tuple[float, bytes]]) -> None:
    content = seed
    for share, new in cuts:
        at = int(share * len(content))
        content = content[:at] + new + content[at + 3 :]
    check(content, tmp_path)
    (tmp_path / "brought").write_bytes(content)
    with suppress(Unusable):
        look_into(tmp_path / "brought")


def spoilt(value: Any, data: st.DataObject) -> Any:
    """The value with something else at one place of it."""
    if isinstance(value, dict) and value and data.draw(st.integers(0, 5)):
        name = data.draw(st.sampled_from(sorted(value)))
        return {**value, name: spoilt(value[name], data)}
    if isinstance(value, list) and value and data.draw(st.integers(0, 5)):
        return [spoilt(value[0], data), *value[1:]]
    return data.draw(anything)


NAMED = {"aliases": [{"alias": "Low", "is_primary": True}], "mbid": None}
RECORDS: dict[str, tuple[dict[str, Any], Callable[[list[Any]], bytes]]] = {
    "spotify": (stream(0), as_json),
    "year": ({"endTime": "2024-03-01 08:04", "artistName": "Low", "trackName": "Two", "msPlayed": 90_000}, as_json),
    "listenbrainz": (listen(0, additional_info={"duration_ms": 1}, mbid_mapping={"artist_mbids": ["x"]}), as_lines),
    "pano": (
        {"timeMs": UNIX * 1000, "artist": "Low", "track": "Two", "durationMs": 5, "event": "scrobble"},
        as_lines,
    ),
    "lastfm": (
        {"track": [{"artist": {"#text": "Low"}, "name": "Two", "album": {"#text": "A"}, "date": {"uts": UNIX}}]},
        as_json,
    ),
    "maloja": (
        {
            "time": UNIX,
            "duration": 5,
            "track": {"artists": ["Low"], "title": "Two", "album": {"albumtitle": "A"}},
        },
        lambda records: as_json({"maloja": {}, "scrobbles": records}),
    ),
    "koito": (
        {"listened_at": "2020-11-20T09:35:00Z", "track": NAMED | {"duration": 5}, "album": NAMED, "artists": [NAMED]},
        lambda records: as_json({"version": "1", "listens": records}),
    ),
}


@pytest.mark.parametrize("kind", list(RECORDS))
@ANY
@given(data=st.data())
def test_a_record_of_any_shape_costs_itself_alone(tmp_path: Path, kind: str, data: st.DataObject) -> None:
    record, written = RECORDS[kind]
    _, found = told(written([record, spoilt(record, data), record]), tmp_path)
    assert isinstance(found[0], Play)
    assert isinstance(found[-1], Play)
    assert kind == "lastfm" or len(found) == 3


@pytest.mark.parametrize("time", [10**30, -5, 1.5, float("nan"), True, [], {}, "x", "1e5", 253402300800000000])
def test_a_time_that_is_none_is_left_out(tmp_path: Path, time: Any) -> None:
    _, found = told(as_lines([listen(0), {**listen(1), "listened_at": time}]), tmp_path)
    assert isinstance(found[1], LeftOut) or time == 1.5
