"""Atom feeds: public items only, ids and dates that hold, and nothing sent twice."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from club.models import ClubSettings, Phase, Rating
from club.moderating import override_winner, undo
from club.tests.factories import MONDAY, NominationFactory, RatingFactory, WeekFactory
from social.models import User
from social.tests.factories import UserFactory
from social.visibility import Visibility

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"


def feed(client: Client, name: str) -> ET.Element:
    answer = client.get(f"/feeds/{name}.atom")
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("application/atom+xml")
    return ET.fromstring(answer.content)  # noqa: S314  (our own answer)


def titles(root: ET.Element) -> list[str]:
    return [entry.findtext(f"{ATOM}title", "") for entry in root.iter(f"{ATOM}entry")]


def test_a_decided_week_is_an_entry_with_an_id_that_holds_when_addresses_change(client: Client) -> None:
    week = WeekFactory(phase=Phase.CLOSED, winner__album__title="Blue", winner__album__artist__name="Joni Mitchell")
    WeekFactory(phase=Phase.POLL)
    root = feed(client, "weeks")
    (entry,) = root.iter(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}title") == f"Week {week.number}: Blue — Joni Mitchell"
    assert entry.findtext(f"{ATOM}id") == f"tag:127.0.0.1,2025:week/{week.number}"
    assert entry.findtext(f"{ATOM}updated") == f"{week.ratings_close_at:%Y-%m-%dT%H:%M:%S+00:00}"


def test_another_winner_long_after_moves_the_date_of_its_entry_and_of_the_feed(client: Client, mod: User) -> None:
    week, newer = WeekFactory(phase=Phase.CLOSED), WeekFactory(phase=Phase.CLOSED)
    other = NominationFactory(week=week)
    before = client.get("/feeds/weeks.atom")
    at = newer.ratings_close_at + timedelta(days=9)
    override_winner(week=week, nomination=other, by=mod, reason="A miscount.", now=at)
    answer = client.get("/feeds/weeks.atom", headers={"If-Modified-Since": before["Last-Modified"]})
    assert answer.status_code == 200
    root = ET.fromstring(answer.content)  # noqa: S314  (our own answer)
    dates = {
        entry.findtext(f"{ATOM}id", "").rsplit("/")[-1]: entry.findtext(f"{ATOM}updated")
        for entry in root.iter(f"{ATOM}entry")
    }
    assert dates[str(week.number)] == root.findtext(f"{ATOM}updated") == f"{at:%Y-%m-%dT%H:%M:%S+00:00}"
    assert dates[str(newer.number)] == f"{newer.ratings_close_at:%Y-%m-%dT%H:%M:%S+00:00}"
    later = at + timedelta(days=1)
    undo(by=mod, now=later)
    assert feed(client, "weeks").findtext(f"{ATOM}updated") == f"{later:%Y-%m-%dT%H:%M:%S+00:00}"


def test_the_average_stands_in_the_feed_only_when_the_week_is_closed_and_enough_rated(client: Client) -> None:
    few, enough, running = (WeekFactory(phase=phase) for phase in (Phase.CLOSED, Phase.CLOSED, Phase.DISCUSSION))
    for week, n in ((few, 2), (enough, 3), (running, 3)):
        for _ in range(n):
            RatingFactory(week=week, half_stars=8)
    said = {
        entry.findtext(f"{ATOM}title", ""): entry.findtext(f"{ATOM}summary", "")
        for entry in feed(client, "weeks").iter(f"{ATOM}entry")
    }
    with_average = [title for title, summary in said.items() if "4.00 of 5" in summary]
    assert [title.split(":")[0] for title in with_average] == [f"Week {enough.number}"]


def test_reviews_are_public_ones_of_members_who_show_their_part_in_the_archive(client: Client, mod: User) -> None:
    week = WeekFactory(phase=Phase.DISCUSSION)
    RatingFactory(week=week, review="I *loved* it.", user__display_name="Ana")
    RatingFactory(week=week, review="For members.", visibility=Visibility.MEMBERS)
    RatingFactory(week=week, review="Capped.", user__club_visibility=Visibility.FOLLOWERS)
    RatingFactory(week=week, review="Hidden by a moderator.", hidden_at=timezone.now())
    RatingFactory(week=week, review="")
    client.force_login(mod)
    (entry,) = feed(client, "reviews").iter(f"{ATOM}entry")
    assert "<em>loved</em>" in (entry.findtext(f"{ATOM}summary") or "")
    assert (entry.findtext(f"{ATOM}title") or "").startswith("Ana on ")


def test_a_folded_review_is_named_and_not_quoted(client: Client) -> None:
    rating = RatingFactory(review="The butler sings it.", spoiler=True)
    body = client.get("/feeds/reviews.atom").content.decode()
    assert "butler" not in body
    assert f"/weeks/{rating.week.number}/#rating-{rating.pk}" in body


@pytest.mark.parametrize("name", ["weeks", "reviews"])
def test_a_reader_that_has_the_feed_gets_304_by_etag_and_by_date(client: Client, name: str) -> None:
    rating = RatingFactory(review="Good.", week__phase=Phase.CLOSED)
    first = client.get(f"/feeds/{name}.atom")
    assert client.get(f"/feeds/{name}.atom", headers={"If-None-Match": first["ETag"]}).status_code == 304
    by_date = {"If-Modified-Since": first["Last-Modified"]}
    assert client.get(f"/feeds/{name}.atom", headers=by_date).status_code == 304
    Rating.objects.filter(pk=rating.pk).update(review="Better.", updated_at=timezone.now())
    later = client.get("/feeds/reviews.atom", headers={"If-None-Match": first["ETag"]})
    assert later.status_code == 200


def test_an_empty_feed_says_the_same_each_time(client: Client) -> None:
    assert client.get("/feeds/weeks.atom").content == client.get("/feeds/weeks.atom").content


@pytest.mark.parametrize("n", [1, 20])
def test_feeds_ask_a_constant_number_of_queries(
    client: Client, n: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    ClubSettings.load()
    for place in range(n):
        week = WeekFactory(phase=Phase.CLOSED, opens_at=MONDAY + timedelta(days=14 * place))
        RatingFactory(week=week, user=UserFactory(), review="Good.")
    with django_assert_max_num_queries(5):
        assert len(titles(feed(client, "weeks"))) == n
    with django_assert_max_num_queries(2):
        assert len(titles(feed(client, "reviews"))) == n


@pytest.mark.parametrize("character", ["\x08", "\x1b", "\ufffe"])
def test_a_character_that_xml_cannot_hold_costs_nobody_the_feed(client: Client, character: str) -> None:
    name = f"R{character}in"
    RatingFactory(review=f"Go{character}od.", favorite_track=f"Ro{character}ads", user__display_name=name)
    (entry,) = feed(client, "reviews").iter(f"{ATOM}entry")
    assert "<p>Good.</p>" in entry.findtext(f"{ATOM}summary", "")
    assert entry.findtext(f"{ATOM}author/{ATOM}name") == "Rin"


# --- One member's feed ----------------------------------------------------------------------------------------------
@pytest.fixture
def open_rin(rin: User) -> User:
    rin.visibility = Visibility.PUBLIC
    rin.save()
    return rin


def of_rin(client: Client) -> ET.Element:
    return feed_at(client, "/@rin/feed.atom")


def feed_at(client: Client, address: str) -> ET.Element:
    answer = client.get(address)
    assert answer.status_code == 200
    return ET.fromstring(answer.content)  # noqa: S314  (our own answer)


def test_a_members_feed_has_what_everybody_may_read_the_newest_first(client: Client, open_rin: User) -> None:
    week = WeekFactory(phase=Phase.DISCUSSION, winner__user=open_rin, winner__album__title="Blue")
    RatingFactory(user=open_rin, week=week, half_stars=9, review="A lake.")
    RatingFactory(user=open_rin, week=None, visibility=Visibility.MEMBERS)
    RatingFactory(user=open_rin, week=None, hidden_at=timezone.now())
    RatingFactory(review="Somebody else's.")
    assert [title.partition(":")[0].partition(" for")[0] for title in titles(of_rin(client))] == [
        "4.5 stars", f"Won week {week.number}", f"Nominated in week {week.number}",
    ]  # fmt: skip


def test_a_members_feed_gives_away_no_spoiler_and_is_linked_from_the_page(client: Client, open_rin: User) -> None:
    RatingFactory(user=open_rin, review="The butler did it.", spoiler=True)
    assert "butler" not in ET.tostring(of_rin(client), encoding="unicode")
    assert 'href="/@rin/feed.atom"' in client.get("/@rin/").content.decode()


@pytest.mark.parametrize("level", [Visibility.MEMBERS, Visibility.FOLLOWERS, Visibility.ME])
def test_a_page_that_is_not_everybodys_has_no_feed_and_a_hidden_part_an_empty_one(
    client: Client, open_rin: User, level: str
) -> None:
    RatingFactory(user=open_rin)
    User.objects.filter(pk=open_rin.pk).update(club_visibility=level)
    assert titles(of_rin(client)) == []
    User.objects.filter(pk=open_rin.pk).update(visibility=level)
    assert client.get("/@rin/feed.atom").status_code == 404


def test_a_member_who_is_gone_has_no_feed(client: Client, open_rin: User) -> None:
    User.objects.filter(pk=open_rin.pk).update(is_active=False)
    assert client.get("/@rin/feed.atom").status_code == 404


def test_a_members_feed_that_a_reader_has_is_not_sent_twice(client: Client, open_rin: User) -> None:
    RatingFactory(user=open_rin)
    first = client.get("/@rin/feed.atom")
    assert client.get("/@rin/feed.atom", headers={"If-None-Match": first["ETag"]}).status_code == 304


@pytest.mark.parametrize("n", [1, 20])
def test_a_members_feed_takes_the_same_number_of_queries(
    client: Client, open_rin: User, n: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(n):
        RatingFactory(user=open_rin)
        NominationFactory(user=open_rin)
    ClubSettings.load()
    with django_assert_num_queries(6):
        client.get("/@rin/feed.atom")


def test_no_cache_on_the_way_keeps_a_members_feed_after_they_close_their_page(client: Client, rin: User) -> None:
    User.objects.filter(pk=rin.pk).update(visibility="public")
    there = client.get("/@rin/feed.atom")
    assert there.status_code == 200
    assert {"max-age=0", "must-revalidate"} <= set(there["Cache-Control"].split(", "))
    User.objects.filter(pk=rin.pk).update(visibility="members")
    asked = {"If-None-Match": there["ETag"], "If-Modified-Since": there["Last-Modified"]}
    assert client.get("/@rin/feed.atom", headers=asked).status_code == 404
