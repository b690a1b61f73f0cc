"""A member's whole way in one go, with JavaScript and without: sign in with Discord, link three services, read them,
follow, compare, blend, send the blend to Spotify, take everything along, leave.

Every service is a server on this machine that answers as the real one does; jobs run when the test says so.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.utils.timezone import now

from conftest import Jobs
from listening.ingest import ingest
from listening.models import ListenEvent
from listening.plays import Play
from listening.tests.fake_lastfm import FakeLastfm, Scrobble
from listening.tests.fake_listenbrainz import FakeListenBrainz, Listened
from listening.tests.fake_spotify import FakeSpotify, Heard, music
from sidetrack.tests.browser import Browse
from social.models import LinkedAccount, User
from social.own_data.leaving import carry_out_due
from social.tests.local_discord import CLIENT_ID, CLIENT_SECRET, Discord, person, running_discord
from taste.blends.asking import accept
from taste.models import Blend

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TREES = ("Ash", "Birch", "Cedar", "Dogwood", "Elm", "Fir", "Gorse", "Hazel", "Ivy", "Juniper", "Larch", "Maple")
ARTISTS = [f"{tree} Ensemble" for tree in TREES]


def title(n: int) -> str:
    return f"T{n:02} of the woods"


class Services:
    """The four of them, and where they are."""

    def __init__(self, discord: Discord, lastfm: FakeLastfm, brainz: FakeListenBrainz, spotify: FakeSpotify) -> None:
        self.discord, self.lastfm, self.brainz, self.spotify = discord, lastfm, brainz, spotify
        self.addresses: list[str] = []


@pytest.fixture
def services(settings: Any, live_server: Any) -> Iterator[Services]:
    moment = now().replace(microsecond=0)
    scrobbles = [
        Scrobble(int((moment - timedelta(hours=3 * n + 2)).timestamp()), ARTISTS[n % 12], title(n % 24), "Woods")
        for n in range(72)
    ]
    listens = [
        Listened(int((moment - timedelta(hours=3 * n, minutes=31, days=10)).timestamp()), ARTISTS[n % 12], title(n))
        for n in range(30)
    ]
    heard = [Heard(moment - timedelta(minutes=20), (ARTISTS[0],), title(0), length_s=200)]
    lastfm = FakeLastfm(scrobbles=scrobbles)
    brainz = FakeListenBrainz(listens=listens)
    spotify = FakeSpotify(plays=heard)
    settings.SPOTIFY_API_URL = settings.SPOTIFY_ACCOUNTS_URL = settings.SPOTIFY_CLIENT_ID = ""  # put back afterwards
    settings.SPOTIFY_CLIENT_SECRET = ""
    settings.SITE_URL = live_server.url
    with (
        running_discord() as discord,
        lastfm.running() as at_lastfm,
        brainz.running() as at_brainz,
        spotify.running() as at_spotify,
    ):
        settings.DISCORD_OAUTH_URL = discord.address
        settings.DISCORD_API_BASE = f"{discord.address}/api/v10"
        settings.DISCORD_CDN_URL = discord.address  # which has no picture: a letter stands for them
        app = {"client_id": CLIENT_ID, "secret": CLIENT_SECRET, "key": ""}
        providers = {**settings.SOCIALACCOUNT_PROVIDERS}
        providers["discord"] = {**providers["discord"], "APPS": [app]}
        settings.SOCIALACCOUNT_PROVIDERS = providers
        settings.LASTFM_URL = settings.LASTFM_AUTH_URL = at_lastfm.url
        settings.LASTFM_API_KEY, settings.LASTFM_API_SECRET, settings.LASTFM_RATE_LIMIT = "key", "secret", 0
        settings.LISTENBRAINZ_URL = at_brainz.url
        them = Services(discord, lastfm, brainz, spotify)
        them.addresses = [discord.address, at_lastfm.url, at_brainz.url, at_spotify.url]
        policy = {**settings.CONTENT_SECURITY_POLICY}
        rules = {**policy["DIRECTIVES"]}
        rules["form-action"] = [*rules["form-action"], *them.addresses]
        settings.CONTENT_SECURITY_POLICY = {**policy, "DIRECTIVES": rules}
        yield them


@pytest.fixture
def ana(db: None) -> User:
    """Somebody whose music is much the same, and who shows it to members."""
    ana = User.objects.create_user("ana", "correct horse battery", display_name="Ana")
    moment = now().replace(microsecond=0)
    plays = [
        Play(moment - timedelta(hours=4 * n + 1), ARTISTS[n % 12], title(n % 36), "Woods", ms_played=200_000)
        for n in range(96)
    ]
    ingest(user=ana, source="scrobbler", plays=plays, now=moment)
    return ana


@pytest.mark.parametrize("javascript", [True, False], ids=["with-javascript", "without-javascript"])
def test_a_members_whole_way(browse: Browse, services: Services, ana: User, jobs: Jobs, javascript: bool) -> None:
    page = browse(javascript=javascript, may_visit=services.addresses)
    services.discord.person = person("80351110224678912", "nelly.n", global_name="Nelly")

    sign_in(page)
    nelly = User.objects.get(display_name="Nelly")

    link_everything(page, services)
    assert set(nelly.linked_accounts.values_list("provider", flat=True)) == {
        "discord", "lastfm", "listenbrainz", "spotify",
    }  # fmt: skip
    jobs.run(rounds=30)
    told = dict.fromkeys(("lastfm", "listenbrainz", "spotify"), 0)
    for source in ListenEvent.objects.filter(user=nelly).values_list("source", flat=True):
        told[source] += 1
    assert told == {"lastfm": 72, "listenbrainz": 30, "spotify": 1}

    page.goto("/@nelly_n/")
    page.get_by_role("heading", name="Nelly", exact=True).wait_for()
    assert "102" in page.get_by_role("main").inner_text() or "103" in page.get_by_role("main").inner_text()

    page.goto("/@ana/")
    page.get_by_role("button", name="Follow").click()
    page.get_by_role("button", name=re.compile("Following|Unfollow")).first.wait_for()

    page.goto("/@nelly_n/with/@ana/")
    assert re.search(r"\d+ · (Same track|Close|Crossing|Parallel|Different lines)", text_of(page))
    page.get_by_role("link", name="Blend your music").click()
    with page.expect_navigation():
        page.get_by_role("button", name="Ask Ana").click()
    accept(by=ana, blend=Blend.objects.get(asker=nelly), now=now())
    services.spotify.catalogue = [
        music(Heard(now(), (name,), title(n), spotify_id=f"{n:011d}{place:011d}"))
        for place, name in enumerate(ARTISTS)
        for n in range(36)
    ]
    jobs.run(rounds=30)
    page.goto("/blends/with/ana/")
    assert page.get_by_role("main").locator("ol > li, tbody tr").count() > 5
    page.get_by_role("button", name=re.compile("Send.*Spotify")).click()
    page.get_by_text("Waiting for its turn.").wait_for()
    jobs.run(rounds=30)
    page.reload()
    page.get_by_role("link", name="Open it on Spotify").wait_for()
    (sent,) = services.spotify.playlists.values()
    assert len(sent) > 5
    with page.expect_navigation():
        page.get_by_role("button", name=re.compile("Send again.*Spotify")).click()
    jobs.run(rounds=30)
    assert len(services.spotify.playlists) == 1

    assert "listens" in take_everything_along(page, jobs)

    leave(page)
    assert User.objects.get(pk=nelly.pk).deleted_at is None
    page.goto("/")
    page.get_by_text("Take it back").first.wait_for()
    carry_out_due(clock=lambda: now() + timedelta(days=15))
    nelly.refresh_from_db()
    assert str(nelly) == "A former member"
    assert not LinkedAccount.objects.filter(user=nelly).exists()
    assert not ListenEvent.objects.filter(user=nelly).exists()
    assert not Blend.objects.exists()
    assert page.goto("/settings/data/").url.endswith("/accounts/login/?next=/settings/data/")  # type: ignore[union-attr]


def sign_in(page: Page) -> None:
    page.goto("/accounts/login/")
    page.get_by_role("button", name="Sign in with Discord").click()
    page.wait_for_url("**/welcome/**")
    page.get_by_role("heading", name="What you listen with").wait_for()


def link_everything(page: Page, services: Services) -> None:
    page.goto("/settings/connections/")
    for name in ("Last.fm", "Spotify"):
        page.get_by_role("button", name=re.compile(f"Connect.*{re.escape(name)}")).click()
        page.get_by_text(f"{name} is linked").wait_for()
    page.get_by_role("link", name=re.compile("Connect.*ListenBrainz")).click()
    page.get_by_label(re.compile("token", re.IGNORECASE)).fill(services.brainz.token)
    page.get_by_label(re.compile("token", re.IGNORECASE)).press("Enter")
    page.get_by_text("ListenBrainz is linked").wait_for()


def take_everything_along(page: Page, jobs: Jobs) -> str:
    """The names of the files in the zip."""
    page.goto("/settings/data/")
    page.get_by_role("button", name="Make my zip").click()
    page.get_by_text("Waiting for its turn").wait_for()
    jobs.run(rounds=30)
    page.goto("/settings/data/")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download").click()
    with zipfile.ZipFile(io.BytesIO(download.value.path().read_bytes())) as archive:
        return " ".join(archive.namelist())


def leave(page: Page) -> None:
    page.goto("/settings/data/")
    page.get_by_role("link", name="Delete my account").click()
    page.get_by_label("go with me").check()
    page.get_by_label("I have read what happens.").check()
    page.get_by_role("button", name="Delete my account").click()
    page.get_by_role("button", name="Take it back: I stay").first.wait_for()


def text_of(page: Page) -> str:
    return page.get_by_role("main").inner_text().replace("\n", " ")
