"""What is said once and not again: more days, moved deadlines, reminders; and what comes late."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from club.models.week import Phase
from discordbot.desired import plan
from discordbot.facts import Act, Standing, WeekFacts
from discordbot.tests.club_states import (
    DURING,
    POLL_CLOSES,
    RATINGS_CLOSE,
    a_member,
    a_state,
    a_week,
)
from discordbot.tests.plans import EXPECTED, HOUR, keys, message, once, the_buttons


@pytest.mark.parametrize(
    ("phase", "field", "mark", "words", "key"),
    [
        (
            Phase.NOMINATIONS,
            "nominations_close_at",
            "nominations_extended_at",
            "Nobody has nominated",
            "day-nominations",
        ),
        (Phase.POLL, "poll_close_at", "poll_extended_at", "Nobody has voted", "day-poll"),
    ],
)
def test_one_more_day_is_said_in_words(phase: Phase, field: str, mark: str, words: str, key: str) -> None:
    old: datetime = getattr(a_week(phase), field)
    facts: dict[str, Any] = {field: old + 24 * HOUR, mark: old, "regulars": frozenset({1, 2})}
    week = a_week(phase, n_nominees=0 if phase == Phase.NOMINATIONS else 3, **facts)
    state = a_state(week, members=(a_member(1), a_member(2, wants_reminders=False)))
    made = plan(state, old)
    notice = message(made, "notice", key)
    assert words in notice.payload["content"]
    assert "one more day" in notice.payload["content"]
    assert notice.mentions == (a_member(1).snowflake,)
    assert once(made) == [notice]
    assert not once(plan(state, old + 24 * HOUR))
    card = message(made, "card", "nominations" if phase == Phase.NOMINATIONS else "poll")
    assert "one more day" in card.payload["embeds"][0]["description"]


def moved_by_hand(week: WeekFacts, verb: str = "extend_phase") -> WeekFacts:
    after = {"phase": week.phase.value, "poll_close_at": week.poll_close_at.isoformat()}
    before = {"phase": week.phase.value, "poll_close_at": (week.poll_close_at - HOUR).isoformat()}
    if verb == "reopen_phase":
        before["phase"] = "listening"
    act = Act(8, verb, DURING[Phase.POLL], tuple(before.items()), tuple(after.items()))
    return replace(week, acts=(act,))


def test_a_moved_deadline_is_told_once_and_the_card_shows_it() -> None:
    week = moved_by_hand(a_week(Phase.POLL))
    notice = message(plan(a_state(week), DURING[Phase.POLL] + HOUR), "notice", "act-8")
    assert "The poll now closes <t:" in notice.payload["content"]
    assert notice.mentions == ()
    again = moved_by_hand(a_week(Phase.POLL), "reopen_phase")
    told = message(plan(a_state(again), DURING[Phase.POLL] + HOUR), "notice", "act-8")
    assert "The poll is open again" in told.payload["content"]


def test_a_move_that_no_longer_holds_or_is_old_is_not_told() -> None:
    week = moved_by_hand(a_week(Phase.POLL))
    assert not once(plan(a_state(week), DURING[Phase.POLL] + 13 * HOUR))
    assert not once(plan(a_state(replace(week, poll_close_at=POLL_CLOSES + HOUR)), DURING[Phase.POLL] + HOUR))


def test_a_stale_reminder_is_never_wanted() -> None:
    state = a_state(a_week(Phase.POLL, regulars=frozenset({1})), members=(a_member(1),))
    assert [post.kind for post in once(plan(state, POLL_CLOSES - HOUR))] == ["reminder"]
    over = a_state(a_week(Phase.LISTENING, regulars=frozenset({1})), members=(a_member(1),))
    assert not once(plan(over, POLL_CLOSES - HOUR))
    assert not once(plan(state, POLL_CLOSES))


def test_a_reminder_stands_in_its_thread_with_the_button() -> None:
    state = a_state(a_week(Phase.POLL, regulars=frozenset({1, 2})), members=(a_member(1), a_member(2)))
    (reminder,) = once(plan(state, POLL_CLOSES - 2 * HOUR))
    assert reminder.place == "poll"
    assert reminder.mentions == (a_member(1).snowflake, a_member(2).snowflake)
    assert reminder.payload["content"].startswith(f"<@{10**17 + 1}> <@{10**17 + 2}>\n")
    assert "you have not voted yet" in reminder.payload["content"]
    assert the_buttons(reminder) == [("vote", True)]
    assert reminder.until == POLL_CLOSES


# --- Late -----------------------------------------------------------------------------------------------------------
def test_an_announcement_long_after_its_time_says_so_and_goes_on_saying_so() -> None:
    state = a_state(a_week(Phase.LISTENING))
    now = POLL_CLOSES + 5 * HOUR
    late = message(plan(state, now), "winner", "announcement")
    assert "This announcement comes late" in late.payload["embeds"][0]["description"]
    after = a_state(a_week(Phase.LISTENING, posts=(Standing("winner", "announcement", made_at=now),)))
    assert message(plan(after, now + 48 * HOUR), "winner", "announcement").payload == late.payload


def test_an_announcement_in_time_never_becomes_late() -> None:
    state = a_state(a_week(Phase.LISTENING, posts=(Standing("winner", "announcement", made_at=POLL_CLOSES),)))
    said = message(plan(state, POLL_CLOSES + 100 * HOUR), "winner", "announcement").payload
    assert "late" not in said["embeds"][0].get("description", "")


def test_two_deadlines_slept_through_come_in_order_and_late() -> None:
    made = plan(a_state(a_week(Phase.CLOSED)), RATINGS_CLOSE + 30 * HOUR)
    assert keys(made) == EXPECTED[Phase.CLOSED]
    assert "comes late" in message(made, "result", "poll").payload["embeds"][0]["description"]
    assert "comes late" in message(made, "summary", "ratings").payload["embeds"][0]["description"]
    assert not once(made)
