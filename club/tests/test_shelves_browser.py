"""Shelves, pictures and the year in a real browser: looks with long names and everything open; no JavaScript needed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from catalog.tests.factories import AlbumFactory
from club.models import DiaryEntry, WantedAlbum
from club.shelves.diary import log_album
from club.shelves.favourites import favourites_of, set_favourites
from club.shelves.wanting import want
from club.tests.factories import RatingFactory
from sidetrack.tests.browser import Browse, axe_findings, check_looks, overhang
from social.models import User

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"


@pytest.fixture
def keeper(transactional_db: None, rin: User) -> User:
    now = timezone.now()
    albums = [AlbumFactory(title=LONG, artist__name=LONG), *AlbumFactory.create_batch(4)]
    set_favourites(member=rin, albums=albums[:4], now=now)
    for place, album in enumerate(albums):
        log_album(member=rin, album=album, extent="part", visibility="me", now=now - timedelta(days=20 * place))
        want(member=rin, album=album, note=LONG * 2, visibility="followers", now=now)
    RatingFactory(user=rin, week=None, album=albums[0], half_stars=9)
    return rin


@pytest.mark.parametrize("path", ["/@rin/", "/@rin/diary/", "/@rin/wants/", "{album}log/", "/@rin/{year}/"])
def test_a_page_of_shelves_looks_right(keeper: User, browse: Browse, path: str) -> None:
    address = path.format(album=favourites_of(keeper)[0].get_absolute_url(), year=timezone.now().year)
    check_looks(browse, address, keeper)


@pytest.mark.parametrize("path", ["/settings/favourites/?find=album", "/settings/profile/"])
def test_a_page_of_settings_looks_right(keeper: User, browse: Browse, path: str) -> None:
    check_looks(browse, path, keeper)


def test_what_opens_on_the_list_fits_a_phone(keeper: User, browse: Browse) -> None:
    page = browse(width=320, member=keeper)
    page.goto("/@rin/wants/")
    page.locator(".want-acts summary").first.click()
    expect(page.get_by_label("Who may see it").first).to_be_visible()
    assert overhang(page) == 0
    assert axe_findings(page) == []


def test_without_javascript_an_album_is_wanted_logged_and_made_a_favourite(
    transactional_db: None, rin: User, browse: Browse
) -> None:
    album = AlbumFactory(title="Blue")
    page = browse(member=rin, javascript=False)
    page.goto(album.get_absolute_url())
    with page.expect_navigation():
        page.get_by_role("button", name="Want to hear").click()
    assert WantedAlbum.objects.filter(user=rin, album=album).exists()
    with page.expect_navigation():
        page.get_by_role("button", name="Add to my favourites").click()
    assert favourites_of(rin) == [album]
    page.get_by_role("link", name="I heard it").click()
    page.get_by_text("All of it").check()
    page.get_by_role("button", name="Put it in my diary").click()
    expect(page.get_by_text("off your list of albums to hear")).to_be_visible()
    assert DiaryEntry.objects.get().extent == "whole"
