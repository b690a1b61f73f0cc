"""What leaves with a member's data of lists that they share."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from social.models import User
from taste import own_data
from taste.blends import asking
from taste.tests.blends.test_asking import with_lists

pytestmark = pytest.mark.django_db
NOW = datetime(2025, 11, 20, 12, 0, tzinfo=UTC)


def tables(member: User) -> dict[str, Any]:
    return {part.path: part for part in own_data.parts(member)}


def test_a_blend_leaves_with_both_only_while_it_stands(rin: User, stranger: User) -> None:
    with_lists(rin, stranger)
    assert tables(rin)["playlists/tracks"].rows.count() == 1
    User.objects.filter(pk=stranger.pk).update(shows_matches=False)
    found = tables(rin)
    assert not found["playlists/playlists"].rows.exists()
    assert not found["playlists/tracks"].rows.exists()
    assert list(own_data._lists(rin)) == []


def test_a_refusal_does_not_leave_with_the_asker(rin: User, stranger: User) -> None:
    asking.decline(by=stranger, blend=asking.ask(by=rin, whom=stranger, now=NOW), now=NOW)
    assert "declined_at" in tables(rin)["taste/blends"].leave_out
