"""A window of a member's way across the map."""

from __future__ import annotations

from social.models import User
from taste.dashboard.weeks import Clock
from taste.dashboard.windows import Window
from taste.mapping.reading import SPANS, Point, Span, Trajectory, trajectory


def way_in(member: User, clock: Clock, window: Window) -> tuple[Trajectory, list[Point]]:
    """What is known of the way, and its points in the window, oldest first."""
    way = trajectory(member, weeks=_span(clock, window))
    return way, [point for point in way.points if window.holds(point.starts_on)]


def _span(clock: Clock, window: Window) -> Span:
    """The shortest reading that holds the window: so many weeks with music are at least so many weeks."""
    if window.last != clock.this_week:
        return "all"
    return next((each for each in SPANS if each == "all" or each >= window.n_weeks), "all")
