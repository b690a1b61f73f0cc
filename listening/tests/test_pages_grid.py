"""The wall of sleeves, and what listening tells of a year: what they show, to whom."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client
from PIL import Image

from listening.tests.histories import NOW, evenings, listener
from listening.views.recap_parts import cards, years
from social.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_today")]


@pytest.fixture
def _today() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def ana() -> User:
    ana = listener("ana")
    evenings(ana, 60)
    User.objects.filter(pk=ana.pk).update(visibility="public", listens_visibility="members")
    ana.refresh_from_db()
    return ana


def test_the_wall_shows_as_many_sleeves_as_are_asked_for_and_one_picture(client: Client, ana: User) -> None:
    client.force_login(ana)
    for side in (3, 5):
        page = client.get("/@ana/grid/", {"range": "all", "side": side}).content.decode()
        assert f"sleeve-grid-{side}" in page
        n = page.split("sleeve-names", 1)[0].count('class="cover')
        assert 1 <= n <= side * side
    answer = client.get("/@ana/grid.png", {"range": "all", "side": 5})
    assert Image.open(io.BytesIO(answer.content)).size == (900, 900)
    again = client.get("/@ana/grid.png?range=all&side=5", headers={"If-None-Match": answer["ETag"]})
    assert again.status_code == 304
    assert client.get("/@ana/grid.png?range=all&side=3")["ETag"] != answer["ETag"]


def test_days_without_music_have_words_and_no_picture(client: Client, ana: User) -> None:
    client.force_login(ana)
    assert "No album was heard" in client.get("/@ana/grid/?from=1999-01-01&to=1999-01-02").content.decode()
    assert client.get("/@ana/grid.png?from=1999-01-01&to=1999-01-02").status_code == 404
    assert client.get("/@ana/grid/?range=nonsense&side=x").status_code == 200


@pytest.mark.parametrize("address", ["/@ana/grid/", "/@ana/grid.png", "/@ana/2025/plays.png"])
def test_only_who_may_read_the_listens_finds_it(
    client: Client, ana: User, stranger: User, sol: User, address: str
) -> None:
    assert client.get(address).status_code == 404
    client.force_login(stranger)
    assert client.get(address).status_code == 200
    User.objects.filter(pk=ana.pk).update(listens_visibility="followers")
    assert client.get(address).status_code == 404
    client.force_login(ana)
    assert client.get(address).status_code == 200


def test_a_years_cards_tell_its_plays_artists_albums_and_one_fact(ana: User, stranger: User) -> None:
    assert 2025 in set(years(ana, stranger))
    found = {card.place: card for card in cards(ana, stranger, 2025, NOW)}
    assert set(found) == {"plays", "artists", "albums", "fact"}
    assert all(card.is_full for card in found.values())
    assert found["albums"].picture()[:4] == b"\x89PNG"
    assert list(years(ana, None)) == cards(ana, None, 2025, NOW) == []


def test_a_year_of_too_few_plays_says_so(stranger: User) -> None:
    few = listener("few")
    evenings(few, 1)
    found = cards(few, few, 2025, NOW)
    assert [card.is_full for card in found] == [False] * 4
    assert all("Fewer than 20 plays" in card.under for card in found)
