"""Reading a TensorFlow checkpoint without TensorFlow: a table written here by the format's description is read back."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from taste.embeddings.musicnn.checkpoint import MAGIC, OddCheckpoint, variables


def varint(value: int) -> bytes:
    out = b""
    while value > 0x7F:
        out += bytes([value & 0x7F | 0x80])
        value >>= 7
    return out + bytes([value])


def field(number: int, value: int | bytes) -> bytes:
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    return varint(number << 3 | 2) + varint(len(value)) + value


def entry(shape: tuple[int, ...], offset: int, size: int, dtype: int = 1) -> bytes:
    dims = b"".join(field(2, field(1, n)) for n in shape)
    checksum = varint(6 << 3 | 5) + b"abcd"
    return field(1, dtype) + field(2, dims) + field(4, offset) + field(5, size) + checksum


def block(pairs: list[tuple[bytes, bytes]]) -> bytes:
    """Keys share what they can with the one before; one restart."""
    out, before = b"", b""
    for key, value in pairs:
        shared = next(
            (i for i, (a, b) in enumerate(zip(key, before, strict=False)) if a != b), min(map(len, (key, before)))
        )
        out += varint(shared) + varint(len(key) - shared) + varint(len(value)) + key[shared:] + value
        before = key
    return out + (0).to_bytes(4, "little") + (1).to_bytes(4, "little")


def checkpoint(arrays: dict[str, np.ndarray], n_a_block: int = 3, compression: int = 0) -> tuple[bytes, bytes]:
    data, pairs = b"", [(b"", field(1, 1))]
    for name in sorted(arrays, key=str.encode):
        array = arrays[name]
        pairs.append((name.encode(), entry(array.shape, len(data), array.nbytes, 1 if array.dtype == "f4" else 9)))
        data += array.tobytes()
    index, handles = b"", []
    for start in range(0, len(pairs), n_a_block):
        some = pairs[start : start + n_a_block]
        whole = block(some)
        handles.append((some[-1][0] + b"\xff", varint(len(index)) + varint(len(whole))))
        index += whole + bytes([compression]) + b"crc!"
    last = block(handles)
    footer = varint(0) + varint(0) + varint(len(index)) + varint(len(last))
    return index + last + b"\0crc!" + footer.ljust(40, b"\0") + MAGIC, data


names = st.text("abc/_1", min_size=1, max_size=12)
shapes = st.lists(st.integers(0, 4), max_size=3).map(tuple)


@given(st.dictionaries(names, shapes, max_size=9), st.integers(1, 5))
def test_what_was_saved_is_read_back(saved: dict[str, tuple[int, ...]], n_a_block: int) -> None:
    arrays = {name: np.random.default_rng(i).random(shape, np.float32) for i, (name, shape) in enumerate(saved.items())}
    found = variables(*checkpoint(arrays, n_a_block))
    assert found.keys() == arrays.keys()
    for name, array in arrays.items():
        np.testing.assert_array_equal(found[name], array)
        assert found[name].shape == array.shape


def test_variables_of_other_kinds_are_passed_over() -> None:
    arrays = {"weight": np.ones(3, np.float32), "global_step": np.array(7, np.int64)}
    assert list(variables(*checkpoint(arrays))) == ["weight"]


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda index, data: (b"nothing", data), "not a sorted string table"),
        (lambda index, data: (index[:-8] + b"\0" * 8, data), "not a sorted string table"),
        (lambda index, data: (index[-70:], data), "points beyond its end"),
        (lambda index, data: (index, data[:5]), "does not lie in the checkpoint's data"),
    ],
)
def test_a_damaged_checkpoint_is_refused_in_words(spoil: object, words: str) -> None:
    whole = checkpoint({"a": np.ones(4, np.float32), "b": np.ones(2, np.float32)})
    with pytest.raises(OddCheckpoint, match=words):
        variables(*spoil(*whole))  # type: ignore[operator]


def test_a_compressed_index_is_refused_in_words() -> None:
    with pytest.raises(OddCheckpoint, match="compressed"):
        variables(*checkpoint({"a": np.ones(4, np.float32)}, compression=1))


@given(st.binary(max_size=60), st.integers(0, 200), st.integers(0, 255))
def test_no_damage_is_worse_than_a_refusal(tail: bytes, at: int, byte: int) -> None:
    index, data = checkpoint({"a/b": np.ones(4, np.float32), "a/c": np.ones((2, 2), np.float32)})
    spoilt = bytearray(index)
    spoilt[at % len(spoilt)] = byte
    for each in (bytes(spoilt), tail + MAGIC, index[: at % len(index)]):
        try:
            variables(each, data)
        except OddCheckpoint:
            continue
