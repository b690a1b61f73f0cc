"""One's finished week in short, on its page and told to whoever asked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client

from listening.ingest import ingest
from listening.plays import Play
from social.models import Notification, NotificationSwitch, User
from taste.weeks.digest import tell_all, week_in_short

WEDNESDAY = datetime(2025, 11, 12, 20, 0, tzinfo=UTC)
NEXT_MONDAY = datetime(2025, 11, 17, 9, 0, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def hears(user: User, artist: str, n: int, *, at: datetime = WEDNESDAY) -> None:
    plays = [Play(at + timedelta(minutes=5 * place), artist, f"Song {place}", "An album") for place in range(n)]
    ingest(user=user, source="lastfm", plays=plays, now=at + timedelta(hours=5))


@pytest.fixture
def listener(rin: User) -> User:
    hears(rin, "Low", 3, at=WEDNESDAY - timedelta(days=30))
    hears(rin, "Low", 4)
    hears(rin, "Grouper", 2, at=WEDNESDAY + timedelta(hours=1))
    return rin


def test_the_week_in_a_sentence(listener: User) -> None:
    found = week_in_short(listener, WEDNESDAY.date() - timedelta(days=2), now=NEXT_MONDAY)
    assert found.sentence == "6 plays, 1 new artist. Most played: Low."
    assert [(row.music.name, row.n) for row in found.tops["artist"].rows] == [("Low", 4), ("Grouper", 2)]
    assert [each.music.name for each in found.new] == ["Grouper"]


def test_it_is_told_once_on_monday_unless_it_is_switched_off(listener: User, sol: User) -> None:
    hears(sol, "Low", 1)
    NotificationSwitch.objects.create(user=sol, kind="digest", on_site=False)
    for now in (NEXT_MONDAY - timedelta(hours=10), NEXT_MONDAY - timedelta(hours=6), NEXT_MONDAY + timedelta(days=2)):
        assert tell_all(now=now) == 0
    assert tell_all(now=NEXT_MONDAY) == 1
    assert tell_all(now=NEXT_MONDAY + timedelta(hours=5)) == 0
    told = Notification.objects.get()
    assert (told.user, told.subject, told.address) == (listener, "2025-W46", "/digest/2025-W46/")
    assert told.text.startswith("Last week: 6 plays")


def test_a_silent_week_is_not_told(listener: User) -> None:
    assert tell_all(now=NEXT_MONDAY + timedelta(days=7)) == 0


def test_the_page_is_ones_own(client: Client, listener: User, sol: User) -> None:
    with time_machine.travel(NEXT_MONDAY, tick=False):
        assert client.get("/digest/").status_code == 302
        client.force_login(listener)
        shown = client.get("/digest/").content.decode()
        assert "6 plays, 1 new artist." in shown
        assert "Grouper" in shown
        assert client.get("/digest/2025-W46/").content.decode().count("Grouper") == shown.count("Grouper")
        assert "Nothing was heard in this week" in client.get("/digest/2025-W40/").content.decode()
        assert client.get("/digest/2025-W49/").status_code == 404
        client.force_login(sol)
        there = client.get("/digest/2025-W46/", {"member": "rin"})
        assert there.status_code == 302
        assert there["Location"].startswith("/dashboard/weeks/2025-W46/")
