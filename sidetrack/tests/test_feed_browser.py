"""The feed in a real browser: how it looks with something of everything, and older days that come in place."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils.timezone import now

from sidetrack.tests.browser import Browse, axe_findings, check_looks, overhang
from sidetrack.tests.test_feed import THINGS, rated, reviewed
from social.models import Follow, User
from social.tests.factories import UserFactory
from social.visibility import Visibility

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LONG = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch"


@pytest.fixture
def ana(rin: User) -> User:
    """Rin follows her; she did everything once, rated five albums in a row, and has a name that is hard to place."""
    member: User = UserFactory(handle="ana", display_name=LONG, visibility=Visibility.PUBLIC)
    Follow.objects.create(follower=rin, followed=member)
    for n, make in enumerate(THINGS.values()):
        make(member, now() - timedelta(days=9, minutes=n))  # type: ignore[call-arg]
    for n in range(5):
        rated(member, now() - timedelta(days=3, minutes=n))
    return member


@pytest.mark.parametrize("path", ["/feed/", "/follow-requests/", "/@ana/followers/"])
def test_it_looks_right(browse: Browse, rin: User, ana: User, path: str) -> None:
    Follow.objects.create(follower=UserFactory(display_name=LONG), followed=rin, state=Follow.State.REQUESTED)
    check_looks(browse, path, member=rin)


def test_older_days_come_in_place_and_what_is_folded_opens(browse: Browse, rin: User, ana: User) -> None:
    for n in range(40):
        reviewed(ana, now() - timedelta(days=1, minutes=n))
    page = browse(member=rin, width=320)
    page.goto("/feed/")
    assert page.locator(".feed-said").count() == 30
    page.get_by_role("link", name="Load older").click()
    page.get_by_text("rated 5 albums").wait_for()
    assert page.url.endswith("/feed/")
    headings = page.locator(".feed-day h2").all_text_contents()
    assert len(headings) == len(set(headings)), "the day that goes on has its heading once"
    page.get_by_text("Show all 5").click()
    assert page.locator(".feed-run[open] .feed-row").count() == 5
    assert not overhang(page)
    assert not axe_findings(page)


def test_without_javascript_older_days_are_a_page_of_their_own(browse: Browse, rin: User, ana: User) -> None:
    for n in range(40):
        reviewed(ana, now() - timedelta(days=1, minutes=n))
    page = browse(member=rin, javascript=False)
    page.goto("/feed/")
    with page.expect_navigation():
        page.get_by_role("link", name="Load older").click()
    assert "before=" in page.url
    assert page.get_by_text("rated 5 albums").count() == 1
