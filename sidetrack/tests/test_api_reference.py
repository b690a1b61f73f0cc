"""The description of REST, and the page that is written from it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from catalog.tests.factories import AlbumFactory, TrackFactory
from club.models import Phase
from club.tests.factories import NominationFactory, RatingFactory, WeekFactory
from sidetrack.api.docs import description
from sidetrack.api.reference import subjects
from social.models import User
from social.tests.callers import Caller

pytestmark = pytest.mark.django_db

PATHS = {
    "/api/v1/club/weeks": {"get", "post"},
    "/api/v1/club/weeks/{number}": {"get", "patch"},
    "/api/v1/club/weeks/{number}/nominations": {"get", "post"},
    "/api/v1/club/weeks/{number}/votes": {"post"},
    "/api/v1/club/weeks/{number}/votes/summary": {"get"},
    "/api/v1/club/weeks/{number}/ratings": {"get", "post"},
    "/api/v1/club/weeks/{number}/ratings/summary": {"get"},
    "/api/v1/admin/weeks/{number}/override-winner": {"post"},
    "/api/v1/admin/reviews/{id}": {"delete"},
    "/api/v1/users/me": {"get"},
    "/api/v1/users/{handle}": {"get"},
    "/api/v1/users/{handle}/summary": {"get"},
    "/api/v1/users/{handle}/listens/recent": {"get"},
    "/api/v1/listens/recent": {"get"},
    "/api/v1/listens/bulk": {"post"},
    "/api/v1/ingest/listens": {"post"},
    "/api/v1/tags/lastfm/sync": {"post"},
    "/api/v1/music/search": {"get"},
    "/api/v1/music/albums": {"post"},
    "/api/v1/auth/lastfm/link": {"post"},
    "/api/v1/auth/links": {"get"},
    "/api/v1/auth/links/{provider}": {"delete"},
    "/api/v1/auth/listenbrainz/link": {"post"},
    "/api/v1/auth/spotify/link": {"post"},
    "/api/v1/aggregate/weeks": {"post"},
    "/api/v1/analyze/track/{track_id}": {"post"},
    "/api/v1/dashboard/mixtape": {"get"},
    "/api/v1/dashboard/moods": {"get"},
    "/api/v1/dashboard/outliers": {"get"},
    "/api/v1/dashboard/overview": {"get"},
    "/api/v1/dashboard/radar": {"get"},
    "/api/v1/dashboard/trajectory": {"get"},
    "/api/v1/labels": {"post"},
    "/api/v1/score/track/{track_id}": {"post"},
    "/api/v1/users/{a}/compatibility/{b}": {"get"},
    "/api/v1/users/{handle}/recommendations": {"get", "post"},
    "/api/v1/users/{handle}/taste": {"get", "post"},
}


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in description()["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def test_the_description_is_valid_and_without_warnings() -> None:
    out = StringIO()
    call_command("spectacular", "--validate", "--fail-on-warn", stdout=out)
    assert "openapi: 3" in out.getvalue()


def test_every_endpoint_is_described() -> None:
    described: dict[str, set[str]] = {}
    for path, method, _ in operations():
        described.setdefault(path, set()).add(method)
    assert described == PATHS


def test_every_answer_and_refusal_has_words_and_an_example() -> None:
    for path, method, operation in operations():
        where = f"{method} {path}"
        assert operation["summary"], where
        for status, reply in operation["responses"].items():
            content = reply.get("content", {}).get("application/json", {})
            assert status == "204" or content.get("examples"), f"{where} {status} has no example"
            assert status[0] == "2" or reply["description"], f"{where} {status} has no words"
        if body := operation.get("requestBody"):
            assert body["content"]["application/json"].get("examples"), f"{where} has no example of a body"


def test_examples_have_the_fields_that_are_promised() -> None:
    schemas = description()["components"]["schemas"]
    for path, method, operation in operations():
        for status, reply in operation["responses"].items():
            content = reply.get("content", {}).get("application/json", {})
            reference = content.get("schema", {}).get("$ref", "")
            promised = schemas.get(reference.rpartition("/")[2], {}).get("properties", {})
            for example in content.get("examples", {}).values():
                if status[0] == "2":
                    assert set(example["value"]) == set(promised), f"{method} {path} {status}"


@pytest.fixture
def stage(mod: User) -> dict[str, str]:
    """Something behind every address."""
    week = WeekFactory(number=1, phase=Phase.DISCUSSION)
    NominationFactory(week=week)
    AlbumFactory()
    track_id = str(TrackFactory().pk)
    return {
        "number": "1", "handle": "mod", "id": str(RatingFactory(week=week).pk), "track_id": track_id, "a": "mod",
        "b": "mod", "provider": "lastfm",
    }  # fmt: skip


@pytest.mark.parametrize("number", ["1", "999"])
def test_every_documented_address_answers_with_a_documented_status(
    stage: dict[str, str], service: Caller, visitor: Caller, number: str
) -> None:
    for path, method, operation in operations():
        address = path.format(**{**stage, "number": number})
        bodies = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("examples", {})
        for caller in (visitor, service):
            for body in [{}, *(each["value"] for each in bodies.values())]:
                response = caller.client.generic(method.upper(), address, _json(body), content_type="application/json")
                assert str(response.status_code) in operation["responses"], (method, address, response.content)
                is_json = response.headers.get("Content-Type", "").startswith("application/json")
                assert is_json or response.status_code == 204


def _json(body: Any) -> str:
    import json

    return json.dumps(body) if body else ""


def test_the_description_comes_as_json_and_as_yaml(client: Client) -> None:
    assert client.get("/api/schema/").json()["info"]["title"] == "Sidetrack"
    assert client.get("/api/schema/?format=yaml").content.startswith(b"openapi:")
    asked = client.get("/api/schema/", headers={"Accept": "application/vnd.oai.openapi"})
    assert asked.headers["Content-Type"].startswith("application/vnd.oai.openapi")


def test_the_page_names_every_operation_and_needs_no_script(client: Client) -> None:
    page = client.get("/api/docs/").content.decode()
    for _, _, operation in operations():
        assert f'id="{operation["operationId"]}"' in page
    main = page[page.index("<main") : page.index("</main>")]
    assert "<script" not in main
    assert " style=" not in page
    assert " onclick" not in page
    hosts = set(re.findall(r"""(?:src|href)=["']https?://([^/"']+)""", page))
    assert not hosts, hosts


def test_a_reader_learns_type_need_and_place_of_each_field() -> None:
    by_id = {
        each.id: each for subject in subjects(description(), site="https://club.example") for each in subject.operations
    }
    rating = by_id["ratings_create"]
    value = next(row for row in rating.body if row.name == "value")
    assert (value.kind, value.is_required, value.depth) == ("number", True, 0)
    winner = next(row for row in by_id["weeks_retrieve"].good[0].rows if row.name == "winner")
    assert winner.kind == "object or null"
    title = [row for row in by_id["weeks_list"].good[0].rows if row.name == "title"]
    assert title[0].depth == 3
    assert rating.requests[0].text.startswith("curl -X POST 'https://club.example/api/v1/club/weeks/{number}/ratings'")
    assert [reply.status for reply in rating.refusals] == ["400", "401", "403", "404", "409", "429"]


def test_a_reader_learns_what_needs_a_token() -> None:
    groups = subjects(description(), site="https://club.example")
    needy = {operation.id for subject in groups for operation in subject.operations if operation.needs_caller}
    open_ = {operation.id for subject in groups for operation in subject.operations} - needy
    assert {"weeks_list", "ratings_list", "users_retrieve", "music_search"} <= open_
    assert {"users_me", "votes_cast", "reviews_hide", "albums_add"} <= needy


def test_empty_texts_are_no_null() -> None:
    groups = subjects(description(), site="https://club.example")
    by_id = {operation.id: operation for subject in groups for operation in subject.operations}
    kinds = {row.name: row.kind for row in by_id["nominations_create"].body}
    assert (kinds["pitch_track_url"], kinds["year"]) == ("address", "whole number or null")
