"""History in and out as CSV: the same bytes again after a round trip, and nothing half-written after a fault."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from catalog.models import Album, Artist
from catalog.tests.factories import AlbumFactory
from club.lifecycle import advance_due_weeks, close_phase_now, open_week
from club.models import ClubSettings, Nomination, Phase, Rating, Vote, Week
from club.moderating import hide_rating, override_winner
from club.nominating import nominate, withdraw
from club.polls import poll_result
from club.ratings import rate, rate_outside
from club.revision import current
from club.spreadsheets.csv_rows import COLUMNS, cell_of, text
from club.spreadsheets.exporting import write
from club.spreadsheets.importing import import_rows
from club.voting import cast_ballot, cast_choice
from social.identity import link_identity
from social.models import LinkedAccount, User

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)
NASTY = "=HYPERLINK(\"http://x.example\")\n“quoted”, a;b 'c' \u2028 \r\n\ttab 🎷"


def exported() -> str:
    file = StringIO(newline="")
    write(file)
    return file.getvalue()


def brought_in(content: str, *, apply: bool = True) -> list[tuple[int, str]]:
    return import_rows(StringIO(content, newline=""), apply=apply, now=NOW).faults


def forget_everything() -> None:
    Rating.objects.all().delete()
    Vote.objects.all().delete()
    Week.objects.update(winner=None)
    Nomination.objects.all().delete()
    Week.objects.all().delete()
    Album.objects.all().delete()
    Artist.objects.all().delete()
    User.objects.all().delete()


@pytest.fixture
def history(rin: User, sol: User, stranger: User, mod: User, monday: datetime) -> None:
    """Three weeks with about everything that can happen in one."""
    link_identity(user=sol, provider="discord", provider_user_id="81234567890123456", now=monday)
    first, _ = open_week(now=monday, theme="'Tis =the season")
    albums = [AlbumFactory(artist__name=f"Artist, {n}", release_year=None if n == 2 else 1990 + n) for n in range(6)]
    picks = [
        nominate(member=member, week=first, album=album, pitch=NASTY, decade="80s", now=monday).nomination
        for member, album in zip((rin, sol, mod), albums, strict=False)
    ]
    withdraw(nomination=picks[1], by=sol, now=monday)
    nominate(member=sol, week=first, album=albums[1], genre="Jazz", now=monday + timedelta(seconds=5, microseconds=7))
    advance_due_weeks(first.nominations_close_at)
    voting = first.nominations_close_at
    cast_ballot(voter=stranger, week=first, first=None, second=picks[0], now=voting)
    cast_choice(voter=rin, week=first, nomination=picks[2], rank=1, now=voting)
    cast_choice(voter=rin, week=first, nomination=Nomination.objects.last(), rank=2, now=voting + timedelta(hours=1))
    advance_due_weeks(first.discussion_at)
    talk = first.discussion_at
    rate(member=stranger, week=first, half_stars=9, review=NASTY, spoiler=True, visibility="me", now=talk)
    bad, _ = rate(member=sol, week=first, half_stars=2, review="-", now=talk)
    hide_rating(rating=bad, by=mod, reason="spam", now=talk)
    override_winner(week=first, nomination=picks[0], by=mod, reason="miscounted", now=talk)
    rate(member=rin, week=first, half_stars=7, favorite_track="@Home", now=talk)
    rate_outside(member=mod, album=albums[5], half_stars=10, listened_on=monday.date(), now=monday)
    open_week(now=monday + timedelta(days=7), theme="Nobody came")
    advance_due_weeks(monday + timedelta(days=60))
    third, _ = open_week(now=NOW - timedelta(days=4))
    for member, album in ((rin, albums[3]), (sol, albums[4])):
        nominate(member=member, week=third, album=album, now=NOW - timedelta(days=4))
    close_phase_now(week=third, by=mod, now=NOW - timedelta(days=3))
    cast_ballot(voter=stranger, week=third, first=third.nominations.first(), second=None, now=NOW - timedelta(days=2))


def test_a_round_trip_gives_the_same_bytes(history: None) -> None:
    before = exported()
    assert before.splitlines()[0] == ",".join(COLUMNS)
    kept = list(Week.objects.values_list("number", "phase", "rating_count", "rating_mean", "poll_margin", "tie_break"))
    polls = [poll_result(week).entries for week in Week.objects.all()]
    forget_everything()

    assert brought_in(before) == []

    assert exported() == before
    assert kept == list(
        Week.objects.values_list("number", "phase", "rating_count", "rating_mean", "poll_margin", "tie_break")
    )
    assert [[entry.points for entry in poll] for poll in polls] == [
        [entry.points for entry in poll_result(week).entries] for week in Week.objects.all()
    ]
    assert User.objects.get(handle="sol").linked_accounts.get().provider_user_id == "81234567890123456"
    assert Nomination.objects.filter(pitch=NASTY.strip()).count() == 3


def test_a_dry_run_writes_nothing_and_twice_is_refused(history: None) -> None:
    content = exported()
    forget_everything()
    revision = current()
    assert brought_in(content, apply=False) == []
    assert not Week.objects.exists()
    assert not User.objects.exists()
    assert current() == revision
    assert brought_in(content) == []
    assert current() > revision
    faults = brought_in(content)
    assert faults[0] == (2, "The club has a week 1 already; weeks are brought in whole, and once.")
    assert Week.objects.count() == 3


OLD_CLUB = """kind,week,opens_at,member,artist,album,year,nomination,points,stars,review
week,1,2019-03-04,,,,,,,,
nomination,1,,ana,Radiohead,Kid A,2000,,,,
nomination,1,,ben,Björk,Homogenic,1997,,,,
points,1,,,,,,kid a,7,,
points,1,,,,,,Björk - Homogenic,9,,
rating,1,,ana,,,,,,"4,5",Cold and warm.
rating,,,ben,Low,Hey What,2021,,,3.0,
"""


def test_an_older_club_needs_few_columns(db: None) -> None:
    assert brought_in(OLD_CLUB) == []
    week = Week.objects.get()
    assert (week.phase, str(week.winner.album), week.poll_margin) == (Phase.CLOSED, "Homogenic — Björk", 2)
    assert week.label == "WEEK 001 [2019-03-18]"
    assert [(entry.points, entry.place) for entry in poll_result(week).entries] == [(9, 1), (7, 2)]
    assert (week.rating_count, week.rating_mean) == (1, 4.5)
    assert Rating.objects.get(week=None).album.title == "Hey What"
    assert not User.objects.get(handle="ana").has_usable_password()
    assert week.history.get().history_change_reason == "imported"


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("song,1,,,,,,,,,", "“song” is no kind of row"),
        ("nomination,1,,Ana B,Low,Drums,,,,,", "“Ana B” is no handle"),
        ("nomination,2,,ana,Low,Drums,,,,,", "There is no week row for week 2"),
        ("nomination,1,,ben,radiohead,KID A,,,,,", "is nominated in week 1 already"),
        ("week,1,2019-03-04,,,,,,,,", "Week 1 is in line 2 already"),
        ("week,x,2019-03-04,,,,,,,,", "week: “x” is no whole number"),
        ("week,2,sometime,,,,,,,,", "opens_at: “sometime” is no time"),
        ("week,2,2019-03-04,ana,,,,,,,", "A week row has no “member”"),
        ("week,2,2019-03-11,,,,,,,,", "Week 2 has no winner"),
        ("points,1,,,,,,Drums,1,,", "“Drums” is not one nomination of week 1"),
        ("points,1,,,,,,Kid A,1,,", "has a points row already"),
        ("rating,1,,ana,,,,,,3.5,", "ana has rated this already"),
        ("rating,1,,ben,,,,,,6,", "stars: “6” is no rating"),
        ("rating,,,ben,,,,,,3,", "needs “artist” and “album”"),
        ("rating,1,,ben,,,,,,3,,,", "More cells than the header"),
        (f"rating,1,,ben,,,,,,3,{'x' * 8001}", "review"),
    ],
)
def test_each_fault_is_told_with_its_line_and_nothing_is_written(row: str, fault: str, db: None) -> None:
    faults = brought_in(f"{OLD_CLUB}{row}\n")
    assert [line for line, _ in faults] == [9]
    assert fault in faults[0][1]
    assert not Week.objects.exists()
    assert not User.objects.exists()
    assert not Album.objects.exists()


def test_the_commands_read_and_write_files(history: None, tmp_path: Path) -> None:
    file, again = tmp_path / "club.csv", tmp_path / "again.csv"
    call_command("export_weeks", str(file), stdout=StringIO())
    forget_everything()
    out = StringIO()
    call_command("import_weeks", str(file), stdout=out)
    assert "nothing was written" in out.getvalue()
    assert not Week.objects.exists()
    call_command("import_weeks", str(file), "--apply", stdout=StringIO())
    call_command("export_weeks", str(again), stdout=StringIO())
    assert again.read_bytes() == file.read_bytes()
    with pytest.raises(CommandError, match=r"rows are wrong\. Nothing was written"):
        call_command("import_weeks", str(file), "--apply", stdout=StringIO(), stderr=StringIO())
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("import_weeks", str(tmp_path / "none.csv"))


def test_exporting_asks_the_database_a_constant_number_of_times(
    history: None, django_assert_max_num_queries: object
) -> None:
    ClubSettings.load()
    with django_assert_max_num_queries(5):
        exported()


@given(st.text(min_size=1).filter(lambda word: word.strip() and "\x00" not in word))
def test_any_text_survives_its_guard_against_formulas(word: str) -> None:
    cell = cell_of(word)
    assert cell[0] not in "=+-@\t\r"
    assert text(cell) == word


def test_a_file_gives_nobody_a_way_to_sign_in_as_somebody_who_is_here(rin: User) -> None:
    file = "kind,member,discord_id,artist,album,stars\nrating,rin,80351110224678912,Low,Hey What,4.0\n"
    faults = brought_in(file)
    assert "rin is here already" in faults[0][1]
    assert not LinkedAccount.objects.filter(user=rin).exists()


def test_a_file_makes_members_with_their_discord_account_once() -> None:
    file = "kind,member,discord_id,artist,album,stars\nrating,{},80351110224678912,Low,{},4.0\n"
    assert brought_in(file.format("ana", "Hey What")) == []
    assert brought_in(file.format("another_name", "Double Negative")) == []
    assert Rating.objects.filter(user__handle="ana").count() == 2


def test_a_year_that_no_album_is_from_is_a_fault_of_its_row(rin: User) -> None:
    file = "kind,member,artist,album,year,stars\nrating,rin,Low,Hey What,40000,4.0\n"
    assert brought_in(file) == [(2, "year: “40000” is no year of an album.")]


@pytest.mark.parametrize("opens_at", ["9999-12-31", "0001-01-01", "9999-12-31T23:59:59-12:00"])
def test_a_moment_at_the_end_of_the_calendar_is_a_fault_of_its_row(opens_at: str) -> None:
    assert brought_in(f"kind,week,opens_at\nweek,1,{opens_at}\n") == [
        (2, f"opens_at: “{opens_at}” lies before 1900 or after 2200.")
    ]
