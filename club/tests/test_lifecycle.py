"""From phase to phase: by the clock, by hand, with second chances, after days of silence."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from catalog.tests.factories import AlbumFactory
from club.current import week_for
from club.errors import ClubRuleBroken
from club.lifecycle import (
    advance_due_weeks,
    change_deadlines,
    close_phase_now,
    extend_phase,
    move_to,
    open_week,
    reopen_phase,
    skip_week,
)
from club.models import ClubSettings, Nomination, Phase, Week
from club.nominating import nominate
from club.revision import current
from club.tests.factories import NominationFactory, RatingFactory, WeekFactory
from club.voting import cast_ballot
from social.models import ModerationAction, User

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def week(monday: datetime) -> Week:
    return open_week(now=monday)[0]


@pytest.fixture
def picks(week: Week, rin: User, sol: User, monday: datetime) -> list[Nomination]:
    return [nominate(member=member, week=week, album=AlbumFactory(), now=monday).nomination for member in (rin, sol)]


def fresh(week: Week) -> Week:
    return Week.objects.get(pk=week.pk)


def refused(code: str) -> pytest.RaisesExc[ClubRuleBroken]:
    return pytest.RaisesExc(ClubRuleBroken, check=lambda error: error.code == code)


# --- Opening --------------------------------------------------------------------------------------------------------
def test_opening_twice_is_opening_once(monday: datetime) -> None:
    given = {"opens_at": monday, "poll_close_at": monday + 6 * DAY}
    first, is_new = open_week(now=monday, number=7, theme="Debuts", deadlines=given)
    again, is_new_again = open_week(now=monday + DAY, number=7, theme=" Debuts ", deadlines=given)
    assert (is_new, is_new_again, first.pk) == (True, False, again.pk)
    with pytest.raises(ClubRuleBroken, match="There is another WEEK 007 already"):
        open_week(now=monday, number=7, theme="Finales")
    with refused("week_exists"):
        open_week(now=monday, number=7, theme="Debuts", deadlines={"poll_close_at": monday + 5 * DAY})
    assert open_week(now=monday)[0].number == 8, "without a number the next one is taken"


def test_a_week_with_a_later_opening_is_scheduled(monday: datetime) -> None:
    week, _ = open_week(now=monday, deadlines={"opens_at": monday + DAY})
    assert week.phase == Phase.SCHEDULED
    assert advance_due_weeks(monday + DAY - timedelta(microseconds=1)) == 0
    assert advance_due_weeks(monday + DAY) == 1
    assert fresh(week).phase == Phase.NOMINATIONS


def test_deadlines_out_of_order_are_refused(monday: datetime) -> None:
    with refused("bad_deadlines"):
        open_week(now=monday, deadlines={"poll_close_at": monday + 1 * DAY})
    with refused("bad_deadlines"):
        open_week(now=monday, deadlines={"tea_at": monday})
    assert not Week.objects.exists()


def test_only_moderators_open_weeks(rin: User, mod: User, monday: datetime) -> None:
    with refused("not_a_moderator"):
        open_week(now=monday, by=rin)
    assert open_week(now=monday, by=mod)[0].history.get().history_user == mod


# --- By the clock ---------------------------------------------------------------------------------------------------
def test_without_nominations_there_is_one_more_day_and_then_none(week: Week) -> None:
    old = week.deadlines
    assert advance_due_weeks(old.nominations_close_at) == 1
    week = fresh(week)
    assert week.phase == Phase.NOMINATIONS
    assert [after - before for (_, after), (_, before) in zip(week.deadlines.items(), old.items(), strict=True)] == [
        timedelta(0), DAY, DAY, DAY, DAY,
    ]  # fmt: skip
    assert week.nominations_extended_at == old.nominations_close_at
    assert advance_due_weeks(old.nominations_close_at + DAY - timedelta(seconds=1)) == 0
    assert advance_due_weeks(old.nominations_close_at + DAY) == 1
    assert fresh(week).phase == Phase.CANCELLED


def test_a_nomination_on_the_extra_day_saves_the_week(week: Week, rin: User, sol: User) -> None:
    late = week.nominations_close_at + timedelta(seconds=1)
    for member in (rin, sol):  # nobody advanced the week: nominating itself passes the deadline
        nominate(member=member, week=week, album=AlbumFactory(), now=late)
    assert fresh(week).nominations_extended_at == week.nominations_close_at
    advance_due_weeks(late + DAY)
    assert fresh(week).phase == Phase.POLL


def test_a_single_nomination_wins_without_a_poll(week: Week, rin: User, monday: datetime) -> None:
    only = nominate(member=rin, week=week, album=AlbumFactory(), now=monday).nomination
    assert advance_due_weeks(week.nominations_close_at) == 1
    after = fresh(week)
    assert (after.phase, after.winner, after.tie_break) == (Phase.LISTENING, only, "")
    assert after.poll_close_at == week.nominations_close_at + timedelta(seconds=1)
    assert after.discussion_at == week.discussion_at


def test_without_ballots_there_is_one_more_day_and_then_the_earliest_wins(week: Week, picks: list[Nomination]) -> None:
    advance_due_weeks(week.nominations_close_at)
    assert advance_due_weeks(week.poll_close_at) == 1
    assert (fresh(week).phase, fresh(week).poll_extended_at) == (Phase.POLL, week.poll_close_at)
    assert fresh(week).ratings_close_at == week.ratings_close_at + DAY
    assert advance_due_weeks(week.poll_close_at + DAY) == 1
    assert (fresh(week).phase, fresh(week).winner) == (Phase.LISTENING, picks[0])
    assert fresh(week).tie_break.startswith("Nobody voted")
    assert fresh(week).poll_margin is None


def test_after_weeks_of_silence_one_call_ends_where_punctual_ones_would(
    week: Week, picks: list[Nomination], stranger: User, monday: datetime
) -> None:
    empty, _ = open_week(now=monday)
    cancelled_at = empty.nominations_close_at + DAY
    steps = advance_due_weeks(monday + 400 * DAY)
    outcome = Week.objects.order_by("number").values("phase", "winner", "poll_extended_at", "ratings_close_at")
    late = list(outcome)
    assert steps == 5 + 2, "poll, one more day, listening, discussion, closed; one more day, cancelled"
    assert [row["phase"] for row in late] == [Phase.CLOSED, Phase.CANCELLED]
    assert fresh(empty).nominations_close_at == cancelled_at

    Week.objects.filter(pk=week.pk).update(phase=Phase.NOMINATIONS, winner=None, **dict(week.deadlines.items()))
    Week.objects.update(nominations_extended_at=None, poll_extended_at=None)
    Week.objects.filter(pk=empty.pk).update(phase=Phase.NOMINATIONS, **dict(empty.deadlines.items()))
    for hour in range(0, 24 * 25, 4):
        advance_due_weeks(monday + timedelta(hours=hour))
    assert late == list(
        Week.objects.order_by("number").values("phase", "winner", "poll_extended_at", "ratings_close_at")
    )


def test_advancing_twice_changes_nothing_and_moves_the_revision_once(week: Week, picks: list[Nomination]) -> None:
    before = current()
    assert advance_due_weeks(week.nominations_close_at) == 1
    assert advance_due_weeks(week.nominations_close_at) == 0
    assert current() == before + 1
    assert [line.phase for line in week.history.all()] == [Phase.POLL, Phase.NOMINATIONS]


# --- Opening by itself ----------------------------------------------------------------------------------------------
def test_a_club_can_open_its_weeks_by_itself(monday: datetime) -> None:
    settings = ClubSettings.load()
    settings.auto_open, settings.timezone = True, "Europe/Berlin"
    settings.save()
    assert advance_due_weeks(monday - 3 * DAY) == 1
    planned = Week.objects.get()
    assert (planned.phase, planned.label) == (Phase.SCHEDULED, "WEEK 001 [2025-11-24]")
    assert f"{planned.opens_at:%a %H:%M}" == "Mon 08:00"
    assert advance_due_weeks(monday - 2 * DAY) == 0
    assert advance_due_weeks(planned.opens_at) == 1, "it opens; the next opening is this very moment"
    assert advance_due_weeks(planned.opens_at + timedelta(minutes=1)) == 1, "and the next week is planned"
    assert [week.phase for week in Week.objects.all()] == [Phase.SCHEDULED, Phase.NOMINATIONS]


def test_a_skipped_planned_week_is_not_planned_again(monday: datetime, mod: User) -> None:
    ClubSettings.load()
    ClubSettings.objects.update(auto_open=True)
    advance_due_weeks(monday + DAY)
    skip_week(week=Week.objects.get(), by=mod, now=monday + DAY, reason="holidays")
    assert advance_due_weeks(monday + 2 * DAY) == 0
    assert advance_due_weeks(monday + 8 * DAY) == 1
    assert Week.objects.count() == 2


# --- By hand --------------------------------------------------------------------------------------------------------
def test_closing_by_hand_sets_the_deadline_to_now(
    week: Week, picks: list[Nomination], mod: User, monday: datetime
) -> None:
    at = monday + DAY
    closed = close_phase_now(week=week, by=mod, now=at, reason="all are here")
    assert (closed.phase, closed.nominations_close_at, closed.poll_close_at) == (Phase.POLL, at, week.poll_close_at)
    act = ModerationAction.objects.get()
    assert (act.moderator, act.verb, act.label, act.reason) == (mod, "close_phase", "WEEK 001", "all are here")
    assert (act.before["phase"], act.after["phase"]) == ("nominations", "poll")


def test_a_whole_week_can_be_closed_within_one_instant(week: Week, picks: list[Nomination], monday: datetime) -> None:
    for phase in (Phase.POLL, Phase.LISTENING, Phase.DISCUSSION, Phase.CLOSED):
        assert move_to(week=week, phase=phase, by=None, now=monday).phase == phase
    assert fresh(week).deadlines.in_order()
    assert fresh(week).winner == picks[0]


def test_closing_nominations_by_hand_with_one_or_none(week: Week, rin: User, mod: User, monday: datetime) -> None:
    with pytest.raises(ClubRuleBroken, match="Nobody has nominated in WEEK 001 yet"):
        close_phase_now(week=week, by=mod, now=monday)
    nominate(member=rin, week=week, album=AlbumFactory(), now=monday)
    closed = move_to(week=week, phase=Phase.POLL, by=mod, now=monday + DAY)
    assert closed.phase == Phase.LISTENING
    assert closed.poll_close_at == monday + DAY + timedelta(seconds=1)


def test_the_same_phase_again_changes_nothing(week: Week, mod: User, monday: datetime) -> None:
    before = current()
    assert move_to(week=week, phase=Phase.NOMINATIONS, by=mod, now=monday).pk == week.pk
    assert (current(), ModerationAction.objects.count()) == (before, 0)


@pytest.mark.parametrize("phase", [Phase.SCHEDULED, Phase.LISTENING, Phase.DISCUSSION, Phase.CLOSED])
def test_skipping_a_phase_or_going_back_is_refused(
    week: Week, picks: list[Nomination], phase: str, monday: datetime
) -> None:
    with pytest.raises(ClubRuleBroken, match="WEEK 001 is in “Nominations”: what follows is poll"):
        move_to(week=week, phase=phase, by=None, now=monday)


def test_an_unknown_phase_is_refused(week: Week, monday: datetime) -> None:
    with refused("bad_value"):
        move_to(week=week, phase="lunch", by=None, now=monday)


def test_extending_moves_all_later_deadlines(week: Week, picks: list[Nomination], mod: User, monday: datetime) -> None:
    longer = extend_phase(week=week, delta=timedelta(days=1, hours=6), by=mod, now=monday)
    assert longer.opens_at == week.opens_at
    for name in ("nominations_close_at", "poll_close_at", "discussion_at", "ratings_close_at"):
        assert getattr(longer, name) - getattr(week, name) == timedelta(days=1, hours=6)
    with refused("bad_value"):
        extend_phase(week=week, delta=-DAY, by=mod, now=monday)


def test_extending_by_a_day_over_a_clock_change_keeps_the_hour(monday: datetime) -> None:
    settings = ClubSettings.load()
    settings.timezone = "Europe/Berlin"
    settings.save()
    opens_at = datetime.fromisoformat("2025-10-20T09:00+02:00")  # discussed on 3 November, after the change
    week, _ = open_week(now=opens_at)
    longer = extend_phase(week=week, delta=4 * DAY, by=None, now=opens_at)
    assert longer.nominations_close_at == datetime.fromisoformat("2025-10-27T20:00+01:00")
    assert longer.discussion_at == datetime.fromisoformat("2025-11-07T20:00+01:00")


def test_deadlines_ahead_can_be_changed(week: Week, picks: list[Nomination], mod: User, monday: datetime) -> None:
    advance_due_weeks(week.nominations_close_at)
    now = week.nominations_close_at
    later = week.discussion_at + DAY
    changed = change_deadlines(week=week, by=mod, now=now, discussion_at=later, opens_at=week.opens_at)
    assert (changed.discussion_at, changed.poll_close_at) == (later, week.poll_close_at)
    before = current()
    change_deadlines(week=week, by=mod, now=now, discussion_at=later)
    assert current() == before, "the same again changes nothing"
    for bad in (
        {"nominations_close_at": now + DAY},  # has passed
        {"poll_close_at": now - DAY},  # lies behind
        {"poll_close_at": later + DAY},  # out of order
        {"tea_at": later},
    ):
        with refused("bad_deadlines"):
            change_deadlines(week=week, by=mod, now=now, **bad)


def test_reopening_a_poll_forgets_the_winner_and_decides_anew(
    week: Week, picks: list[Nomination], stranger: User, mod: User
) -> None:
    advance_due_weeks(week.nominations_close_at)
    cast_ballot(voter=stranger, week=week, first=picks[1], second=None, now=week.nominations_close_at)
    advance_due_weeks(week.poll_close_at)
    now = week.poll_close_at + timedelta(hours=1)
    again = reopen_phase(week=fresh(week), by=mod, now=now)
    assert (again.phase, again.winner, again.poll_close_at) == (Phase.POLL, None, now + DAY)
    assert again.discussion_at == week.discussion_at, "still after the poll: it stays"
    cast_ballot(voter=stranger, week=week, first=picks[0], second=None, now=now)
    advance_due_weeks(now + DAY)
    assert fresh(week).winner == picks[0]


def test_reopening_until_after_the_next_deadline_moves_it(week: Week, picks: list[Nomination], mod: User) -> None:
    advance_due_weeks(week.nominations_close_at)
    until = week.poll_close_at + DAY
    again = reopen_phase(week=fresh(week), by=mod, now=week.nominations_close_at, until=until)
    assert (again.phase, again.nominations_close_at) == (Phase.NOMINATIONS, until)
    assert again.poll_close_at == until + (week.poll_close_at - week.nominations_close_at)


def test_what_can_be_reopened(week: Week, rin: User, mod: User, monday: datetime) -> None:
    def reopen(day: int) -> Week:
        now = monday + day * DAY
        return reopen_phase(week=fresh(week), by=mod, now=now, until=now + 7 * DAY)

    with refused("wrong_phase"):
        reopen(0)
    skip_week(week=week, by=mod, now=monday, reason="")
    assert reopen(0).phase == Phase.NOMINATIONS
    nominate(member=rin, week=week, album=AlbumFactory(), now=monday)
    close_phase_now(week=fresh(week), by=mod, now=monday + DAY)
    assert reopen(1).phase == Phase.NOMINATIONS, "there was no poll"
    for day, phase in ((2, Phase.LISTENING), (3, Phase.DISCUSSION), (4, Phase.CLOSED)):
        assert close_phase_now(week=fresh(week), by=mod, now=monday + day * DAY).phase == phase
    assert reopen(5).ratings_close_at == monday + 12 * DAY
    RatingFactory(week=fresh(week))
    assert reopen(5).phase == Phase.LISTENING
    with pytest.raises(ClubRuleBroken, match="has ratings already"):
        reopen(5)


def test_what_ended_meanwhile_is_not_ended_again(week: Week, picks: list[Nomination], mod: User) -> None:
    late = week.poll_close_at + timedelta(seconds=1)
    advance_due_weeks(week.nominations_close_at)
    seen = fresh(week)
    cast_ballot(voter=mod, week=seen, first=picks[0], second=None, now=week.nominations_close_at)
    assert close_phase_now(week=seen, by=mod, now=late).phase == Phase.LISTENING, "the poll, not the listening"
    assert close_phase_now(week=seen, by=mod, now=late).phase == Phase.LISTENING
    assert not ModerationAction.objects.exists(), "the clock had closed it"
    with refused("moved_on"):
        extend_phase(week=seen, delta=DAY, by=mod, now=late)
    with refused("moved_on"):
        reopen_phase(week=seen, by=mod, now=late)
    seen = fresh(week)
    assert reopen_phase(week=seen, by=mod, now=late).phase == Phase.POLL
    assert reopen_phase(week=seen, by=mod, now=late).phase == Phase.POLL, "pressed twice"


def test_skipping_a_week(week: Week, picks: list[Nomination], mod: User, monday: datetime) -> None:
    assert move_to(week=week, phase="cancelled", by=mod, now=monday, reason="holidays").phase == Phase.CANCELLED
    before = current()
    skip_week(week=week, by=mod, now=monday, reason="again")
    assert current() == before
    with refused("wrong_phase"):
        skip_week(week=WeekFactory(phase=Phase.LISTENING), by=mod, now=monday, reason="")


@pytest.mark.parametrize(
    "act",
    [
        lambda **given: close_phase_now(**given),
        lambda **given: extend_phase(delta=DAY, **given),
        lambda **given: reopen_phase(**given),
        lambda **given: skip_week(reason="", **given),
        lambda **given: move_to(phase=Phase.POLL, **given),
        lambda **given: change_deadlines(**given),
    ],
)
def test_only_active_moderators_move_weeks(act: object, week: Week, rin: User, mod: User, monday: datetime) -> None:
    with refused("not_a_moderator"):
        act(week=week, by=rin, now=monday)  # type: ignore[operator]
    mod.suspended_at = monday
    mod.save()
    with refused("suspended"):
        act(week=week, by=mod, now=monday)  # type: ignore[operator]


# --- Which week is meant --------------------------------------------------------------------------------------------
def test_a_verb_means_the_newest_week_that_allows_it(monday: datetime) -> None:
    with pytest.raises(ClubRuleBroken, match="No week takes nominations right now"):
        week_for("nominate", now=monday)
    older, newer = WeekFactory(phase=Phase.POLL), WeekFactory(phase=Phase.POLL)
    rated = WeekFactory(phase=Phase.DISCUSSION)
    NominationFactory.create_batch(2, week=newer)
    assert week_for("vote", now=older.nominations_close_at) == newer
    assert week_for("rate", now=rated.discussion_at) == rated
    opening = WeekFactory(phase=Phase.SCHEDULED, opens_at=monday + 30 * DAY)
    assert week_for("nominate", now=opening.opens_at) == opening, "the job need not have run"


def test_a_phase_is_not_extended_beyond_the_calendar(monday: datetime) -> None:
    week = WeekFactory()
    with pytest.raises(ClubRuleBroken, match="366 days at most"):
        extend_phase(week=week, delta=timedelta.max, by=None, now=monday)
