"""What goes wrong in Discord costs one post for a while, never a second one, and moderators hear of it once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from club.models import Phase, Week
from club.tests.factories import NominationFactory, WeekFactory
from discordbot.models import DiscordSettings, Post
from discordbot.tests.fake_discord import FakeDiscord
from discordbot.tests.fake_discord.faults import Remedy, refusal, reset, server_error, too_many
from discordbot.tests.rounds import Rounds

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
AFTER_ALL = timedelta(minutes=40)  # longer than any pause


@pytest.fixture
def in_channel(fake: FakeDiscord) -> Rounds:
    return Rounds(fake)


def listening_week(rounds: Rounds) -> Week:
    """A week in which everything is to be made at once: three threads, cards, a chart, an event."""
    week = WeekFactory(opens_at=rounds.now - timedelta(days=6), phase=Phase.LISTENING)
    NominationFactory(week=week)
    return week


def everything_stands_once(fake: FakeDiscord) -> None:
    assert sorted(thread.name.split(" - ")[1] for thread in fake.guild.threads) == ["NOMINATIONS", "POLL", "WINNER"]
    for thread in fake.guild.threads:
        assert len(fake.pins(thread)) == 1
        there = [row.id for row in fake.messages(thread, by_bot=True) if row.id != thread.id]
        kept = Post.objects.filter(channel_snowflake=thread.id).exclude(kind="thread").order_by("message_snowflake")
        assert list(kept.values_list("message_snowflake", flat=True)) == there
    assert len(fake.events) == 1
    assert set(Post.objects.values_list("state", flat=True)) == {Post.State.STANDING}
    assert not Post.objects.exclude(problem="").exists()


REMEDIES = [server_error(after=True), server_error(503), reset(after=True), reset(), too_many(120), too_many(via=False)]


@pytest.mark.parametrize(
    ("remedy", "forum"),
    [*((remedy, False) for remedy in REMEDIES), (server_error(after=True), True), (reset(), True)],
    ids=lambda value: str(value.name) if isinstance(value, Remedy) else "forum" if value else "channel",
)
def test_every_making_goes_wrong_once_and_nothing_is_made_twice(
    fake: FakeDiscord, remedy: Remedy, *, forum: bool
) -> None:
    fake.world.nonce_memory_s = 0
    rounds = Rounds(fake, forum=forum)
    listening_week(rounds)
    for nth in range(1, 14):
        with rounds.for_nothing():
            fault = fake.fault("POST *", remedy, nth=nth)
            rounds.round()
            fault.stop()
            rounds.passes(seconds=AFTER_ALL.total_seconds())
            rounds.settle()
            everything_stands_once(fake)
        if not fault.n_hits:
            break
    assert nth >= 8
    assert fake.violations == []


def test_a_long_pause_postpones_one_post_and_no_other(fake: FakeDiscord, in_channel: Rounds) -> None:
    listening_week(in_channel)
    fake.fault("POST *", too_many(600), nth=3)  # the first card
    report = in_channel.round()
    assert report.waiting == 1
    assert report.next_try_at == in_channel.now + timedelta(seconds=600)
    assert len(fake.guild.threads) == 3
    (waiting,) = Post.objects.exclude(state=Post.State.STANDING)
    in_channel.settle()
    waiting.refresh_from_db()
    assert waiting.state == Post.State.PENDING
    in_channel.passes(minutes=11)
    in_channel.settle()
    waiting.refresh_from_db()
    assert waiting.state == Post.State.STANDING
    assert fake.messages(fake.moderators) == []  # a pause is nobody's business


@pytest.mark.parametrize(
    ("permission", "label", "what_stands"),
    [
        ("PIN_MESSAGES", "Pin Messages", ["NOMINATIONS", "POLL", "WINNER"]),
        ("CREATE_PUBLIC_THREADS", "Create Public Threads", []),
        ("SEND_MESSAGES_IN_THREADS", "Send Messages in Threads", ["NOMINATIONS", "POLL", "WINNER"]),
        ("SEND_MESSAGES", "Send Messages", []),
        ("MANAGE_THREADS", "Manage Threads", ["NOMINATIONS", "POLL", "WINNER"]),
        ("VIEW_CHANNEL", "View Channel", []),
    ],
)
def test_a_lost_permission_is_named_told_once_and_heals(
    fake: FakeDiscord, in_channel: Rounds, permission: str, label: str, what_stands: list[str]
) -> None:
    listening_week(in_channel)
    fake.hands.take(permission, channel=fake.club)
    for _ in range(3):
        in_channel.round()
        in_channel.passes(minutes=20)
    assert sorted(thread.name.split(" - ")[1] for thread in fake.guild.threads) == what_stands
    problems = set(Post.objects.exclude(problem="").values_list("problem", flat=True))
    assert problems
    assert all(label in problem for problem in problems), problems
    (told,) = fake.messages(fake.moderators)
    assert label in told.content
    assert fake.club.mention in told.content
    fake.hands.give(permission, channel=fake.club)
    in_channel.passes(minutes=20)
    in_channel.settle()
    everything_stands_once(fake)
    assert len(fake.messages(fake.moderators)) == 1


def test_an_event_without_permission_stops_nothing_else(fake: FakeDiscord, in_channel: Rounds) -> None:
    listening_week(in_channel)
    fake.hands.take("CREATE_EVENTS")
    in_channel.settle()
    assert len(fake.guild.threads) == 3
    assert fake.events == []
    assert "Create Events" in fake.messages(fake.moderators)[0].content
    fake.hands.give("CREATE_EVENTS")
    in_channel.passes(minutes=20)
    in_channel.settle()
    everything_stands_once(fake)


def test_without_a_moderators_channel_the_trouble_stands_with_the_post(fake: FakeDiscord, in_channel: Rounds) -> None:
    DiscordSettings.objects.update(moderators_channel_snowflake=None)
    listening_week(in_channel)
    fake.hands.take("PIN_MESSAGES", channel=fake.club)
    in_channel.settle()
    assert Post.objects.exclude(problem="").count() == 3
    assert "Pin Messages" in in_channel.notes["problem"]


def test_a_deleted_club_channel_is_said_and_another_one_is_filled(fake: FakeDiscord, in_channel: Rounds) -> None:
    listening_week(in_channel)
    in_channel.settle()
    fake.hands.delete(fake.club)
    in_channel.round(verified=False)
    for _ in range(3):
        in_channel.passes(minutes=40)
        in_channel.round()
    assert "does not exist any more" in in_channel.notes["problem"]
    assert "does not exist any more" in fake.messages(fake.moderators)[-1].content
    new = fake.world.add_channel(fake.guild, "new-club")
    DiscordSettings.objects.update(club_channel_snowflake=new.id)
    in_channel.passes(minutes=40)
    in_channel.settle()
    assert {thread.parent_id for thread in fake.guild.threads if thread.parent_id == new.id} == {new.id}
    everything_stands_once(fake)


def test_a_full_row_of_pins_is_said_and_the_card_stands_all_the_same(fake: FakeDiscord, in_channel: Rounds) -> None:
    listening_week(in_channel)
    fake.fault("PUT *pins*", refusal(30003))
    in_channel.settle()
    assert Post.objects.filter(state=Post.State.STANDING, problem__contains="30003").count() == 1
    in_channel.passes(minutes=40)
    in_channel.settle()
    everything_stands_once(fake)


def test_when_discord_is_away_the_round_ends_early_and_the_next_one_goes_on(
    fake: FakeDiscord, in_channel: Rounds
) -> None:
    listening_week(in_channel)
    fault = fake.fault("* /channels/*", server_error(503), times=10_000)
    report = in_channel.round()
    assert not report.is_complete
    assert fault.n_hits <= 3
    assert "reconciled_at" not in in_channel.notes
    fault.stop()
    in_channel.passes(minutes=5)
    in_channel.settle()
    everything_stands_once(fake)
