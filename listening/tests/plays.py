"""Plays for tests, and what must always be true of totals."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from listening.models import Listener
from listening.plays import Play
from listening.proving import differences
from social.models import User

EVENING = datetime(2025, 11, 10, 20, 0, tzinfo=UTC)


def play(
    minutes: float = 0, title: str = "Roads", artist: str = "Portishead", album: str = "Dummy", **said: Any
) -> Play:
    """Something played so many minutes after the evening began."""
    return Play(EVENING + timedelta(seconds=round(minutes * 60)), artist, title, album, **said)


def listener_of(user: User) -> Listener:
    return Listener.objects.get(pk=user.pk)


def prove(user: User) -> None:
    """The totals are what plain counting gives."""
    assert differences(user=user) == []
