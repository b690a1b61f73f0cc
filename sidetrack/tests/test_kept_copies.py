"""Kept copies: right for visitors, never for members, gone as soon as the club changes."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template import Context, Template
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from catalog.correcting import correct
from club import revision
from club.models import ClubSettings, Phase
from club.ratings import rate
from club.tests.factories import NominationFactory, RatingFactory, WeekFactory
from sidetrack.kept_copies import fresh_for_visitors
from social.models import User

pytestmark = pytest.mark.django_db
NOW = datetime(2025, 11, 12, 10, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _stand_still() -> Iterator[None]:
    """The clock is part of what a copy depends on."""
    with time_machine.travel(NOW, tick=False):
        ClubSettings.load()
        yield


def test_the_second_visitor_gets_the_copy_for_one_small_query(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    first = client.get("/weeks/")
    with django_assert_num_queries(1):
        second = Client().get("/weeks/")
    assert second.content == first.content
    assert second["ETag"] == first["ETag"]
    assert "max-age=0" in second["Cache-Control"]
    assert "public" in second["Cache-Control"]


def test_a_browser_that_has_the_page_is_told_so(client: Client) -> None:
    etag = client.get("/weeks/")["ETag"]
    again = client.get("/weeks/", headers={"If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == etag
    assert "Cookie" in again["Vary"]


def test_any_change_of_the_club_makes_the_page_anew(client: Client) -> None:
    etag = client.get("/weeks/")["ETag"]
    WeekFactory(phase=Phase.CLOSED, winner__album__title="Hejira")
    assert b"Hejira" not in client.get("/weeks/").content  # nobody told the club yet
    revision.bump()
    assert b"Hejira" in client.get("/weeks/", headers={"If-None-Match": etag}).content


@pytest.mark.parametrize("what", ["album", "artist"])
def test_pages_of_the_catalogue_are_kept_for_visitors_and_made_anew_for_members(
    client: Client, rin: User, mod: User, what: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    week = WeekFactory(phase=Phase.DISCUSSION, winner__album__title="Hejira")
    album = week.winner.album
    address = (album if what == "album" else album.artist).get_absolute_url()
    first = client.get(address)
    assert b"Hejira" in first.content
    with django_assert_num_queries(1):
        again = Client().get(address, headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304
    rate(member=rin, week=week, half_stars=9, now=NOW)
    assert Client().get(address, headers={"If-None-Match": first["ETag"]}).status_code == 200
    correct(row=album, moderator=mod, title="Hejira!", now=NOW)
    assert b"Hejira!" in Client().get(address).content
    client.force_login(rin)
    own = client.get(address)
    assert "private" in own["Cache-Control"]
    assert "ETag" not in own


@pytest.mark.parametrize(("query", "headers"), [("?q=blue", {}), ("", {"HX-Request": "true", "HX-Target": "x"})])
def test_what_anybody_may_make_up_fills_no_cache(client: Client, query: str, headers: dict[str, str]) -> None:
    WeekFactory(phase=Phase.DISCUSSION)
    first = client.get(f"/weeks/{query}", headers=headers)
    assert first.status_code == 200
    with CaptureQueriesContext(connection) as again:
        client.get(f"/weeks/{query}", headers=headers)
    assert len(again) > 1, "the second visitor was given a kept copy"


def test_words_that_age_are_worded_anew_after_a_while(client: Client) -> None:
    WeekFactory(phase=Phase.NOMINATIONS)
    etag = client.get("/")["ETag"]
    with time_machine.travel(datetime(2025, 11, 13, 19, 50, tzinfo=UTC), tick=False):
        later = client.get("/", headers={"If-None-Match": etag})
    assert later.status_code == 200
    assert b"in 10 minutes" in later.content


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        ("?genre=Folk&sort=score", "?sort=score&genre=Folk", True),
        ("?genre=&q=", "", True),
        ("?utm_source=letter&genre=Folk", "?genre=Folk", True),
        ("?genre=Folk", "?genre=Rock", False),
    ],
)
def test_another_spelling_of_an_address_is_the_same_copy(left: str, right: str, same: bool) -> None:
    etags = {Client().get(f"/weeks/{query}")["ETag"] for query in (left, right)}
    assert (len(etags) == 1) is same


def test_themes_and_parts_have_copies_of_their_own(client: Client) -> None:
    light = client.get("/weeks/")
    client.cookies["theme"] = "dark"
    dark = client.get("/weeks/")
    part = client.get("/weeks/", headers={"HX-Request": "true", "HX-Target": "results"})
    assert len({light["ETag"], dark["ETag"], part["ETag"]}) == 3
    assert b'data-theme="dark"' in dark.content
    assert b'data-theme="dark"' not in light.content
    assert b"<html" not in part.content


def test_no_header_puts_a_whole_page_where_a_part_belongs(client: Client) -> None:
    whole = client.get("/weeks/", headers={"HX-Request": "trueresults"})
    part = client.get("/weeks/", headers={"HX-Request": "true", "HX-Target": "results"})
    assert b"<html" in whole.content
    assert b"<html" not in part.content


def test_a_member_never_gets_the_visitors_copy_nor_the_other_way_round(client: Client, rin: User) -> None:
    visitor = client.get("/weeks/")
    client.force_login(rin)
    own = client.get("/weeks/", headers={"If-None-Match": visitor["ETag"]})
    assert own.status_code == 200
    assert b"Rin" in own.content
    assert "private" in own["Cache-Control"]
    assert "ETag" not in own
    assert b"Rin" not in Client().get("/weeks/").content


def test_a_compressed_copy_is_the_same_page(client: Client) -> None:
    plain = client.get("/weeks/").content
    answer = client.get("/weeks/", headers={"Accept-Encoding": "gzip, br"})
    assert answer["Content-Encoding"] == "gzip"
    assert gzip.decompress(answer.content) == plain


@fresh_for_visitors()
def _draws_a_token(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"token {get_token(request)}")


@fresh_for_visitors()
def _sets_a_cookie(request: HttpRequest) -> HttpResponse:
    answer = HttpResponse(request.headers["X-Who"])
    answer.set_cookie("who", request.headers["X-Who"])
    return answer


@fresh_for_visitors()
def _fails(request: HttpRequest) -> HttpResponse:
    return HttpResponse(request.headers["X-Who"], status=404)


@pytest.mark.parametrize("view", [_sets_a_cookie, _fails])
def test_an_answer_made_for_one_visitor_is_not_kept(view: object, rf: RequestFactory) -> None:
    bodies = [view(rf.get("/x/", headers={"X-Who": who})).content for who in ("ana", "bo")]
    assert bodies == [b"ana", b"bo"]


def test_a_page_with_a_token_is_not_kept(rf: RequestFactory) -> None:
    first, second = (_draws_a_token(rf.get("/x/")) for _ in range(2))
    assert first.content != second.content
    assert "ETag" not in first


def test_a_visitor_with_a_message_waiting_reads_it_alone(client: Client) -> None:
    client.get("/weeks/")
    client.cookies["messages"] = "something"
    answer = client.get("/weeks/")
    assert "ETag" not in answer
    assert "private" in answer["Cache-Control"]


def test_no_form_for_visitors_carries_a_token(client: Client) -> None:
    week = WeekFactory(phase=Phase.NOMINATIONS)
    for path in ("/", "/weeks/", week.get_absolute_url()):
        answer = client.get(path)
        assert b"csrfmiddlewaretoken" not in answer.content
        assert not answer.cookies


# --- Pieces ---------------------------------------------------------------------------------------------------------
def test_a_piece_is_made_once_for_each_state_of_the_club_and_each_argument(rf: RequestFactory) -> None:
    piece = Template("{% load kept %}{% kept 'x' number %}{{ word }}{% endkept %}")

    def shown(word: str, number: int = 1) -> str:
        return piece.render(Context({"request": rf.get("/"), "word": word, "number": number}))

    assert shown("<first>") == "&lt;first&gt;"
    assert shown("second") == "&lt;first&gt;"
    assert shown("third", number=2) == "third"
    revision.bump()
    assert shown("fourth") == "fourth"


def test_a_moderators_early_look_at_a_poll_is_not_kept_for_others(client: Client, mod: User) -> None:
    week = WeekFactory(phase=Phase.POLL)
    NominationFactory(week=week)
    client.force_login(mod)
    assert b"points-bar" in client.get(week.get_absolute_url()).content
    assert b"points-bar" not in Client().get(week.get_absolute_url()).content


def test_a_members_private_words_are_in_no_piece_of_anybody_else(client: Client, rin: User) -> None:
    week = WeekFactory(phase=Phase.DISCUSSION)
    RatingFactory(week=week, user=rin, review="For me alone.", visibility="me")
    client.force_login(rin)
    assert b"For me alone." in client.get(week.get_absolute_url()).content
    assert b"For me alone." not in Client().get(week.get_absolute_url()).content
