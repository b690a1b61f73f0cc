"""Sound follows its track: when two tracks become one, or one becomes two again, the best is chosen anew.

Files, evidence and vectors go along by themselves (`catalog.pointing`); what both have stays with each.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from catalog.merging import Merge
from sidetrack import slots
from taste.axes.choosing import choose


def fill_slots() -> None:
    """Called when the app is ready."""
    slots.register("catalog:merging", follow, name="taste")
    slots.register("catalog:unmerging", come_back, name="taste")


def follow(merges: Sequence[Merge], *, now: datetime) -> dict[str, int]:
    """Evidence moved: both tracks' features are chosen from what each has now."""
    tracks = [pk for merge in merges if merge.kind == "track" for pk in (merge.keep_id, merge.drop_id)]
    return {"n_changed": choose(tracks, now)}


def come_back(merges: Sequence[Merge], remembered: dict[str, int], *, now: datetime) -> None:
    """The same the other way."""
    follow(merges, now=now)
