"""On which days the demo's weeks open, so that the last of them are alive when it is played. Pure."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from club.rhythm import Deadlines, Rhythm, deadlines_from

WEEK = timedelta(days=7)
LATEST, EARLIEST = 0, 6  # days ago on which the newest week may have opened
OVERLAP = 5  # weeks back that may still be in discussion


def opening_days(now: datetime, rhythm: Rhythm, n_weeks: int) -> list[date]:
    """Weekly days, oldest first, in the club's rhythm but for the weekday.

    The weekday is the one on which, at `now`, the newest week takes nominations and an earlier one takes ratings, both
    of them well under way and far from their end.
    """
    today = now.astimezone(rhythm.zone).date()
    newest = max(
        (today - timedelta(days=ago) for ago in range(LATEST, EARLIEST + 1)), key=lambda day: ease(day, now, rhythm)
    )
    return [newest - WEEK * (n_weeks - 1 - place) for place in range(n_weeks)]


def ease(newest: date, now: datetime, rhythm: Rhythm) -> timedelta:
    """How far `now` is from the nearest end of the two phases; negative where one of them is not on."""
    weeks = [deadlines_from(newest - WEEK * back, rhythm) for back in range(OVERLAP + 1)]
    nominating = min(now - weeks[0].opens_at, weeks[0].nominations_close_at - now)
    return min(nominating, max(rating_ease(week, now) for week in weeks))


def rating_ease(week: Deadlines, now: datetime) -> timedelta:
    return min(now - week.discussion_at, week.ratings_close_at - now)
