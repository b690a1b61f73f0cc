"""Voting through the form and page by page: what may be chosen, what it says then, what it costs."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from catalog.tests.factories import AlbumFactory
from club.errors import ClubRuleBroken
from club.models import ClubSettings, Nomination, Phase, Vote, Week
from club.nominating import withdraw
from club.tests.factories import NominationFactory, WeekFactory
from discordbot.members import Person, member_of_club
from discordbot.replies import Reply
from discordbot.serving import ballots, looking
from discordbot.tests.reading import buttons_of, fields_of, parts_of, values_of
from social.models import User
from social.visibility import Visibility

ANN = Person(1001, "Ann", "ann")

pytestmark = pytest.mark.django_db


@pytest.fixture
def week() -> Week:
    return WeekFactory(number=12, phase=Phase.POLL)


@pytest.fixture
def now(week: Week) -> datetime:
    return week.nominations_close_at + timedelta(hours=5)


@pytest.fixture
def nominees(week: Week) -> list[Nomination]:
    titles = ["Blue", "Red", "Green"]
    return [NominationFactory(week=week, album=AlbumFactory(title=title, release_year=1971)) for title in titles]


def cast(now: datetime, first: int | None, second: int | None) -> Reply:
    return ballots.cast(person=ANN, number=12, first=first, second=second, now=now)


def test_a_ballot_says_what_is_now_true(week: Week, now: datetime, nominees: list[Nomination]) -> None:
    reply = cast(now, nominees[0].pk, nominees[2].pk)
    assert "Your first choice: **Blue**" in reply.content
    assert "Your second choice: **Green**" in reply.content
    assert f"<t:{int(week.poll_close_at.timestamp())}:R>" in reply.content
    assert list(buttons_of(reply)) == ["Change it", "Clear my ballot", "Week 12 on the website"]
    assert cast(now, nominees[0].pk, nominees[2].pk).content == reply.content  # a double click
    assert Vote.objects.count() == 2


def test_the_form_opens_with_the_present_choice(now: datetime, nominees: list[Nomination]) -> None:
    form = ballots.opened(person=ANN, number=12, now=now)
    assert values_of(form) == {"first": "", "second": ""}
    cast(now, nominees[1].pk, None)
    again = ballots.opened(person=ANN, number=None, now=now)
    assert values_of(again) == {"first": str(nominees[1].pk), "second": ""}
    assert again["custom_id"] != form["custom_id"]


def test_one_s_own_album_is_on_the_paper_only_where_the_club_allows_it(
    week: Week, now: datetime, nominees: list[Nomination]
) -> None:
    own = NominationFactory(week=week, user=member_of_club(ANN, now=now))

    def offered() -> set[str]:
        form = ballots.opened(person=ANN, number=12, now=now)
        return {option["value"] for option in fields_of(form)["first"]["options"]}

    assert offered() == {str(each.pk) for each in nominees}
    assert "Nobody votes for their own" in cast(now, own.pk, None).content
    ClubSettings.objects.update_or_create(pk=1, defaults={"allow_self_vote": True})
    assert str(own.pk) in offered()


def test_nothing_but_one_s_own_is_nothing_to_vote_for(week: Week, now: datetime) -> None:
    NominationFactory(week=week, user=member_of_club(ANN, now=now))
    with pytest.raises(ClubRuleBroken, match="nothing in WEEK 012"):
        ballots.opened(person=ANN, number=12, now=now)


def test_the_same_album_twice_is_refused_with_a_way_back(now: datetime, nominees: list[Nomination]) -> None:
    reply = cast(now, nominees[0].pk, nominees[0].pk)
    assert "cannot be both" in reply.content
    assert buttons_of(reply)["Try again"] == "st:vote:12::"
    assert "Choose at least one" in refused(now, None, None)


def refused(now: datetime, first: int | None, second: int | None) -> str:
    with pytest.raises(ClubRuleBroken) as refusal:
        cast(now, first, second)
    return refusal.value.message


def test_a_ballot_is_cleared(now: datetime, nominees: list[Nomination]) -> None:
    cast(now, nominees[0].pk, nominees[1].pk)
    for _ in range(2):
        reply = ballots.cleared(person=ANN, number=12, now=now)
    assert "empty" in reply.content
    assert not Vote.objects.exists()


def test_a_second_late_is_late(week: Week, now: datetime, nominees: list[Nomination]) -> None:
    cast(week.poll_close_at - timedelta(seconds=1), nominees[0].pk, None)
    late = cast(week.poll_close_at, nominees[1].pk, None)
    assert "closed on" in late.content
    assert Vote.objects.get().nomination == nominees[0]


def test_an_album_that_was_withdrawn_meanwhile_is_said_to_be_gone(now: datetime, nominees: list[Nomination]) -> None:
    cast(now, nominees[0].pk, None)
    withdraw(nomination=nominees[0], by=None, now=now)
    assert "not nominated" in cast(now, nominees[0].pk, None).content
    week_reply = looking.weeks(person=ANN, now=now)
    assert "“Blue”, which you had voted for, was withdrawn" in week_reply.content


def test_names_that_members_keep_for_themselves_are_not_on_the_paper(week: Week, now: datetime) -> None:
    shy = User.objects.create_user("shy", display_name="Shy", club_visibility=Visibility.ME)
    NominationFactory(week=week, user=shy)
    NominationFactory(week=week, user=User.objects.create_user("bold", display_name="Bold"))
    options = fields_of(ballots.opened(person=ANN, number=12, now=now))["first"]["options"]
    assert [option.get("description", "") for option in options] == ["", "Nominated by Bold"]


# --- Many nominees --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("n", [26, 60])
def test_many_nominees_are_chosen_page_by_page(week: Week, now: datetime, n: int) -> None:
    rows = [NominationFactory(week=week) for _ in range(n)]
    message = ballots.opened(person=ANN, number=12, now=now)
    assert isinstance(message, Reply)
    assert "page 1 of" in message.content
    seen = []
    for page in range(1, -(-n // 25) + 1):
        turned = ballots.page(person=ANN, number=12, page=page, now=now)
        first = next(part for part in parts_of(turned) if part["type"] == 3)
        seen += [int(option["value"]) for option in first["options"]]
    assert seen == [row.pk for row in rows]
    ballots.chosen(person=ANN, number=12, rank=1, nomination_id=rows[-1].pk, page_number=2, now=now)
    reply = ballots.chosen(person=ANN, number=12, rank=2, nomination_id=rows[0].pk, page_number=1, now=now)
    assert rows[-1].album.title in reply.content
    assert rows[0].album.title in reply.content
    assert {(vote.rank, vote.nomination_id) for vote in Vote.objects.all()} == {(1, rows[-1].pk), (2, rows[0].pk)}
    moved = ballots.chosen(person=ANN, number=12, rank=2, nomination_id=rows[-1].pk, page_number=9, now=now)
    assert "Your first choice: none" in moved.content


# --- Cost -----------------------------------------------------------------------------------------------------------
def test_opening_costs_two_queries_however_many_stand(
    week: Week, now: datetime, django_assert_num_queries: Any
) -> None:
    member_of_club(ANN, now=now)
    for n in (1, 20):
        while week.nominations.count() < n:
            NominationFactory(week=week)
        with django_assert_num_queries(2):
            ballots.opened(person=ANN, number=12, now=now)
        with django_assert_num_queries(2):
            ballots.opened(person=ANN, number=None, now=now)


def test_casting_costs_the_same_with_one_and_with_twenty_nominees(
    week: Week, now: datetime, django_assert_max_num_queries: Any
) -> None:
    ClubSettings.load()
    member_of_club(ANN, now=now)
    for n in (2, 20):
        while week.nominations.count() < n:
            NominationFactory(week=week)
        first, second = week.nominations.order_by("?")[:2]
        Vote.objects.all().delete()
        with django_assert_max_num_queries(14):
            cast(now, first.pk, second.pk)
