"""Who wins a poll: properties of the tally, and each way to break a tie worked by hand."""

from __future__ import annotations

import random
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from club.scoring import BallotLine, Nominee, PollResult, counted, tally, turnout

T0 = datetime(2025, 11, 10, tzinfo=UTC)


def nominees(n: int) -> list[Nominee]:
    return [Nominee(pk, f"Album {pk}", T0 + timedelta(minutes=pk)) for pk in range(1, n + 1)]


def ballot(voter_id: int, first: int | None = None, second: int | None = None) -> list[BallotLine]:
    return [BallotLine(voter_id, rank, pk) for rank, pk in ((1, first), (2, second)) if pk]


def result(n: int, *ballots: list[BallotLine]) -> PollResult:
    return tally([line for lines in ballots for line in lines], nominees(n))


lines = st.lists(st.builds(BallotLine, st.integers(1, 30), st.sampled_from([1, 2]), st.integers(1, 65)), max_size=120)
fields = st.sampled_from([0, 1, 2, 7, 60])


@given(lines, fields, st.randoms())
def test_any_order_of_ballots_and_nominees_gives_the_same_result(
    cast: list[BallotLine], n: int, shuffler: random.Random
) -> None:
    field = nominees(n)
    straight = tally(cast, field)
    shuffled, mixed = cast[:], field[:]
    shuffler.shuffle(shuffled)
    shuffler.shuffle(mixed)
    assert tally(shuffled, mixed) == straight


@given(lines, fields)
def test_the_points_add_up(cast: list[BallotLine], n: int) -> None:
    poll = tally(cast, nominees(n))
    kept = counted(cast, range(1, n + 1))
    assert poll.total_points == sum(2 if line.rank == 1 else 1 for line in kept)
    assert all(entry.points == 2 * entry.firsts + entry.seconds for entry in poll.entries)
    assert [entry.place for entry in poll.entries] == list(range(1, n + 1))
    assert [entry.points for entry in poll.entries] == sorted((entry.points for entry in poll.entries), reverse=True)
    assert poll.winner_id == (poll.entries[0].nomination_id if n else None)
    assert len(poll.tie_break) <= 300


@given(lines, fields)
def test_nobody_counts_twice(cast: list[BallotLine], n: int) -> None:
    kept = counted(cast, range(1, n + 1))
    assert max(Counter((line.voter_id, line.rank) for line in kept).values(), default=1) == 1
    assert max(Counter((line.voter_id, line.nomination_id) for line in kept).values(), default=1) == 1
    assert tally(cast + cast, nominees(n)) == tally(cast, nominees(n))
    assert tally(cast, nominees(n)).voters <= 30


@given(lines, st.sampled_from([1, 2, 7, 60]))
def test_one_more_first_choice_never_hurts(cast: list[BallotLine], n: int) -> None:
    before = tally(cast, nominees(n))
    assert before.winner_id is not None
    assert tally([*cast, BallotLine(99, 1, before.winner_id)], nominees(n)).winner_id == before.winner_id


def test_without_nominees_nobody_wins() -> None:
    poll = result(0, ballot(1, 5))
    assert (poll.entries, poll.winner_id, poll.tie_break, poll.voters, poll.margin) == ((), None, "", 0, None)


def test_a_lone_second_choice_counts_one() -> None:
    poll = result(2, ballot(1, None, 2))
    assert [(entry.nomination_id, entry.points, entry.seconds) for entry in poll.entries] == [(2, 1, 1), (1, 0, 0)]
    assert (poll.voters, poll.margin) == (1, 1)


def test_more_first_choices_break_a_tie() -> None:
    poll = result(3, ballot(1, 2, 1), ballot(2, 3, 1))
    assert poll.entries[0].points == poll.entries[1].points == poll.entries[2].points == 2
    assert poll.winner_id == 2
    assert poll.tie_break == (
        "“Album 2”, “Album 3” and “Album 1” all had 2 points; "
        "“Album 2” was nominated first of the 2 with the most first choices."
    )
    poll = result(2, ballot(1, 2, None), ballot(2, None, 1), ballot(3, None, 1))
    assert (
        poll.tie_break == "“Album 2” and “Album 1” both had 2 points; “Album 2” won with more first choices (1 to 0)."
    )


def test_the_earlier_nomination_breaks_the_last_tie() -> None:
    poll = result(2, ballot(1, 2), ballot(2, 1))
    assert poll.winner_id == 1
    assert (
        poll.tie_break == "“Album 1” and “Album 2” both had 2 points and 1 first choice; “Album 1” was nominated first."
    )


def test_when_all_sixty_tie_the_sentence_stays_short() -> None:
    poll = result(60, *(ballot(pk, pk) for pk in range(1, 61)))
    assert poll.winner_id == 1
    assert poll.tie_break == "60 albums had 2 points and 1 first choice; “Album 1” was nominated first."
    long = [Nominee(pk, "x" * 500, T0 + timedelta(minutes=pk)) for pk in (1, 2, 3)]
    firsts = [line for pk in (1, 2, 3) for line in ballot(pk, pk)]
    assert len(tally(firsts, long).tie_break) <= 300
    uneven = [line for lines in (ballot(1, 1, 3), ballot(2, 2, 3)) for line in lines]
    assert len(tally(uneven, long).tie_break) <= 300


def test_nobody_voted_and_one_nominee() -> None:
    assert result(3).tie_break == "Nobody voted, so the earliest nomination, “Album 1”, won."
    assert (result(1).winner_id, result(1).tie_break, result(1).margin) == (1, "", None)
    assert result(2).margin is None


def test_a_rank_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(ValueError, match="rank 3"):
        tally([BallotLine(1, 3, 1)], nominees(2))


def test_points_of_a_poll_held_elsewhere_count() -> None:
    poll = tally([BallotLine(1, 1, 1)], [Nominee(1, "A", T0), Nominee(2, "B", T0, 9, 4, 1)], voters_elsewhere=5)
    assert [(entry.nomination_id, entry.points, entry.firsts) for entry in poll.entries] == [(2, 9, 4), (1, 2, 1)]
    assert poll.voters == 6


def test_turnout_is_a_share() -> None:
    assert (turnout(3, 4), turnout(5, 4), turnout(0, 4), turnout(0, 0)) == (0.75, 1.0, 0.0, None)
