"""A browser for tests: Debian's chromium, driven by Playwright, against the live server.

Mark the test `browser` and call `browse` (a page as a visitor or as a member sees it). Whatever the test looks at,
each page records CSP violations and requests to other hosts, and `browse` fails the test for them at the end.
Imported by the root conftest as a plugin.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, Any, Literal, Protocol
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from social.models import User

ARGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
Theme = Literal["light", "dark"]
WIDTHS = (320, 375, 1280)
THEMES: tuple[Theme, ...] = ("light", "dark")
WATCH_CSP = """
addEventListener("securitypolicyviolation", (event) => {
  (globalThis.violations ??= []).push(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`);
});
"""


class Browse(Protocol):
    """may_visit: addresses of services on this machine to which the page may lead, none otherwise."""

    def __call__(
        self,
        *,
        width: int = 1280,
        theme: Theme = "light",
        member: User | None = None,
        javascript: bool = True,
        may_visit: Collection[str] = (),
    ) -> Page: ...


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """One process for a module of tests.

    Playwright keeps an event loop running in this thread, which Django must be told about, and which must have ended
    before tests that run their own.
    """
    from playwright.sync_api import sync_playwright

    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=ARGS)
        yield opened
        opened.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


def session_cookie(member: User, address: str) -> dict[str, Any]:
    """What the browser of a signed-in member carries."""
    session = SessionStore()
    session[SESSION_KEY] = str(member.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = member.get_session_auth_hash()
    session.save()
    return {"name": settings.SESSION_COOKIE_NAME, "value": session.session_key, "url": address}


@pytest.fixture
def browse(browser: Browser, live_server: Any) -> Iterator[Browse]:
    """Opens pages of the live server: `page = browse(width=320, theme="dark", member=rin); page.goto("/weeks/")`."""
    hosts = {urlsplit(live_server.url).netloc}
    contexts: list[Any] = []
    strayed: list[str] = []
    violations: list[str] = []

    def open_page(
        *,
        width: int = 1280,
        theme: Theme = "light",
        member: User | None = None,
        javascript: bool = True,
        may_visit: Collection[str] = (),
    ) -> Page:
        hosts.update(urlsplit(each).netloc for each in may_visit)
        context = browser.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": 900},
            color_scheme=theme,
            java_script_enabled=javascript,
            reduced_motion="reduce",
        )
        context.set_default_timeout(10_000)
        context.add_init_script(WATCH_CSP)
        if member is not None:
            context.add_cookies([session_cookie(member, live_server.url)])  # type: ignore[list-item]
        page = context.new_page()
        page.on("request", lambda request: note_stray(request.url))
        page.on("console", lambda message: note_violation(message.text))
        contexts.append(context)
        return page

    def note_stray(url: str) -> None:
        if urlsplit(url).scheme in {"http", "https"} and urlsplit(url).netloc not in hosts:
            strayed.append(url)

    def note_violation(text: str) -> None:
        if "Content Security Policy" in text:
            violations.append(text)

    yield open_page
    for context in contexts:
        for page in context.pages:
            violations += page.evaluate("globalThis.violations ?? []")
        context.close()
    assert not strayed, f"Requests to other hosts: {strayed}"
    assert not violations, f"The Content-Security-Policy was broken: {violations}"


def axe_findings(page: Page) -> list[str]:
    """What axe has against the page, a line each: the rule, how bad, where."""
    from axe_playwright_python.sync_playwright import Axe

    if not page.evaluate("'axe' in globalThis"):  # half a megabyte: read once a page, not once a width
        page.evaluate(Axe().axe_script)
    found = page.evaluate("axe.run(document, {preload: false, resultTypes: ['violations']}).then((r) => r.violations)")
    return [
        f"{rule['id']} ({rule['impact']}): {', '.join(str(node['target']) for node in rule['nodes'][:4])}"
        for rule in found
    ]


def overhang(page: Page) -> int:
    """Pixels by which the page is wider than its window; 0 when it never scrolls sideways."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def check_looks(browse: Browse, path: str, member: User | None = None) -> None:
    """One page in both themes at 320, 375 and 1280: nothing hangs over, and axe finds nothing on a phone and at a desk.

    Themes differ in colours alone, so widths are looked at in one of them.
    """
    page = browse(member=member)
    answer = page.goto(path)
    assert answer is not None
    assert answer.status < 500, f"{path}: status {answer.status}"
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert overhang(page) == 0, f"{path} at {width} scrolls sideways by {overhang(page)} px"
    for width in (WIDTHS[0], WIDTHS[-1]):
        page.set_viewport_size({"width": width, "height": 900})
        for theme in THEMES:
            page.emulate_media(color_scheme=theme, reduced_motion="reduce")
            assert axe_findings(page) == [], f"{path} in {theme} at {width}"
