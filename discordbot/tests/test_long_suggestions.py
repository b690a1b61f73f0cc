"""Suggestions hold a hundred characters; longer names that are typed stay whole."""

from __future__ import annotations

from datetime import datetime

import pytest

from discordbot.members import Person
from discordbot.serving.looking import album_choices

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("typed", "is_offered"), [("x" * 100, True), ("x" * 101, False), ("🎷" * 51, False)])
def test_what_does_not_fit_is_not_offered_cut(typed: str, is_offered: bool, monday: datetime) -> None:
    values = [value for _, value in album_choices(typed, person=Person(7), now=monday)]
    assert values == ([typed] if is_offered else [])
