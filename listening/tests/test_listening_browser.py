"""The pages of listening in a real browser: looks in both themes and three widths, without JavaScript, by keyboard."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from catalog.models import Album, Tag, Tagging
from catalog.tests.factories import AlbumFactory
from listening.models import Listener, NowPlaying, SyncState
from listening.tests.histories import counted, evenings, heard, listener, track
from sidetrack.tests.browser import Browse, check_looks
from social.models import User

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LONG = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch"


@pytest.fixture
def ana(transactional_db: None) -> User:
    """Long names, two years, a source that is behind, something playing, a move that is not done."""
    now = timezone.now()
    ana = listener("ana", visibility="public", listens_visibility="public")
    ana.display_name = LONG
    ana.save()
    evenings(ana, 1_100, until=now, a_day=3)
    album = AlbumFactory(title=LONG, artist__name=LONG, n_tracks=3)
    genre = Tag.objects.create(name=LONG, name_key=LONG.lower(), is_genre=True)
    Tagging.objects.create(tag=genre, artist=album.artist, source="lastfm", weight=90)
    song = track(LONG, album=album)
    heard(ana, song, *(now - timedelta(days=2, minutes=each * 4) for each in range(1, 30)), album=album)
    for place in range(2):
        other = listener(f"other{place}", visibility="public", listens_visibility="public")
        heard(other, song, now - timedelta(days=1), album=album)
        counted(other, now=now)
    counted(ana, now=now)
    NowPlaying.objects.create(
        user=ana, source="lastfm", artist_name=LONG, title=LONG, started_at=now, expires_at=now + timedelta(hours=1)
    )
    SyncState.objects.create(
        user=ana,
        source="lastfm",
        account_name="ana",
        due_at=now,
        last_success_at=now - timedelta(days=3),
        error="Busy.",
    )
    Listener.objects.filter(pk=ana.pk).update(zone="Asia/Tokyo")
    return ana


PAGES = (
    "/@ana/", "/@ana/listening/", "/@ana/listening/?range=all", "/@ana/listening/?from=2025-02-01&to=2025-01-01",
    "/@ana/listening/?range=2019", "/@ana/listens/", "/@ana/listening/{year}/", "/@ana/listening/tracks/?range=all",
    "/@ana/grid/?range=all&side=5", "/@ana/{year}/",
    "{album}", "{artist}", "{track}", "/community/", "/",
)  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_a_page_of_listening_looks_right(ana: User, browse: Browse, path: str) -> None:
    album = Album.objects.get(title=LONG)
    song = ana.listens.filter(album=album).select_related("track")[0].track
    address = path.format(
        year=timezone.now().year, album=album.get_absolute_url(), artist=album.artist.get_absolute_url(),
        track=f"/tracks/{song.pk}/",
    )  # fmt: skip
    check_looks(browse, address, ana)


@pytest.mark.parametrize("path", ["/@rin/listening/", "/@rin/listens/"])
def test_a_page_without_a_listen_looks_right(transactional_db: None, rin: User, browse: Browse, path: str) -> None:
    check_looks(browse, path, rin)


def test_days_are_chosen_without_javascript(ana: User, browse: Browse) -> None:
    page = browse(width=375, javascript=False)
    page.goto("/@ana/listening/")
    page.get_by_role("link", name="All time").click()
    expect(page.get_by_role("heading", level=2, name="All time")).to_be_visible()
    page.get_by_text("Other days").click()
    page.get_by_label("From", exact=True).fill("2019-01-01")
    page.get_by_label("To", exact=True).fill("2019-01-31")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.get_by_text("Nothing was heard in these days")).to_be_visible()
    page.get_by_role("link", name="Show everything").click()
    page.get_by_role("link", name="Play by play").click()
    first = page.locator(".listen-title").first.get_attribute("href")
    page.get_by_role("link", name="Older").click()
    assert page.locator(".listen-title").first.get_attribute("href")
    assert page.locator(f'.listen-title[href="{first}"]').count() < 60
    expect(page.get_by_role("link", name="Back to the newest")).to_be_visible()


def test_the_calendar_of_a_phone_begins_at_the_newest_days(ana: User, browse: Browse) -> None:
    page = browse(width=320)
    page.goto("/@ana/listening/?range=all")
    region, drawn = page.locator(".heat-scroll").bounding_box(), page.locator(".heat-days").bounding_box()
    assert region is not None
    assert drawn is not None
    assert drawn["x"] + drawn["width"] <= region["x"] + region["width"] + 1
    assert drawn["x"] < region["x"]
