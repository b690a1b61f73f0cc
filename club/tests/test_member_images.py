"""The picture of a member's page: for public pages alone, and gone with the moment that they are not."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image

from catalog.tests.factories import AlbumFactory
from club.models import ClubSettings, Phase, ShareImage
from club.publishing.member_images import member_cards
from club.publishing.share_images import draw_due
from club.shelves.favourites import set_favourites
from club.tests.factories import MONDAY, RatingFactory, WeekFactory
from social.models import User
from social.profile import change_privacy
from social.tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def shown(rin: User) -> User:
    change_privacy(member=rin, visibility="public")
    week = WeekFactory(phase=Phase.CLOSED, opens_at=MONDAY)
    RatingFactory(week=week, user=rin, half_stars=9)
    set_favourites(member=rin, albums=AlbumFactory.create_batch(4), now=MONDAY)
    return rin


def images() -> list[ShareImage]:
    return list(ShareImage.objects.filter(kind="user"))


def test_a_public_page_has_a_picture_that_its_head_names(client: Client, shown: User) -> None:
    draw_due(now=MONDAY)
    (image,) = images()
    with image.file.open("rb") as file:
        assert Image.open(BytesIO(file.read())).size == (1200, 630)
    assert image.file.url in client.get("/@rin/").content.decode()
    assert draw_due(now=MONDAY) == 0
    set_favourites(member=shown, albums=[], now=MONDAY)
    assert draw_due(now=MONDAY) == 1
    assert not default_storage.exists(image.file.name)


@pytest.mark.parametrize("level", ["members", "followers", "me"])
def test_who_leaves_the_archive_takes_their_figures_from_the_picture_at_once(
    client: Client, shown: User, level: str, django_capture_on_commit_callbacks: Any
) -> None:
    draw_due(now=MONDAY)
    (with_figures,) = images()
    with django_capture_on_commit_callbacks(execute=True):
        change_privacy(member=shown, club_visibility=level)
    assert not default_storage.exists(with_figures.file.name)
    assert with_figures.file.url not in client.get("/@rin/").content.decode()
    assert draw_due(now=MONDAY) == 1
    (without,) = images()
    change_privacy(member=shown, listens_visibility="me")  # what does not concern it leaves it alone
    assert images() == [without]


@pytest.mark.parametrize("level", ["members", "followers", "me"])
def test_a_page_that_is_closed_loses_its_picture_at_once(
    client: Client, shown: User, level: str, django_capture_on_commit_callbacks: Any
) -> None:
    draw_due(now=MONDAY)
    (image,) = images()
    with django_capture_on_commit_callbacks(execute=True):
        change_privacy(member=shown, visibility=level)
    assert images() == []
    assert not default_storage.exists(image.file.name)
    draw_due(now=MONDAY)
    assert images() == []


def test_the_archive_that_is_closed_leaves_no_figures_on_the_picture(shown: User) -> None:
    def rows() -> list[str]:
        (card,) = member_cards(ClubSettings.load())
        return [label for label, _value in card.facts.rows]

    assert rows() == ["Weeks rated", "Stars on average"]
    change_privacy(member=shown, club_visibility="members")
    assert rows() == []


def test_whoever_left_or_was_switched_off_has_none(shown: User) -> None:
    User.objects.filter(pk=shown.pk).update(is_active=False)
    assert list(member_cards(ClubSettings.load())) == []


def test_looking_for_what_is_due_asks_as_many_queries_for_ten_as_for_one(shown: User) -> None:
    counts = []
    for n in (0, 9):
        for member in UserFactory.create_batch(n, visibility="public"):
            set_favourites(member=member, albums=[AlbumFactory()], now=MONDAY)
        with CaptureQueriesContext(connection) as asked:
            assert len(list(member_cards(ClubSettings.load()))) == 1 + n
        counts.append(len(asked))
    assert counts[0] == counts[1]
