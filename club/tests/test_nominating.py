"""Nominating an album, changing its text, taking it back."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from catalog.tests.factories import AlbumFactory
from club.errors import ClubRuleBroken
from club.lifecycle import advance_due_weeks, open_week
from club.models import ClubSettings, Nomination, Phase, Vote, Week
from club.moderating import undo
from club.nominating import edit_nomination, nominate, tidy_decade, withdraw
from club.revision import current
from club.tests.factories import WeekFactory
from club.voting import ballot_of, cast_ballot, freed_choices
from sidetrack import slots
from social.models import ModerationAction, User
from social.visibility import Visibility

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


@pytest.fixture
def week(monday: datetime) -> Week:
    return open_week(now=monday)[0]


def refused(code: str) -> pytest.RaisesExc[ClubRuleBroken]:
    return pytest.RaisesExc(ClubRuleBroken, check=lambda error: error.code == code)


def test_nominating_again_is_the_same_nomination(week: Week, rin: User, monday: datetime) -> None:
    album = AlbumFactory(release_year=1997)
    first = nominate(member=rin, week=week, album=album, pitch="Loud.", genre="Rock", now=monday)
    before = current()
    again = nominate(member=rin, week=week, album=album, now=monday + SECOND)
    assert (first.created, again.created, first.nomination) == (True, False, again.nomination)
    assert current() == before
    changed = nominate(member=rin, week=week, album=album, pitch="Quiet.", now=monday + SECOND).nomination
    assert (changed.pitch, changed.genre, changed.decade, changed.created_at) == ("Quiet.", "Rock", "1990s", monday)
    assert [line.history_user for line in changed.history.all()] == [rin, rin]


def test_a_merged_album_means_the_one_that_was_kept(week: Week, rin: User, monday: datetime) -> None:
    kept = AlbumFactory()
    assert nominate(member=rin, week=week, album=AlbumFactory(merged_into=kept), now=monday).nomination.album == kept


def test_one_nomination_a_member_unless_the_club_allows_more(week: Week, rin: User, monday: datetime) -> None:
    first, second, third = AlbumFactory(title="Blue"), AlbumFactory(), AlbumFactory()
    nominate(member=rin, week=week, album=first, now=monday)
    with pytest.raises(ClubRuleBroken, match="You have nominated “Blue” in WEEK 001 already") as error:
        nominate(member=rin, week=week, album=second, now=monday)
    assert error.value.code == "nomination_limit"
    ClubSettings.objects.update(nominations_per_member=2)
    assert nominate(member=rin, week=week, album=second, now=monday).created
    with refused("nomination_limit"):
        nominate(member=rin, week=week, album=third, now=monday)


def test_somebody_elses_album_is_refused_with_who_has_it(week: Week, rin: User, sol: User, monday: datetime) -> None:
    album = AlbumFactory(title="Blue")
    nominate(member=rin, week=week, album=album, now=monday)
    with pytest.raises(ClubRuleBroken, match="“Blue” is nominated already, by Rin"):
        nominate(member=sol, week=week, album=album, now=monday)
    User.objects.filter(pk=rin.pk).update(club_visibility=Visibility.ME)
    with pytest.raises(ClubRuleBroken, match="by another member"):
        nominate(member=sol, week=week, album=album, now=monday)


def test_a_past_winner_only_warns(week: Week, rin: User, monday: datetime) -> None:
    old = WeekFactory(phase=Phase.CLOSED, winner__album=AlbumFactory(title="Blue"))
    result = nominate(member=rin, week=week, album=old.winner.album, now=monday)
    assert (result.created, result.warnings) == (True, ["“Blue” has won before, in WEEK 002 [2025-11-24]."])


def test_nominations_are_open_to_the_second(week: Week, rin: User, sol: User, stranger: User, monday: datetime) -> None:
    close = week.nominations_close_at
    for member in (rin, sol):
        assert nominate(member=member, week=week, album=AlbumFactory(), now=close - SECOND).created
    for late in (close, close + SECOND):
        with pytest.raises(ClubRuleBroken, match="Nominations for WEEK 001 closed on Thursday 20:00") as error:
            nominate(member=stranger, week=week, album=AlbumFactory(), now=late)
        assert error.value.code == "wrong_phase"


def test_before_the_opening_the_refusal_says_when(rin: User, monday: datetime) -> None:
    week, _ = open_week(now=monday, deadlines={"opens_at": monday + timedelta(days=14)})
    with pytest.raises(ClubRuleBroken, match="open on Monday 24 November 2025, 09:00"):
        nominate(member=rin, week=week, album=AlbumFactory(), now=monday)
    Week.objects.update(phase=Phase.CANCELLED)
    with pytest.raises(ClubRuleBroken, match="WEEK 001 was cancelled"):
        nominate(member=rin, week=week, album=AlbumFactory(), now=monday)


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("pitch", "x" * 2001),
        ("pitch_track_url", "javascript:alert(1)"),
        ("decade", "long ago"),
        ("genre", "x" * 81),
    ],
)
def test_texts_that_cannot_be_meant_are_refused(week: Week, rin: User, field: str, text: str, monday: datetime) -> None:
    with refused("bad_value"):
        nominate(member=rin, week=week, album=AlbumFactory(), now=monday, **{field: text})
    assert not Nomination.objects.exists()


@pytest.mark.parametrize(
    ("written", "meant"),
    [("90s", "1990s"), ("1994", "1990s"), ("1990's", "1990s"), ("’60s", "1960s"), ("00s", "2000s"), ("2010s", "2010s")],
)
def test_decades_are_written_in_one_way(written: str, meant: str) -> None:
    assert tidy_decade(written) == meant


def test_suspended_members_do_nothing(week: Week, rin: User, monday: datetime) -> None:
    nomination = nominate(member=rin, week=week, album=AlbumFactory(), now=monday).nomination
    rin.suspended_at, rin.suspended_until = monday, monday + timedelta(days=1)
    with pytest.raises(ClubRuleBroken, match="You are suspended until Tuesday 09:00"):
        nominate(member=rin, week=week, album=AlbumFactory(), now=monday)
    with refused("suspended"):
        withdraw(nomination=nomination, by=rin, now=monday)
    with refused("suspended"):
        edit_nomination(nomination=nomination, by=rin, now=monday, pitch="x")
    assert not withdraw(nomination=nomination, by=rin, now=monday + timedelta(days=1)).freed_voter_ids


def test_withdrawing_makes_room_for_another(week: Week, rin: User, sol: User, monday: datetime) -> None:
    album = AlbumFactory()
    nomination = nominate(member=rin, week=week, album=album, now=monday).nomination
    with refused("not_your_own"):
        withdraw(nomination=nomination, by=sol, now=monday)
    withdraw(nomination=nomination, by=rin, now=monday)
    before = current()
    withdraw(nomination=nomination, by=rin, now=monday)
    assert current() == before
    assert nominate(member=sol, week=week, album=album, now=monday).created
    assert nominate(member=rin, week=week, album=AlbumFactory(), now=monday).created
    assert not ModerationAction.objects.exists(), "members' own doings are not moderation"


def test_during_the_poll_a_moderator_withdraws_and_frees_the_votes(
    week: Week, rin: User, sol: User, mod: User, stranger: User, monday: datetime,
    django_capture_on_commit_callbacks: object, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    told: list[tuple[Nomination, tuple[int, ...]]] = []
    monkeypatch.setitem(slots._fillers, "club:votes_freed", [])
    slots.register("club:votes_freed", lambda nomination, voters: told.append((nomination, voters)), name="test")
    mine, other = (nominate(member=m, week=week, album=AlbumFactory(), now=monday).nomination for m in (rin, sol))
    now = week.nominations_close_at
    advance_due_weeks(now)
    cast_ballot(voter=stranger, week=week, first=mine, second=other, now=now)
    cast_ballot(voter=mod, week=week, first=other, second=None, now=now)
    with pytest.raises(ClubRuleBroken, match="ask a moderator to withdraw it"):
        withdraw(nomination=mine, by=rin, now=now)

    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        withdrawal = withdraw(nomination=mine, by=mod, now=now, reason="not an album")

    assert withdrawal.freed_voter_ids == (stranger.pk,)
    assert told == [(mine, (stranger.pk,))]
    assert (ballot_of(voter=stranger, week=week).first, ballot_of(voter=stranger, week=week).second) == (None, other)
    assert freed_choices(voter=stranger, week=week) == [mine]
    assert freed_choices(voter=mod, week=week) == []

    undo(by=mod, now=now)
    assert ballot_of(voter=stranger, week=week).first == mine
    assert freed_choices(voter=stranger, week=week) == []


def test_an_undone_withdrawal_does_not_overwrite_a_new_choice(
    week: Week, rin: User, sol: User, mod: User, stranger: User, monday: datetime
) -> None:
    mine, other = (nominate(member=m, week=week, album=AlbumFactory(), now=monday).nomination for m in (rin, sol))
    now = week.nominations_close_at
    advance_due_weeks(now)
    cast_ballot(voter=stranger, week=week, first=mine, second=None, now=now)
    withdraw(nomination=mine, by=mod, now=now)
    cast_ballot(voter=stranger, week=week, first=other, second=None, now=now)
    undo(by=mod, now=now)
    assert ballot_of(voter=stranger, week=week).first == other
    assert Vote.objects.count() == 1


def test_after_the_poll_nothing_is_withdrawn(rin: User, mod: User, monday: datetime) -> None:
    week = WeekFactory(phase=Phase.LISTENING)
    with pytest.raises(ClubRuleBroken, match="override its winner instead"):
        withdraw(nomination=week.winner, by=mod, now=monday)


def test_editing_ones_own_text_until_the_poll_closes(
    week: Week, rin: User, sol: User, mod: User, monday: datetime
) -> None:
    mine = nominate(member=rin, week=week, album=AlbumFactory(), pitch="Loud.", genre="Rock", now=monday).nomination
    nominate(member=sol, week=week, album=AlbumFactory(), now=monday)
    assert edit_nomination(nomination=mine, by=rin, now=monday, pitch="", decade="70s").decade == "1970s"
    with refused("not_a_moderator"):
        edit_nomination(nomination=mine, by=sol, now=monday, pitch="Mine now.")
    with pytest.raises(TypeError, match="album"):
        edit_nomination(nomination=mine, by=rin, now=monday, album="x")
    late = week.poll_close_at + timedelta(days=2)
    with pytest.raises(ClubRuleBroken, match="ask a moderator to change the text"):
        edit_nomination(nomination=mine, by=rin, now=late, pitch="Too late.")
    assert edit_nomination(nomination=mine, by=mod, now=late, genre="Jazz").genre == "Jazz"
    act = ModerationAction.objects.get()
    assert (act.verb, act.before, act.after) == ("edit_nomination", {"genre": "Rock"}, {"genre": "Jazz"})
    undo(by=mod, now=late)
    mine.refresh_from_db()
    assert mine.genre == "Rock"
