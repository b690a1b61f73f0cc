"""Blends and made lists in a real browser: both themes, a phone and a desk, axe, without JavaScript."""

from __future__ import annotations

import pytest
from django.utils.timezone import now

from catalog.tests.factories import TrackFactory
from sidetrack.tests.browser import Browse, check_looks
from social.models import LinkedAccount, User
from social.tests.factories import UserFactory
from taste.blends import asking
from taste.models import Blend, PlaylistExport
from taste.playlists import writing
from taste.playlists.writing import Line
from taste.tests.blends.test_making import played
from taste.tests.playlists.test_made_lists import sounding

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LONG = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch"


@pytest.fixture
def ana() -> User:
    """With a blend that was sent and refused, a question to answer, one that waits, and music to place."""
    ana, bo = UserFactory(handle="ana", display_name="Ana"), UserFactory(handle="bo", display_name=LONG)
    cy, di = UserFactory(handle="cy", display_name=LONG), UserFactory(handle="di")
    asking.accept(by=bo, blend=asking.ask(by=ana, whom=bo, now=now()), now=now())
    Blend.objects.update(made_at=now())
    asking.ask(by=cy, whom=ana, now=now())
    asking.ask(by=ana, whom=di, now=now())
    origins = ["both", "mine", "theirs", "new"] * 2
    lines = [Line(TrackFactory(title=LONG), f"Both of you play it: {LONG}.", origin) for origin in origins]
    row = writing.save(user=ana, kind="blend", key=str(bo.pk), title="Blend", note="Even", lines=lines, now=now())
    about = {"playlist": row, "asked_at": now(), "finished_at": now(), "n_tracks": 8, "n_found": 7}
    PlaylistExport.objects.create(service="spotify", state="done", missing=[LONG], url="https://x.example/", **about)
    PlaylistExport.objects.create(service="listenbrainz", state="failed", needs_relink=True, words="No.", **about)
    LinkedAccount.objects.create(user=ana, provider="listenbrainz", provider_user_id="ana", access_token="x")
    played(ana, dict.fromkeys(sounding(14, 0.5, 0.5), 2))
    return ana


def test_pages_look_right(ana: User, browse: Browse) -> None:
    for path in ("/blends/", "/blends/with/bo/", "/blends/with/cy/", "/blends/with/di/", "/playlists/mood/"):
        check_looks(browse, path, member=ana)


def test_a_mood_is_chosen_by_keyboard_without_javascript(ana: User, browse: Browse) -> None:
    page = browse(width=320, member=ana, javascript=False)
    page.goto("/playlists/mood/")
    page.get_by_role("radio", name="very lively, dark: 0").focus()
    page.keyboard.press("Space")
    for _ in range(12):
        page.keyboard.press("ArrowRight")
    assert page.get_by_role("radio", name="moderate, in between: 14").is_checked()
    page.get_by_role("radio", name="45 minutes").check()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Moderate and in between, 45 minutes").wait_for()
