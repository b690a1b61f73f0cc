"""A new member's way from sign-in to the home page, and the pages on which accounts are linked, in a real browser."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils.timezone import now

from sidetrack.tests.browser import Browse, axe_findings, overhang
from social.identity import link_identity
from social.models import Follow, User
from social.relations import follow
from social.tests.factories import UserFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LONG = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch"


@pytest.fixture
def regulars(rin: User) -> list[User]:
    """Members whom a friend of rin follows, so that they are suggested."""
    friend, *others = UserFactory.create_batch(4)
    for other in others:
        follow(by=friend, whom=other, now=now())
    follow(by=rin, whom=friend, now=now())
    User.objects.filter(pk=others[0].pk).update(display_name=LONG)
    return others


def test_the_first_steps_work_without_javascript(browse: Browse, rin: User, regulars: list[User]) -> None:
    page = browse(width=320, javascript=False)
    page.goto("/accounts/login/?next=/weeks/")
    page.get_by_role("textbox", name="Handle").fill("rin")
    page.locator("input[type=password]").fill("correct horse battery")
    page.locator("input[type=password]").press("Enter")
    page.wait_for_url("**/welcome/**")
    page.get_by_role("link", name="Who you are").click()
    page.get_by_label("Name").fill("Rin of the Steps")
    page.get_by_label("Time zone").select_option("Europe/Berlin")
    page.get_by_role("button", name="Save and go on").click()
    page.get_by_role("heading", name="What you listen with").wait_for()
    page.get_by_role("link", name="Skip this step").click()
    for _ in range(2):
        with page.expect_navigation():
            page.get_by_role("button", name="Follow").first.click()
    page.get_by_text("You follow 3 members.").wait_for()
    page.get_by_role("button", name="Done").click()
    page.get_by_text("Welcome!").wait_for()
    assert page.url.endswith("/weeks/")
    page.goto("/")
    assert not page.get_by_text("Three first steps").count()
    rin.refresh_from_db()
    assert (rin.display_name, rin.timezone) == ("Rin of the Steps", "Europe/Berlin")
    assert Follow.objects.filter(follower=rin).count() == 3


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_page_of_it_looks_right_on_a_phone(
    browse: Browse, rin: User, regulars: list[User], theme: Any, settings: Any
) -> None:
    settings.LASTFM_API_KEY = settings.LASTFM_API_SECRET = "set"
    link_identity(user=rin, provider="lastfm", provider_user_id="x" * 60, now=now(), metadata={"name": "x" * 60})
    page = browse(width=320, theme=theme, member=rin)
    for path in (
        "/", "/welcome/you/", "/welcome/listens/", "/welcome/follow/", "/settings/connections/",
        "/settings/connections/listenbrainz/link/", "/settings/connections/lastfm/unlink/",
    ):  # fmt: skip
        page.goto(path)
        assert overhang(page) == 0, path
        assert axe_findings(page) == [], path


def test_the_browsers_own_zone_is_offered_and_stored_only_with_the_form(browse: Browse, rin: User) -> None:
    page = browse(member=rin)
    page.context.new_cdp_session(page).send("Emulation.setTimezoneOverride", {"timezoneId": "Asia/Tokyo"})
    page.goto("/welcome/you/")
    assert page.get_by_label("Time zone").input_value() == "Asia/Tokyo"
    assert User.objects.get(pk=rin.pk).timezone == "UTC"
    page.get_by_role("button", name="Save and go on").click()
    page.get_by_role("heading", name="What you listen with").wait_for()
    assert User.objects.get(pk=rin.pk).timezone == "Asia/Tokyo"
    User.objects.filter(pk=rin.pk).update(timezone="Europe/Lisbon")
    page.goto("/welcome/you/")
    assert page.get_by_label("Time zone").input_value() == "Europe/Lisbon", "what was chosen stays"
