"""What moderators do in Discord: shown first, confirmed once, logged under their name, one winner of two."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from django.db import connection

from club.errors import ClubRuleBroken
from club.lifecycle import advance_due_weeks, extend_phase
from club.models import Nomination, Phase, Week
from club.tests.factories import NominationFactory, WeekFactory
from club.undoing import undoable
from discordbot.members import Person
from discordbot.models import PendingAct
from discordbot.moderating.confirming import ask, cancel, confirm
from discordbot.moderating.people import Asker
from discordbot.moderating.verbs import VERBS
from discordbot.tests.asking import ANYBODY, DAY, MINUTE, deed, pending
from social.models import ModerationAction, User


# --- Shown, then done -----------------------------------------------------------------------------------------------
def test_closing_a_poll_says_who_would_win_and_changes_nothing(asker: Asker, poll: Week, during: datetime) -> None:
    preview = ask(asker, deed("close", poll), now=during)
    assert "nothing has happened yet" in preview.content
    assert "Closing **the poll** of **WEEK 001** now." in preview.content
    assert "3 members have voted." in preview.content
    assert "The winner is **Kid A**" in preview.content
    poll.refresh_from_db()
    assert (poll.phase, poll.winner) == (Phase.POLL, None)
    assert not ModerationAction.objects.exists()
    assert poll.history.count() == 1


def test_confirming_does_what_was_shown_and_logs_who_and_why(
    asker: Asker, mod: User, poll: Week, during: datetime
) -> None:
    preview = ask(asker, deed("close", poll, "Everybody has voted."), now=during)
    assert "Everybody has voted." in preview.content
    done = confirm(asker, pending(preview), now=during + MINUTE)
    assert "Done" in done.content
    assert not done.rows
    poll.refresh_from_db()
    assert poll.phase == Phase.LISTENING
    assert poll.winner is not None
    act = ModerationAction.objects.get()
    assert (act.verb, act.moderator, act.reason) == ("close_phase", mod, "Everybody has voted.")


def test_pressing_confirm_twice_does_it_once_and_answers_twice(asker: Asker, poll: Week, during: datetime) -> None:
    number = pending(ask(asker, deed("close", poll), now=during))
    first = confirm(asker, number, now=during)
    again = confirm(asker, number, now=during + MINUTE)
    assert first == again
    assert Week.objects.get().phase == Phase.LISTENING
    assert ModerationAction.objects.count() == 1


def test_a_cancelled_preview_can_no_longer_be_confirmed(asker: Asker, poll: Week, during: datetime) -> None:
    number = pending(ask(asker, deed("close", poll), now=during))
    assert "Nothing was changed" in cancel(asker, number, now=during).content
    assert "Nothing was changed" in confirm(asker, number, now=during).content
    assert Week.objects.get().phase == Phase.POLL


def test_a_preview_is_good_for_an_hour(asker: Asker, poll: Week, during: datetime) -> None:
    number = pending(ask(asker, deed("close", poll), now=during))
    assert "more than an hour" in confirm(asker, number, now=during + timedelta(minutes=61)).content
    assert Week.objects.get().phase == Phase.POLL


def test_a_preview_belongs_to_who_asked_for_it(asker: Asker, manager: Asker, poll: Week, during: datetime) -> None:
    number = pending(ask(asker, deed("close", poll), now=during))
    assert "not yours" in confirm(manager, number, now=during).content
    assert "not yours" in cancel(manager, number, now=during).content
    assert Week.objects.get().phase == Phase.POLL
    assert "not yours" in confirm(asker, number + 1, now=during).content


def test_what_would_be_refused_is_refused_before_anything_is_shown(asker: Asker, monday: datetime) -> None:
    empty = WeekFactory(phase=Phase.NOMINATIONS)
    with pytest.raises(ClubRuleBroken, match="Nobody has nominated"):
        ask(asker, deed("close", empty), now=monday + DAY)
    assert not PendingAct.objects.exists()


def test_what_becomes_refused_meanwhile_says_why_and_takes_the_buttons_away(asker: Asker, monday: datetime) -> None:
    week = WeekFactory(phase=Phase.NOMINATIONS)
    only = NominationFactory(week=week)
    number = pending(ask(asker, deed("close", week), now=monday + DAY))
    Nomination.objects.filter(pk=only.pk).update(withdrawn_at=monday + DAY)
    refused = confirm(asker, number, now=monday + DAY)
    assert "Nobody has nominated" in refused.content
    assert not refused.rows
    assert confirm(asker, number, now=monday + DAY) == refused


def test_old_previews_are_forgotten(asker: Asker, poll: Week, during: datetime) -> None:
    ask(asker, deed("close", poll), now=during)
    ask(asker, deed("extend", poll, days=1), now=during - timedelta(hours=23))
    assert PendingAct.objects.count() == 2
    poll.poll_close_at += 30 * DAY
    poll.discussion_at += 30 * DAY
    poll.ratings_close_at += 30 * DAY
    poll.save()
    ask(asker, deed("close", poll), now=during + 8 * DAY)
    assert PendingAct.objects.count() == 1


# --- Who may --------------------------------------------------------------------------------------------------------
def test_manage_server_is_enough_and_the_log_names_who_it_was(manager: Asker, poll: Week, during: datetime) -> None:
    confirm(manager, pending(ask(manager, deed("close", poll, "Time."), now=during)), now=during)
    act = ModerationAction.objects.get()
    assert act.moderator is not None
    assert (act.moderator.handle, str(act.moderator)) == ("mona", "Mona Manager")
    assert act.reason == "Time. (with Manage Server in Discord)"


def test_manage_server_puts_nobody_into_the_group_and_opens_no_admin(
    manager: Asker, poll: Week, during: datetime
) -> None:
    confirm(manager, pending(ask(manager, deed("close", poll), now=during)), now=during)
    mona = User.objects.get(handle="mona")
    assert not mona.is_moderator
    assert not mona.is_staff
    assert not mona.acts_as_moderator


@pytest.mark.parametrize("verb", list(VERBS))
def test_anybody_else_is_refused_each_verb_and_not_even_made_a_member(poll: Week, during: datetime, verb: str) -> None:
    with pytest.raises(ClubRuleBroken) as refusal:
        ask(Asker(Person(ANYBODY, "Anybody")), deed(verb, poll), now=during)
    assert refusal.value.code == "not_a_moderator"
    assert not User.objects.filter(display_name="Anybody").exists()


def test_who_lost_the_right_between_preview_and_press_is_refused(manager: Asker, poll: Week, during: datetime) -> None:
    number = pending(ask(manager, deed("close", poll), now=during))
    answer = confirm(Asker(manager.person, manages_server=False), number, now=during)
    assert "Only moderators may do this" in answer.content
    assert Week.objects.get().phase == Phase.POLL


def test_a_suspended_manager_is_refused(manager: Asker, poll: Week, during: datetime) -> None:
    ask(manager, deed("close", poll), now=during)
    User.objects.filter(handle="mona").update(suspended_at=during)
    with pytest.raises(ClubRuleBroken) as refusal:
        ask(manager, deed("close", poll), now=during + MINUTE)
    assert refusal.value.code == "suspended"


# --- Two at once ----------------------------------------------------------------------------------------------------
def test_of_two_who_close_one_wins_and_the_other_is_told_who(
    asker: Asker, manager: Asker, poll: Week, during: datetime
) -> None:
    mine, theirs = (pending(ask(each, deed("close", poll), now=during)) for each in (asker, manager))
    confirm(manager, theirs, now=during + MINUTE)
    told = confirm(asker, mine, now=during + 2 * MINUTE)
    assert "Already done by Mona Manager" in told.content
    assert ModerationAction.objects.count() == 1
    assert Week.objects.get().phase == Phase.LISTENING


def test_of_two_who_extend_only_one_does(asker: Asker, manager: Asker, poll: Week, during: datetime) -> None:
    mine, theirs = (pending(ask(each, deed("extend", poll, days=1), now=during)) for each in (asker, manager))
    confirm(manager, theirs, now=during)
    assert "Already done by Mona Manager" in confirm(asker, mine, now=during).content
    assert Week.objects.get().poll_close_at == poll.poll_close_at + DAY


def test_something_else_done_meanwhile_is_named(asker: Asker, manager: Asker, poll: Week, during: datetime) -> None:
    number = pending(ask(asker, deed("close", poll), now=during))
    confirm(manager, pending(ask(manager, deed("extend", poll, days=1), now=during)), now=during)
    told = confirm(asker, number, now=during).content
    assert "Meanwhile Mona Manager did something else" in told
    assert "extended a phase of WEEK 001" in told
    assert Week.objects.get().phase == Phase.POLL


def test_the_clock_that_was_faster_is_no_moderator(asker: Asker, poll: Week) -> None:
    just_before = poll.poll_close_at - timedelta(seconds=1)
    number = pending(ask(asker, deed("close", poll), now=just_before))
    advance_due_weeks(poll.poll_close_at)
    told = confirm(asker, number, now=poll.poll_close_at).content
    assert "WEEK 001 has moved on by itself" in told
    assert "Listening" in told
    assert not ModerationAction.objects.exists()
    assert Week.objects.get().phase == Phase.LISTENING


def test_a_late_job_does_not_let_a_second_phase_be_closed(asker: Asker, poll: Week) -> None:
    number = pending(ask(asker, deed("close", poll), now=poll.poll_close_at - timedelta(seconds=1)))
    told = confirm(asker, number, now=poll.poll_close_at).content  # nobody advanced the weeks yet
    assert "moved on by itself" in told
    assert Week.objects.get().phase == Phase.LISTENING


def test_of_two_who_open_one_week_comes_to_be(asker: Asker, manager: Asker, monday: datetime) -> None:
    mine, theirs = (pending(ask(each, deed("open", number=1), now=monday)) for each in (asker, manager))
    confirm(manager, theirs, now=monday)
    assert "Already done by Mona Manager" in confirm(asker, mine, now=monday).content
    assert Week.objects.count() == 1


def test_of_two_who_undo_one_act_is_taken_back(
    asker: Asker, manager: Asker, mod: User, poll: Week, during: datetime
) -> None:
    for _ in range(2):
        extend_phase(week=Week.objects.get(), delta=DAY, by=mod, now=during)
    last = undoable().first()
    assert last is not None
    mine, theirs = (pending(ask(each, deed("undo", act=last.pk), now=during)) for each in (asker, manager))
    confirm(manager, theirs, now=during)
    assert "Already done by Mona Manager" in confirm(asker, mine, now=during).content
    assert Week.objects.get().poll_close_at == poll.poll_close_at + DAY


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_two_processes_that_confirm_at_the_same_moment_one_acts(
    asker: Asker, manager: Asker, poll: Week, during: datetime
) -> None:
    """On PostgreSQL, where two really run at once: the bot and, say, a second bot that has not noticed yet."""
    for round_ in range(5):
        before = Week.objects.get().poll_close_at
        numbers = [pending(ask(each, deed("extend", poll, days=1), now=during)) for each in (asker, manager)]
        ready = threading.Barrier(2)

        def press(each: Asker, number: int, ready: threading.Barrier = ready) -> str:
            try:
                ready.wait()
                return confirm(each, number, now=during).content
            finally:
                connection.close()

        with ThreadPoolExecutor(2) as pool:
            said = list(pool.map(press, (asker, manager), numbers))
        assert sorted("Already done by" in words for words in said) == [False, True], round_
        assert Week.objects.get().poll_close_at == before + DAY
