"""The pages of labels and the panels in a browser: both themes, every width, without JavaScript, by keyboard."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.urls import reverse

from catalog.models import Album, Track
from catalog.tests.factories import AlbumFactory
from sidetrack.tests.browser import Browse, check_looks
from social.models import User
from taste.axes.labelling import label
from taste.models import Label
from taste.tests.axes.test_sound_panels import lines, sounds
from taste.tests.axes.test_tags_as_evidence import played

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def album(rin: User, monday: datetime) -> Album:
    album: Album = AlbumFactory(title="Verylongunbreakablename" * 3, n_tracks=3)
    tracks = lines(album)
    sounds(tracks[:2], monday, energy=0.9, danceability=0.4, valence=0.3, acousticness=0.2, tempo=121.0, loudness=-9.0)
    sounds(tracks[1:2], monday, source="tags", sure=0.2, speechiness=0.9, liveness=0.1)
    for track in tracks:
        played(rin, track, monday)
    label(by=rin, track=tracks[0], axis="energy", value=0.63, now=monday)
    return album


def test_the_pages_look_right(rin: User, album: Album, browse: Browse) -> None:
    track = lines(album)[0]
    check_looks(browse, reverse("taste:labels"), rin)
    check_looks(browse, reverse("taste:label_track", args=[track.pk]), rin)
    check_looks(browse, album.get_absolute_url())


def test_a_member_says_it_by_keyboard_without_javascript(rin: User, album: Album, browse: Browse) -> None:
    track: Track = lines(album)[1]
    page = browse(member=rin, javascript=False, width=320)
    page.goto(reverse("listening:track", args=[track.pk]))
    page.get_by_role("link", name="Say how you hear it").press("Enter")
    page.get_by_role("group", name="Energy").get_by_label("not said").focus()
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.get_by_text("As you hear it: 75.").wait_for()
    assert Label.objects.get(user=rin, track=track).value == 0.75
    page.get_by_role("link", name="All that you said").click()
    page.locator("li", has_text="Energy 75").get_by_role("button", name="Remove").press("Enter")
    page.get_by_text("is as it was for you").wait_for()
    assert not Label.objects.filter(track=track).exists()
