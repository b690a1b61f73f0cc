"""Privacy, robots.txt, the web manifest and what they point to."""

from __future__ import annotations

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from PIL import Image


def test_robots_may_read_the_archive_and_are_told_of_the_sitemap(client: Client) -> None:
    lines = client.get("/robots.txt").content.decode().splitlines()
    assert lines[0] == "User-agent: *"
    assert "Disallow: /admin/" in lines
    assert "Sitemap: http://127.0.0.1:8000/sitemap.xml" in lines
    assert not [line for line in lines if line.startswith("Disallow: /weeks")]


def test_the_manifest_names_icons_that_exist_in_their_size(client: Client) -> None:
    answer = client.get("/manifest.webmanifest")
    assert answer["Content-Type"] == "application/manifest+json"
    icons = answer.json()["icons"]
    assert {icon["sizes"] for icon in icons} == {"any", "192x192", "512x512"}
    for icon in icons:
        path = finders.find(icon["src"].removeprefix("/static/"))
        assert path, icon["src"]
        if icon["type"] == "image/png":
            assert "{}x{}".format(*Image.open(path).size) == icon["sizes"]


@pytest.mark.django_db
def test_every_page_links_icon_manifest_and_feeds(client: Client) -> None:
    page = client.get("/privacy/").content.decode()
    assert 'rel="manifest" href="/manifest.webmanifest"' in page
    assert 'rel="apple-touch-icon"' in page
    assert 'href="/feeds/weeks.atom"' in page


@pytest.mark.django_db
def test_privacy_says_what_is_stored_who_sees_it_and_how_to_leave(client: Client) -> None:
    page = client.get("/privacy/").content.decode()
    for words in ("If you only read", "If you are a member", "Who sees what", "How to leave"):
        assert words in page
