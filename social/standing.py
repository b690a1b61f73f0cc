"""Whether a member may act at all: suspended and switched-off members read, and do nothing that others see."""

from __future__ import annotations

import zoneinfo
from collections.abc import Callable
from datetime import datetime

from django.utils.formats import date_format

from social.errors import Refused
from social.models import User


def require_active(member: User, now: datetime, *, say: Callable[[datetime], str] | None = None) -> None:
    """Refuse whoever may not act at `now`.

    say: how the end of a suspension is written; by default as a date where the member lives.
    """
    if member.is_suspended(now):
        raise Refused(f"You are suspended{suspended_until(member, say=say)}.", code="suspended")
    if not member.is_active:
        raise Refused("Your account is switched off.", code="suspended")


class Closed(Refused):
    """Whose account is switched off, or who left: nothing more is written down of them."""


def require_open(member: User) -> None:
    """Refuse whoever left, or whose account is switched off, as the database has it now: jobs outlive both."""
    if not User.objects.filter(pk=member.pk, is_active=True).exists():
        raise Closed("Your account is switched off.", code="suspended")


def suspended_until(member: User, *, say: Callable[[datetime], str] | None = None) -> str:
    """` until 24 November 2025, 20:00`; empty for a suspension without an end."""
    if member.suspended_until is None:
        return ""
    if say is not None:
        return f" until {say(member.suspended_until)}"
    local = member.suspended_until.astimezone(zoneinfo.ZoneInfo(member.timezone))
    return f" until {date_format(local, 'j F Y, H:i')}"
