"""The club's pages in a real browser: looks, keyboard, no JavaScript, Back after a filter, few requests."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from catalog.tests.factories import AlbumFactory
from club.models import Nomination, Phase, Rating, Vote, Week
from club.tests.factories import RatingFactory, WeekFactory
from club.tests.stage import SmallClub, small_club
from sidetrack.tests.browser import Browse, axe_findings, check_looks, overhang
from social.models import User

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
REQUEST_BUDGET = 25


@pytest.fixture
def club(transactional_db: None) -> SmallClub:
    return small_club()


VISITOR_PAGES = {
    "home": lambda club: "/",
    "archive": lambda club: "/weeks/",
    "archive filtered": lambda club: "/weeks/?genre=Folk&country=Japan&sort=score",
    "archive as a table": lambda club: "/weeks/?view=table",
    "archive without a find": lambda club: "/weeks/?q=nothing+like+it",
    "closed week": lambda club: club.closed.get_absolute_url(),
    "week in discussion": lambda club: club.discussion.get_absolute_url(),
    "week in listening": lambda club: club.listening.get_absolute_url(),
    "week in the poll": lambda club: club.poll.get_absolute_url(),
    "week in nominations": lambda club: club.nominations.get_absolute_url(),
}
MEMBER_PAGES = {
    "nominating": lambda club: f"{club.nominations.get_absolute_url()}?find=album",
    "voting": lambda club: club.poll.get_absolute_url(),
    "rating": lambda club: club.discussion.get_absolute_url(),
}


@pytest.mark.parametrize("name", VISITOR_PAGES)
def test_pages_look_right_to_visitors(name: str, club: SmallClub, browse: Browse) -> None:
    check_looks(browse, VISITOR_PAGES[name](club))


@pytest.mark.parametrize("name", MEMBER_PAGES)
def test_pages_look_right_to_members(name: str, club: SmallClub, stranger: User, browse: Browse) -> None:
    check_looks(browse, MEMBER_PAGES[name](club), stranger)


def test_the_looks_are_really_checked(transactional_db: None, browse: Browse) -> None:
    page = browse(width=320)
    page.goto("/")
    page.evaluate("document.querySelector('main').innerHTML = '<p class=wide>x</p><img src=/static/img/icon.svg>'")
    page.evaluate("document.querySelector('.wide').style.width = '500px'")
    assert overhang(page) > 0
    assert any(finding.startswith("image-alt") for finding in axe_findings(page))


def test_a_brand_new_club_looks_right(transactional_db: None, browse: Browse) -> None:
    check_looks(browse, "/")


def test_a_refused_form_looks_right_and_has_the_focus_on_its_summary(
    club: SmallClub, stranger: User, browse: Browse
) -> None:
    page = browse(member=stranger)
    page.goto(club.nominations.get_absolute_url())
    page.get_by_label("Your pitch").fill("Listen to this.")
    page.get_by_role("button", name="Nominate", exact=True).click()
    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    summary.get_by_role("link", name=re.compile("title")).click()
    expect(page.get_by_label("Album", exact=True)).to_be_focused()
    expect(page.get_by_label("Your pitch")).to_have_value("Listen to this.")


def test_the_whole_journey_works_without_javascript(club: SmallClub, stranger: User, browse: Browse) -> None:
    album = AlbumFactory(title="Hejira")
    page = browse(width=375, member=stranger, javascript=False)
    page.goto("/")
    page.get_by_role("link", name="Nominate an album").click()
    page.get_by_label("Search the club's catalogue").fill("hejira")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("radio", name=re.compile("Hejira")).check()
    page.get_by_label("Your pitch").fill("Start with Coyote.")
    page.get_by_role("button", name="Nominate", exact=True).click()
    expect(page.get_by_text("Hejira is nominated.")).to_be_visible()
    assert Nomination.objects.get(user=stranger).album == album

    page.goto(club.poll.get_absolute_url())
    choices = list(club.poll.nominations.select_related("album"))
    page.get_by_role("radio", name=f"{choices[0].album.title}: first choice").check()
    page.get_by_role("radio", name=f"{choices[1].album.title}: second choice").check()
    with page.expect_navigation():
        page.get_by_role("button", name="Cast my ballot").click()
    assert Vote.objects.filter(user=stranger).count() == 2

    page.goto(club.discussion.get_absolute_url())
    page.get_by_role("radio", name="3.5 out of 5").check(force=True)
    page.get_by_role("textbox", name="Review").fill("Good.")
    page.get_by_role("button", name="Save my rating").click()
    expect(page.get_by_text("Saved 3.5.")).to_be_visible()
    assert Rating.objects.get(user=stranger).half_stars == 7

    page.goto("/weeks/")
    page.locator("summary", has_text="Filter and sort").click()
    page.get_by_label("Genre").select_option("Folk")
    page.get_by_role("button", name="Show").click()
    expect(page).to_have_url(re.compile(r"genre=Folk"))
    page.get_by_role("button", name="Dark").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page).to_have_url(re.compile(r"genre=Folk"))


def test_a_rating_is_given_by_keyboard_alone(club: SmallClub, stranger: User, browse: Browse) -> None:
    page = browse(member=stranger)
    page.goto(club.discussion.get_absolute_url())
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the page")).to_be_focused()
    page.keyboard.press("Enter")
    first = page.get_by_role("radio", name="1.0 out of 5")
    for _ in range(12):
        page.keyboard.press("Tab")
        if first.evaluate("radio => radio === document.activeElement"):
            break
    page.keyboard.press("Space")
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    expect(page.get_by_role("radio", name="3.5 out of 5")).to_be_checked()
    expect(page.locator("[data-rating-readout]")).to_have_text("3.5")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Saved 3.5.")).to_be_visible()
    assert Rating.objects.get(user=stranger).half_stars == 7


def test_filtering_swaps_the_results_and_back_brings_the_page_back(club: SmallClub, browse: Browse) -> None:
    WeekFactory(phase=Phase.CLOSED, winner__genre="Polka", winner__album__title="Accordion")
    page = browse()
    page.goto("/weeks/")
    tiles = page.locator(".tile-title")
    expect(tiles).to_have_count(4)
    page.evaluate("globalThis.stayed = true")
    page.get_by_label("Genre").select_option("Polka")
    expect(tiles).to_have_count(1)
    expect(page).to_have_url(re.compile(r"/weeks/\?genre=Polka$"))
    assert page.evaluate("globalThis.stayed") is True
    expect(page.get_by_role("link", name="Remove the filter Polka")).to_be_visible()
    page.get_by_role("link", name=re.compile("Accordion")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Accordion")
    page.go_back()
    expect(tiles).to_have_count(1)
    page.go_back()
    expect(tiles).to_have_count(4)
    expect(page.get_by_role("banner")).to_be_visible()
    expect(page.get_by_label("Genre")).to_have_value("")


def test_suggestions_appear_while_typing(club: SmallClub, stranger: User, browse: Browse) -> None:
    AlbumFactory(title="Hejira")
    page = browse(member=stranger)
    page.goto(club.nominations.get_absolute_url())
    page.get_by_label("Search the club's catalogue").press_sequentially("heji")
    expect(page.get_by_role("radio", name=re.compile("Hejira"))).to_be_visible()


def test_spoilers_stay_folded_until_asked_for(club: SmallClub, browse: Browse) -> None:
    page = browse()
    page.goto(club.closed.get_absolute_url())
    words = page.locator(".spoiler .review-text").first
    expect(words).to_be_hidden()
    page.get_by_text("Folded away by its author").first.click()
    expect(words).to_be_visible()


def test_titles_of_any_length_and_script_stay_inside(transactional_db: None, browse: Browse) -> None:
    long = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
    week = WeekFactory(phase=Phase.CLOSED, winner__album__title=long, winner__pitch="w" * 300, theme=long)
    RatingFactory(week=week, review="https://example.org/" + "a" * 200, user__display_name="W" * 64)
    for path in ("/", "/weeks/", "/weeks/?view=table", week.get_absolute_url()):
        page = browse(width=320)
        page.goto(path)
        beyond = page.evaluate(
            "[...document.querySelectorAll('body *')].filter((each) => each.getBoundingClientRect().right > 320.5)"
            ".map((each) => each.className || each.tagName)"
        )
        assert overhang(page) == 0, f"{path}: {beyond}"


@pytest.mark.parametrize("width", [320, 375, 600, 768, 900, 1000, 1280])
def test_the_line_of_phases_fits_every_width(club: SmallClub, browse: Browse, width: int) -> None:
    page = browse(width=width)
    for week in Week.objects.open():
        page.goto(week.get_absolute_url())
        assert page.locator(".steps").is_visible()
        assert overhang(page) == 0, f"{week} at {width} pixels"


@pytest.mark.parametrize("path", ["/", "/weeks/"])
def test_a_first_view_needs_few_requests(path: str, transactional_db: None, browse: Browse) -> None:
    for _ in range(40):
        WeekFactory(phase=Phase.CLOSED)
    page = browse()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(path, wait_until="networkidle")
    below = page.evaluate(
        "[...document.images].filter((each) => each.getBoundingClientRect().top > innerHeight).map((each) => each.src)"
    )
    sheets = [url for url in asked if "/static/css/" in url and not url.endswith("site.css")]  # one file on a real site
    first_view = set(asked) - set(below) - set(sheets)
    assert len(first_view) <= REQUEST_BUDGET, first_view
