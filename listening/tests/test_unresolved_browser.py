"""The pages of unknown tracks in a browser: both themes, every width, and without JavaScript."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from catalog.tests.factories import TrackFactory
from catalog.tests.musicbrainz_double import MusicBrainzDouble
from listening.ingest import ingest
from listening.models import ListenEvent
from listening.tests.plays import EVENING, play
from sidetrack.tests.browser import Browse, check_looks
from social.models import User

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def heard(rin: User, musicbrainz: MusicBrainzDouble) -> ListenEvent:
    """A song of two performances, a name of great length, and one in another script."""
    titles = ["Roads", "Roads", "Verylongunbreakablename" * 4, "東京は夜の七時"]
    plays = [play(6 * n, title, album="") for n, title in enumerate(titles)]
    ingest(user=rin, source="lastfm", plays=plays, now=EVENING + timedelta(days=3))
    musicbrainz.add_recording("Roads", "Portishead", length=350_000, albums=("Roseland NYC Live",))
    musicbrainz.add_recording("Roads", "Portishead", length=304_000, albums=("Dummy",))
    listen = ListenEvent.objects.filter(track__title="Roads").first()
    assert listen is not None
    known = "0a2b3c4d-0000-4000-8000-000000000002"
    TrackFactory(title="Roads (Live)", artist=listen.artist, recording_mbid=known)
    return listen


def test_the_pages_look_right(rin: User, heard: ListenEvent, browse: Browse) -> None:
    check_looks(browse, reverse("listening:unresolved"), rin)
    check_looks(browse, reverse("listening:unresolved_track", args=[heard.track_id]), rin)


def test_a_member_says_what_it_is_without_javascript(rin: User, heard: ListenEvent, browse: Browse) -> None:
    page = browse(member=rin, javascript=False, width=320)
    page.goto(reverse("listening:unresolved"))
    page.locator("li", has_text="Roads").get_by_role("link", name="Say what it is").click()
    page.locator("li", has_text="Roseland NYC Live").get_by_role("button", name="This one").click()
    page.get_by_text("means “Roads — Portishead” in your listens from now on").wait_for()
    heard.refresh_from_db()
    assert heard.track.duration_ms == 350_000
