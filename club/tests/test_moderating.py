"""Overriding a winner, hiding reviews, and taking the last moderator act back."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from catalog.tests.factories import AlbumFactory
from club.errors import ClubRuleBroken
from club.lifecycle import advance_due_weeks, change_deadlines, close_phase_now, extend_phase, open_week, skip_week
from club.models import Nomination, Phase, Rating, Vote, Week
from club.moderating import hide_rating, override_winner, undo, unhide_rating
from club.nominating import nominate, withdraw
from club.ratings import rate, rate_outside
from club.revision import current
from club.tests.factories import NominationFactory, RatingFactory, WeekFactory
from club.voting import cast_ballot
from social.models import ModerationAction, Report, User
from social.reports import report, resolve_report

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def week(rin: User, sol: User) -> Week:
    week = WeekFactory(phase=Phase.DISCUSSION, winner__user=rin, tie_break="It was close.")
    NominationFactory(week=week, user=sol)
    return week


@pytest.fixture
def other(week: Week, sol: User) -> Nomination:
    return week.nominations.get(user=sol)


@pytest.fixture
def now(week: Week) -> datetime:
    return week.discussion_at + timedelta(hours=1)


def refused(code: str) -> pytest.RaisesExc[ClubRuleBroken]:
    return pytest.RaisesExc(ClubRuleBroken, check=lambda error: error.code == code)


def everything(week: Week) -> dict[str, Any]:
    """The week and every rating, as a reader would find them."""
    ratings = Rating.objects.order_by("user__handle", "album_id", "half_stars").values(
        "week", "user", "album", "half_stars", "review", "created_at", "updated_at", "hidden_at"
    )
    fields = ("phase", "winner", "tie_break", "rating_count", "rating_mean", "rating_sd", "rating_histogram")
    return {"week": Week.objects.filter(pk=week.pk).values(*fields).get(), "ratings": list(ratings)}


# --- Another winner -------------------------------------------------------------------------------------------------
def test_overriding_starts_the_figures_anew_and_undoing_restores_all(
    week: Week, other: Nomination, rin: User, sol: User, stranger: User, mod: User, now: datetime
) -> None:
    old = week.winner
    rate(member=rin, week=week, half_stars=8, review="Mine.", now=now)
    rate(member=sol, week=week, half_stars=4, now=now)
    hidden, _ = rate(member=mod, week=week, half_stars=2, now=now)
    hide_rating(rating=hidden, by=mod, reason="spam", now=now)
    rate_outside(member=sol, album=old.album, half_stars=10, review="Years ago.", now=now - DAY)
    rate(member=stranger, week=week, half_stars=5, now=now)
    before = everything(week)

    after = override_winner(week=week, nomination=other, by=mod, reason="miscounted", now=now)

    assert (after.winner, after.tie_break) == (other, "A moderator chose this winner.")
    assert (after.rating_count, after.rating_mean) == (0, None)
    assert not Rating.objects.filter(week=week).exists()
    outside = Rating.objects.filter(week=None, album=old.album)
    assert {(rating.user, rating.half_stars) for rating in outside} == {(rin, 8), (sol, 10), (mod, 2), (stranger, 5)}
    assert outside.get(user=mod).hidden_at is not None

    rate(member=rin, week=week, half_stars=3, review="Not mine.", now=now)
    rate(member=sol, week=week, half_stars=6, now=now)
    assert Week.objects.get(pk=week.pk).rating_mean == 2.25

    undo(by=mod, now=now)

    restored = everything(week)
    for_the_other = [row for row in restored["ratings"] if row["album"] == other.album_id]
    assert [(row["week"], row["half_stars"]) for row in for_the_other] == [(None, 3), (None, 6)]
    restored["ratings"] = [row for row in restored["ratings"] if row["album"] != other.album_id]
    assert restored == before


def test_when_an_override_is_refused(week: Week, other: Nomination, rin: User, mod: User, now: datetime) -> None:
    open_poll = WeekFactory(phase=Phase.POLL)
    with refused("not_a_moderator"):
        override_winner(week=week, nomination=other, by=rin, reason="I like it", now=now)
    with refused("reason_needed"):
        override_winner(week=week, nomination=other, by=mod, reason=" ", now=now)
    with refused("not_nominated"):
        override_winner(week=week, nomination=NominationFactory(week=open_poll), by=mod, reason="x", now=now)
    with pytest.raises(ClubRuleBroken, match="The poll of WEEK 002 is not over"):
        override_winner(week=open_poll, nomination=other, by=mod, reason="x", now=open_poll.opens_at)
    before = current()
    override_winner(week=week, nomination=week.winner, by=mod, reason="the same", now=now)
    assert (current(), ModerationAction.objects.count()) == (before, 0)


def test_an_override_is_in_the_log_and_in_the_history(week: Week, other: Nomination, mod: User, now: datetime) -> None:
    old = week.winner
    override_winner(week=week, nomination=other, by=mod, reason="miscounted", now=now)
    act = ModerationAction.objects.get()
    assert (act.verb, act.label, act.reason) == ("override_winner", "WEEK 001", "miscounted")
    assert (act.before["winner"], act.after["winner"]) == (old.pk, other.pk)
    line = week.history.get(history_user=mod)
    assert (line.winner_id, line.history_date, line.history_change_reason) == (other.pk, now, "miscounted")


# --- Reviews --------------------------------------------------------------------------------------------------------
def test_a_hidden_rating_counts_nowhere_until_it_is_shown_again(
    week: Week, rin: User, sol: User, mod: User, now: datetime
) -> None:
    bad, _ = rate(member=rin, week=week, half_stars=2, review="Spam.", now=now)
    rate(member=sol, week=week, half_stars=8, now=now)
    with refused("not_a_moderator"):
        hide_rating(rating=bad, by=sol, reason="", now=now)
    hidden = hide_rating(rating=bad, by=mod, reason="spam", now=now)
    assert (hidden.hidden_by, hidden.hidden_reason, hidden.review) == (mod, "spam", "Spam.")
    assert Week.objects.get().rating_mean == 4.0
    before = current()
    hide_rating(rating=bad, by=mod, reason="again", now=now)
    assert current() == before
    rate(member=rin, week=week, half_stars=3, now=now)
    assert Week.objects.get().rating_mean == 4.0, "writing it anew does not show it"
    assert unhide_rating(rating=bad, by=mod, reason="appealed", now=now).hidden_at is None
    assert Week.objects.get().rating_mean == 2.75
    assert [act.verb for act in ModerationAction.objects.all()] == ["unhide_rating", "hide_rating"]
    undo(by=mod, now=now)
    assert Rating.objects.get(pk=bad.pk).hidden_reason == "spam"
    assert Week.objects.get().rating_mean == 4.0
    undo(by=mod, now=now)
    assert Week.objects.get().rating_mean == 2.75


def test_settling_a_report_hides_what_it_is_about(
    week: Week, other: Nomination, rin: User, mod: User, stranger: User, now: datetime
) -> None:
    bad, _ = rate(member=rin, week=week, half_stars=2, review="Spam.", now=now)
    Nomination.objects.filter(pk=other.pk).update(pitch="Spam too.")
    for obj in (bad, other):
        words: dict[str, Any] = {
            "address": week.get_absolute_url(),
            "quote": "Spam",
            "subject": obj.user,
            "reason": "spam",
        }
        filed, _ = report(reporter=stranger, obj=obj, now=now, **words)
        resolve_report(report=filed, moderator=mod, outcome=Report.Outcome.HIDDEN, reason="spam", now=now)
    bad.refresh_from_db()
    other.refresh_from_db()
    assert (bad.hidden_by, other.pitch) == (mod, "")


# --- Undoing --------------------------------------------------------------------------------------------------------
@pytest.fixture
def running(rin: User, sol: User, monday: datetime) -> Week:
    week, _ = open_week(now=monday)
    for member in (rin, sol):
        nominate(member=member, week=week, album=AlbumFactory(), now=monday)
    return week


@pytest.mark.parametrize(
    "act",
    [
        lambda **given: close_phase_now(**given),
        lambda **given: extend_phase(delta=DAY, **given),
        lambda **given: skip_week(reason="", **given),
        lambda **given: change_deadlines(discussion_at=given["now"] + 12 * DAY, **given),
    ],
)
def test_every_act_on_a_week_can_be_taken_back(act: Any, running: Week, mod: User, monday: datetime) -> None:
    before = Week.objects.filter(pk=running.pk).values().get()
    act(week=running, by=mod, now=monday + DAY)
    assert Week.objects.filter(pk=running.pk).values().get() != before
    done = ModerationAction.objects.get()
    undone = undo(by=mod, now=monday + DAY)
    assert Week.objects.filter(pk=running.pk).values().get() == before
    assert (undone.undoes, undone.verb, undone.before, undone.after) == (done, "undo", done.after, done.before)
    with pytest.raises(ClubRuleBroken, match="There is nothing to undo"):
        undo(by=mod, now=monday + DAY)


def test_undoing_goes_back_act_by_act(running: Week, mod: User, rin: User, monday: datetime) -> None:
    extend_phase(week=running, delta=DAY, by=mod, now=monday)
    close_phase_now(week=running, by=mod, now=monday + DAY)
    with refused("not_a_moderator"):
        undo(by=rin, now=monday + DAY)
    undo(by=mod, now=monday + DAY)
    undo(by=None, now=monday + DAY)
    after = Week.objects.get(pk=running.pk)
    assert (after.phase, after.deadlines) == (Phase.NOMINATIONS, running.deadlines)


def test_what_the_club_moved_past_is_not_undone(running: Week, mod: User, monday: datetime) -> None:
    close_phase_now(week=running, by=mod, now=monday + DAY)
    advance_due_weeks(running.poll_close_at)
    with pytest.raises(ClubRuleBroken, match="things have moved on since") as error:
        undo(by=mod, now=running.poll_close_at)
    assert error.value.code == "moved_on"
    assert not ModerationAction.objects.filter(verb="undo").exists()


def test_a_closed_poll_is_not_reopened_under_its_ratings(running: Week, mod: User, monday: datetime) -> None:
    for day in (1, 2, 3):
        close_phase_now(week=Week.objects.get(), by=mod, now=monday + day * DAY)
    RatingFactory(week=Week.objects.get())
    undo(by=mod, now=monday + 3 * DAY)  # the discussion: back to listening, the rating stays
    with refused("moved_on"):
        undo(by=mod, now=monday + 3 * DAY)
    assert Week.objects.get().phase == Phase.LISTENING


def test_a_withdrawal_is_not_undone_beside_a_newer_nomination_of_the_same_member(
    rin: User, mod: User, monday: datetime
) -> None:
    week = WeekFactory()
    first = nominate(member=rin, week=week, album=AlbumFactory(), now=monday).nomination
    withdraw(nomination=first, by=mod, now=monday, reason="A single.")
    second = nominate(member=rin, week=week, album=AlbumFactory(), now=monday).nomination
    with pytest.raises(ClubRuleBroken, match="no longer be undone"):
        undo(by=mod, now=monday)
    assert list(week.nominations.standing()) == [second]


def test_undoing_brings_back_nothing_of_a_member_who_left(rin: User, sol: User, mod: User, monday: datetime) -> None:
    week = WeekFactory(phase=Phase.POLL)
    nomination, now = NominationFactory(week=week), week.nominations_close_at + timedelta(hours=1)
    for voter in (rin, sol):
        cast_ballot(voter=voter, week=week, first=nomination, second=None, now=now)
    withdraw(nomination=nomination, by=mod, now=now, reason="A single.")
    rin.delete()
    undo(by=mod, now=now)
    assert [vote.user for vote in Vote.objects.filter(nomination=nomination)] == [sol]


def test_undoing_an_override_brings_back_no_rating_of_a_member_who_left(
    rin: User, sol: User, mod: User, monday: datetime
) -> None:
    week = WeekFactory(phase=Phase.DISCUSSION)
    other, now = NominationFactory(week=week), week.discussion_at + timedelta(hours=1)
    for member in (rin, sol):
        rate_outside(member=member, album=week.winner.album, half_stars=4, now=now)
        rate(member=member, week=week, half_stars=8, now=now)
    override_winner(week=week, nomination=other, by=mod, reason="A single.", now=now)
    Rating.objects.filter(user=rin).delete()
    rin.delete()
    undo(by=mod, now=now)
    assert [rating.user for rating in Rating.objects.filter(week=week)] == [sol]
