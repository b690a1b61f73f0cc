"""Moments as moderators type them, where the club lives. Pure."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from club.rhythm import local_moment

DAY_FIRST = re.compile(r"^(?P<day>\d{1,2})[./](?P<month>\d{1,2})[./](?P<year>\d{4})(?P<rest>.*)$")
CLOCK = re.compile(r"^(?P<hour>\d{1,2})(?:[:.h](?P<minute>\d{2}))?(?:\s?(?P<half>am|pm))?$", re.IGNORECASE)
STEP = re.compile(r"^(?:day\s*)?(?P<day>\d{1,3})(?:\s*[,;@]\s*|\s+(?:at\s+)?)(?P<clock>\S.*)$", re.IGNORECASE)


def read_clock(typed: str) -> time | None:
    """`20:00`, `20.00`, `8 pm`, `20`; None where it cannot be read."""
    found = CLOCK.match(typed.strip())
    if found is None:
        return None
    hour, minute, half = int(found["hour"]), int(found["minute"] or 0), (found["half"] or "").lower()
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "pm" else 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None


def read_step(typed: str) -> tuple[int, time] | None:
    """`3 20:00`, `day 3, 20:00`: days after the opening, and the time of day."""
    found = STEP.match(typed.strip())
    clock = read_clock(found["clock"]) if found else None
    return (int(found["day"]), clock) if found and clock else None


def read_moment(typed: str, *, zone: ZoneInfo, usual: time) -> datetime | None:
    """`2025-11-24`, `2025-11-24 20:00`, `24.11.2025 20:00`, or ISO 8601 with a zone; `usual` where no time is named."""
    text = typed.strip()
    try:
        if "T" in text.upper() and (moment := datetime.fromisoformat(text)).tzinfo is not None:
            return moment
        if found := DAY_FIRST.match(text):
            day, rest = date(int(found["year"]), int(found["month"]), int(found["day"])), found["rest"]
        else:
            day, rest = date.fromisoformat(text[:10]), text[10:]
        rest = rest.lstrip("T, ")
        clock = read_clock(rest) if rest else usual
        return local_moment(day, clock, zone) if clock and 1 < day.year < 9999 else None
    except (ValueError, OverflowError):
        return None
