"""Tabs of a member's page: upper apps add theirs through the slot `social:profile_tabs`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.functional import Promise

from sidetrack import slots
from social.models import User
from social.visibility import Viewer

Draw = Callable[[HttpRequest, User, Viewer], str]


@dataclass(frozen=True, slots=True)
class Tab:
    """slug: its part of the address. draw: makes the tab's HTML for one viewer, who is not always the one who asks."""

    slug: str
    label: str | Promise
    draw: Draw


def tabs_for(member: User, viewer: Viewer) -> list[Tab]:
    """What fillers of the slot offer: each gets (member, viewer) and answers a Tab, or None for “nothing to see”."""
    return list(slots.call("social:profile_tabs", member, viewer))
