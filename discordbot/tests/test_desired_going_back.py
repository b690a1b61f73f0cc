"""What should stand when a week goes back a phase, loses a nomination, or is given up."""

from __future__ import annotations

from datetime import timedelta

from club.models.week import Phase
from discordbot.desired import plan
from discordbot.facts import Act, Standing, Withdrawn
from discordbot.posts import Plan
from discordbot.tests.club_states import (
    DURING,
    NOMINATIONS_CLOSE,
    POLL_CLOSES,
    a_member,
    a_state,
    a_week,
)
from discordbot.tests.plans import HOUR, keys, message, once, stood, the_buttons, threads


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
