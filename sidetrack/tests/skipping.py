"""What a machine lacks skips a test with the reason, or fails it where nothing may be skipped, as in CI."""

from __future__ import annotations

import os

import pytest

REQUIRE_ALL = "SIDETRACK_REQUIRE_ALL"


def skip_or_fail(reason: str) -> None:
    if os.environ.get(REQUIRE_ALL):
        pytest.fail(f"{reason} ({REQUIRE_ALL} forbids to skip)", pytrace=False)
    pytest.skip(reason)
