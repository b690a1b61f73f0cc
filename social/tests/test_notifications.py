"""What a member is told on the site: once a subject, in a list of their own."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils.timezone import now

from social.models import Notification, User
from social.notifying import forget_old, mark_read, notify, unread

pytestmark = pytest.mark.django_db
PAGE = "/notifications/"


def told(member: User, subject: str = "energy 2025-11-10", text: str = "Energy rose.", **more: Any) -> Notification:
    row = notify(user=member, kind="taste_change", subject=subject, text=text, now=now(), **more)
    assert row is not None
    return row


@pytest.fixture
def as_rin(client: Client, rin: User) -> Client:
    client.force_login(rin)
    return client


def test_the_same_words_about_a_subject_are_told_once(rin: User) -> None:
    first = told(rin)
    mark_read(user=rin, now=now())
    assert told(rin) == first
    assert not unread(rin).exists()


def test_other_words_about_a_subject_make_it_unread_again(rin: User) -> None:
    told(rin)
    mark_read(user=rin, now=now())
    later = now() + timedelta(days=1)
    notify(user=rin, kind="taste_change", subject="energy 2025-11-10", text="Energy rose more.", now=later)
    row = Notification.objects.get()
    assert (row.text, row.read_at, row.told_at) == ("Energy rose more.", None, later)


def test_a_member_reads_their_own_and_nobody_elses(as_rin: Client, rin: User, sol: User) -> None:
    told(rin, text="Energy rose.")
    told(sol, text="Valence fell.")
    page = as_rin.get(PAGE).content.decode()
    assert "Energy rose." in page
    assert "Valence fell." not in page
    assert "1 is unread." in page


def test_a_visitor_is_sent_to_the_door(client: Client) -> None:
    assert client.get(PAGE)["Location"] == f"/accounts/login/?next={PAGE}"


def test_nothing_yet_says_what_will_be_here(as_rin: Client) -> None:
    assert "Nothing yet" in as_rin.get(PAGE).content.decode()


def test_opening_one_marks_it_read_and_leads_to_its_page(as_rin: Client, rin: User) -> None:
    row = told(rin, address="/dashboard/weeks/2025-W46/")
    told(rin, subject="valence 2025-11-10", text="Valence fell.")
    assert as_rin.post(f"{PAGE}{row.pk}/")["Location"] == "/dashboard/weeks/2025-W46/"
    assert [each.subject for each in unread(rin)] == ["valence 2025-11-10"]


@pytest.mark.parametrize("address", ["", "https://elsewhere.example/", "//elsewhere.example/"])
def test_one_that_leads_nowhere_here_leads_back_to_the_list(as_rin: Client, rin: User, address: str) -> None:
    row = told(rin, address=address)
    assert as_rin.post(f"{PAGE}{row.pk}/")["Location"] == PAGE


def test_nobody_opens_somebody_elses(as_rin: Client, sol: User) -> None:
    row = told(sol)
    assert as_rin.post(f"{PAGE}{row.pk}/").status_code == 404
    assert unread(sol).count() == 1


def test_all_are_marked_read_at_once(as_rin: Client, rin: User, sol: User) -> None:
    for number in range(3):
        told(rin, subject=str(number))
    told(sol)
    assert as_rin.post(f"{PAGE}read/")["Location"] == PAGE
    assert (unread(rin).count(), unread(sol).count()) == (0, 1)
    assert "You have read them all." in as_rin.get(PAGE).content.decode()


@pytest.mark.parametrize("n", [1, 20])
def test_the_list_costs_the_same_with_one_and_with_twenty(
    as_rin: Client, rin: User, django_assert_max_num_queries: Any, n: int
) -> None:
    for number in range(n):
        told(rin, subject=str(number))
    with django_assert_max_num_queries(8):
        as_rin.get(PAGE)


def test_new_ones_stand_first_and_older_pages_follow_each_other(as_rin: Client, rin: User) -> None:
    """Also where many were told in one moment; what is told meanwhile shifts nothing."""
    moment = now()
    for number in range(120):
        notify(user=rin, kind="follow", subject=str(number), text=f"Number {number:03}.", now=moment)
    mark_read(user=rin, now=moment)
    told(rin, text="Energy rose.")
    pages, address = [], PAGE
    while address:
        page = as_rin.get(address)
        pages.append(page.content.decode())
        told(rin, subject=f"meanwhile {len(pages)}", text="Told meanwhile.")
        address = f"{PAGE}?before={page.context['next']}" if page.context["next"] else ""
    found = [number for page in pages for number in re.findall(r"Number (\d{3})\.", page)]
    assert len(pages) == 3
    assert sorted(found) == sorted(set(found)) == [f"{number:03}" for number in range(120)]
    assert pages[0].index("Energy rose.") < pages[0].index("Number")
    assert "Told meanwhile." not in pages[1]


@pytest.mark.parametrize("place", ["x", "1-", "-1", "9" * 17 + "-1", "٣-1"])
def test_a_place_that_no_link_says_is_the_first_page(as_rin: Client, place: str) -> None:
    assert as_rin.get(PAGE, {"before": place}).status_code == 200


def test_read_ones_are_forgotten_after_half_a_year(rin: User) -> None:
    old = told(rin, subject="old")
    new = told(rin, subject="new")
    unread_one = told(rin, subject="unread")
    Notification.objects.filter(pk=old.pk).update(read_at=now() - timedelta(days=181))
    Notification.objects.filter(pk=new.pk).update(read_at=now() - timedelta(days=179))
    assert forget_old(now=now()) == 1
    assert set(Notification.objects.all()) == {new, unread_one}
