"""What the site refuses leaves nothing behind, and rubbish in a form is answered, not broken by."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone
from django_q.models import OrmQ

from catalog.models import Album, Artist
from catalog.naming import get_or_create_album
from club.lifecycle import open_week
from club.models import Week
from club.nominating import nominate
from social.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def week() -> Week:
    return open_week(now=timezone.now())[0]


def post(client: Client, week: Week, verb: str, **data: str) -> int:
    return client.post(f"/weeks/{week.number}/{verb}/", data).status_code


def test_a_refused_nomination_leaves_no_album(client: Client, week: Week, rin: User) -> None:
    mine, _ = get_or_create_album(title="Mine", artist="Somebody")
    nominate(member=rin, week=week, album=mine, now=timezone.now())
    client.force_login(rin)
    data = {"nomination-title": "One too many", "nomination-artist": "Somebody else"}
    assert post(client, week, "nominate", **data) == 409
    assert [album.title for album in Album.objects.all()] == ["Mine"]
    assert [artist.name for artist in Artist.objects.all()] == ["Somebody"]


def test_a_refused_nomination_does_not_make_an_album_of_the_demo_real(
    client: Client, week: Week, rin: User, sol: User
) -> None:
    album, _ = get_or_create_album(title="Invented use", artist="Real band", is_demo=True)
    week_over = open_week(now=timezone.now())[0]
    Week.objects.filter(pk=week_over.pk).update(phase="cancelled")
    client.force_login(sol)
    data = {"nomination-title": "Invented use", "nomination-artist": "Real band"}
    assert post(client, week_over, "nominate", **data) == 409
    album.refresh_from_db()
    assert album.is_demo
    assert not OrmQ.objects.exists()


@pytest.mark.parametrize("number", ["", "abc", "-1", "9" * 30, "9" * 5000, "٣"])
def test_a_number_that_is_none_is_not_found(client: Client, week: Week, rin: User, number: str) -> None:
    client.force_login(rin)
    assert post(client, week, "withdraw", nomination=number) == 404
