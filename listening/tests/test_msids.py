"""The id that a play's two names have for ever, and what a process keeps of them."""

from __future__ import annotations

import tracemalloc
from uuid import UUID

from listening.formats.rows import mbid
from listening.plays import msid_of

ID = "5935ec91-8124-42ff-937f-f31a20ffe58f"


def test_names_have_one_id_however_they_are_written_and_however_long_they_are() -> None:
    assert msid_of("Portishead", "Roads") == msid_of(" PORTISHEAD ", "roads")
    assert msid_of("Portishead", "Roads").version == 5
    assert msid_of("a" * 9_000, "b") == msid_of("A" * 9_000, " b") != msid_of("a" * 9_001, "b")


def test_names_that_are_none_fill_no_memory() -> None:
    tracemalloc.start()
    for at in range(300):
        msid_of(f"{at}" + "x" * 10_000, "y")
        assert mbid(f"{at}" + "x" * 10_000) is None
    held, _most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert held < 500_000
    assert mbid(ID) == mbid(f"{{{ID}}}") == UUID(ID)
