"""What should stand in Discord, phase by phase: a pure function of the club and the clock."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from club.models.week import Phase
from discordbot.desired import plan
from discordbot.facts import ClubState
from discordbot.posts import DesiredEvent, DesiredMessage, DesiredThread, Plan, content_hash
from discordbot.tests.club_states import (
    DISCUSSION,
    DURING,
    IN_ORDER,
    a_member,
    a_nominee,
    a_state,
    a_week,
)
from discordbot.tests.plans import EXPECTED, HOUR, keys, message, stood, the_buttons, threads


@pytest.mark.parametrize("phase", list(EXPECTED))
def test_each_phase_has_its_threads_cards_and_announcements(phase: Phase) -> None:
    assert keys(plan(a_state(a_week(phase)), DURING[phase])) == EXPECTED[phase]


def test_what_came_to_stand_goes_on_standing() -> None:
    for earlier, later in pairwise(IN_ORDER):
        before = plan(a_state(a_week(earlier)), DURING[earlier])
        after = plan(a_state(a_week(later, posts=stood(before))), DURING[later])
        assert set(keys(before, lasting=True)) <= set(keys(after, lasting=True))
        assert [key for key in keys(after, lasting=True) if key in keys(before)] == keys(before, lasting=True)


@given(
    phase=st.sampled_from(list(Phase)),
    n=st.integers(min_value=0, max_value=30),
    hours=st.integers(min_value=-30, max_value=600),
    quiet=st.sets(st.integers(min_value=0, max_value=9)),
)
def test_the_same_club_at_the_same_time_is_the_same_plan(phase: Phase, n: int, hours: int, quiet: set[int]) -> None:
    def made() -> Plan:
        members = tuple(a_member(each, wants_reminders=each not in quiet) for each in range(10))
        week = a_week(phase, n_nominees=n, regulars=frozenset(range(10)))
        return plan(a_state(week, members=members), week.opens_at + hours * HOUR)

    one, two = made(), made()
    assert one == two
    assert [content_hash(post) for post in one.posts] == [content_hash(post) for post in two.posts]
    assert len({(post.week, post.kind, post.key) for post in one.posts}) == len(one.posts)
    places = {post.key for post in one.posts if isinstance(post, DesiredThread)}
    assert all(post.place in places for post in one.posts if isinstance(post, DesiredMessage))


def test_time_alone_changes_nothing_that_lasts() -> None:
    for phase in IN_ORDER:
        state = a_state(a_week(phase))
        made = plan(state, DURING[phase])
        state = a_state(a_week(phase, posts=stood(made, made_at=DURING[phase])))
        first, later = plan(state, DURING[phase]), plan(state, DURING[phase] + 30 * timedelta(minutes=1))
        assert first.posts == later.posts


@pytest.mark.parametrize(
    ("phase", "open_places"),
    [
        (Phase.NOMINATIONS, {"nominations"}),
        (Phase.POLL, {"poll"}),
        (Phase.LISTENING, {"winner"}),
        (Phase.DISCUSSION, {"winner", "ratings"}),
        (Phase.CLOSED, {"winner"}),
    ],
)
def test_a_thread_is_locked_when_its_phase_is_over_but_talking_may_go_on(phase: Phase, open_places: set[str]) -> None:
    made = threads(plan(a_state(a_week(phase)), DURING[phase]))
    assert {key for key, thread in made.items() if not thread.is_locked} == open_places


@pytest.mark.parametrize(
    ("phase", "place", "pressed"),
    [
        (Phase.NOMINATIONS, "nominations", [("nominate", True)]),
        (Phase.POLL, "nominations", [("nominate", False)]),
        (Phase.POLL, "poll", [("vote", True)]),
        (Phase.LISTENING, "poll", [("vote", False)]),
        (Phase.DISCUSSION, "ratings", [("rate", True)]),
        (Phase.CLOSED, "ratings", [("rate", False)]),
    ],
)
def test_the_pinned_card_carries_the_phases_button(phase: Phase, place: str, pressed: list[tuple[str, bool]]) -> None:
    card = message(plan(a_state(a_week(phase)), DURING[phase]), "card", place)
    assert card.is_pinned
    assert the_buttons(card) == pressed
    link = card.payload["components"][0]["components"][-1]
    assert link["url"] == "https://club.example/weeks/3/"


def test_every_thread_has_exactly_one_pinned_message() -> None:
    made = plan(a_state(a_week(Phase.CLOSED)), DURING[Phase.CLOSED])
    pinned = [post.place for post in made.posts if isinstance(post, DesiredMessage) and post.is_pinned]
    assert sorted(pinned) == sorted(threads(made))


def test_threads_are_named_after_week_phase_and_album() -> None:
    made = threads(plan(a_state(a_week(Phase.CLOSED)), DURING[Phase.CLOSED]))
    assert [thread.name for thread in made.values()] == [
        "WEEK 003 [2025-11-24] - NOMINATIONS",
        "WEEK 003 [2025-11-24] - POLL",
        "WEEK 003 [2025-11-24] - WINNER - Album 1 — Artist 1 (1961)",
        "WEEK 003 [2025-11-24] - RATINGS - Album 1 — Artist 1 (1961)",
    ]


def test_cards_lead_to_the_threads_that_follow() -> None:
    first = plan(a_state(a_week(Phase.LISTENING)), DURING[Phase.LISTENING])
    state = a_state(a_week(Phase.LISTENING, posts=stood(first, made_at=DURING[Phase.LISTENING])))
    week = state.weeks[0]
    made = plan(state, DURING[Phase.LISTENING])
    said = message(made, "card", "nominations").payload["embeds"][0]["description"]
    assert f"<#{week.thread_of('poll')}>" in said
    assert f"<#{week.thread_of('winner')}>" in said


def test_a_lone_nomination_has_no_poll() -> None:
    made = plan(a_state(a_week(Phase.LISTENING, n_nominees=1)), DURING[Phase.LISTENING])
    assert list(threads(made)) == ["nominations", "winner"]
    assert ("result", "poll") not in keys(made)


def test_nobody_voted_is_said_without_a_chart() -> None:
    week = a_week(Phase.LISTENING)
    assert week.result
    entries = tuple(replace(entry, points=0, firsts=0, seconds=0) for entry in week.result.entries)
    empty = replace(week.result, entries=entries, voters=0, tie_break="Nobody voted, so the earliest nomination won.")
    post = message(plan(a_state(replace(week, result=empty)), DURING[Phase.LISTENING]), "result", "poll")
    assert post.pictures == ()
    assert "Nobody voted" in post.payload["content"]
    assert "image" not in post.payload["embeds"][0]


# --- The event ------------------------------------------------------------------------------------------------------
def event_of(state: ClubState, now: datetime) -> DesiredEvent | None:
    return next((post for post in plan(state, now).posts if isinstance(post, DesiredEvent)), None)


def test_the_discussion_is_an_event_in_the_voice_channel() -> None:
    event = event_of(a_state(a_week(Phase.LISTENING)), DURING[Phase.LISTENING])
    assert event
    assert event.name == "WEEK 003: Album 1 — Artist 1 (1961)"
    assert (event.starts_at, event.ends_at) == (DISCUSSION, DISCUSSION + 2 * HOUR)
    assert (event.voice_channel, event.location) == (555, "")
    assert event.description.endswith("\nhttps://club.example/weeks/3/")


def test_without_a_voice_channel_the_event_is_at_the_weeks_page() -> None:
    event = event_of(a_state(a_week(Phase.LISTENING), voice_channel=None), DURING[Phase.LISTENING])
    assert event
    assert (event.voice_channel, event.location) == (None, "https://club.example/weeks/3/")


def test_an_event_that_has_begun_is_not_made() -> None:
    assert event_of(a_state(a_week(Phase.LISTENING)), DISCUSSION) is None


# --- Several weeks --------------------------------------------------------------------------------------------------
def test_overlapping_weeks_stand_side_by_side_the_older_first() -> None:
    newer = replace(a_week(Phase.NOMINATIONS, n_nominees=1), number=4, label="WEEK 004 [2025-12-01]")
    made = plan(a_state(newer, a_week(Phase.LISTENING)), DURING[Phase.LISTENING])
    assert [post.week for post in made.posts] == sorted(post.week or 0 for post in made.posts)
    assert {post.week for post in made.posts} == {3, 4}


def test_a_nominator_who_hides_their_name_is_a_member() -> None:
    week = a_week(nominees=(a_nominee(1, nominator="", pitch="", pitch_track_url=""),))
    card = message(plan(a_state(week), DURING[Phase.NOMINATIONS]), "nomination", "1")
    assert "nominated by a member" in card.payload["content"]
    assert card.payload["embeds"][0]["footer"]["text"] == "Nominated by a member"


def test_the_typed_form_is_pinned_only_where_messages_are_read() -> None:
    state = a_state(a_week())
    assert "```" not in str(message(plan(state, DURING[Phase.NOMINATIONS]), "card", "nominations").payload)
    reading = a_state(a_week(), reads_messages=True)
    said = message(plan(reading, DURING[Phase.NOMINATIONS]), "card", "nominations").payload["embeds"][0]["description"]
    assert "album_name — artist_name (year)\nWhy?: ...\nPitch track (choose one): ..." in said
