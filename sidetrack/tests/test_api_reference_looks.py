"""The page of the REST interface in a browser: both themes, three widths, no script, no foreign host."""

from __future__ import annotations

import pytest

from sidetrack.tests.browser import Browse, axe_findings, check_looks, overhang


@pytest.mark.browser
def test_the_page_looks_right_with_everything_unfolded(browse: Browse) -> None:
    check_looks(browse, "/api/docs/")
    page = browse()
    page.goto("/api/docs/")
    page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true })")
    assert axe_findings(page) == []
    assert overhang(page) == 0
