"""Rating an album outside the weeks, on the web."""

from __future__ import annotations

import pytest
from django.test import Client

from catalog.models import Album
from catalog.tests.factories import AlbumFactory
from club.models import Rating
from social.models import User

pytestmark = pytest.mark.django_db
FULL = {"rating-half_stars": "9", "rating-review": "Good.", "rating-visibility": "members"}


@pytest.fixture
def album(client: Client, rin: User) -> Album:
    client.force_login(rin)
    return AlbumFactory(n_tracks=2)


def test_a_visitor_is_asked_to_sign_in_and_finds_no_button(client: Client) -> None:
    album = AlbumFactory()
    address = f"{album.get_absolute_url()}rate/"
    assert address not in client.get(album.get_absolute_url()).content.decode()
    assert client.get(address)["Location"].startswith("/accounts/login/")


def test_a_member_rates_changes_and_clears(client: Client, rin: User, album: Album) -> None:
    address = f"{album.get_absolute_url()}rate/"
    assert "Rate it outside the weeks" in client.get(album.get_absolute_url()).content.decode()
    line = album.lines.get(position=2)
    assert client.post(address, {**FULL, "rating-track": line.pk})["Location"] == album.get_absolute_url()
    rating = Rating.objects.get(user=rin, album=album, week=None)
    assert (rating.half_stars, rating.review, rating.visibility, rating.track) == (9, "Good.", "members", line.track)
    assert "Change your rating" in client.get(album.get_absolute_url()).content.decode()
    client.post(address, {**FULL, "rating-half_stars": "4"})
    rating.refresh_from_db()
    assert rating.half_stars == 4
    client.post(address, {"clear": "1"})
    assert not Rating.objects.exists()


@pytest.mark.parametrize("value", ["", "1", "11", "3.5", "x"])
def test_what_is_no_rating_is_refused_and_the_words_are_kept(client: Client, album: Album, value: str) -> None:
    answer = client.post(f"{album.get_absolute_url()}rate/", {**FULL, "rating-half_stars": value})
    assert answer.status_code == 400
    page = answer.content.decode()
    assert "There is a problem" in page
    assert "Good." in page
    assert not Rating.objects.exists()


def test_a_suspended_member_is_told_so(client: Client, rin: User, album: Album) -> None:
    User.objects.filter(pk=rin.pk).update(suspended_at=rin.date_joined, suspension_reason="Spam")
    answer = client.post(f"{album.get_absolute_url()}rate/", FULL)
    assert answer.status_code == 409
    assert "You are suspended" in answer.content.decode()
