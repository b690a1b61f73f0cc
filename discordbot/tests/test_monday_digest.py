"""The Monday digest: on its day, once, about members together, of nobody who hides."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from club.models import Phase
from club.tests.factories import RatingFactory, WeekFactory
from discordbot.desired import plan
from discordbot.facts import DigestFacts, Outcome, Played, Reached
from discordbot.models import DiscordSettings, Post
from discordbot.reading.digest import due_digest
from discordbot.tests.club_states import a_state, an_album
from discordbot.tests.fake_discord import FakeDiscord
from discordbot.tests.fake_discord.limits import message_problems
from discordbot.tests.fake_discord.things import Channel, Message
from discordbot.tests.rounds import Rounds
from listening.ingest import ingest
from listening.models import Milestone
from listening.plays import Play
from social.models import User
from social.tests.factories import UserFactory
from social.visibility import Visibility

MONDAY = datetime(2025, 11, 17, 9, 0, tzinfo=UTC)  # 10:00 in Berlin
BERLIN = ZoneInfo("Europe/Berlin")
HOUR = timedelta(hours=1)

FACTS = DigestFacts(
    key="2025-W46",
    first=date(2025, 11, 10),
    last=date(2025, 11, 16),
    until=MONDAY + 24 * HOUR,
    n_members=7,
    n_plays=1234,
    artists=(Played("@everyone **Low**", "", 5, 80), Played("Portishead", "", 3, 12)),
    albums=(Played("Dummy", "Portishead", 3, 12),),
    won=(Outcome("WEEK 012", "/weeks/12/", an_album(1)),),
    rated=(Outcome("WEEK 011", "/weeks/11/", an_album(2), 9, 4.125), Outcome("WEEK 010", "/weeks/10/", an_album(3), 1)),
    reached=(Reached("Rin", 10_000), Reached("Sol", 500, "Low")),
    listening=Outcome("WEEK 012", "/weeks/12/", an_album(1)),
    begun=(4, 9),
)


# --- What it says ---------------------------------------------------------------------------------------------------
def test_it_stands_once_in_the_clubs_channel_and_says_the_week_in_a_few_lines() -> None:
    [message] = plan(a_state(digest=FACTS), MONDAY).posts
    assert (message.week, message.kind, message.key) == (None, "digest", "2025-W46")
    assert (message.place, message.is_once, message.until) == ("club", True, MONDAY + 24 * HOUR)  # type: ignore[union-attr]
    body = dict(message.payload)  # type: ignore[union-attr]
    assert body["content"] == "**The week from 10 November to 16 November.** 7 members, 1234 plays."
    said = str(body["embeds"])
    for words in (
        "**WEEK 012** · **Album 1** — Artist 1 (1961) won the poll.",
        "★★★★☆ **4.12** of 5, from 9 ratings.",
        "1 rating, too few for an average.",
        "4 of 9 have begun **Album 1**",
        "**Dummy — Portishead** · 3 members",
        "**Rin** has 10,000 plays",
        "**Sol** has played Low 500 times",
    ):
        assert words in said
    assert "@everyone" not in said
    assert body["allowed_mentions"] == {"parse": [], "users": []}
    assert list(message_problems(body)) == []


def test_a_week_in_which_nothing_happened_is_not_told() -> None:
    quiet = replace(FACTS, artists=(), albums=(), won=(), rated=(), reached=())
    assert plan(a_state(digest=quiet), MONDAY).posts == ()
    assert plan(a_state(), MONDAY).posts == ()


# --- When it is read ------------------------------------------------------------------------------------------------
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("at", "is_due"),
    [
        (MONDAY - timedelta(minutes=1), False),
        (MONDAY, True),
        (MONDAY + 23 * HOUR, True),
        (MONDAY + 24 * HOUR, False),
        (MONDAY + 72 * HOUR, False),
    ],
)
def test_it_is_due_on_mondays_from_its_hour_on_for_a_day(at: datetime, is_due: bool) -> None:
    places = DiscordSettings(posts_digest=True, digest_hour=10)
    found = due_digest(places, BERLIN, at)
    assert (found is not None) is is_due
    if found:
        assert (found.key, found.first, found.last) == ("2025-W46", date(2025, 11, 10), date(2025, 11, 16))
    assert due_digest(DiscordSettings(posts_digest=False), BERLIN, at) is None


# --- What is read ---------------------------------------------------------------------------------------------------
def hears(user: User, n: int = 2, *, artist: str = "Low", at: datetime = MONDAY - 48 * HOUR) -> None:
    plays = [Play(at + timedelta(minutes=5 * place), artist, f"Song {place}", "Hey What") for place in range(n)]
    ingest(user=user, source="lastfm", plays=plays, now=at + 3 * HOUR)


def facts(now: datetime = MONDAY) -> DigestFacts:
    found = due_digest(DiscordSettings(posts_digest=True), BERLIN, now)
    assert found is not None
    return found


@pytest.mark.django_db
def test_music_is_told_that_several_of_at_least_three_members_played() -> None:
    two = [UserFactory() for _ in range(2)]
    for each in two:
        hears(each)
    assert not facts().says_something
    hears(UserFactory(), artist="Alone")
    told = facts()
    assert (told.n_members, told.n_plays) == (3, 6)
    assert told.artists == (Played("Low", "", 2, 4),)
    assert told.albums == (Played("Hey What", "Low", 2, 4),)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "said",
    [
        {"listens_visibility": Visibility.ME},
        {"listens_visibility": Visibility.FOLLOWERS},
        {"visibility": Visibility.ME},
        {"is_active": False},
        {"suspended_at": MONDAY - 9 * HOUR},
    ],
)
def test_whoever_hides_is_in_no_number_and_no_line(said: dict[str, Any]) -> None:
    hidden = UserFactory(display_name="Hidden")
    for each in (hidden, *(UserFactory() for _ in range(3))):
        hears(each)
    Milestone.objects.create(user=hidden, n_plays=1000, reached_at=MONDAY - 30 * HOUR)
    assert facts().n_members == 4
    assert facts().reached == (Reached("Hidden", 1000),)
    User.objects.filter(pk=hidden.pk).update(**said)
    told = facts()
    assert told.n_members == 3
    assert told.artists == (Played("Low", "", 3, 6),)
    assert told.reached == ()


@pytest.mark.django_db
def test_what_was_decided_is_of_that_week_and_no_average_stands_before_its_time() -> None:
    last = WeekFactory(phase=Phase.CLOSED, opens_at=MONDAY - timedelta(days=20))
    for half_stars in (8, 9, 10):
        RatingFactory(week=last, half_stars=half_stars)
    running = WeekFactory(phase=Phase.DISCUSSION, opens_at=MONDAY - timedelta(days=17))
    RatingFactory(week=running)
    chosen = WeekFactory(phase=Phase.LISTENING, opens_at=MONDAY - timedelta(days=9))
    told = facts()
    assert [each.label for each in told.rated] == [str(last)]
    assert (told.rated[0].count, told.rated[0].mean) == (3, 4.5)
    assert [each.label for each in told.won] == [str(chosen)]
    assert told.listening is not None
    assert told.listening.label == str(chosen)
    assert told.begun is None  # nobody is there to be counted


@pytest.mark.django_db
def test_a_members_round_numbers_are_told_once_the_highest() -> None:
    rin = UserFactory(display_name="Rin")
    hears(rin)
    for n in (900, 1000):
        Milestone.objects.create(user=rin, n_plays=n, reached_at=MONDAY - 30 * HOUR)
    Milestone.objects.create(user=rin, n_plays=800, reached_at=MONDAY - timedelta(days=9))
    assert facts().reached == (Reached("Rin", 1000),)


# --- In Discord -----------------------------------------------------------------------------------------------------
@pytest.fixture
def rounds(fake: FakeDiscord, db: None) -> Iterator[Rounds]:
    fake.world.nonce_memory_s = 0
    yield Rounds(fake, now=MONDAY - HOUR)
    assert not fake.violations


def turned_on(**more: Any) -> None:
    DiscordSettings.objects.filter(pk=1).update(posts_digest=True, digest_hour=9, **more)  # the club's zone is UTC


def something_happened() -> None:
    for _ in range(3):
        hears(UserFactory())


def digests(fake: FakeDiscord, channel: Channel | None = None) -> list[Message]:
    return [row for row in (channel or fake.club).messages.values() if "The week from" in row.text]


@pytest.mark.django_db(transaction=True)
def test_it_is_posted_once_whatever_happens(fake: FakeDiscord, rounds: Rounds) -> None:
    something_happened()
    turned_on()
    rounds.round()
    assert digests(fake) == []
    rounds.passes(hours=1)
    rounds.round()
    [said] = digests(fake)
    assert "3 members" in said.text
    hears(UserFactory())
    for _ in range(3):
        rounds.passes(hours=2)
        rounds.round(verified=False)  # as after a restart
    assert digests(fake) == [said]
    Post.objects.filter(kind="digest").update(
        state=Post.State.PENDING, attempted_at=rounds.now - 7 * HOUR, message_snowflake=None, made_at=None
    )  # killed between sending it and noting that it stands
    rounds.round()
    assert digests(fake) == [said]
    assert Post.objects.get(kind="digest").state == Post.State.STANDING
    rounds.passes(days=7)
    for _ in range(3):
        hears(UserFactory(), at=rounds.now - 48 * HOUR)
    rounds.round()
    assert len(digests(fake)) == 2


@pytest.mark.django_db(transaction=True)
def test_a_bot_that_was_away_on_monday_says_nothing_later(fake: FakeDiscord, rounds: Rounds) -> None:
    something_happened()
    turned_on()
    rounds.passes(hours=26)
    rounds.round()
    assert digests(fake) == []


@pytest.mark.django_db(transaction=True)
def test_a_deleted_digest_stays_deleted(fake: FakeDiscord, rounds: Rounds) -> None:
    something_happened()
    turned_on()
    rounds.passes(hours=1)
    rounds.round()
    [message] = digests(fake)
    fake.hands.delete(message)
    rounds.passes(hours=1)
    rounds.round(verified=False)
    rounds.round()
    assert digests(fake) == []


@pytest.mark.django_db(transaction=True)
def test_in_a_forum_it_stands_in_the_thread_that_was_made_last(fake: FakeDiscord) -> None:
    rounds = Rounds(fake, forum=True, now=MONDAY - HOUR)
    something_happened()
    turned_on()
    rounds.passes(hours=1)
    rounds.round()
    assert not Post.objects.filter(kind="digest", state=Post.State.STANDING).exists()  # there is no thread yet
    WeekFactory(phase=Phase.NOMINATIONS, opens_at=rounds.now - HOUR)
    rounds.settle()
    post = Post.objects.get(kind="digest")
    thread = Post.objects.get(kind="thread")
    assert post.state == Post.State.STANDING
    assert post.channel_snowflake == thread.thread_snowflake
