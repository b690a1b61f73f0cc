"""Reading the club: what the bot may know of it, in as many queries however large it is."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.models import Album
from catalog.tests.factories import AlbumFactory
from club.deadlines import change_deadlines, extend_phase
from club.lifecycle import advance_due_weeks, skip_week
from club.models import ClubSettings, Phase, Vote, Week
from club.moderating import hide_rating, override_winner, undo
from club.nominating import withdraw
from club.tests.factories import MONDAY, NominationFactory, RatingFactory, WeekFactory
from discordbot.desired import plan
from discordbot.facts import WeekFacts
from discordbot.models import DiscordSettings, Post
from discordbot.state import read_state
from listening.ingest import ingest
from listening.plays import Play
from social.models import LinkedAccount, User
from social.tests.factories import UserFactory

pytestmark = pytest.mark.django_db
NOW = MONDAY + timedelta(days=4)
IN_POLL = MONDAY + timedelta(days=4)
AFTER_POLL = MONDAY + timedelta(days=6)
IN_DISCUSSION = MONDAY + timedelta(days=15)
AFTER_ALL = MONDAY + timedelta(days=18)


def in_discord(user: User, **preferences: Any) -> User:
    LinkedAccount.objects.create(user=user, provider="discord", provider_user_id=str(10**17 + user.pk))
    User.objects.filter(pk=user.pk).update(**preferences)
    user.refresh_from_db()
    return user


def vote(week: Week, voter: User, nomination: Any, rank: int = 1) -> None:
    Vote.objects.create(week=week, user=voter, nomination=nomination, rank=rank, cast_at=IN_POLL)


def the_week(now: datetime) -> WeekFacts:
    (week,) = read_state(now).weeks
    return week


def a_full_week(phase: Phase, n: int, number: int) -> Week:
    """n nominations, ballots and ratings, a post for each nomination."""
    week = WeekFactory(phase=phase, number=number, opens_at=MONDAY + timedelta(seconds=number))
    people = [in_discord(UserFactory()) for _ in range(n)]
    rows = [NominationFactory(week=week, user=person) for person in people]
    for person, row in zip(people, rows, strict=True):
        vote(week, person, row)
        Post.objects.create(week=week, kind="nomination", key=str(row.pk), nonce="x")
    if phase == Phase.CLOSED:
        for person in people:
            RatingFactory(week=week, user=person, review="Fine.")
    return week


def n_queries(now: datetime) -> int:
    with CaptureQueriesContext(
        connection,
    ) as caught:
        read_state(now)
    return len(caught)


def test_the_number_of_queries_does_not_grow(mod: User) -> None:
    ClubSettings.load()
    DiscordSettings.load()
    for number, phase in enumerate((Phase.POLL, Phase.LISTENING, Phase.CLOSED), 1):
        a_full_week(phase, 1, number)
    few = n_queries(AFTER_ALL)
    for number, phase in enumerate((Phase.NOMINATIONS, Phase.POLL, Phase.DISCUSSION, Phase.CLOSED, Phase.CLOSED), 4):
        a_full_week(phase, 20, number)
    assert len(read_state(AFTER_ALL).weeks) == 8
    assert n_queries(AFTER_ALL) == few <= 18


def test_an_empty_club_is_read_without_making_anything() -> None:
    state = read_state(NOW)
    assert state.weeks == ()
    assert not ClubSettings.objects.exists()
    assert plan(state, NOW).posts == ()


def test_a_week_is_read_with_its_albums_and_words() -> None:
    album = AlbumFactory(title="Blue", artist__name="Joni Mitchell", release_year=1971, cover_hue=14)
    album.cover_300.name, album.cover_600.name = "covers/a-300.webp", "covers/a-600.webp"
    album.save()
    row = NominationFactory(
        week=WeekFactory(number=3, theme="Colours"), album=album, pitch="Sad.", genre="Folk", decade="1970s",
        country="Canada", pitch_track="River", user__display_name="Rin",
    )  # fmt: skip
    week = the_week(MONDAY + timedelta(hours=2))
    assert (week.label, week.theme, week.page) == ("WEEK 003 [2025-11-24]", "Colours", "/weeks/3/")
    (nominee,) = week.nominees
    assert nominee.nomination_id == row.pk
    assert (nominee.album.title, nominee.album.artist, nominee.album.year) == ("Blue", "Joni Mitchell", 1971)
    assert nominee.album.cover.endswith("/media/covers/a-600.webp")
    assert nominee.album.cover.startswith("http")
    assert (nominee.nominator, nominee.pitch, nominee.pitch_track) == ("Rin", "Sad.", "River")
    assert (nominee.genre, nominee.decade, nominee.country) == ("Folk", "1970s", "Canada")


def test_an_album_without_a_cover_has_none_in_discord() -> None:
    NominationFactory()
    album = the_week(MONDAY).nominees[0].album
    assert album.cover == ""
    assert album.sleeve[0] == str(Album.objects.get().pk)


@pytest.mark.parametrize(("level", "shown"), [("public", True), ("members", True), ("followers", False), ("me", False)])
def test_name_and_words_go_only_as_far_as_their_owner_lets_them(level: str, shown: bool) -> None:
    NominationFactory(
        user__display_name="Rin", user__club_visibility=level, pitch="Sad.", pitch_track_url="https://x.y/"
    )
    (nominee,) = the_week(MONDAY).nominees
    assert (nominee.nominator, nominee.pitch, nominee.pitch_track_url) == (
        ("Rin", "Sad.", "https://x.y/") if shown else ("", "", "")
    )


def test_before_the_poll_closes_only_the_number_of_voters_is_known() -> None:
    week = WeekFactory(phase=Phase.POLL)
    row = NominationFactory(week=week)
    NominationFactory(week=week)
    for _ in range(3):
        vote(week, UserFactory(), row)
    read = the_week(IN_POLL)
    assert read.n_voters == 3
    assert read.result is None
    assert read.turnout is None


def test_after_the_poll_everything_is_known() -> None:
    week = WeekFactory(phase=Phase.POLL)
    rows = [NominationFactory(week=week) for _ in range(2)]
    for _ in range(3):
        vote(week, UserFactory(), rows[1])
    advance_due_weeks(AFTER_POLL)
    read = the_week(AFTER_POLL)
    assert read.phase == Phase.LISTENING
    assert read.result
    assert [(entry.nomination_id, entry.points) for entry in read.result.entries] == [(rows[1].pk, 6), (rows[0].pk, 0)]
    assert read.turnout == 3 / 5  # three voters, two nominators
    assert read.winner
    assert read.winner.nomination_id == rows[1].pk


# --- Who is reminded ------------------------------------------------------------------------------------------------
def test_regulars_took_part_in_this_week_or_one_of_the_four_before() -> None:
    people = []
    for number in range(1, 7):
        long_ago = MONDAY - timedelta(weeks=7 - number)
        week = WeekFactory(number=number, phase=Phase.CLOSED, opens_at=long_ago - timedelta(days=60))
        people.append(RatingFactory(week=week).user_id)
        RatingFactory(week=week, hidden_at=NOW)
    WeekFactory(number=7, phase=Phase.NOMINATIONS)
    week = the_week(MONDAY)
    assert set(people[2:]) <= week.regulars
    assert not {*people[:2]} & week.regulars


def test_members_bring_what_they_asked_for() -> None:
    week = WeekFactory()
    rin = in_discord(
        NominationFactory(week=week).user, timezone="Asia/Tokyo", wants_direct_messages=True, quiet_from=time(22),
        quiet_until=time(7),
    )  # fmt: skip
    NominationFactory(week=week)  # never seen in Discord
    in_discord(NominationFactory(week=week).user, suspended_at=MONDAY)
    in_discord(NominationFactory(week=week).user, is_active=False)
    in_discord(UserFactory())  # never took part
    (member,) = read_state(MONDAY + timedelta(hours=1)).members
    assert (member.member_id, member.snowflake, member.zone) == (rin.pk, 10**17 + rin.pk, "Asia/Tokyo")
    assert (member.wants_reminders, member.wants_direct_messages) == (True, True)
    assert (member.quiet_from, member.quiet_until) == (time(22), time(7))


def test_a_hidden_rating_was_given_all_the_same(mod: User) -> None:
    rating = RatingFactory()
    hide_rating(rating=rating, by=mod, reason="rude", now=IN_DISCUSSION)
    assert the_week(IN_DISCUSSION).raters == {rating.user_id}


# --- Ratings --------------------------------------------------------------------------------------------------------
def closed_week() -> Week:
    return WeekFactory(phase=Phase.CLOSED, number=3)


def test_quotes_need_consent_and_visibility() -> None:
    week = closed_week()
    for name, consent, level in (("A", True, "public"), ("B", False, "public"), ("C", True, "me")):
        RatingFactory(week=week, user__display_name=name, user__allows_quotes=consent, review=name, visibility=level)
    RatingFactory(week=week, user__display_name="D", user__allows_quotes=True, user__club_visibility="me", review="D")
    Post.objects.create(week=week, kind="card", key="poll", nonce="x")
    ratings = the_week(AFTER_ALL).ratings
    assert [(quote.words, quote.by) for quote in ratings.quotes] == [("A", "A")]
    assert sorted(each.name for each in ratings.named) == ["A", "B"]
    assert ratings.count == 4


def test_many_quotes_come_from_all_sides() -> None:
    week = closed_week()
    for half_stars in range(2, 11):
        RatingFactory(week=week, user__allows_quotes=True, review="Words.", half_stars=half_stars)
    assert [quote.half_stars for quote in the_week(AFTER_ALL).ratings.quotes] == [10, 6, 2]


def test_favourite_tracks_are_counted_whatever_case_they_are_written_in() -> None:
    week = closed_week()
    for title in ("River", "river ", "Carey"):
        RatingFactory(week=week, favorite_track=title)
    assert the_week(AFTER_ALL).ratings.favourites == (("River", 2), ("Carey", 1))


def test_while_ratings_are_open_nobodys_words_are_read() -> None:
    RatingFactory(user__allows_quotes=True, review="Words.", week__number=3)
    ratings = the_week(IN_DISCUSSION).ratings
    assert ratings.count == 1
    assert ratings.quotes == ratings.named == ratings.favourites == ()


# --- Which weeks ----------------------------------------------------------------------------------------------------
def test_history_stays_unspoken_and_what_was_spoken_of_stays_true_for_four_weeks() -> None:
    week = closed_week()
    assert len(read_state(week.ratings_close_at + timedelta(days=1)).weeks) == 1
    assert read_state(week.ratings_close_at + timedelta(days=3)).weeks == ()
    Post.objects.create(week=week, kind="card", key="poll", nonce="x")
    assert len(read_state(week.ratings_close_at + timedelta(days=27)).weeks) == 1
    assert read_state(week.ratings_close_at + timedelta(days=29)).weeks == ()
    assert len(read_state(week.ratings_close_at + timedelta(days=300), recent=timedelta(days=400)).weeks) == 1


# --- What moderators do ---------------------------------------------------------------------------------------------
def test_an_overridden_winner_is_told_from_the_polls_and_undone(mod: User) -> None:
    week = WeekFactory(phase=Phase.POLL)
    first, second = (NominationFactory(week=week) for _ in range(2))
    vote(week, UserFactory(), first)
    advance_due_weeks(AFTER_POLL)
    override_winner(week=week, nomination=second, by=mod, reason="wrong edition", now=AFTER_POLL)
    read = the_week(AFTER_POLL)
    assert read.result
    assert (read.winner_id, read.result.winner_id) == (second.pk, first.pk)
    said = str(plan(read_state(AFTER_POLL), AFTER_POLL))
    assert "A moderator chose this winner" in said
    assert "wrong edition" not in said
    undo(by=mod, now=AFTER_POLL)
    assert "A moderator chose" not in str(plan(read_state(AFTER_POLL), AFTER_POLL))


def test_a_withdrawn_nomination_brings_its_freed_voters(mod: User) -> None:
    week = WeekFactory(phase=Phase.POLL)
    row = NominationFactory(week=week, album__title="Blue")
    NominationFactory(week=week)
    asked = in_discord(UserFactory(), wants_direct_messages=True)
    for voter in (asked, in_discord(UserFactory())):
        vote(week, voter, row)
    withdraw(nomination=row, by=mod, now=IN_POLL)
    (gone,) = the_week(IN_POLL).withdrawn
    assert (gone.nomination_id, gone.title, gone.had_votes) == (row.pk, "Blue", True)
    assert [member.member_id for member in gone.freed] == [asked.pk]
    undo(by=mod, now=IN_POLL)
    assert the_week(IN_POLL).withdrawn == ()


def test_an_extension_is_told_and_its_undoing_takes_it_back(mod: User) -> None:
    week = WeekFactory()
    extend_phase(week=week, delta=timedelta(days=1), by=mod, now=MONDAY, reason="holiday")
    made = plan(read_state(MONDAY), MONDAY)
    assert "Nominations now close" in str(made)
    assert "holiday" not in str(made)
    undo(by=mod, now=MONDAY)
    assert "Nominations now close" not in str(plan(read_state(MONDAY), MONDAY))


def test_the_last_move_that_was_not_taken_back_is_told(mod: User) -> None:
    week = WeekFactory()
    for _ in range(2):
        extend_phase(week=week, delta=timedelta(days=1), by=mod, now=MONDAY)
        week.refresh_from_db()
    undo(by=mod, now=MONDAY)
    (act,) = the_week(MONDAY).acts
    made = plan(read_state(MONDAY), MONDAY)
    assert [post.key for post in made.posts if post.kind == "notice"] == [f"act-{act.act_id}"]


def test_a_deadline_given_in_another_zone_is_told_too(mod: User) -> None:
    week = WeekFactory()
    wanted = (week.nominations_close_at + timedelta(hours=1)).astimezone(ZoneInfo("Asia/Tokyo"))
    change_deadlines(week=week, by=mod, now=MONDAY, nominations_close_at=wanted)
    assert "Nominations now close" in str(plan(read_state(MONDAY), MONDAY))


def test_a_skipped_week_says_that_a_moderator_did_it(mod: User) -> None:
    week = NominationFactory(week=WeekFactory()).week
    skip_week(week=week, by=mod, now=MONDAY + timedelta(hours=3), reason="away")
    assert "was cancelled by a moderator" in str(plan(read_state(MONDAY + timedelta(hours=3)), MONDAY))


def test_the_club_gives_one_more_day_in_words() -> None:
    week = WeekFactory()
    now = week.nominations_close_at
    advance_due_weeks(now)
    assert "Nobody has nominated an album yet, so there is one more day" in str(plan(read_state(now), now))


def test_settings_come_along() -> None:
    ClubSettings.objects.create(pk=1, name="Friday Club", nominations_per_member=2, allow_self_vote=True, revision=7)
    DiscordSettings.objects.create(pk=1, voice_channel_snowflake=55)
    state = read_state(NOW)
    assert (state.name, state.nominations_per_member, state.allow_self_vote) == ("Friday Club", 2, True)
    assert (state.voice_channel, state.revision) == (55, 7)


def test_who_has_begun_the_album_is_read_on_the_day_before_the_discussion() -> None:
    week = WeekFactory(phase=Phase.LISTENING, winner__album__n_tracks=3)
    shows, hides = (in_discord(UserFactory(), shows_progress=shown) for shown in (True, False))
    assert week.winner is not None
    track = week.winner.album.lines.select_related("track__artist").first().track
    now = week.discussion_at - timedelta(hours=3)
    for member in (shows, hides):
        plays = [Play(now - timedelta(hours=2), track.artist.name, track.title)]
        ingest(user=member, source="lastfm", plays=plays, now=now)
    assert the_week(now).begun == {shows.pk}
    assert the_week(week.discussion_at - timedelta(hours=25)).begun == frozenset()
