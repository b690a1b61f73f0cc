"""Share images: drawn once for what they show, never for what they must not show."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone
from PIL import Image
from pytest_django import DjangoAssertNumQueries

from club.drawing.share_card import Card, card_svg, drawn_card
from club.models import ClubSettings, Phase, ShareImage, Week
from club.publishing import share_images as sharing
from club.tasks import draw_due_share_images
from club.tests.factories import MONDAY, NominationFactory, RatingFactory, WeekFactory
from sidetrack.drawing.pictures import oklch
from sidetrack.drawing.typesetting import DISPLAY, TEXT, drawable, fitted, lines_of, shortened, width_of

COVER = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><rect width="9" height="9" fill="#036"/></svg>'
CARD = Card("Week 12", "Blue", "Joni Mitchell · 1971", "Sidetrack", (0,) * 8 + (3,), 5.0, "3 ratings", 14, "")


def test_a_card_is_a_picture_of_the_size_that_sites_ask_for() -> None:
    picture = Image.open(BytesIO(drawn_card(CARD, cover=COVER, cover_type="image/svg+xml")))
    assert (picture.format, picture.size) == ("PNG", (1200, 630))
    cover = picture.convert("RGB").getpixel((300, 300))
    assert cover == (0, 51, 102), "the sleeve is in the picture"


def test_the_text_is_really_drawn_with_our_fonts() -> None:
    with_title, without = (
        drawn_card(replace(CARD, title=title), cover=COVER, cover_type="image/svg+xml") for title in ("Blue", "")
    )
    assert with_title != without


def test_two_cards_that_show_the_same_have_the_same_name_and_others_do_not() -> None:
    assert CARD.content_hash == replace(CARD).content_hash
    assert CARD.content_hash != replace(CARD, mean=4.9).content_hash
    assert CARD.content_hash != replace(CARD, cover="covers/new.webp").content_hash


@pytest.mark.parametrize(
    "title", ["B", "The Miseducation of Lauryn Hill and Everything After It, Remastered " * 3, "空洞です" * 20]
)
def test_no_title_leaves_its_column_or_runs_into_the_score(title: str) -> None:
    size, lines = fitted(title, font=DISPLAY, sizes=(72, 64, 56, 48, 42), width=504, height=190)
    assert all(width_of(line, font=DISPLAY, size=size) <= 504 for line in lines)
    assert len(lines) * size * 1.06 <= 190 or len(lines) == 1


def test_a_cut_title_says_so_and_a_short_one_is_left_alone() -> None:
    assert shortened("Blue", font=TEXT, size=30, width=500) == "Blue"
    assert shortened("word " * 50, font=TEXT, size=30, width=300).endswith("…")
    assert lines_of("", font=TEXT, size=30, width=300) == []


def test_letters_that_no_font_of_ours_has_become_latin_ones() -> None:
    assert drawable("Ágætis byrjun 空洞です Земфира", font=DISPLAY) == "Ágætis byrjun 空洞です Земфира"
    assert drawable("아이유", font=DISPLAY).isascii()


def test_no_name_is_half_in_one_script_and_half_in_another() -> None:
    assert drawable("周杰倫", font=DISPLAY) == "周杰倫"
    assert drawable("鄧麗君 — 空, Кино ★", font=DISPLAY).startswith("Deng Li Jun — Kong, Кино")
    assert drawable("Ágætis", font=DISPLAY) == "Ágætis"


def test_names_cannot_break_out_of_the_drawing() -> None:
    markup = card_svg(replace(CARD, title="<image/> & co"), cover=COVER, cover_type="image/svg+xml")
    assert "&lt;image/&gt; &amp; co" in markup


def test_colours_are_the_known_ones() -> None:
    assert oklch(1, 0, 0) == "#ffffff"
    assert oklch(0, 0, 0) == "#000000"
    assert oklch(0.628, 0.2577, 29.23) == "#ff0000"


@pytest.mark.django_db
class TestDrawing:
    def test_a_week_and_its_albums_are_drawn_once_and_again_when_they_change(self, client: Client) -> None:
        week = WeekFactory(phase=Phase.CLOSED)
        NominationFactory(week=week)
        assert draw_due_share_images() == "3 share images drawn"
        assert draw_due_share_images() == "0 share images drawn"
        before = ShareImage.objects.get(kind="week", object_id=week.pk).file.name
        for _ in range(3):
            RatingFactory(week=week, half_stars=9)
        assert draw_due_share_images() == "2 share images drawn", "the week and its winner, not the other nominee"
        after = ShareImage.objects.get(kind="week", object_id=week.pk).file.name
        assert after != before
        assert default_storage.exists(after)
        assert not default_storage.exists(before)
        assert after in client.get(f"/weeks/{week.number}/").content.decode()

    def test_the_mean_of_too_few_ratings_cannot_be_read_off_the_picture(self) -> None:
        week = WeekFactory(phase=Phase.CLOSED)
        for _ in range(2):
            RatingFactory(week=week, half_stars=4)
        week.refresh_from_db()
        (due,) = sharing.week_cards(ClubSettings.load())
        assert (due.card.mean, set(due.card.counts), due.card.note) == (None, {0}, "2 ratings so far")

    def test_a_rating_of_a_hidden_member_counts_and_a_hidden_rating_does_not(self) -> None:
        week = WeekFactory(phase=Phase.CLOSED)
        for level in ("public", "members", "me"):
            RatingFactory(week=week, half_stars=8, visibility=level)
        RatingFactory(week=week, half_stars=2, hidden_at=timezone.now())
        cards = {due.object_id: due.card for due in sharing.album_cards(ClubSettings.load())}
        assert cards[week.winner.album_id].mean == 4.0

    def test_one_run_draws_no_more_than_its_batch_and_the_next_goes_on(self) -> None:
        for _ in range(2):
            WeekFactory(phase=Phase.CLOSED)
        assert [sharing.draw_due(now=MONDAY, limit=3) for _ in range(3)] == [3, 1, 0]

    def test_a_cover_whose_file_is_gone_is_drawn_instead(self) -> None:
        week = WeekFactory(phase=Phase.CLOSED)
        week.winner.album.cover_600 = "covers/gone.webp"
        week.winner.album.save()
        assert sharing.draw_due(now=MONDAY) == 2

    @pytest.mark.parametrize("n", [1, 20])
    def test_finding_what_is_due_asks_a_constant_number_of_queries(
        self, n: int, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        ClubSettings.load()
        for _ in range(n):
            RatingFactory(week=WeekFactory(phase=Phase.DISCUSSION))
        with django_assert_num_queries(8):
            assert len(list(sharing.due_cards())) == 2 * n
        assert Week.objects.count() == n


@pytest.mark.django_db
def test_a_name_that_no_svg_can_hold_is_drawn_without_what_is_wrong_with_it() -> None:
    week = WeekFactory(phase=Phase.CLOSED, winner__album__title="Bl\x08ue", winner__album__artist__name="Jo\x1bni")
    draw_due_share_images()
    assert ShareImage.objects.filter(kind=ShareImage.Kind.WEEK, object_id=week.pk).exists()
