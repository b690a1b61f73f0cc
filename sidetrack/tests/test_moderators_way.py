"""From a page of the site to the admin's page of the same thing: for moderators, and in nobody's kept copy."""

from __future__ import annotations

import pytest
from django.test import Client

from club.models import Phase, Week
from club.tests.factories import WeekFactory
from social.models import User
from social.visibility import Visibility

pytestmark = pytest.mark.django_db


@pytest.fixture
def week() -> Week:
    week: Week = WeekFactory(phase=Phase.CLOSED)
    return week


def ways(week: Week, member: User) -> dict[str, str]:
    """Page by page: where moderators are led."""
    assert week.winner is not None
    album = week.winner.album
    return {
        week.get_absolute_url(): f"/admin/club/week/{week.pk}/change/",
        album.get_absolute_url(): f"/admin/catalog/album/{album.pk}/change/",
        album.artist.get_absolute_url(): f"/admin/catalog/artist/{album.artist_id}/change/",
        member.get_absolute_url(): f"/admin/social/user/{member.pk}/change/",
    }


def test_moderators_are_led_to_a_page_that_opens(client: Client, week: Week, rin: User, mod: User) -> None:
    client.force_login(mod)
    for page, desk in ways(week, rin).items():
        assert f'href="{desk}"' in client.get(page).content.decode(), page
        assert client.get(desk).status_code == 200


def test_members_and_visitors_are_not_even_after_a_moderator_looked(
    client: Client, week: Week, rin: User, sol: User, mod: User
) -> None:
    User.objects.filter(pk=rin.pk).update(visibility=Visibility.PUBLIC)
    pages = ways(week, rin)
    client.force_login(mod)
    for page in pages:
        client.get(page)
    client.force_login(sol)
    for reader in (client, Client()):
        for page in pages:
            answer = reader.get(page)
            assert answer.status_code == 200
            assert "Moderate this" not in answer.content.decode(), page


def test_a_moderator_moderates_behind_the_door_but_not_themselves(client: Client, rin: User, mod: User) -> None:
    User.objects.filter(pk=rin.pk).update(visibility=Visibility.FOLLOWERS)
    client.force_login(mod)
    assert f"/admin/social/user/{rin.pk}/change/" in client.get("/@rin/").content.decode()
    assert "Moderate this" not in client.get(mod.get_absolute_url()).content.decode()
    assert "Moderate this" not in client.get(f"{mod.get_absolute_url()}?as=visitor").content.decode()
