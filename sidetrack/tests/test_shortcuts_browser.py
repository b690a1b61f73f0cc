"""Keyboard shortcuts in a real browser: where they lead, when they rest, and who has none."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from club.tests.stage import SmallClub, small_club
from sidetrack.tests.browser import Browse, axe_findings, check_looks
from social.models import User

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def club() -> SmallClub:
    return small_club(n_members=4)


def test_keys_go_search_step_and_explain_themselves(club: SmallClub, browse: Browse, rin: User) -> None:
    page = browse(member=rin)
    page.goto("/stats/")
    page.keyboard.press("g")
    page.keyboard.press("w")
    page.wait_for_url("**/weeks/")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.type") == "search"
    page.keyboard.type("gs?")
    assert page.evaluate("document.activeElement.value") == "gs?", "keys rest while a member writes"
    assert page.url.endswith("/weeks/")
    page.goto("/weeks/")
    page.keyboard.press("j")
    first = page.evaluate("document.activeElement.href")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.href") != first
    page.keyboard.press("k")
    assert page.evaluate("document.activeElement.href") == first
    page.keyboard.press("?")
    page.get_by_role("dialog", name="Keyboard shortcuts").wait_for()
    assert not axe_findings(page)
    page.keyboard.press("Escape")
    page.get_by_role("dialog").wait_for(state="detached")
    assert page.evaluate("document.activeElement.href") == first, "the focus comes back"
    for letter, address in {"h": "/", "p": "/@rin/", "n": "/notifications/", "t": "/dashboard/"}.items():
        with page.expect_navigation():
            page.keyboard.press("g")
            page.keyboard.press(letter)
        assert urlsplit(page.url).path == address


def test_who_switched_them_off_and_visitors_have_none(club: SmallClub, browse: Browse, rin: User) -> None:
    User.objects.filter(pk=rin.pk).update(shortcuts=False)
    for member in (rin, None):
        page = browse(member=member)
        page.goto("/weeks/")
        for key in ("g", "s", "?", "/"):
            page.keyboard.press(key)
        assert page.url.endswith("/weeks/")
        assert not page.get_by_role("dialog").count()
        assert page.evaluate("document.activeElement.type") != "search"


def test_the_list_is_a_page_too(browse: Browse, rin: User) -> None:
    check_looks(browse, "/shortcuts/", member=rin)
