"""Jobs of the axes. Each may run twice, and says in a line what it did."""

from __future__ import annotations

from django.utils import timezone
from django_q.tasks import async_task

from taste.axes import asking_spotify, tagged


def fill_in_from_tags() -> str:
    """Queue the played tracks of which tags are all that can be had, some thousands a job."""
    portions = list(tagged.portions())
    for first, last in portions:
        async_task("taste.axes.tasks.fill_in_portion", first, last)
    return f"Queued {len(portions)} portions of tracks to be told by their tags."


def fill_in_portion(first: int, last: int) -> str:
    """Tell tracks by their tags."""
    n_tracks, n_changed = tagged.fill_in_between(first, last, now=timezone.now())
    return f"{n_tracks} tracks are told by their tags, {n_changed} of them differently."


def ask_spotify() -> str:
    """Ask Spotify how the most played tracks sound, where this application still may."""
    return asking_spotify.ask_for_played(now=timezone.now())
