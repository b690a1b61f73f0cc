"""Leaving: hidden at once, taken back on any page, carried out after two weeks; the archive's figures stay true."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils.timezone import now

from catalog.naming import get_or_create_album
from club import aggregates
from club.models import Nomination, Phase, Rating, Vote, Week
from club.polls import poll_result
from club.ratings import recompute
from club.tests.factories import WeekFactory
from discordbot.reading.people import shown_name
from social.identity import link_identity, member_for_identity
from social.models import AccountDeletion, Notification, User
from social.own_data import leaving
from social.tests.factories import UserFactory
from social.tokens import make_token, token_for
from social.visibility import is_visible_to

pytestmark = pytest.mark.django_db
PAGE = "/settings/data/leave/"


def signed_in(member: User) -> Client:
    client = Client()
    assert (
        client.post("/accounts/login/", {"login": member.handle, "password": "correct horse battery"}).status_code
        == 302
    )
    return client


def asks(client: Client, **said: str) -> Any:
    return client.post(PAGE, {"sure": "yes", **said})


def leaves(member: User, *, keeps_ratings: bool = True) -> None:
    wish = leaving.ask_to_leave(member=member, keeps_ratings=keeps_ratings, now=now() - leaving.GRACE)
    assert leaving.carry_out(wish, now=now())


# --- The wish -------------------------------------------------------------------------------------------------------
def test_who_signed_in_just_now_asks_and_is_hidden_at_once(rin: User, sol: User) -> None:
    client = signed_in(rin)
    asks(client, ratings="remove")
    wish = AccountDeletion.objects.get(user=rin)
    assert wish.due_at - wish.asked_at == timedelta(days=14)
    assert not wish.keeps_ratings
    rin.refresh_from_db()
    for viewer in (sol, None):
        assert not is_visible_to(rin, viewer)
    assert is_visible_to(rin, rin)
    assert shown_name(rin) == ""


def test_the_way_back_stands_on_every_page_and_gives_everything_back(rin: User, sol: User) -> None:
    User.objects.filter(pk=rin.pk).update(taste_visibility="followers", shows_ballots=True, searchable=True)
    before = User.objects.filter(pk=rin.pk).values().get()
    client = signed_in(rin)
    asks(client)
    assert "Take it back" in client.get("/weeks/").content.decode()
    assert client.get("/settings/data/leave/").content.decode().count("Take it back") == 1  # not in a strip as well
    client.post("/settings/data/stay/")
    after = User.objects.filter(pk=rin.pk).values().get()
    assert {**after, "last_login": None} == {**before, "last_login": None}
    assert not AccountDeletion.objects.exists()
    assert "Take it back" not in client.get("/weeks/").content.decode()


def test_what_a_member_shows_meanwhile_stays_as_they_made_it(rin: User) -> None:
    leaving.ask_to_leave(member=rin, keeps_ratings=True, now=now())
    User.objects.filter(pk=rin.pk).update(visibility="public")
    assert leaving.stay(member=rin)
    rin.refresh_from_db()
    assert (rin.visibility, rin.club_visibility) == ("public", "public")


def test_an_open_session_is_not_enough(rin: User, client: Client) -> None:
    client.force_login(rin)
    assert (
        client.post(PAGE, {"sure": "yes"})["Location"] == f"/accounts/reauthenticate/?next={PAGE.replace('/', '%2F')}"
    )
    assert not AccountDeletion.objects.exists()
    assert "Say my password" in client.get(PAGE).content.decode()
    client.post(f"/accounts/reauthenticate/?next={PAGE}", {"password": "correct horse battery"})
    asks(client)
    assert AccountDeletion.objects.filter(user=rin).exists()


def test_who_has_no_password_is_sent_to_their_service(client: Client, settings: Any) -> None:
    member = UserFactory()
    link_identity(user=member, provider="discord", provider_user_id="42", now=now())
    client.force_login(member)
    assert client.post(PAGE, {"sure": "yes"})["Location"].endswith("#prove")
    assert "sign in once more with your service" in client.get(PAGE).content.decode()


def test_it_has_to_be_meant(rin: User) -> None:
    client = signed_in(rin)
    client.post(PAGE, {"ratings": "remove"})
    assert not AccountDeletion.objects.exists()


def test_the_only_one_who_runs_the_site_stays(rin: User) -> None:
    User.objects.filter(pk=rin.pk).update(is_superuser=True)
    with pytest.raises(leaving.Refused, match="only one"):
        leaving.ask_to_leave(member=rin, keeps_ratings=True, now=now())


def test_the_end_is_told_three_days_before_once(rin: User) -> None:
    wish = leaving.ask_to_leave(member=rin, keeps_ratings=True, now=now())
    assert leaving.remind_due(now=wish.due_at - timedelta(days=4)) == 0
    soon = wish.due_at - timedelta(days=3)
    assert (leaving.remind_due(now=soon), leaving.remind_due(now=soon)) == (1, 0)
    assert "can take it back" in Notification.objects.get(user=rin).text


def test_nothing_happens_before_its_day_or_after_it_was_taken_back(rin: User) -> None:
    wish = leaving.ask_to_leave(member=rin, keeps_ratings=True, now=now())
    assert leaving.carry_out_due(clock=lambda: wish.due_at - timedelta(seconds=1)) == 0
    assert leaving.stay(member=rin)
    assert not leaving.carry_out(wish, now=wish.due_at)
    rin.refresh_from_db()
    assert rin.is_active


# --- Carried out ----------------------------------------------------------------------------------------------------
def test_nobody_gets_in_any_more(rin: User, sol: User) -> None:
    client = signed_in(rin)
    signed_in(sol)
    _token, raw = make_token(user=rin, name="x", scope="read", now=now())
    leaves(rin)
    assert client.get("/settings/profile/").status_code == 302
    assert token_for(raw, now=now()) is None
    assert not UserSession.objects.filter(user=rin).exists()
    assert Session.objects.count() == 1  # sol's
    answer = Client().post("/accounts/login/", {"login": "rin", "password": "correct horse battery"})
    assert answer.status_code == 200


def test_the_same_discord_account_is_a_new_member_later(rin: User) -> None:
    link_identity(user=rin, provider="discord", provider_user_id="42", now=now())
    leaves(rin)
    member, is_new = member_for_identity(provider="discord", provider_user_id="42", wanted_handle="rin", now=now())
    assert is_new
    assert member.pk != rin.pk
    assert member.handle == "rin"


@pytest.fixture
def closed(rin: User, sol: User, mod: User, monday: datetime) -> Week:
    """Rin's album won by rin's ballot for sol's … and three rated it."""
    week = WeekFactory(phase=Phase.CLOSED, opens_at=monday)
    albums = [get_or_create_album(artist="Can", title=title)[0] for title in ("Tago Mago", "Future Days")]
    first = Nomination.objects.create(week=week, user=rin, album=albums[0], pitch="Hear it.", created_at=monday)
    second = Nomination.objects.create(week=week, user=sol, album=albums[1], created_at=monday)
    Vote.objects.create(week=week, user=rin, nomination=second, rank=1, cast_at=monday)
    Vote.objects.create(week=week, user=sol, nomination=first, rank=1, cast_at=monday)
    Vote.objects.create(week=week, user=mod, nomination=second, rank=2, cast_at=monday)
    week.winner = second
    week.save()
    for member, half_stars in ((rin, 4), (sol, 8), (mod, 9)):
        Rating.objects.create(
            week=week, user=member, album=albums[1], half_stars=half_stars, review="Words.", created_at=monday,
            updated_at=monday,
        )  # fmt: skip
    recompute(week)
    aggregates.repair(week)
    return week


