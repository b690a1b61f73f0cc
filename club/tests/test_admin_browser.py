"""The admin in a browser: no broken Content-Security-Policy, no script error, no other host, readable, at any width."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.admin import site
from django.contrib.auth.models import Group
from django.utils.timezone import now
from playwright.sync_api import Page, expect

from catalog.tests.factories import AlbumFactory
from club.models import Phase, Rating, Week
from club.tests.factories import NominationFactory, RatingFactory, WeekFactory
from sidetrack.tests.browser import Browse, axe_findings, overhang
from social.models import User
from social.models.user import MODERATORS
from social.reports import report

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def moderator(transactional_db: None) -> User:
    mod = User.objects.create_user("mod", display_name="Mod")
    mod.groups.add(Group.objects.get(name=MODERATORS))
    return mod


@pytest.fixture
def week(moderator: User) -> Week:
    """In discussion, with two nominees and a review that was reported."""
    week = WeekFactory(phase=Phase.DISCUSSION, theme="Night drives")
    NominationFactory(week=week)
    rating = RatingFactory(week=week, album=week.winner.album)
    Rating.objects.filter(pk=rating.pk).update(review="You clowns.")
    report(
        reporter=User.objects.create_user("rin", display_name="Rin"), obj=rating, address=f"/weeks/{week.number}/",
        quote="You clowns.", subject=rating.user, reason="Insults.", now=now() - timedelta(hours=5),
    )  # fmt: skip
    return week


def addresses(week: Week) -> list[str]:
    """Every kind of page that the admin has, of ours, of import-export and of simple-history."""
    rating, nomination, album = week.ratings.get(), week.nominations.first(), week.winner.album
    version = week.history.latest().pk
    return [
        "/admin/",
        "/admin/social/report/",
        "/admin/social/report/?state=all",
        f"/admin/social/report/{rating.user.reports_about.get().pk}/change/",
        f"/admin/social/report/{rating.user.reports_about.get().pk}/hide/",
        "/admin/social/moderationaction/",
        "/admin/social/user/",
        "/admin/social/user/export/",
        f"/admin/social/user/{rating.user_id}/change/",
        f"/admin/social/user/{rating.user_id}/suspend/",
        "/admin/club/week/",
        "/admin/club/week/export/",
        "/admin/club/week/import/",
        f"/admin/club/week/{week.pk}/change/",
        f"/admin/club/week/{week.pk}/history/",
        f"/admin/club/week/{week.pk}/history/{version}/",
        f"/admin/club/week/{week.pk}/override-winner/",
        f"/admin/club/week/{week.pk}/change-deadlines/",
        f"/admin/club/week/{week.pk}/reopen-phase/",
        f"/admin/club/nomination/{nomination.pk}/change/",
        f"/admin/club/rating/{rating.pk}/change/",
        f"/admin/club/rating/{rating.pk}/history/",
        "/admin/catalog/album/",
        "/admin/catalog/album/import/",
        "/admin/catalog/album/export/",
        f"/admin/catalog/album/{album.pk}/change/",
        f"/admin/catalog/album/{album.pk}/merge/",
        f"/admin/catalog/album/{album.pk}/fix-tags/",
    ]


def test_every_kind_of_page_keeps_the_policy_and_runs_its_scripts(week: Week, moderator: User, browse: Browse) -> None:
    page = browse(member=moderator)
    broken: list[str] = []
    page.on("pageerror", lambda error: broken.append(f"{page.url}: {error}"))
    page.on("response", lambda answer: broken.append(f"{answer.status} {answer.url}") if answer.status >= 400 else None)
    for address in addresses(week):
        page.goto(address)
        broken += [f"{address}: {violation}" for violation in page.evaluate("globalThis.violations ?? []")]
    assert broken == []


OURS = {
    "desk": lambda week: "/admin/",
    "queue": lambda week: "/admin/social/report/",
    "override": lambda week: f"/admin/club/week/{week.pk}/override-winner/",
    "week": lambda week: f"/admin/club/week/{week.pk}/change/",
}


@pytest.mark.parametrize("name", OURS)
def test_the_moderators_pages_are_readable_at_any_width_in_both_themes(
    name: str, week: Week, moderator: User, browse: Browse
) -> None:
    page = browse(member=moderator)
    page.goto(OURS[name](week))
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")  # type: ignore[arg-type]
        for width in (320, 375, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            assert overhang(page) == 0, f"{name} in {theme} at {width}"
            assert axe_findings(page) == [], f"{name} in {theme} at {width}"


def settle(page: Page) -> None:
    page.goto("/admin/")
    page.get_by_role("link", name="Hide").first.click()
    page.get_by_label("Reason").fill("Insults.")
    page.get_by_role("button", name="Hide").click()
    expect(page.get_by_text("Hidden.")).to_be_visible()


@pytest.mark.parametrize("javascript", [True, False])
def test_a_report_is_settled_with_and_without_script(
    week: Week, moderator: User, browse: Browse, javascript: bool
) -> None:
    settle(browse(member=moderator, javascript=javascript))
    assert week.ratings.get().hidden_reason == "Insults."


def test_a_winner_is_overridden_by_looking_twice(week: Week, moderator: User, browse: Browse) -> None:
    page = browse(member=moderator, javascript=False)
    page.goto(f"/admin/club/week/{week.pk}/override-winner/")
    page.get_by_role("radio").first.check()
    page.get_by_label("Reason").fill("Counted twice.")
    page.get_by_role("button", name="Show before and after").click()
    expect(page.get_by_role("table", name="What will change")).to_contain_text(week.winner.album.title)
    page.get_by_role("button", name="Override the winner").click()
    expect(page.get_by_text("is the winner of")).to_be_visible()
    old = week.winner
    week.refresh_from_db()
    assert week.winner != old


def test_the_other_album_of_a_merge_is_found_by_typing(week: Week, moderator: User, browse: Browse) -> None:
    keep = AlbumFactory(title="Kid A")
    AlbumFactory(title="Kid A (2000)")
    page = browse(member=moderator)
    page.goto(f"/admin/catalog/album/{keep.pk}/merge/")
    page.locator(".select2-selection").click()
    page.locator(".select2-search__field").fill("2000")
    page.locator(".select2-results__option", has_text="Kid A (2000)").click()
    page.get_by_label("Reason").fill("One record.")
    page.get_by_role("button", name="Show before and after").click()
    expect(page.get_by_role("table", name="What will change")).to_contain_text("Kid A (2000)")


def test_the_admin_site_is_ours() -> None:
    assert type(site).__name__ in {"SidetrackAdminSite", "DefaultAdminSite"}
    assert site.index_title == "Moderation"
