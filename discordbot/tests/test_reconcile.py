"""Discord is made to match the club, once each, against a local Discord over real HTTP."""

from __future__ import annotations

from datetime import timedelta

import pytest

from club.models import Phase, Week
from club.tests.factories import NominationFactory, RatingFactory, WeekFactory
from discordbot.models import DiscordSettings, Post
from discordbot.port import DiscordPort
from discordbot.safe_text import escaped
from discordbot.tests.fake_discord import FakeDiscord
from discordbot.tests.rounds import Rounds
from discordbot.ticker import Ticker
from social.tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["channel", "forum"])
def rounds(fake: FakeDiscord, request: pytest.FixtureRequest) -> Rounds:
    return Rounds(fake, forum=request.param == "forum")


@pytest.fixture
def week(rounds: Rounds) -> Week:
    """Open for nominations since an hour, with two of them."""
    week = WeekFactory(opens_at=rounds.now - timedelta(hours=1), phase=Phase.NOMINATIONS)
    for _ in range(2):
        NominationFactory(week=week, created_at=rounds.now)
    return week


def test_a_week_gets_its_thread_card_pin_and_nominations_and_then_nothing_is_asked(
    fake: FakeDiscord, rounds: Rounds, week: Week
) -> None:
    report = rounds.round()
    assert (report.made, report.waiting) == (4, 0)
    thread = fake.thread("NOMINATIONS")
    assert thread.parent_id == (fake.forum if thread.parent_id == fake.forum.id else fake.club).id
    (card,) = fake.pins(thread)
    assert card.buttons[0]["label"] == "Nominate an album"
    assert sum("nominated by" in message.text.lower() for message in fake.messages(thread, by_bot=True)) == 2
    assert set(Post.objects.values_list("state", flat=True)) == {Post.State.STANDING}
    rounds.settle()
    assert rounds.requests_of(rounds.round) == []
    assert fake.violations == []
    assert fake.ignored_keys == []


def test_a_week_goes_through_all_phases_with_one_of_each(fake: FakeDiscord, rounds: Rounds, week: Week) -> None:
    rounds.settle()
    for name in ("nominations_close_at", "poll_close_at", "discussion_at", "ratings_close_at"):
        week.refresh_from_db()
        rounds.now = getattr(week, name) + timedelta(minutes=1)
        rounds.advance()
        week.refresh_from_db()
        if week.phase == Phase.DISCUSSION:
            RatingFactory(week=week, user=UserFactory(), half_stars=9, created_at=rounds.now)
        if week.phase == Phase.POLL:  # nobody votes: a day more, then the earliest wins
            rounds.settle()
            rounds.now = week.poll_close_at + timedelta(minutes=1)
            rounds.advance()
        rounds.settle()
        if week.phase == Phase.LISTENING:
            assert len(fake.events) == 1
    assert week.phase == Phase.CLOSED
    for place in ("NOMINATIONS", "POLL", "WINNER", "RATINGS"):
        thread = fake.thread(place)
        assert len(fake.pins(thread)) == 1, place
        assert thread.name.startswith(week.label)
    assert fake.thread("NOMINATIONS").locked
    assert not fake.thread("WINNER").locked
    keys = [(row.week_id, row.kind, row.key) for row in Post.objects.all()]
    assert len(keys) == len(set(keys))
    assert fake.violations == []


def test_what_reads_differently_is_edited_in_place(fake: FakeDiscord, rounds: Rounds, week: Week) -> None:
    rounds.settle()
    thread = fake.thread("NOMINATIONS")
    card = fake.pins(thread)[0]
    before = len(fake.messages(thread, by_bot=True))
    NominationFactory(week=week, created_at=rounds.now)
    rounds.settle()
    assert card.n_edits == 1
    assert "3 albums" in card.text
    assert len(fake.messages(thread, by_bot=True)) == before + 1
    assert fake.pins(thread) == [card]


def test_a_withdrawn_nomination_is_taken_away(fake: FakeDiscord, rounds: Rounds, week: Week) -> None:
    rounds.settle()
    nomination = week.nominations.first()
    nomination.withdrawn_at = rounds.now
    nomination.save()
    report = rounds.settle()
    assert report.removed == 0
    thread = fake.thread("NOMINATIONS")
    assert nomination.album.title not in "".join(row.text for row in fake.messages(thread, by_bot=True))
    assert Post.objects.get(kind="nomination", key=str(nomination.pk)).state == Post.State.GONE


def test_a_deleted_message_is_made_again_once(fake: FakeDiscord, rounds: Rounds, week: Week) -> None:
    rounds.settle()
    thread = fake.thread("NOMINATIONS")
    fake.hands.delete(fake.pins(thread)[0])
    rounds.round(verified=False)
    assert len(fake.pins(thread)) == 1
    assert rounds.requests_of(rounds.round) == []


