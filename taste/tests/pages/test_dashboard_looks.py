"""Every page of the dashboard in one browser: axe, narrow windows, the policy, charts, keys, and without script."""

from __future__ import annotations

import re

import pytest
import time_machine

from sidetrack.tests.browser import THEMES, Browse, axe_findings, overhang
from taste.tests.pages.a_year import NOW, a_year_of

CHARTS = ("/dashboard/", "/dashboard/trajectory/", "/dashboard/moods/", "/dashboard/radar/",
          "/dashboard/weeks/2025-W47/", "/digest/2025-W47/")  # fmt: skip
PLAIN = ("/dashboard/outliers/", "/dashboard/methods/", "/@ana/taste/", "/digest/2025-W30/")


@pytest.fixture
def _today() -> object:
    with time_machine.travel(NOW, tick=True):
        yield


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("_today")
def test_every_page_holds_in_a_browser(browse: Browse) -> None:
    ana = a_year_of("ana")
    page = browse(member=ana)
    for path in (*CHARTS, *PLAIN):
        page.set_viewport_size({"width": 1280, "height": 900})
        page.goto(path)
        if path in CHARTS:
            page.wait_for_selector(".is-live .main-svg")
        for theme in THEMES:
            page.emulate_media(color_scheme=theme, reduced_motion="reduce")
            assert axe_findings(page) == [], f"{path} in {theme}"
        for width in (320, 768):
            page.set_viewport_size({"width": width, "height": 900})
            assert overhang(page) == 0, f"{path} at {width}"
        assert axe_findings(page) == [], f"{path}, narrow"

    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto("/dashboard/moods/")
    page.wait_for_selector(".is-live .main-svg")
    fills = "[...document.querySelectorAll('.is-live .js-fill')].map((each) => each.style.fill)"
    in_dark = page.evaluate(fills)
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    page.wait_for_function(f"(before) => JSON.stringify({fills}) !== JSON.stringify(before)", arg=in_dark)
    calm = page.get_by_role("button", name=re.compile("^Calm"))
    calm.press("Enter")
    assert calm.get_attribute("aria-pressed") == "false"

    page.goto("/dashboard/trajectory/")
    page.wait_for_selector(".is-live .main-svg")
    assert page.locator("[data-stop]:visible").count() == 1
    newest = page.locator("[data-stop]:visible a").inner_text()
    page.get_by_role("button", name="Earlier").press("Enter")
    assert page.locator("[data-stop]:visible a").inner_text() != newest
    page.goto("/dashboard/radar/")
    page.get_by_label("Against").select_option(index=3)
    page.get_by_role("button", name="Compare").press("Enter")
    page.wait_for_url(re.compile(r"with=2025-W\d\d"))

    plain = browse(width=320, member=ana, javascript=False)
    for path in CHARTS:
        plain.goto(path)
        assert plain.locator(".taste-chart > svg").first.is_visible(), path
        assert plain.locator("[data-stop-nav]:visible").count() == 0
