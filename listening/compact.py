"""Many row ids in few letters, for what must be remembered to undo it. Pure."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Iterable


def pack(ids: Iterable[int]) -> str:
    """Ids as text: the steps between them, compressed. Some 1 to 3 letters an id.

    >>> unpack(pack([7, 3, 8]))
    [3, 7, 8]
    """
    steps, last = [], 0
    for each in sorted(set(ids)):
        steps.append(each - last)
        last = each
    return base64.b85encode(zlib.compress(",".join(map(str, steps)).encode(), 9)).decode() if steps else ""


def unpack(text: str) -> list[int]:
    """The ids that were packed, in ascending order."""
    if not text:
        return []
    ids, last = [], 0
    for step in zlib.decompress(base64.b85decode(text)).decode().split(","):
        last += int(step)
        ids.append(last)
    return ids
