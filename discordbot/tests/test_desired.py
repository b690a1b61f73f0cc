"""What should stand in Discord, phase by phase: a pure function of the club and the clock."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from club.models.week import Phase
from discordbot.desired import plan
from discordbot.facts import Act, ClubState, Standing, WeekFacts, Withdrawn
from discordbot.posts import DesiredEvent, DesiredMessage, DesiredThread, Plan, content_hash
from discordbot.routes import decode
from discordbot.tests.club_states import (
    DISCUSSION,
    DURING,
    IN_ORDER,
    NOMINATIONS_CLOSE,
    POLL_CLOSES,
    RATINGS_CLOSE,
    a_member,
    a_nominee,
    a_state,
    a_week,
)

HOUR = timedelta(hours=1)


def keys(made: Plan, *, lasting: bool = False) -> list[tuple[str, str]]:
    """Kind and key of each post in order; lasting: without what is said once, and the event, which passes."""
    return [
        (post.kind, post.key)
        for post in made.posts
        if not lasting or not (isinstance(post, DesiredEvent) or (isinstance(post, DesiredMessage) and post.is_once))
    ]


def threads(made: Plan) -> dict[str, DesiredThread]:
    return {post.key: post for post in made.posts if isinstance(post, DesiredThread)}


def message(made: Plan, kind: str, key: str) -> DesiredMessage:
    found = [post for post in made.posts if isinstance(post, DesiredMessage) and (post.kind, post.key) == (kind, key)]
    assert len(found) == 1, keys(made)
    return found[0]


def once(made: Plan) -> list[DesiredMessage]:
    return [post for post in made.posts if isinstance(post, DesiredMessage) and post.is_once]


def the_buttons(message: DesiredMessage) -> list[tuple[str, bool]]:
    """Verb and whether it can be pressed."""
    parts = [part for row in message.payload["components"] for part in row["components"] if "custom_id" in part]
    routes = [(decode(part["custom_id"]), part["disabled"]) for part in parts]
    assert all(route and route.week == 3 for route, _ in routes)
    return [(route.verb, not disabled) for route, disabled in routes if route]


def stood(made: Plan, **facts: Any) -> tuple[Standing, ...]:
    """What the bot remembers after it has carried the plan out."""
    return tuple(
        Standing(post.kind, post.key, message=number, thread=7000 + number if post.kind == "thread" else None, **facts)
        for number, post in enumerate(made.posts, 1)
    )


EXPECTED = {
    Phase.SCHEDULED: [],
    Phase.NOMINATIONS: [
        ("thread", "nominations"), ("card", "nominations"), ("nomination", "1"), ("nomination", "2"),
        ("nomination", "3"),
    ],
}  # fmt: skip
EXPECTED[Phase.POLL] = [*EXPECTED[Phase.NOMINATIONS], ("thread", "poll"), ("card", "poll")]
EXPECTED[Phase.LISTENING] = [
    *EXPECTED[Phase.POLL], ("result", "poll"), ("thread", "winner"), ("winner", "announcement"), ("event", "discussion")
]  # fmt: skip
EXPECTED[Phase.DISCUSSION] = [*EXPECTED[Phase.LISTENING][:-1], ("thread", "ratings"), ("card", "ratings")]
EXPECTED[Phase.CLOSED] = [*EXPECTED[Phase.DISCUSSION], ("summary", "ratings")]


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


# --- Going back, and giving up --------------------------------------------------------------------------------------
def reopened(phase: Phase, was: Phase) -> Plan:
    """The week went back from `was`, where everything stood."""
    before = plan(a_state(a_week(was)), DURING[was])
    return plan(a_state(a_week(phase, posts=stood(before))), DURING[phase])


def test_a_reopened_poll_takes_back_the_result_and_keeps_the_thread() -> None:
    made = reopened(Phase.POLL, Phase.LISTENING)
    assert ("thread", "winner") in keys(made)
    assert threads(made)["winner"].is_locked
    assert threads(made)["winner"].name == "WEEK 003 [2025-11-24] - WINNER"
    assert "The poll was reopened" in message(made, "winner", "announcement").payload["content"]
    assert message(made, "winner", "announcement").pictures == ()
    assert set(made.gone) == {(3, "result", "poll"), (3, "event", "discussion")}
    assert not threads(made)["poll"].is_locked
    assert the_buttons(message(made, "card", "poll")) == [("vote", True)]


def test_ratings_reopened_take_back_the_summary() -> None:
    made = reopened(Phase.DISCUSSION, Phase.CLOSED)
    assert made.gone == ((3, "summary", "ratings"),)
    assert not threads(made)["ratings"].is_locked


def test_ratings_put_off_wait() -> None:
    made = reopened(Phase.LISTENING, Phase.DISCUSSION)
    assert threads(made)["ratings"].is_locked
    assert the_buttons(message(made, "card", "ratings")) == [("rate", False)]
    assert "open <t:" in message(made, "card", "ratings").payload["content"]


def test_nominations_reopened_let_the_poll_wait() -> None:
    made = reopened(Phase.NOMINATIONS, Phase.POLL)
    assert threads(made)["poll"].is_locked
    assert the_buttons(message(made, "card", "poll")) == [("vote", False)]


def test_a_withdrawn_nomination_is_taken_away_once() -> None:
    gone = Withdrawn(9, "Album 9", POLL_CLOSES)
    state = a_state(a_week(Phase.POLL, withdrawn=(gone,), posts=(Standing("nomination", "9"),)))
    made = plan(state, DURING[Phase.POLL])
    assert made.gone == ((3, "nomination", "9"),)
    assert ("nomination", "9") not in keys(made)
    taken = (Standing("nomination", "9", is_gone=True),)
    assert plan(a_state(a_week(Phase.POLL, withdrawn=(gone,), posts=taken)), DURING[Phase.POLL]).gone == ()


def test_voters_of_a_withdrawn_album_hear_of_it_but_nobody_else_learns_who_they_are() -> None:
    friend = a_member(4, wants_direct_messages=True)
    gone = Withdrawn(9, "Album 9", POLL_CLOSES, had_votes=True, freed=(friend,))
    state = a_state(a_week(Phase.POLL, withdrawn=(gone,)), members=(friend, a_member(5)))
    made = plan(state, DURING[Phase.POLL])
    notice = message(made, "notice", "withdrawn-9")
    assert notice.place == "poll"
    assert notice.mentions == ()
    assert "“Album 9” was withdrawn" in notice.payload["content"]
    assert the_buttons(notice) == [("vote", True)]
    [direct] = made.direct
    assert direct.recipient == friend.snowflake
    assert direct.key.startswith("withdrawn-9-")
    assert str(friend.snowflake) not in direct.key, "the log names keys"
    assert not once(plan(state, POLL_CLOSES))


def test_a_withdrawal_before_the_poll_is_no_news() -> None:
    gone = Withdrawn(9, "Album 9", DURING[Phase.NOMINATIONS])
    assert not once(plan(a_state(a_week(Phase.POLL, withdrawn=(gone,))), DURING[Phase.POLL]))


def test_a_withdrawal_from_the_poll_reads_the_same_whether_the_album_had_votes_or_not() -> None:
    """Else the notice itself would tell how the poll stands."""
    told = []
    for had_votes in (True, False):
        gone = Withdrawn(9, "Album 9", DURING[Phase.POLL], had_votes=had_votes)
        made = plan(a_state(a_week(Phase.POLL, withdrawn=(gone,))), DURING[Phase.POLL])
        told.append(message(made, "notice", "withdrawn-9").payload)
    assert told[0] == told[1]


def test_a_week_cancelled_for_want_of_nominations_says_so() -> None:
    end = NOMINATIONS_CLOSE + timedelta(days=1)
    week = a_week(Phase.CANCELLED, n_nominees=0, nominations_extended_at=NOMINATIONS_CLOSE, nominations_close_at=end)
    made = plan(a_state(week), end)
    assert list(threads(made)) == ["nominations"]
    assert threads(made)["nominations"].is_locked
    (notice,) = once(made)
    assert "nobody nominated an album" in notice.payload["content"]
    assert the_buttons(message(made, "card", "nominations")) == [("nominate", False)]
    assert not once(plan(a_state(week), end + timedelta(days=3)))


def test_a_week_skipped_before_it_opened_passes_in_silence() -> None:
    act = Act(1, "skip_week", DURING[Phase.SCHEDULED])
    week = a_week(Phase.CANCELLED, n_nominees=0, acts=(act,))
    assert plan(a_state(week), DURING[Phase.POLL]).posts == ()


def test_a_week_skipped_during_the_poll_says_so_there() -> None:
    before = plan(a_state(a_week(Phase.POLL)), DURING[Phase.POLL])
    act = Act(1, "skip_week", DURING[Phase.POLL])
    week = a_week(Phase.CANCELLED, acts=(act,), posts=stood(before))
    made = plan(a_state(week), DURING[Phase.POLL] + HOUR)
    (notice,) = once(made)
    assert notice.place == "poll"
    assert "cancelled by a moderator" in notice.payload["content"]
    assert all(thread.is_locked for thread in threads(made).values())


# --- What is said once ----------------------------------------------------------------------------------------------
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
