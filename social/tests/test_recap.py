"""A year in six cards: the frame. What apps fill in is tested with them."""

from __future__ import annotations

import io
from datetime import datetime

import pytest
from django.conf import settings
from django.test import Client
from PIL import Image

from sidetrack import slots
from sidetrack.drawing.fact_card import FactCard, card_svg, drawn
from social.models import User
from social.recap import PLACES, Card, Row, too_little, years_of
from social.visibility import Viewer, shown_ids

pytestmark = pytest.mark.django_db


def told(member: User, viewer: Viewer, year: int, now: datetime) -> list[Card]:
    """One full card for whoever may see the archive, one bare one, one that another filler outdoes."""
    if not shown_ids([member.pk], viewer):
        return []
    full = Card("plays", "Plays", "4,321", "plays", (Row("Days", "300 of 365"),), note="More than before.")
    return [full, too_little("sound", "Sound", "Too little is known."), too_little("fact", "Fact", "Nothing.")]


def told_above(member: User, viewer: Viewer, year: int, now: datetime) -> list[Card]:
    return [Card("fact", "Fact", "Friday", "is the day"), Card("plays", "Plays", "never shown", "")]


@pytest.fixture(autouse=True)
def fillers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slots, "_fillers", dict(slots._fillers))
    for slot in ("social:recap", "social:recap_years"):
        slots._fillers[slot] = []
    slots.register("social:recap_years", lambda member, viewer: [2024, 2023] if shown_ids([member.pk], viewer) else [])
    slots.register("social:recap_years", lambda member, viewer: {2023}, name="another")
    slots.register("social:recap", told, order=1)
    slots.register("social:recap", told_above, order=2)


def test_cards_stand_in_their_order_and_the_first_that_has_enough_to_tell(client: Client, rin: User) -> None:
    client.force_login(rin)
    page = client.get("/@rin/2024/").content.decode()
    places = [place for place in PLACES if f'id="{place}"' in page]
    assert places == ["plays", "sound", "fact"]
    assert page.index("4,321") < page.index("Too little is known.") < page.index("Friday")
    assert "never shown" not in page
    assert 'href="/@rin/2023/"' in page
    assert years_of(rin, rin) == [2023, 2024]


def test_a_year_wins_over_a_tab_and_one_without_anything_is_not_there(client: Client, rin: User) -> None:
    client.force_login(rin)
    assert client.get("/@RIN/2024/")["Location"] == "/@rin/2024/"
    for year in ("2022", "1066", "9999", "20244", "202"):
        assert client.get(f"/@rin/{year}/").status_code == 404
    page = client.get("/@rin/").content.decode()
    assert page.index('href="/@rin/2024/"') < page.index('href="/@rin/2023/"')


@pytest.mark.parametrize("level", ["members", "followers", "me"])
def test_who_may_not_see_the_page_sees_no_year_and_no_picture(
    client: Client, rin: User, sol: User, stranger: User, level: str
) -> None:
    User.objects.filter(pk=rin.pk).update(visibility=level)
    sees = {"guest": False, "stranger": level == "members", "sol": level in ("members", "followers"), "rin": True}
    for name, viewer in {"guest": None, "stranger": stranger, "sol": sol, "rin": rin}.items():
        client.logout()
        if viewer:
            client.force_login(viewer)
        for address in ("/@rin/2024/", "/@rin/2024/plays.png"):
            assert (client.get(address).status_code == 200) == sees[name], (name, address)


def test_an_area_that_is_closed_leaves_no_card_and_no_picture(client: Client, rin: User, sol: User) -> None:
    User.objects.filter(pk=rin.pk).update(visibility="public", club_visibility="followers")
    client.force_login(sol)
    assert client.get("/@rin/2024/plays.png").status_code == 200
    client.logout()
    assert client.get("/@rin/2024/").status_code == 404
    assert "4,321" not in client.get("/@rin/2023/").content.decode()
    assert client.get("/@rin/2023/sound.png").status_code == 404


def test_a_card_is_a_picture_that_is_asked_for_anew_and_sent_once(client: Client, rin: User) -> None:
    client.force_login(rin)
    answer = client.get("/@rin/2024/plays.png")
    picture = Image.open(io.BytesIO(answer.content))
    assert (answer["Content-Type"], picture.size) == ("image/png", (1200, 630))
    assert "private" in answer["Cache-Control"]
    again = client.get("/@rin/2024/plays.png", headers={"If-None-Match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    for place in ("sound", "nothing"):
        assert client.get(f"/@rin/2024/{place}.png").status_code == 404


def test_a_picture_is_offered_to_other_sites_only_for_a_public_page(client: Client, rin: User) -> None:
    client.force_login(rin)
    assert "og:image" not in client.get("/@rin/2024/").content.decode()
    User.objects.filter(pk=rin.pk).update(visibility="public")
    client.logout()
    assert f'content="{settings.SITE_URL}/@rin/2024/plays.png"' in client.get("/@rin/2024/").content.decode()


def test_words_of_any_length_and_script_fit_the_card() -> None:
    rows = tuple((name * 9, "1,234 plays") for name in ("Ok", "見えない", "Ω", "😀", "x" * 30, "left out"))
    card = FactCard("Rin · 2024" * 9, "Wort" * 60, "under " * 60, rows, "Sidetrack", picture=b"", hue=None)
    svg = card_svg(card)
    assert "left out" not in svg
    assert Image.open(io.BytesIO(drawn(card))).size == (1200, 630)
