"""Failure modes of clocks: summer time, the end of the year, other zones, jumps; and a bot that was away meanwhile."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from club.lifecycle import open_week
from club.models import ClubSettings, Phase, Week
from club.tests.factories import NominationFactory, WeekFactory
from discordbot.models import DiscordSettings, Post
from discordbot.tests.agreement import disagreements
from discordbot.tests.fake_discord import FakeDiscord
from discordbot.tests.rounds import Rounds
from discordbot.tests.rounds_stage import somebody_votes
from social.tests.factories import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def reminders() -> list[str]:
    return list(Post.objects.filter(kind="reminder", state=Post.State.STANDING).values_list("key", flat=True))


# --- 4: away over deadlines -------------------------------------------------------------------------------------------
def test_failure_04_away_over_one_deadline(fake: FakeDiscord, rounds: Rounds, nominated: Week) -> None:
    rounds.settle()
    rounds.now = nominated.nominations_close_at + timedelta(hours=9)
    rounds.advance()
    rounds.settle()
    nominated.refresh_from_db()
    assert nominated.phase == Phase.POLL
    assert len(fake.pins(fake.thread("- POLL"))) == 1
    assert fake.thread("NOMINATIONS").locked
    assert reminders() == [], "a reminder of nominations would be stale"
    assert disagreements(fake, rounds.now) == []


def test_failure_04_away_over_two_deadlines_everything_comes_in_order_and_says_that_it_is_late(
    fake: FakeDiscord, rounds: Rounds, nominated: Week
) -> None:
    rounds.settle()
    rounds.now = nominated.nominations_close_at
    rounds.advance()
    somebody_votes(nominated, rounds)
    rounds.now = nominated.poll_close_at + timedelta(days=1)
    rounds.advance()
    rounds.settle()
    names = [thread.name.split(" - ")[1] for thread in sorted(fake.guild.threads, key=lambda each: each.id)]
    assert names == ["NOMINATIONS", "POLL", "WINNER"]
    (announcement,) = fake.pins(fake.thread("- WINNER"))
    assert "comes late" in announcement.text
    result = [row for row in fake.messages(fake.thread("- POLL")) if "has won the poll" in row.content]
    assert len(result) == 1
    assert "comes late" in result[0].text
    assert reminders() == []
    assert not [row for thread in fake.guild.threads for row in fake.messages(thread) if row.pinged]
    assert disagreements(fake, rounds.now) == []


def test_failure_04_away_over_a_whole_week_and_the_next_has_begun(
    fake: FakeDiscord, rounds: Rounds, nominated: Week
) -> None:
    rounds.settle()
    rounds.now = nominated.nominations_close_at
    rounds.advance()
    somebody_votes(nominated, rounds)
    rounds.now = nominated.ratings_close_at + timedelta(hours=5)
    open_week(now=rounds.now - timedelta(hours=1))
    rounds.advance()
    rounds.settle()
    nominated.refresh_from_db()
    assert nominated.phase == Phase.CLOSED
    assert len(fake.guild.threads) == 5
    assert fake.events == [], "nobody is invited to what is over"
    assert reminders() == []
    assert "comes late" in "".join(row.text for row in fake.messages(fake.thread("RATINGS")))
    assert disagreements(fake, rounds.now) == []


# --- 16: clocks -------------------------------------------------------------------------------------------------------
ZONES = {
    "Europe/Berlin, forward": ("Europe/Berlin", datetime(2026, 3, 23, 12, tzinfo=UTC)),
    "Europe/Berlin, back": ("Europe/Berlin", datetime(2026, 10, 19, 12, tzinfo=UTC)),
    "America/New_York, forward": ("America/New_York", datetime(2026, 3, 2, 12, tzinfo=UTC)),
    "America/New_York, back": ("America/New_York", datetime(2026, 10, 26, 12, tzinfo=UTC)),
    "the end of the year": ("Europe/Berlin", datetime(2025, 12, 29, 12, tzinfo=UTC)),
}


def in_zone(zone: str) -> None:
    settings = ClubSettings.load()
    settings.timezone = zone
    settings.save()


@pytest.mark.parametrize("case", ZONES)
def test_failure_16_deadlines_keep_their_hour_and_each_post_comes_once(fake: FakeDiscord, case: str) -> None:
    zone, monday = ZONES[case]
    in_zone(zone)
    rounds = Rounds(fake, now=monday)
    week, _ = open_week(now=rounds.now)
    people = [UserFactory() for _ in range(2)]
    for member in people:
        NominationFactory(week=week, user=member, created_at=rounds.now)
    here = ZoneInfo(zone)
    hours = [getattr(week, name).astimezone(here).hour for name in
             ("nominations_close_at", "poll_close_at", "discussion_at", "ratings_close_at")]  # fmt: skip
    assert set(hours) == {20}
    rounds.settle()
    for name in ("nominations_close_at", "poll_close_at", "discussion_at", "ratings_close_at"):
        for before in (timedelta(hours=25), timedelta(hours=3), timedelta(hours=1), timedelta(0)):
            week.refresh_from_db()
            rounds.now = max(rounds.now, getattr(week, name) - before)
            rounds.advance()
            rounds.settle()
        if name == "nominations_close_at":
            week.refresh_from_db()
            somebody_votes(week, rounds)
    week.refresh_from_db()
    assert week.phase == Phase.CLOSED
    keys = list(Post.objects.values_list("kind", "key"))
    assert len(keys) == len(set(keys))
    assert disagreements(fake, rounds.now) == []


@pytest.mark.parametrize("clock", ["02:30", "02:00"])
@pytest.mark.parametrize("case", ["Europe/Berlin, forward", "Europe/Berlin, back"])
def test_failure_16_an_hour_that_is_missing_or_doubled_is_one_deadline(
    fake: FakeDiscord, case: str, clock: str
) -> None:
    zone, monday = ZONES[case]
    in_zone(zone)
    ClubSettings.objects.update(poll_close_day=6, poll_close_time=clock)  # Sunday, in the night of the change
    rounds = Rounds(fake, now=monday)
    week, _ = open_week(now=rounds.now)
    for _ in range(2):
        NominationFactory(week=week, created_at=rounds.now)
    rounds.now = week.nominations_close_at
    rounds.advance()
    somebody_votes(week, rounds)
    rounds.settle()
    moved = 0
    rounds.now = week.poll_close_at - timedelta(hours=2)
    for _ in range(5):  # through the night, hour by hour
        was = Week.objects.get().phase
        rounds.passes(hours=1)
        rounds.advance()
        rounds.settle()
        moved += Week.objects.get().phase != was
    assert moved == 1
    assert len(fake.threads("- WINNER")) == 1
    assert disagreements(fake, rounds.now) == []


def test_failure_16_another_zone_in_the_middle_of_a_week_moves_no_deadline(
    fake: FakeDiscord, rounds: Rounds, nominated: Week
) -> None:
    rounds.settle()
    shown = fake.pins(fake.thread("NOMINATIONS"))[0].text
    before = nominated.deadlines
    in_zone("Asia/Tokyo")
    rounds.settle()
    nominated.refresh_from_db()
    assert nominated.deadlines == before
    assert fake.pins(fake.thread("NOMINATIONS"))[0].text == shown
    assert disagreements(fake, rounds.now) == []


def test_failure_16_a_clock_that_jumps_back_and_forth_says_nothing_twice(
    fake: FakeDiscord, rounds: Rounds, nominated: Week
) -> None:
    rounds.settle()
    member = UserFactory()
    NominationFactory(week=WeekFactory(phase=Phase.CLOSED, opens_at=rounds.now - timedelta(days=21)), user=member)
    rounds.now = nominated.nominations_close_at - timedelta(hours=23)
    for jump in (0, 1, -1, 1, -1, 0):
        rounds.passes(hours=jump)
        rounds.advance()
        rounds.settle()
    rounds.now = nominated.nominations_close_at + timedelta(minutes=1)
    for jump in (0, -1, 1):
        rounds.passes(hours=jump)
        rounds.advance()
        rounds.settle()
    assert len(fake.threads("- POLL")) == 1
    keys = list(Post.objects.values_list("kind", "key"))
    assert len(keys) == len(set(keys))
    thread = fake.thread("NOMINATIONS")
    said = [row.content for row in fake.messages(thread, by_bot=True)]
    assert len(said) == len(set(said))
    assert DiscordSettings.load().club_channel_snowflake == fake.club.id
    assert disagreements(fake, rounds.now) == []
