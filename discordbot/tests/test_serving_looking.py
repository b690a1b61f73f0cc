"""What members may look up: the week, results, history, figures, themselves; and their privacy."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

import pytest

from catalog.tests.factories import AlbumFactory
from club.errors import ClubRuleBroken
from club.models import Nomination, Phase, Week
from club.tests.factories import NominationFactory, RatingFactory, WeekFactory
from club.tests.stage import SmallClub, small_club
from discordbot.forms.parts import Sent
from discordbot.members import Person, member_of_club
from discordbot.models import Draft, Post
from discordbot.serving import figures, looking, privacy
from discordbot.tasks import forget_drafts
from discordbot.tests.reading import buttons_of, parts_of, values_of
from social.models import LinkedAccount, User
from social.visibility import Visibility

ANN = Person(1001, "Ann", "ann")

pytestmark = pytest.mark.django_db


@pytest.fixture
def club() -> SmallClub:
    club = small_club()
    LinkedAccount.objects.create(user=club.members[1], provider="discord", provider_user_id="1001")
    return club


@pytest.fixture
def now(club: SmallClub) -> datetime:
    return club.nominations.opens_at + timedelta(days=1)


# --- /week ----------------------------------------------------------------------------------------------------------
def test_the_week_says_what_runs_and_what_i_did(club: SmallClub, now: datetime) -> None:
    Post.objects.create(
        week=club.poll, kind="thread", key="poll", thread_snowflake=77, nonce="x", state=Post.State.STANDING
    )
    reply = looking.weeks(person=ANN, now=now)
    for words in (
        "Nominations are open",
        "The poll is open",
        "Ratings are open",
        "<#77>",
        "You have nominated",
        "Your first choice",
    ):
        assert words in reply.content
    assert list(buttons_of(reply))[:2] == ["Nominate an album", "Week 5 on the website"]
    assert {"Vote", "Rate the album"} <= buttons_of(reply).keys()
    newcomer = looking.weeks(person=Person(9, "New"), now=now)
    assert "Your" not in newcomer.content
    assert not LinkedAccount.objects.filter(provider_user_id="9").exists()


def test_no_week_at_all(now: datetime) -> None:
    Week.objects.update(phase=Phase.CLOSED)
    assert "No week is running" in looking.weeks(person=ANN, now=now).content


# --- /results -------------------------------------------------------------------------------------------------------
def test_results_of_the_last_decided_week_with_medals(club: SmallClub) -> None:
    reply = looking.results(number=None)
    assert str(club.listening) in reply.content
    assert "🥇" in str(reply.body()["embeds"])
    closed = looking.results(number=club.closed.number)
    assert "of 5" in str(closed.body()["embeds"])
    assert parts_of(closed)


def test_while_ratings_are_open_only_their_number_is_told(club: SmallClub) -> None:
    for half_stars in (2, 2, 9, 10):
        RatingFactory(week=club.discussion, half_stars=half_stars)
    club.discussion.refresh_from_db()
    assert club.discussion.rating_mean is not None
    shown = str(looking.results(number=club.discussion.number).body()["embeds"])
    assert f"{club.discussion.rating_count} ratings so far." in shown
    assert "of 5" not in shown
    assert "★" not in shown
    Week.objects.filter(pk=club.discussion.pk).update(phase=Phase.CLOSED)
    assert "of 5" in str(looking.results(number=club.discussion.number).body()["embeds"])


def test_results_of_an_open_poll_stay_secret(club: SmallClub) -> None:
    reply = looking.results(number=club.poll.number)
    assert "4 members have voted so far" in reply.content
    assert not any(row.album.title in str(reply.body()) for row in club.poll.nominations.select_related("album"))
    with pytest.raises(ClubRuleBroken):
        looking.results(number=99)


# --- /history -------------------------------------------------------------------------------------------------------
def test_history_finds_weeks_and_albums_while_typing(club: SmallClub) -> None:
    won = club.closed.winner.album
    assert ("album:" + str(won.pk)) in {value: name for name, value in looking.history_choices(won.title)}
    names = {value: name for name, value in looking.history_choices(won.title)}
    assert f"won {club.closed}" in names[f"album:{won.pk}"]
    assert looking.history_choices("week 1")[0][1] == "week:1"
    assert looking.history_choices("#1")[0][1] == "week:1"
    assert all(len(name) <= 100 for name, _ in looking.history_choices(""))


def test_history_of_an_album_and_of_a_week(club: SmallClub) -> None:
    won = club.closed.winner
    reply = looking.history(typed=f"album:{won.album_id}")
    assert f"**{club.closed.label}** · won, by {won.user}" in reply.content
    assert str(club.closed) in looking.history(typed="week:1").content
    assert looking.history(typed="WEEK 001").content == looking.history(typed="1").content
    assert won.album.title in looking.history(typed=won.album.title).content
    with pytest.raises(ClubRuleBroken, match="Nothing in the archive"):
        looking.history(typed="zzzz qqqq")


def test_a_name_that_is_kept_from_members_stays_out_of_history(club: SmallClub) -> None:
    won = club.closed.winner
    User.objects.filter(pk=won.user_id).update(club_visibility=Visibility.ME)
    assert str(won.user) not in looking.history(typed=f"album:{won.album_id}").content


def test_a_suggestion_for_a_nomination_says_what_speaks_against_it(club: SmallClub, now: datetime) -> None:
    own = Nomination.objects.get(week=club.nominations, user=club.members[1])
    choices = {value: name for name, value in looking.album_choices(own.album.title, person=ANN, now=now)}
    assert choices[f"album:{own.album_id}"].endswith("· yours")
    assert choices[own.album.title].startswith("As I typed it")
    long = AlbumFactory(title="Long " * 40, artist__name="Somebody")
    NominationFactory(week=club.closed, album=long)
    choices = {value: name for name, value in looking.album_choices("Long Long", person=ANN, now=now)}
    assert choices[f"album:{long.pk}"].endswith("· nominated in WEEK 001")
    assert len(choices[f"album:{long.pk}"]) <= 100
    assert looking.album_choices(" ", person=ANN, now=now) == []


def test_suggesting_costs_the_same_for_one_and_for_twenty_albums(
    club: SmallClub, now: datetime, django_assert_max_num_queries: Any
) -> None:
    for n in (1, 20):
        while Nomination.objects.filter(album__title="Same").count() < n:
            NominationFactory(week=WeekFactory(phase=Phase.CLOSED), album=AlbumFactory(title="Same"))
        with django_assert_max_num_queries(6):
            looking.album_choices("Same", person=ANN, now=now)


# --- /stats and /me -------------------------------------------------------------------------------------------------
def test_the_club_and_oneself_in_figures(club: SmallClub, now: datetime) -> None:
    reply = figures.club(person=ANN, now=now)
    assert "decided weeks" in reply.content
    assert parts_of(reply)
    own = figures.oneself(person=ANN, now=now)
    assert "Member" in own.content
    assert "nominations" in str(own.body()["embeds"])
    assert parts_of(own)
    assert "have not taken part" in figures.oneself(person=Person(9, "New"), now=now).content


def test_figures_cost_the_same_however_much_was_rated(
    club: SmallClub, now: datetime, django_assert_max_num_queries: Any
) -> None:
    member = club.members[1]
    for n in (1, 20):
        while member.ratings.count() < n:
            RatingFactory(user=member)
        with django_assert_max_num_queries(40):
            figures.club(person=ANN, now=now)
        with django_assert_max_num_queries(12):
            figures.oneself(person=ANN, now=now)


# --- /privacy -------------------------------------------------------------------------------------------------------
def test_privacy_is_shown_and_switched_at_a_press(now: datetime) -> None:
    reply = privacy.shown(person=ANN, now=now)
    assert "Reminders: **on**." in reply.content
    target = buttons_of(reply)["Turn reminders off"]
    assert target == "st:privacy.set::reminders.off:"
    for _ in range(2):
        off = privacy.switched(person=ANN, arg="reminders.off", now=now)
    assert "Reminders: **off**." in off.content
    assert "Turn reminders on" in buttons_of(off)
    for arg, field in (
        ("quotes.on", "allows_quotes"),
        ("ballots.on", "shows_ballots"),
        ("direct.on", "wants_direct_messages"),
    ):
        privacy.switched(person=ANN, arg=arg, now=now)
        assert getattr(member_of_club(ANN, now=now), field)
    privacy.switched(person=ANN, arg="nonsense.on", now=now)
    privacy.seen_by(person=ANN, level="members", now=now)
    assert member_of_club(ANN, now=now).club_visibility == Visibility.MEMBERS


def test_quiet_hours_are_set_and_survive_other_switches(now: datetime) -> None:
    hours = Sent({"from": "10 pm", "until": "8", "zone": "Europe/Berlin"})
    reply = privacy.hours_set(person=ANN, sent=hours, now=now)
    assert "not from 22:00 to 08:00 (Europe/Berlin)" in reply.content
    privacy.switched(person=ANN, arg="reminders.off", now=now)
    member = member_of_club(ANN, now=now)
    assert (member.quiet_from, member.quiet_until) == (time(22), time(8))
    assert values_of(privacy.hours_form(person=ANN)) == {"from": "22:00", "until": "08:00", "zone": "Europe/Berlin"}
    privacy.hours_set(person=ANN, sent=Sent({}), now=now)
    assert member_of_club(ANN, now=now).quiet_from is None


def test_half_of_the_quiet_hours_changes_nothing_at_all(now: datetime) -> None:
    with pytest.raises(ClubRuleBroken, match="beginning and an end"):
        privacy.hours_set(person=ANN, sent=Sent({"from": "22", "zone": "Asia/Tokyo"}), now=now)
    assert member_of_club(ANN, now=now).timezone == "UTC"


@pytest.mark.parametrize("given", [{"from": "25:00", "until": "8"}, {"from": "22", "until": ""}, {"zone": "Mars/Base"}])
def test_hours_that_cannot_be_meant_are_refused(now: datetime, given: dict[str, str]) -> None:
    with pytest.raises(ClubRuleBroken):
        privacy.hours_set(person=ANN, sent=Sent(given), now=now)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("22:00", time(22)),
        ("7.30", time(7, 30)),
        ("12 am", time(0)),
        ("12pm", time(12)),
        ("24:00", time(0)),
        (" ", None),
    ],
)
def test_times_of_day_as_people_write_them(typed: str, read: time | None) -> None:
    assert privacy.read_time(typed) == read


def test_drafts_are_forgotten_after_two_days(club: SmallClub, now: datetime) -> None:
    from django.utils import timezone

    for days in (1, 3):
        Draft.objects.create(
            member=club.members[0], week=club.poll, kind="rating", created_at=timezone.now() - timedelta(days=days)
        )
    assert forget_drafts() == "1 drafts deleted"
    assert Draft.objects.count() == 1