def test_a_message_deleted_unnoticed_is_made_again_when_it_is_edited(
    fake: FakeDiscord, rounds: Rounds, week: Week
) -> None:
    rounds.settle()
    thread = fake.thread("NOMINATIONS")
    fake.hands.delete(fake.pins(thread)[0])
    NominationFactory(week=week, created_at=rounds.now)
    rounds.settle()
    (card,) = fake.pins(thread)
    assert "3 albums" in card.text


def test_a_deleted_thread_is_made_again_with_all_in_it_and_moderators_hear_of_it(
    fake: FakeDiscord, rounds: Rounds, week: Week
) -> None:
    rounds.settle()
    fake.hands.delete(fake.thread("NOMINATIONS"))
    rounds.round(verified=False)
    rounds.settle()
    thread = fake.thread("NOMINATIONS")
    assert len(fake.pins(thread)) == 1
    assert sum("nominated by" in row.text.lower() for row in fake.messages(thread, by_bot=True)) == 2
    (told,) = fake.messages(fake.moderators)
    assert f"“{escaped(thread.name, 200)}” had been deleted" in told.content
    if thread.parent_id == fake.club.id:
        assert len(fake.messages(fake.club, by_bot=True)) == 1  # the old starter went with its thread
    assert rounds.requests_of(rounds.round) == []


def test_what_moderators_hear_of_a_thread_neither_pings_nor_formats(
    fake: FakeDiscord, rounds: Rounds, week: Week
) -> None:
    Week.objects.filter(pk=week.pk).update(theme="**@everyone** <@123> `x`")
    rounds.settle()
    fake.hands.delete(fake.thread("NOMINATIONS"))
    rounds.round(verified=False)
    (told,) = fake.messages(fake.moderators)
    assert "\\*\\*@\u200beveryone\\*\\* \\<@\u200b123\\> \\`x\\`” had been deleted" in told.content


def test_an_archived_thread_is_woken_and_written_to(fake: FakeDiscord, rounds: Rounds, week: Week) -> None:
    rounds.settle()
    thread = fake.thread("NOMINATIONS")
    fake.hands.archive(thread, locked=True)
    NominationFactory(week=week, created_at=rounds.now)
    rounds.round()
    rounds.round(verified=False)
    rounds.settle()
    assert (thread.archived, thread.locked) == (False, False)
    assert "3 albums" in fake.pins(thread)[0].text


def test_renamed_and_unpinned_by_hand_is_put_right(fake: FakeDiscord, rounds: Rounds, week: Week) -> None:
    rounds.settle()
    thread = fake.thread("NOMINATIONS")
    name, card = thread.name, fake.pins(thread)[0]
    fake.hands.rename(thread, "something else")
    fake.hands.unpin(card)
    rounds.round(verified=False)
    assert thread.name == name
    assert fake.pins(thread) == [card]


def test_a_deleted_starter_is_sent_again_and_leads_to_the_thread(fake: FakeDiscord, week: Week, rounds: Rounds) -> None:
    rounds.settle()
    thread = fake.thread("NOMINATIONS")
    in_forum = thread.parent_id == fake.forum.id
    fake.hands.delete(fake.messages(thread if in_forum else fake.club, by_bot=True)[0])
    rounds.round(verified=False)
    assert fake.threads("NOMINATIONS") == [thread]
    if not in_forum:  # a forum's first message cannot be given back
        (starter,) = fake.messages(fake.club, by_bot=True)
        assert thread.mention in starter.content
    week.theme = "Debuts"
    week.save()
    rounds.settle()
    assert "Debuts" in thread.name
    assert rounds.requests_of(rounds.round) == []


def test_without_a_club_channel_nothing_is_asked_and_the_problem_is_said(
    fake: FakeDiscord, rounds: Rounds, week: Week
) -> None:

    DiscordSettings.objects.update(club_channel_snowflake=None)
    assert rounds.requests_of(rounds.round) == []
    assert "/club settings" in rounds.notes["problem"]


def test_a_bot_that_lost_its_lease_changes_nothing(fake: FakeDiscord, rounds: Rounds, week: Week) -> None:
    rounds.may_act = False
    assert rounds.requests_of(rounds.round) == []
    assert not Post.objects.exclude(problem="").exists()
    rounds.may_act = True
    rounds.settle()
    assert len(fake.threads("NOMINATIONS")) == 1


def test_a_round_that_ends_after_the_bot_was_thrown_out_says_nothing_else(rounds: Rounds, week: Week) -> None:
    """Else `/ready` would forget at once why the bot does nothing."""

    async def act(port: DiscordPort) -> None:
        ticker = Ticker(may_act=lambda: True, note=rounds.note, now=lambda: rounds.now)
        ticker.is_paused = True  # as `Supervisor.membership` does in the midst of a round
        await ticker.round(port)

    rounds.notes["problem"] = "The bot is not a member of the server."
    rounds.with_port(act)
    assert rounds.notes["problem"] == "The bot is not a member of the server."
    rounds.round()
    assert rounds.notes["problem"] == ""
