"""Reads the variables of a TensorFlow checkpoint without TensorFlow.

A checkpoint is a pair of files: the index, a sorted string table (LevelDB's format) from each variable's name to where
its numbers lie, and the data, the numbers one after another.
Sources: tensorflow/core/util/tensor_bundle/tensor_bundle.proto, tensorflow/core/lib/io/table_format.txt.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

MAGIC = (0xDB4775248B80FB57).to_bytes(8, "little")
N_FOOTER = 48  # bytes: the handles of two blocks, padded, and the magic number
NOT_COMPRESSED = 0
FLOAT32 = 1  # DataType.DT_FLOAT


class OddCheckpoint(ValueError):
    """Not a checkpoint that can be read here; says why."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a variable's numbers lie in the data (BundleEntryProto)."""

    dtype: int
    shape: tuple[int, ...]
    shard: int
    offset: int
    size: int


def variables(index: bytes, data: bytes) -> dict[str, NDArray[np.float32]]:
    """Every float32 variable by name, in the shape it was saved in. OddCheckpoint where the files are not that."""
    try:
        places = {key.decode(): place_of(value) for key, value in table(index) if key}  # the empty key is the header
    except (IndexError, UnicodeDecodeError) as error:
        raise OddCheckpoint("The checkpoint's index ends early or is damaged.") from error
    return {name: numbers(name, place, data) for name, place in places.items() if place.dtype == FLOAT32}


def numbers(name: str, place: Place, data: bytes) -> NDArray[np.float32]:
    n_bytes = 4 * int(np.prod(place.shape, dtype=np.int64))
    if place.shard or place.size != n_bytes or place.offset + place.size > len(data):
        raise OddCheckpoint(f"{name} does not lie in the checkpoint's data as its index says.")
    found = np.frombuffer(data, "<f4", count=n_bytes // 4, offset=place.offset)
    return found.astype(np.float32).reshape(place.shape)


# --- The sorted string table ----------------------------------------------------------------------------------------
def table(index: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Keys and values of a table. Its last block but the footer lists the other blocks."""
    if len(index) < N_FOOTER or index[-8:] != MAGIC:
        raise OddCheckpoint("The checkpoint's index is not a sorted string table.")
    footer = index[-N_FOOTER:]
    _, at = varint(footer, 0)  # the handle of the block of filters, which nobody writes: offset and size
    _, at = varint(footer, at)
    for _, handle in pairs(block(index, footer[at:])):
        yield from pairs(block(index, handle))


def block(index: bytes, handle: bytes) -> bytes:
    """The block that `handle` (offset and size) points at, without its list of restarts."""
    offset, at = varint(handle, 0)
    size, _ = varint(handle, at)
    if offset + size >= len(index):
        raise OddCheckpoint("The checkpoint's index points beyond its end.")
    if index[offset + size] != NOT_COMPRESSED:
        raise OddCheckpoint("The checkpoint's index is compressed, which is not read here.")
    whole = index[offset : offset + size]
    n_restarts = int.from_bytes(whole[-4:], "little")
    return whole[: max(0, size - 4 * (n_restarts + 1))]


def pairs(block: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Each key is written as what it shares with the one before, and the rest."""
    at, key = 0, b""
    while at < len(block):
        n_shared, at = varint(block, at)
        n_rest, at = varint(block, at)
        n_value, at = varint(block, at)
        if at + n_rest + n_value > len(block):
            raise OddCheckpoint("The checkpoint's index ends early or is damaged.")
        key = key[:n_shared] + block[at : at + n_rest]
        at += n_rest
        yield key, block[at : at + n_value]
        at += n_value


# --- Protocol buffers -----------------------------------------------------------------------------------------------
def varint(data: bytes, at: int) -> tuple[int, int]:
    """The whole number at `at`, seven bits a byte, lowest first, and where it ends."""
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value, at


def message(data: bytes) -> Iterator[tuple[int, int | bytes]]:
    """Field numbers and raw values of a message."""
    at = 0
    while at < len(data):
        tag, at = varint(data, at)
        match tag & 7:
            case 0:
                value, at = varint(data, at)
                yield tag >> 3, value
            case 1 | 5 as kind:
                n_bytes = 8 if kind == 1 else 4
                yield tag >> 3, int.from_bytes(data[at : at + n_bytes], "little")
                at += n_bytes
            case 2:
                n_bytes, at = varint(data, at)
                yield tag >> 3, data[at : at + n_bytes]
                at += n_bytes
            case kind:
                raise OddCheckpoint(f"The checkpoint's index holds a field of wire type {kind}.")


def place_of(entry: bytes) -> Place:
    """A BundleEntryProto: 1 dtype, 2 shape (2 each dimension (1 size)), 3 shard, 4 offset, 5 size, 6 checksum."""
    plain: dict[int, int] = {}
    shape: list[int] = []
    for number, value in message(entry):
        if isinstance(value, int):
            plain[number] = value
        elif number == 2:
            shape = [size_of(each) for field, each in message(value) if field == 2 and isinstance(each, bytes)]
    return Place(plain.get(1, 0), tuple(shape), plain.get(3, 0), plain.get(4, 0), plain.get(5, 0))


def size_of(dimension: bytes) -> int:
    return next((value for field, value in message(dimension) if field == 1 and isinstance(value, int)), 0)
