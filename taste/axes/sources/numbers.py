"""Reading numbers that strangers wrote. Pure."""

from __future__ import annotations

import math
from typing import Any


def number(value: Any) -> float | None:
    """A finite number, also where it is written as text; None for anything else, booleans included."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        found = float(value)
    except (ValueError, OverflowError):
        return None
    return found if math.isfinite(found) else None


def share(value: Any) -> float | None:
    """A number from 0 to 1; None for anything else."""
    found = number(value)
    return found if found is not None and 0 <= found <= 1 else None
