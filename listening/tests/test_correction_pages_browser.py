"""The pages of duplicates and corrections in a browser: both themes, every width, and by keyboard."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from listening.corrections import delete_listens, not_music
from listening.ingest import ingest
from listening.models import ImportBatch, ListenEvent
from listening.tests.plays import EVENING, play
from sidetrack.tests.browser import Browse, check_looks
from social.models import User

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NOW = EVENING + timedelta(days=3)


@pytest.fixture
def history(rin: User) -> ListenEvent:
    """Three sources that overlap, one play deleted, one name that is no music; answers with a play that stands."""
    batch = ImportBatch.objects.create(
        user=rin, source="spotify", file_name="my_spotify_data_with_a_rather_long_name.zip", created_at=NOW
    )
    titles = ["Roads", "Strangers", "Glory Box"]
    told = [play(6 * n, title, duration_ms=240_000) for n, title in enumerate(titles)]
    ingest(user=rin, source="spotify", plays=told, now=NOW, batch=batch)
    ingest(user=rin, source="lastfm", plays=[*told, play(90, "Podcast 12", artist="The Daily", album="")], now=NOW)
    ingest(user=rin, source="listenbrainz", plays=[play(4, duration_ms=240_000)], now=NOW)
    not_music(user=rin, msid=ListenEvent.objects.get(track__title="Podcast 12").msid, now=NOW)
    gone = ListenEvent.objects.filter(track__title="Glory Box").values_list("pk", flat=True)
    delete_listens(user=rin, listen_ids=gone, now=NOW)
    return ListenEvent.objects.counted().get(track__title="Roads")


def test_the_pages_look_right(rin: User, history: ListenEvent, browse: Browse) -> None:
    check_looks(browse, reverse("listening:duplicates"), rin)
    check_looks(browse, reverse("listening:removed"), rin)
    check_looks(browse, reverse("listening:edit_listen", args=[history.pk]), rin)


def test_sources_are_ordered_by_keyboard_without_javascript(rin: User, history: ListenEvent, browse: Browse) -> None:
    page = browse(member=rin, javascript=False)
    page.goto(reverse("listening:duplicates"))
    page.get_by_role("button", name="Last.fm up").focus()
    page.keyboard.press("Enter")
    page.locator("li:nth-child(2)", has_text="Last.fm").locator(":focus").wait_for()
    page.keyboard.press("Enter")
    page.locator("li:nth-child(1)", has_text="Last.fm").locator(":focus").wait_for()  # “down”: it is first now
    page.get_by_role("button", name="Save this order").press("Enter")
    page.get_by_text("The order is saved, and your duplicates follow it.").wait_for()
    history.refresh_from_db()
    assert history.duplicate_of is not None
    assert history.duplicate_of.source == "lastfm"
