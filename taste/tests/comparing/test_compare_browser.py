"""The comparison, one's matches and what to hear next in a browser: axe, narrow windows, and without script."""

from __future__ import annotations

import pytest
from django.utils import timezone

from catalog.tests.factories import AlbumFactory
from sidetrack.tests.browser import Browse, check_looks, overhang
from taste.matching import nearest
from taste.models import UserRecommendation
from taste.tests.comparing.two import ana_and_bo


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_two_members_are_compared_on_any_screen_and_without_script(browse: Browse) -> None:
    ana, bo = ana_and_bo()
    bo.display_name = "Bartholomew-Maximilian von und zu Hohenlohe-Schillingsfürst"
    bo.save()
    nearest.renew(now=timezone.now())
    album = AlbumFactory(title="Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft")
    UserRecommendation.objects.create(
        user=ana, album=album, kind="similar", score=1, rank=1, reason="It is dub, like albums that you play.",
        version="rec-1", computed_at=timezone.now(),
    )  # fmt: skip
    for path in ("/@ana/with/@bo/", "/matches/", "/recommendations/"):
        check_looks(browse, path, ana)
    plain = browse(width=320, member=ana, javascript=False)
    plain.goto("/matches/")
    plain.get_by_role("link", name=bo.display_name).press("Enter")
    plain.wait_for_url("**/@ana/with/@bo/")
    how = plain.locator(".compare-terms details").first
    how.locator("summary").press("Enter")
    assert how.get_by_text("random pairs of listeners have less of it").is_visible()
    plain.locator(".compare-shared summary").press("Enter")
    assert plain.locator(".compare-shared table").is_visible()
    assert overhang(plain) == 0
    plain.goto("/recommendations/")
    plain.get_by_role("button", name="Want to hear").press("Enter")
    plain.get_by_text("On your list to hear").wait_for()
    plain.get_by_role("button", name="Not interested").press("Enter")
    plain.get_by_role("button", name="Undo").press("Enter")
    plain.get_by_text("may be recommended to you again").wait_for()
