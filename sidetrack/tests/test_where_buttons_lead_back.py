"""Buttons lead back to a page of this site, whatever a form says."""

from __future__ import annotations

import pytest
from django.test import Client

from catalog.tests.factories import AlbumFactory, TrackFactory
from social.models import User
from social.tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "next_page", ["abc", "social:welcome", "//evil.example", "https://evil.example/", "/\\evil.example", "javascript:x"]
)
def test_a_button_leads_to_no_other_site_and_to_no_error(client: Client, rin: User, next_page: str) -> None:
    client.force_login(rin)
    album = AlbumFactory()
    for address, said in (
        (f"/@{UserFactory().handle}/relation/", {"act": "follow"}),
        (f"/albums/{album.slug}/want/", {}),
        ("/playlists/add/", {"track": TrackFactory().pk}),
        ("/settings/connections/lastfm/link/", {}),
        ("/warnings/read/", {}),
        ("/theme/", {"theme": "dark"}),
    ):
        response = client.post(address, said | {"next": next_page})
        assert response.status_code == 302, address
        there = response["Location"]
        assert "evil" not in there, address
        assert there.startswith("/") or there == next_page == "abc", address
