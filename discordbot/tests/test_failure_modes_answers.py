"""Failure modes of single answers: restarts, doubles, lateness, lost replies. Nothing is lost, nothing counts twice."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from catalog.tests.factories import AlbumFactory
from club.deadlines import reopen_phase
from club.models import Nomination, Phase, Rating, Vote, Week
from club.tests.factories import NominationFactory, WeekFactory
from discordbot.client import SidetrackClient
from discordbot.tests.acting import ballot, card, nominate, rate, vote
from discordbot.tests.agreement import defects
from discordbot.tests.fake_discord import FakeDiscord, Person
from discordbot.tests.fake_discord.faults import refusal, reset
from discordbot.tests.whole_bot import Clock, WholeBot, choose_channels

pytestmark = pytest.mark.django_db(transaction=True)
KID_A, BLUE, RED = "Kid A — Radiohead (2000)", "Blue — Joni Mitchell (1971)", "Red — King Crimson (1974)"


@pytest.fixture
def clock(fake: FakeDiscord, monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock(fake)
    clock.rule(monkeypatch)
    return clock


@pytest.fixture
def poll(fake: FakeDiscord, clock: Clock) -> Week:
    choose_channels(fake)
    week = WeekFactory(phase=Phase.POLL, opens_at=clock.now - timedelta(days=4))
    for title, artist, year in (("Kid A", "Radiohead", 2000), ("Blue", "Joni Mitchell", 1971)):
        NominationFactory(week=week, album=AlbumFactory(title=title, artist__name=artist, release_year=year))
    return week


@pytest.fixture
def bot(fake: FakeDiscord, clock: Clock, poll: Week) -> Iterator[WholeBot]:
    with WholeBot(fake, clock) as bot:
        bot.settle()
        yield bot
    assert defects(fake) == []


def votes(rank: int = 1) -> list[str]:
    return sorted(Vote.objects.filter(rank=rank).values_list("nomination__album__title", flat=True))


# --- 3: what was opened before a restart ------------------------------------------------------------------------------
def test_failure_03_old_buttons_forms_and_selects_work_after_a_restart(
    fake: FakeDiscord, clock: Clock, poll: Week, ana: Person
) -> None:
    AlbumFactory(title="Red", artist__name="King Crimson", release_year=1974)
    coming = WeekFactory(phase=Phase.NOMINATIONS, opens_at=clock.now - timedelta(hours=1))
    with WholeBot(fake, clock) as bot:
        bot.settle()
        old_form = ana.press(card(fake, "POLL"), "Vote")
        which_one = nominate(ana, fake.pins(fake.thread(f"{coming.number:03d} ["))[0], "Redd — King Crimsen (1974)")
        assert which_one.message
        assert which_one.message.selects
        old_button = card(fake, "POLL")
    with WholeBot(fake, clock):
        assert "Your first choice: **Kid A**" in ana.submit(old_form, ballot(KID_A)).text
        option = which_one.message.selects[0]["options"][0]["value"]
        assert "is nominated for" in ana.choose(which_one, "", [option]).text
        assert ana.press(old_button, "Vote").kind == "form"
    assert votes() == ["Kid A"]
    assert Nomination.objects.get(week=coming).album.title == "Red"
    assert not fake.failed_interactions


def test_failure_03_an_old_button_of_a_week_that_is_over_says_so(
    fake: FakeDiscord, clock: Clock, bot: WholeBot, poll: Week, ana: Person
) -> None:
    old_card, old_form = card(fake, "POLL"), ana.press(card(fake, "POLL"), "Vote")
    custom_id = old_card.buttons[0]["custom_id"]
    clock.passes(days=30)
    bot.settle()
    for answer in (ana.press(old_card, custom_id, force=True), ana.submit(old_form, ballot(KID_A))):
        assert answer.is_ephemeral
        assert "Voting in WEEK 001 closed on" in answer.text, answer
    assert votes() == []


def test_failure_03_a_button_of_another_age_is_answered(
    fake: FakeDiscord, bot: WholeBot, ana: Person, caplog: pytest.LogCaptureFixture
) -> None:
    for custom_id in ("st:7", "vote_7", "st:gone:1::", "x" * 100):
        answer = ana.press(card(fake, "POLL"), custom_id, force=True)
        assert (answer.kind, answer.is_ephemeral) == ("message", True), custom_id
    assert not [row for row in caplog.records if row.levelno >= logging.ERROR]


# --- 5: twice, out of order, at once ----------------------------------------------------------------------------------
def test_failure_05_every_interaction_told_twice_counts_once(fake: FakeDiscord, bot: WholeBot, ana: Person) -> None:
    fake.gateway.copies_of_interactions = 2
    answer = vote(ana, card(fake, "POLL"), KID_A, BLUE)
    assert "Your first choice: **Kid A**" in answer.text
    assert not answer.followups
    assert (votes(1), votes(2)) == (["Kid A"], ["Blue"])


def test_failure_05_out_of_order_the_last_to_arrive_counts_and_both_are_answered(
    fake: FakeDiscord, bot: WholeBot, ana: Person
) -> None:
    phone, desk = ana.press(card(fake, "POLL"), "Vote"), ana.press(card(fake, "POLL"), "Vote")
    fake.on_loop(fake.gateway.hold)
    sent = [fake.begin(ana.submit, phone, ballot(KID_A)), fake.begin(ana.submit, desk, ballot(BLUE))]
    fake.wait_until(lambda: len(fake.gateway.held) == 2)
    fake.on_loop(fake.gateway.release, reverse=True)
    assert ["Your first choice" in each.result(15).text for each in sent] == [True, True]
    arrived_last = sent[0] if sent[0].result().interaction.id < sent[1].result().interaction.id else sent[1]
    assert f"**{votes()[0]}**" in arrived_last.result().text
    assert Vote.objects.count() == 1


def test_failure_05_a_double_click_on_two_devices_is_one_row(fake: FakeDiscord, bot: WholeBot, ana: Person) -> None:
    forms = [ana.press(card(fake, "POLL"), "Vote") for _ in range(4)]
    answers = fake.together(lambda: [ana.submit(form, ballot(KID_A, BLUE)) for form in forms])
    assert all("Your first choice: **Kid A**" in answer.text for answer in answers)
    assert (votes(1), votes(2)) == (["Kid A"], ["Blue"])
    assert not fake.failed_interactions


# --- 6: a heart that nobody hears -------------------------------------------------------------------------------------
def test_failure_06_without_acknowledgement_of_its_heart_it_connects_anew(
    fake: FakeDiscord, clock: Clock, poll: Week, ana: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = SidetrackClient.__init__

    def impatient(self: SidetrackClient, **options: Any) -> None:
        made(self, **options)
        self._connection.heartbeat_timeout = 1.0  # else a minute

    monkeypatch.setattr(SidetrackClient, "__init__", impatient)
    fake.gateway.heartbeat_ms = 300
    fake.gateway.acks_heartbeats = False
    with WholeBot(fake, clock) as bot:
        bot.settle()
        fake.wait_until(lambda: fake.gateway.n_resumed + fake.gateway.n_identified > 1, seconds=30)
        fake.gateway.acks_heartbeats = True
        fake.wait_until(lambda: fake.gateway.connected, seconds=30)
        bot.settle()
        assert "Your first choice" in vote(ana, card(fake, "POLL"), KID_A).text
        assert len(fake.threads("- POLL")) == 1


# --- 8: the reply is lost, the effect is not --------------------------------------------------------------------------
@pytest.mark.parametrize("code", [10062, 40060, 50027, 10015])
def test_failure_08_a_reply_that_discord_refuses_costs_the_words_only(
    fake: FakeDiscord, bot: WholeBot, ana: Person, code: int, caplog: pytest.LogCaptureFixture
) -> None:
    form = ana.press(card(fake, "POLL"), "Vote")
    fake.world.deadline_s = 1.0
    fault = fake.fault("POST /interactions/*", refusal(code))
    assert ana.submit(form, ballot(KID_A)).failed
    assert fault.n_hits == 1
    fake.world.deadline_s = 3.0
    again = ana.press(card(fake, "POLL"), "Vote")
    assert again.form
    assert again.form.field("First").prefilled != []
    assert votes() == ["Kid A"]
    assert not [row for row in caplog.records if row.exc_info or row.levelno >= logging.ERROR]


def test_failure_08_a_reply_cut_off_by_the_network_keeps_the_ballot(
    fake: FakeDiscord, bot: WholeBot, ana: Person, caplog: pytest.LogCaptureFixture
) -> None:
    form = ana.press(card(fake, "POLL"), "Vote")
    fake.fault("POST /interactions/*", reset(after=True), times=20)
    ana.submit(form, ballot(KID_A))
    fake.clear_faults()
    assert "Your first choice: **Blue**" in vote(ana, card(fake, "POLL"), BLUE).text
    assert votes() == ["Blue"]
    assert not [row for row in caplog.records if row.exc_info]


def test_failure_08_a_token_that_has_expired_ends_quietly(
    fake: FakeDiscord, bot: WholeBot, ana: Person, caplog: pytest.LogCaptureFixture
) -> None:
    fake.world.token_lifetime_s = 0.0
    form = ana.press(card(fake, "POLL"), "Vote")
    fake.world.deadline_s = 1.0
    ana.submit(form, ballot(KID_A))
    fake.world.token_lifetime_s, fake.world.deadline_s = 900.0, 3.0
    assert votes() == ["Kid A"]
    assert ana.slash("ping").kind == "message"
    assert not [row for row in caplog.records if row.exc_info]


# --- 12: a second before, at, and after the close ---------------------------------------------------------------------
@pytest.mark.parametrize(("seconds", "counts"), [(-1, True), (0, False), (1, False)])
def test_failure_12_a_ballot_at_the_close_is_decided_by_when_it_came(
    fake: FakeDiscord, clock: Clock, bot: WholeBot, poll: Week, ana: Person, seconds: int, counts: bool
) -> None:
    vote(fake.person("Ben"), card(fake, "POLL"), BLUE)
    form = ana.press(card(fake, "POLL"), "Vote")
    clock.now = poll.poll_close_at + timedelta(seconds=seconds)
    answer = ana.submit(form, ballot(KID_A))
    assert ("Your first choice" in answer.text) is counts, answer
    assert votes() == (["Blue", "Kid A"] if counts else ["Blue"])
    assert answer.is_ephemeral


@pytest.mark.parametrize(("seconds", "counts"), [(-1, True), (0, False), (1, False)])
def test_failure_12_a_rating_at_the_close_counts_or_comes_back_as_a_draft(
    fake: FakeDiscord, clock: Clock, ana: Person, seconds: int, counts: bool
) -> None:
    choose_channels(fake)
    week = WeekFactory(phase=Phase.DISCUSSION, opens_at=clock.now - timedelta(days=15))
    with WholeBot(fake, clock) as bot:
        bot.settle()
        form = ana.press(card(fake, "RATINGS"), "Rate")
        clock.now = week.ratings_close_at + timedelta(seconds=seconds)
        answer = ana.submit(form, {"Your rating": "9", "Final": "A long night's listening."})
    assert Rating.objects.filter(half_stars=9).count() == counts
    assert ("A long night's listening." in answer.text) is not counts
    if not counts:
        assert answer.message
        assert answer.message.buttons[0]["label"] == "Try again"


def test_failure_12_a_nomination_sent_too_late_is_given_back_whole_and_tried_again(
    fake: FakeDiscord, clock: Clock, ana: Person
) -> None:
    choose_channels(fake)
    week = WeekFactory(phase=Phase.NOMINATIONS, opens_at=clock.now - timedelta(hours=1))
    with WholeBot(fake, clock) as bot:
        bot.settle()
        form = ana.press(card(fake, "NOMINATIONS"), "Nominate")
        nominate(fake.person("Ben"), card(fake, "NOMINATIONS"), BLUE)
        nominate(fake.person("Cai"), card(fake, "NOMINATIONS"), KID_A)
        clock.now = week.nominations_close_at
        late = ana.submit(form, {"Album": RED, "Why": "Starless.\nAnd bible black.", "Genre": "Prog / 1970s / UK"})
        for word in (RED, "Starless.", "And bible black.", "Prog / 1970s / UK"):
            assert word in late.text
        bot.settle()
        reopen_phase(week=Week.objects.get(), by=None, now=clock.now, until=clock.now + timedelta(hours=5))
        again = ana.press(late, "Try again")
        assert again.form
        assert again.form.field("Album").prefilled == RED
        assert "is nominated" in ana.submit(again).text
    assert Nomination.objects.get(album__title="Red").pitch == "Starless.\nAnd bible black."


def test_failure_12_ratings_open_with_the_discussion_and_not_before(
    fake: FakeDiscord, clock: Clock, ana: Person
) -> None:
    choose_channels(fake)
    week = WeekFactory(phase=Phase.LISTENING, opens_at=clock.now - timedelta(days=6))
    with WholeBot(fake, clock) as bot:
        bot.settle()
        clock.now = week.discussion_at - timedelta(seconds=1)
        assert "No week takes ratings" in ana.slash("rate").text
        clock.now = week.discussion_at
        bot.settle()
        assert "You gave" in rate(ana, card(fake, "RATINGS"), 4.5).text
    assert Rating.objects.get().half_stars == 9
