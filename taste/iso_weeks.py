"""ISO weeks by their Mondays: which one a day lies in, and how it is written. Pure."""

from __future__ import annotations

from datetime import date, timedelta

A_WEEK = timedelta(days=7)


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def iso_week(monday: date) -> str:
    """2025-W48."""
    year, week, _ = monday.isocalendar()
    return f"{year}-W{week:02}"