def points(week: Week) -> list[tuple[int, int]]:
    return [(each.nomination_id, each.points) for each in poll_result(week).entries]


@pytest.mark.parametrize(("keeps_ratings", "count", "mean"), [(True, 3, 3.5), (False, 2, 4.25)])
def test_figures_are_true_and_results_stay(
    closed: Week, rin: User, sol: User, keeps_ratings: bool, count: int, mean: float
) -> None:
    before = points(closed)
    leaves(rin, keeps_ratings=keeps_ratings)
    closed.refresh_from_db()
    assert (closed.rating_count, closed.rating_mean) == (count, pytest.approx(mean))
    assert aggregates.compare() == []
    assert points(closed) == before
    member = Client()
    member.force_login(sol)
    for client in (Client(), member):
        page = client.get(f"/weeks/{closed.number}/").content.decode()
        assert "A former member" in page
        assert [words for words in ("Hear it.", ">Rin<", f"/@former_{rin.pk}/") if words in page] == []
        assert client.get(f"/@former_{rin.pk}/").status_code == 404


def test_open_weeks_are_left_as_by_the_members_own_hand(rin: User, sol: User) -> None:
    week = WeekFactory(phase=Phase.POLL, opens_at=now() - timedelta(days=3, hours=12))
    mine = Nomination.objects.create(
        week=week, user=rin, album=get_or_create_album(artist="Can", title="Tago Mago")[0], created_at=now()
    )
    other = Nomination.objects.create(
        week=week, user=sol, album=get_or_create_album(artist="Can", title="Future Days")[0], created_at=now()
    )
    Vote.objects.create(week=week, user=sol, nomination=mine, rank=1, cast_at=now())
    Vote.objects.create(week=week, user=rin, nomination=other, rank=1, cast_at=now())
    leaves(rin)
    mine.refresh_from_db()
    assert mine.withdrawn_at is not None
    assert not Vote.objects.exists()


def test_what_a_member_uploaded_goes_from_the_disk(rin: User, django_capture_on_commit_callbacks: Any) -> None:
    from django.core.files.base import ContentFile

    from listening.importing import receiving
    from social.own_data import exporting

    rin.avatar.save("rin.webp", ContentFile(b"picture"))
    batch, _ = receiving.receive(member=rin, pieces=[b"[]"], name="h.json", now=now())
    exporting.make(exporting.ask_for_export(member=rin, now=now()).pk, clock=now)
    places = [rin.avatar.path, str(receiving.stored_at(batch))]
    with django_capture_on_commit_callbacks(execute=True):
        leaves(rin)
    assert not any(Path(place).exists() for place in places)
    assert list(exporting.folder().iterdir()) == []
