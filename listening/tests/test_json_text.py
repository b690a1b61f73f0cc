"""JSON read piece by piece says what reading it whole says, wherever the pieces end."""

import io
import json
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from listening.formats import json_text
from listening.formats.json_text import JsonText, decoded
from listening.formats.rows import Broken

TRICKY = '},{ \\ " ]}, \u2028 é 夜'

# Whole numbers of more than 64 bits come as fractions: no field of ours holds either.
leaves = st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats(allow_nan=False) | st.text(max_size=8)
leaves |= st.sampled_from([TRICKY, "},", "\x01\x7f", "\ud800"])
values = st.recursive(
    leaves,
    lambda each: st.lists(each, max_size=3) | st.dictionaries(st.text(max_size=4), each, max_size=3),
    max_leaves=6,
)
records = st.lists(st.dictionaries(st.text(max_size=4), values, max_size=4) | values, max_size=12)


def read(text: str, *, piece: int, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    with monkeypatch.context() as patch:
        patch.setattr(json_text, "PIECE", piece)
        return list(JsonText(io.StringIO(text)).array())


@settings(max_examples=150)
@given(records=records, piece=st.integers(1, 200), indent=st.sampled_from([None, 1]))
@example(records=[{"a": TRICKY, "b": {"c": {}}}, {"d": [{}, {}]}, {}], piece=30, indent=None)
@example(records=[{"a": {"b": 1}, "c": 2}] * 6, piece=64, indent=None)
def test_pieces_make_no_difference(records: list[Any], piece: int, indent: int | None) -> None:
    for ascii_only in (True, False):
        text = json.dumps(records, indent=indent, ensure_ascii=ascii_only)
        with pytest.MonkeyPatch.context() as monkeypatch:
            found = read(text, piece=piece, monkeypatch=monkeypatch)
        assert [json.dumps(each) for each in found] == [json.dumps(each) for each in json.loads(text)]


@pytest.mark.parametrize("cut", range(1, 60))
def test_what_ends_too_early_is_broken_wherever_it_ends(cut: int, monkeypatch: pytest.MonkeyPatch) -> None:
    text = json.dumps([{"a": "},{"}, {"b": {"c": [1, {"d": 2}]}}, {"e": "x" * 20}])
    with pytest.raises(Broken):
        read(text[:cut], piece=16, monkeypatch=monkeypatch)


def test_what_only_a_lenient_reader_takes_is_taken() -> None:
    assert decoded('{"title": "one\ttwo", "cut": "\\ud800"}') == {"title": "one\ttwo", "cut": "\ud800"}
    with pytest.raises(ValueError, match="Expecting value"):
        decoded('{"title": ')
