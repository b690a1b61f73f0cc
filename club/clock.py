"""The club's own time zone, cheap enough to ask for on every line of a list, and times in its words."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

KEEP_S = 10.0  # how long another process may go on showing the old zone after a moderator changed it

_kept: tuple[float, ZoneInfo] | None = None


def club_zone() -> ZoneInfo:
    """Where the club lives: asked of the database once a request, or every ten seconds outside requests."""
    global _kept
    if _kept is None or time.monotonic() - _kept[0] > KEEP_S:
        from club.models import ClubSettings

        _kept = (time.monotonic(), ZoneInfo(ClubSettings.load().timezone))
    return _kept[1]


def forget_zone(**_signal: Any) -> None:
    """Ask again next time: a request begins, or the settings were saved."""
    global _kept
    _kept = None


def day_and_time(moment: datetime, now: datetime) -> str:
    """`Friday 20:00` within a week of now, `Friday 21 November 2025, 20:00` further away, in the club's zone."""
    local = moment.astimezone(club_zone())
    if abs(moment - now) < timedelta(days=7):
        return f"{local:%A %H:%M}"
    return f"{local:%A} {local.day} {local:%B %Y, %H:%M}"
