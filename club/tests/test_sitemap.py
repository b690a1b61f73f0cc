"""What search engines are told of."""

from __future__ import annotations

import pytest
from django.test import Client

from catalog.tests.factories import AlbumFactory
from club.models import Phase
from club.tests.factories import NominationFactory, WeekFactory
from social.tests.factories import UserFactory
from social.visibility import Visibility

pytestmark = pytest.mark.django_db


def sitemap(client: Client) -> str:
    answer = client.get("/sitemap.xml")
    assert answer.status_code == 200
    return answer.content.decode()


def test_weeks_and_their_albums_and_artists_are_in_it_with_whole_addresses(client: Client) -> None:
    week = WeekFactory(phase=Phase.CLOSED)
    page = sitemap(client)
    assert f"<loc>http://127.0.0.1:8000/weeks/{week.number}/</loc>" in page
    assert f"/albums/{week.winner.album.slug}/</loc>" in page
    assert f"/artists/{week.winner.album.artist.slug}/</loc>" in page
    assert f"<lastmod>{week.ratings_close_at:%Y-%m-%d}" in page


def test_what_is_not_public_yet_or_never_stood_is_not_in_it(client: Client) -> None:
    coming, cancelled = WeekFactory(phase=Phase.SCHEDULED), WeekFactory(phase=Phase.CANCELLED)
    heard_only = AlbumFactory()
    withdrawn = NominationFactory(withdrawn_at=coming.opens_at)
    page = sitemap(client)
    assert f"/weeks/{coming.number}/" not in page
    assert f"/weeks/{cancelled.number}/" not in page
    assert heard_only.slug not in page
    assert withdrawn.album.slug not in page


def test_a_member_is_in_it_only_when_public_and_willing(client: Client) -> None:
    for handle, level, willing in [
        ("found", Visibility.PUBLIC, True),
        ("shy", Visibility.PUBLIC, False),
        ("inside", Visibility.MEMBERS, True),
    ]:
        UserFactory(handle=handle, visibility=level, searchable=willing)
    page = sitemap(client)
    assert "/@found/" in page
    assert "/@shy/" not in page
    assert "/@inside/" not in page
