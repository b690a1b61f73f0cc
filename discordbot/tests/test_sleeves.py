"""Albums without a cover show the website's drawn sleeve as PNG, until a cover comes."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from catalog.models import Album
from club.models import Phase, Week
from club.tests.factories import NominationFactory, RatingFactory, WeekFactory
from discordbot.cards.sleeves import cover_of, sleeve_of
from discordbot.desired import plan
from discordbot.pictures import draw
from discordbot.posts import DesiredMessage, DesiredThread, content_hash
from discordbot.tests.club_states import DURING, IN_ORDER, a_nominee, a_state, a_week, an_album
from discordbot.tests.fake_discord import FakeDiscord
from discordbot.tests.rounds import Rounds
from social.tests.factories import UserFactory

BARE: dict[str, Any] = {"cover": "", "sleeve": ("1", "1")}


def shown_files(payload: Any) -> set[str]:
    return set(re.findall(r"attachment://([\w.]+)", json.dumps(payload)))


# --- The plan -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("phase", IN_ORDER)
@pytest.mark.parametrize("is_bare", [True, False], ids=["without covers", "with covers"])
def test_what_a_message_shows_travels_with_it_and_nothing_else(phase: Phase, is_bare: bool) -> None:
    nominees = tuple(a_nominee(n, album=an_album(n, **(BARE if is_bare else {}))) for n in (1, 2, 3))
    files = []
    for post in plan(a_state(a_week(phase, nominees=nominees)), DURING[phase]).posts:
        if isinstance(post, DesiredMessage | DesiredThread):
            payload = post.payload if isinstance(post, DesiredMessage) else post.starter
            assert shown_files(payload) == {picture.filename for picture in post.pictures}, (post.kind, post.key)
            files += [picture.filename for picture in post.pictures]
    assert ("sleeve.png" in files) == is_bare


def test_a_cover_that_arrives_changes_the_message_and_nothing_else_does() -> None:
    def card(**facts: Any) -> str:
        week = a_week(Phase.NOMINATIONS, nominees=(a_nominee(1, album=an_album(1, **facts)),))
        made = plan(a_state(week), DURING[Phase.NOMINATIONS])
        return content_hash(next(post for post in made.posts if post.kind == "nomination"))

    assert card(**BARE) == card(**BARE)
    assert card(**BARE) != card()
    assert card(**BARE) != card(cover="", sleeve=("2", "1"))


def test_names_from_members_are_drawn_and_described_safely() -> None:
    album = an_album(1, title="<svg>\x00\u202e & “x”" * 40, artist="</text>", **BARE)
    picture = sleeve_of(album)
    assert picture
    assert cover_of(album) == ("attachment://sleeve.png", picture.alt)
    assert len(picture.alt) <= 1000
    assert Image.open(BytesIO(draw(picture))).size == (600, 600)


def test_the_sleeve_is_a_picture_of_many_colours_and_the_same_each_time() -> None:
    one, other = (sleeve_of(an_album(n, **BARE | {"sleeve": (str(n), "1")})) for n in (1, 2))
    assert one
    assert other
    assert draw(one) == draw(one)
    assert draw(one) != draw(other)
    colours = Image.open(BytesIO(draw(one))).convert("RGB").getcolors(1 << 20)
    assert len(colours) > 3


# --- In Discord -----------------------------------------------------------------------------------------------------
@pytest.fixture(params=["channel", "forum"])
def rounds(fake: FakeDiscord, request: pytest.FixtureRequest) -> Rounds:
    return Rounds(fake, forum=request.param == "forum")


@pytest.mark.django_db
def test_sleeves_are_attached_and_give_way_to_the_cover(fake: FakeDiscord, rounds: Rounds) -> None:
    week = WeekFactory(phase=Phase.NOMINATIONS, opens_at=rounds.now - timedelta(hours=1))
    NominationFactory(week=week, album__title="Kid A", created_at=rounds.now)
    rounds.settle()
    [card] = [row for row in fake.messages(fake.thread("NOMINATIONS")) if "Kid A" in row.text and not row.is_pinned]
    [sleeve] = card.attachments
    assert (sleeve.filename, sleeve.content_type, sleeve.data[:4]) == ("sleeve.png", "image/png", b"\x89PNG")
    assert "Kid A" in (sleeve.description or "")
    assert card.embeds[0]["thumbnail"]["url"] == sleeve.url
    assert rounds.requests_of(rounds.round) == []
    Album.objects.update(cover_300="covers/a-300.webp", cover_600="covers/a-600.webp")
    rounds.settle()
    assert card.attachments == []
    assert card.embeds[0]["thumbnail"]["url"].endswith("/covers/a-600.webp")
    assert rounds.requests_of(rounds.round) == []
    assert fake.violations == []


@pytest.mark.django_db
def test_all_that_shows_the_winner_shows_its_sleeve(fake: FakeDiscord, rounds: Rounds) -> None:
    week = WeekFactory(phase=Phase.NOMINATIONS, opens_at=rounds.now - timedelta(hours=1))
    NominationFactory(week=week, album__title="Kid A", created_at=rounds.now)
    for name in ("nominations_close_at", "discussion_at", "ratings_close_at"):
        week = Week.objects.get(pk=week.pk)
        if week.phase == Phase.DISCUSSION:
            RatingFactory(week=week, user=UserFactory(), half_stars=9, created_at=rounds.now)
        rounds.now = getattr(week, name) + timedelta(minutes=1)
        rounds.advance()
        rounds.settle()
    places = [fake.thread("WINNER"), fake.thread("RATINGS"), fake.club]
    carried = {row.attachments[0].filename for place in places for row in fake.messages(place) if row.attachments}
    n_carriers = sum(bool(row.attachments) for place in places for row in fake.messages(place))
    assert carried == {"sleeve.png"}
    assert n_carriers == 4  # starter, announcement, card of ratings, summary
    assert rounds.requests_of(rounds.round) == []
