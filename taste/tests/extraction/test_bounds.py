"""What two hours of sound take: counted in bytes that are kept, for a process' memory tells of everything else too."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from taste.audio.extraction.decoding import BLOCK, Block, Source
from taste.audio.extraction.extracting import Heard
from taste.audio.extraction.measured import PatchWish

RATE, MINUTES = 44_100, 120


def test_two_hours_are_kept_in_under_a_hundred_megabytes() -> None:
    """Forty seconds of them are heard; what is set aside for the rest is counted, and what is not does not grow."""
    block = np.random.default_rng(1).standard_normal((2, BLOCK)).astype(np.float32) * 0.1

    def blocks(n: int) -> Iterator[Block]:
        for _ in range(n):
            yield block

    n_frames = MINUTES * 60 * RATE
    source = Source(RATE, 2, (1.0, 1.0), n_frames, n_frames, 0.0, blocks(27))
    heard = Heard(source, [PatchWish(n=10, seconds=3, rate=16_000)])
    set_aside = heard.n_bytes
    for each in source.blocks:
        heard.push(each)
    seconds = heard.n_frames / RATE
    assert 30 < seconds < 50
    growing = (heard.n_bytes - set_aside) / seconds * MINUTES * 60
    assert set_aside + growing < 120_000_000
    assert heard.n_bytes == set_aside + heard.strength.n_bytes  # nothing else has grown

    unknown = Heard(Source(RATE, 2, (1.0, 1.0), 0, 0, 0.0, blocks(0)))
    for each in blocks(27):
        unknown.push(each)
    assert unknown.n_bytes / seconds * MINUTES * 60 < 150_000_000
