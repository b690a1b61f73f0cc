"""Albums, artists, statistics, members, settings, sign-in, privacy and error pages, in a real browser.

Both themes, 320, 375 and 1280 pixels: axe finds nothing, nothing scrolls sideways, no policy is broken, no other host
is asked.
"""

from __future__ import annotations

import pytest
from django.utils.timezone import now

from club.models import Week
from club.tests.factories import RatingFactory
from club.tests.stage import SmallClub, small_club
from sidetrack.tests.browser import Browse, axe_findings, check_looks, overhang
from social.models import Follow, User
from social.tests.factories import UserFactory
from social.visibility import Visibility

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LONG = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch"

FOR_VISITORS = (
    "{album}", "{artist}", "/stats/", "/community/", "/@ana/", "/@ana/ratings/", "/@ana/nominations/", "/@ana/reviews/",
    "/privacy/", "/accounts/login/", "/accounts/signup/", "/weeks/999/",
)  # fmt: skip
FOR_MEMBERS = (
    "/@ana/", "/@bo/", "/@cy/", "/@bo/report/", "/community/", "/settings/profile/", "/settings/privacy/",
    "/settings/appearance/", "/settings/tokens/", "/settings/notifications/", "/settings/data/",
    "/settings/data/leave/", "/settings/sessions/", "/settings/reports/", "/notifications/", "/accounts/3rdparty/",
    "/accounts/logout/",
)  # fmt: skip


@pytest.fixture
def club() -> SmallClub:
    """A small club with names that are hard on a narrow page, and a member who is easy to see."""
    made = small_club(n_members=6)
    ana = made.members[1]
    User.objects.filter(pk=ana.pk).update(
        handle="ana", display_name="Ana", visibility=Visibility.PUBLIC, bio="**Drums** first. " * 6
    )
    UserFactory(handle="cy", display_name=LONG, visibility=Visibility.FOLLOWERS)
    UserFactory(handle="bo", display_name=LONG, visibility=Visibility.PUBLIC, bio=LONG)
    album = made.closed.winner.album  # type: ignore[union-attr]
    album.title, album.artist_credit, album.label = LONG, f"{LONG} & the Band", LONG
    album.save()
    for half_stars in (2, 10, 5):
        RatingFactory(week=None, album=album, half_stars=half_stars, review=f"{LONG} " * 3)
    return made


def address_of(path: str, week: Week) -> str:
    assert week.winner is not None
    album = week.winner.album
    return path.format(album=album.get_absolute_url(), artist=album.artist.get_absolute_url())


@pytest.mark.parametrize("path", FOR_VISITORS)
def test_a_visitors_page_looks_right(club: SmallClub, browse: Browse, path: str) -> None:
    check_looks(browse, address_of(path, club.closed))


@pytest.mark.parametrize("path", FOR_MEMBERS)
def test_a_members_page_looks_right(club: SmallClub, browse: Browse, path: str) -> None:
    check_looks(browse, path, member=User.objects.get(handle="ana"))


def test_a_request_waiting_and_a_suspension_look_right(club: SmallClub, browse: Browse) -> None:
    ana, cy = (User.objects.get(handle=handle) for handle in ("ana", "cy"))
    Follow.objects.create(follower=cy, followed=ana, state=Follow.State.REQUESTED)
    User.objects.filter(pk=ana.pk).update(suspended_at=now(), suspension_reason=LONG)
    check_looks(browse, "/@ana/", member=ana)


def test_a_moderators_pages_look_right(club: SmallClub, browse: Browse, mod: User) -> None:
    for path in (club.closed.get_absolute_url(), address_of("{album}", club.closed), "/@cy/"):
        check_looks(browse, path, member=mod)


def test_every_table_behind_a_chart_looks_right_when_it_is_opened(club: SmallClub, browse: Browse) -> None:
    page = browse(width=320)
    page.goto("/stats/")
    for summary in page.get_by_text("As a table").all():
        summary.click()
    assert page.locator("figure details[open] table").count() == page.locator("figure").count()
    assert not overhang(page)
    assert not axe_findings(page)


def test_somebody_asks_to_follow_and_is_let_in_without_javascript(club: SmallClub, browse: Browse) -> None:
    ana, cy = (User.objects.get(handle=handle) for handle in ("ana", "cy"))
    page = browse(width=320, member=ana, javascript=False)
    page.goto("/@cy/")
    page.get_by_role("button", name="Ask to follow").click()
    page.get_by_role("button", name="Take the request back").click()
    page.get_by_role("button", name="Ask to follow").click()
    theirs = browse(width=320, member=cy, javascript=False)
    theirs.goto("/@cy/")
    theirs.get_by_role("button", name="Let them (Ana)").click()
    assert theirs.get_by_text("Ana follows you now.").is_visible()
    page.goto("/@cy/")
    assert page.get_by_role("button", name="Unfollow").is_visible()


def test_a_member_changes_settings_and_follows_somebody_without_javascript(club: SmallClub, browse: Browse) -> None:
    page = browse(width=320, member=User.objects.get(handle="ana"), javascript=False)
    page.goto("/settings/privacy/")
    page.get_by_role("group", name="Profile").get_by_label("My followers").check()
    page.get_by_role("button", name="Save").click()
    assert page.get_by_text("Your privacy settings are saved.").is_visible()
    page.goto("/@bo/")
    page.get_by_role("button", name="Follow").click()
    assert page.get_by_role("button", name="Unfollow").is_visible()
    page.goto("/settings/tokens/")
    page.get_by_label("What it is for").fill("A script")
    page.get_by_role("button", name="Make the token").click()
    assert page.get_by_label("Token", exact=True).input_value().startswith("sidetrack_")
