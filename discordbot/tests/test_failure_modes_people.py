"""Failure modes of people: two moderators at once, members who leave, ballots for what is withdrawn or merged."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from catalog.merging import merge_albums
from catalog.models import Album
from catalog.tests.factories import AlbumFactory
from club.lifecycle import advance_due_weeks
from club.models import Nomination, Phase, Week
from club.polls import poll_result
from discordbot.tests.acting import card, nominate, rate, vote
from discordbot.tests.agreement import disagreements
from discordbot.tests.fake_discord import FakeDiscord
from discordbot.tests.whole_bot import Clock, WholeBot
from discordbot.tests.whole_bot_stage import BLUE, KID_A, RED, ends
from social.models import LinkedAccount, ModerationAction, User

pytestmark = pytest.mark.django_db(transaction=True)


def titles(week: Week) -> list[str]:
    return [Nomination.objects.get(pk=row.nomination_id).album.title for row in poll_result(week).entries]


# --- 11: two at once --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("command", ["close", "extend"])
def test_failure_11_of_two_moderators_one_does_it_and_the_other_is_told_by_whom(
    fake: FakeDiscord, bot: WholeBot, week: Week, command: str
) -> None:
    for title in (KID_A, BLUE):
        nominate(fake.person(title[:3]), card(fake, "NOMINATIONS"), title)
    moderators = [fake.person(name, "Moderator") for name in ("Mo", "Nia")]
    options: dict[str, Any] = {"days": 1} if command == "extend" else {}
    previews = [each.slash(f"club {command}", **options) for each in moderators]
    answers = fake.together(lambda: [who.press(p, "Confirm") for who, p in zip(moderators, previews, strict=True)])
    assert sorted("Already done by" in each.text for each in answers) == [False, True]
    assert ModerationAction.objects.count() == 1
    deadline = week.nominations_close_at
    week.refresh_from_db()
    moved = week.nominations_close_at - deadline
    assert moved == timedelta(days=1) if command == "extend" else week.phase == Phase.POLL
    bot.settle()
    assert len(fake.threads("POLL")) == (command == "close")


def test_failure_11_a_moderator_and_the_clock_in_the_same_second_end_one_phase_once(
    fake: FakeDiscord, clock: Clock, bot: WholeBot, week: Week
) -> None:
    for title in (KID_A, BLUE):
        nominate(fake.person(title[:3]), card(fake, "NOMINATIONS"), title)
    mo = fake.person("Mo", "Moderator")
    preview = mo.slash("club close")
    clock.now = week.nominations_close_at
    pressing = fake.begin(mo.press, preview, "Confirm")
    advance_due_weeks(clock.now)
    answer = pressing.result(20)
    bot.settle()
    week.refresh_from_db()
    assert week.phase == Phase.POLL, "the poll must not be closed together with the nominations"
    assert "Not done" in answer.text or "not" in answer.text.lower()
    assert len(fake.threads("POLL")) == 1
    assert not fake.threads("WINNER")


# --- 13: members who go, and others who are none ----------------------------------------------------------------------
def test_failure_13_who_leaves_after_nominating_voting_and_winning_stays_in_the_clubs_memory(
    fake: FakeDiscord, clock: Clock, bot: WholeBot, week: Week
) -> None:
    ana, ben, cai = (fake.person(name) for name in ("Ana", "Ben", "Cai"))
    nominate(ana, card(fake, "NOMINATIONS"), KID_A)
    nominate(ben, card(fake, "NOMINATIONS"), BLUE)
    fake.hands.leave(ana)
    ends(week, clock, bot)
    vote(cai, card(fake, "POLL"), KID_A)
    fake.hands.leave(cai)
    week = ends(week, clock, bot)
    assert week.winner
    assert week.winner.album.title == "Kid A"
    assert "Ana" in card(fake, "WINNER").text
    ends(week, clock, bot)
    rate(ben, card(fake, "RATINGS"), 4.0)
    ends(week, clock, bot)
    assert disagreements(fake, clock.now) == []
    assert User.objects.filter(display_name="Cai").exists()


def test_failure_13_a_new_name_is_followed_and_mentions_only_who_was_asked_for(
    fake: FakeDiscord, bot: WholeBot, week: Week
) -> None:
    ana = fake.person("Ana")
    nominate(ana, card(fake, "NOMINATIONS"), KID_A)
    fake.hands.rename_person(ana, "Ana @everyone", nick=None)
    ana.slash("me")
    nominate(ana, card(fake, "NOMINATIONS"), KID_A)
    bot.settle()
    thread = fake.thread("NOMINATIONS")
    assert any("Ana" in row.text and "everyone" in row.text for row in fake.messages(thread, by_bot=True))
    assert not [row for row in fake.messages(thread) if row.pinged or row.pinged_everyone]
    assert LinkedAccount.objects.filter(provider_user_id=str(ana.id)).count() == 1


def test_failure_13_other_bots_are_no_members(fake: FakeDiscord, bot: WholeBot, week: Week) -> None:
    beep = fake.person("Beep", is_bot=True)
    assert "no members of the club" in beep.press(card(fake, "NOMINATIONS"), "Nominate", force=True).text
    assert not User.objects.filter(display_name="Beep").exists()


def test_failure_13_a_suspended_member_reads_why_and_loses_no_word(
    fake: FakeDiscord, clock: Clock, bot: WholeBot, week: Week
) -> None:
    from social.moderation import suspend

    ana = fake.person("Ana")
    form = ana.press(card(fake, "NOMINATIONS"), "Nominate")
    ana.slash("me")
    nominate(ana, card(fake, "NOMINATIONS"), BLUE)
    member = User.objects.get(linked_accounts__provider_user_id=str(ana.id))
    moderator = User.objects.create_superuser("mod", "x")
    suspend(member=member, moderator=moderator, reason="Rude.", now=clock.now)
    answer = ana.submit(form, {"Album": RED, "Why": "Starless"})
    assert "suspended" in answer.text
    assert "Starless" in answer.text
    assert not Nomination.objects.filter(album__title="Red").exists()


# --- 14: changed after ballots were cast ------------------------------------------------------------------------------
def test_failure_14_withdrawn_after_votes_frees_them_and_says_so(
    fake: FakeDiscord, clock: Clock, bot: WholeBot, week: Week
) -> None:
    ana, ben, cai = (fake.person(name) for name in ("Ana", "Ben", "Cai"))
    for who, title in ((ana, KID_A), (ben, BLUE), (cai, RED)):
        nominate(who, card(fake, "NOMINATIONS"), title)
    ends(week, clock, bot)
    vote(cai, card(fake, "POLL"), KID_A, BLUE)
    moderator = User.objects.create_superuser("mod", "x")
    from club.nominating import withdraw

    withdraw(
        nomination=Nomination.objects.get(album__title="Kid A"), by=moderator, now=clock.now, reason="Not an album."
    )
    bot.settle()
    assert any("was withdrawn" in row.text for row in fake.messages(fake.thread("- POLL")))
    assert "Kid A" not in card(fake, "POLL").text
    form = cai.press(card(fake, "POLL"), "Vote").form
    assert form
    assert form.field("First").prefilled == []
    week = ends(week, clock, bot)
    assert titles(week) == ["Blue", "Red"]
    assert disagreements(fake, clock.now) == []


def test_failure_14_edited_and_merged_albums_keep_their_votes(
    fake: FakeDiscord, clock: Clock, bot: WholeBot, week: Week
) -> None:
    ana, ben, cai = (fake.person(name) for name in ("Ana", "Ben", "Cai"))
    nominate(ana, card(fake, "NOMINATIONS"), KID_A, Why="First words.")
    nominate(ben, card(fake, "NOMINATIONS"), BLUE)
    ends(week, clock, bot)
    vote(cai, card(fake, "POLL"), KID_A)
    again = Album.objects.get(title="Kid A")
    right = AlbumFactory(title="Kid A (the record)", artist=again.artist, release_year=2001)
    moderator = User.objects.create_superuser("mod", "x")
    merge_albums(keep=right, drop=again, moderator=moderator, reason="The same.", now=clock.now)
    bot.settle()
    week = ends(week, clock, bot)
    assert week.winner
    assert week.winner.album == right
    assert poll_result(week).entries[0].points == 2
    assert "(2001)" in fake.thread("- WINNER").name
    assert disagreements(fake, clock.now) == []
