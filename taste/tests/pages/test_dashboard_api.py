"""REST of the dashboard: shape and rounded numbers, whose it is, and what is refused."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from social.models import User
from social.visibility import Visibility
from taste.tests.pages.a_year import NOW, a_year_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_today")]
NAMES = ("overview", "trajectory", "moods", "radar", "outliers", "mixtape")


@pytest.fixture
def _today() -> object:
    with time_machine.travel(NOW, tick=False):
        yield


def client_of(member: User) -> Client:
    client = Client()
    client.force_login(member)
    return client


def shape(value: Any) -> Any:
    """Names and kinds: of a list its first row stands for all."""
    if isinstance(value, dict):
        return {name: shape(each) for name, each in value.items()}
    if isinstance(value, list):
        return [shape(value[0])] if value else []
    return type(value).__name__


LEVEL = {"mean": "float", "sd": "float", "listens": "int", "weeks": "int", "confidence": "float"}
HEAD = {
    "user": "str", "computed_at": "str",
    "window": {"name": "str", "from": "str", "to": "str", "weeks": "int", "timezone": "str"},
}  # fmt: skip
TRACK = {"id": "int", "title": "str", "artist": "str", "recording_mbid": "NoneType", "url": "str"}
SHAPES: dict[str, dict[str, Any]] = {
    "moods?window=8w": HEAD | {
        "weeks": [{"week": "str", "starts_on": "str", "listens": "int", "with_mood": "int", "shares": dict.fromkeys(
            ("calm", "tender", "sunny", "elated", "driving", "fierce", "brooding", "even"), "float")}],
    },
    "radar?week=2025-W47": {
        "user": "str", "week": "str", "against": "str", "finding": "str", "listens": "int", "computed_at": "str",
        "axes": [{"axis": "str", "week": LEVEL, "base": LEVEL}],
    },
    "outliers": {
        "user": "str", "days": "int", "words": "str", "method": "str", "tracks": "int", "listens": "int",
        "outliers": [{"track": TRACK, "distance": "float", "listens": "int", "why": "str"}],
    },
    "mixtape?week=2025-47": {
        "user": "str", "week": "str", "minutes": "float", "method": "str", "words": "str",
        "tracks": [{"track": TRACK, "reason": "str", "seconds": "float", "is_guessed": "bool"}],
    },
}  # fmt: skip


def test_answers_have_their_shape_and_numbers() -> None:
    ana = a_year_of("ana")
    client = client_of(ana)
    found = {name: client.get(f"/api/v1/dashboard/{name}").json() for name in SHAPES}
    for name, expected in SHAPES.items():
        assert shape(found[name]) == expected, name
    moods = found["moods?window=8w"]
    assert len(moods["weeks"]) == 8
    assert moods["weeks"][-1]["week"] == "2025-W48"
    assert all(round(sum(week["shares"].values()), 3) == 1 for week in moods["weeks"])
    radar = found["radar?week=2025-W47"]
    assert radar["week"] == "2025-W47"
    assert {row["axis"]: round(row["week"]["mean"], 2) for row in radar["axes"]}["danceability"] == 0.5
    assert found["mixtape?week=2025-47"]["week"] == "2025-W47"
    overview = client.get("/api/v1/dashboard/overview?window=12w").json()
    assert [each["key"] for each in overview["kpis"]] == ["listens", "diversity", "momentum", "new_artists"]
    assert overview["window"]["from"] == "2025-09-08"
    assert overview["coverage"] == 1.0
    assert shape(overview["axes"])["energy"] == LEVEL


def test_a_trajectory_has_a_point_a_week_and_arrows_between_them() -> None:
    ana = a_year_of("ana")
    answer = client_of(ana).get("/api/v1/dashboard/trajectory?window=12w").json()
    assert len(answer["points"]) == 12
    assert len(answer["arrows"]) == 11
    first, second = answer["points"][:2]
    arrow = answer["arrows"][0]
    assert (arrow["from_week"], arrow["to_week"]) == (first["week"], second["week"])
    assert round(arrow["x"] + arrow["dx"], 3) == round(second["x"], 3)
    assert "PCA" in answer["method"]
    assert answer["map_version"] >= 1


def test_whoever_may_not_read_finds_nothing(rin: User) -> None:
    ana = a_year_of("ana", 1, with_map=False)
    own, other, visitor = client_of(ana), client_of(rin), Client()
    addresses = [f"/api/v1/dashboard/{name}" for name in NAMES]
    assert {visitor.get(address).status_code for address in addresses} == {401}
    assert {other.get(address).status_code for address in addresses} == {200}  # their own, though nothing was heard
    assert {other.get(f"{address}?member=ANA").status_code for address in addresses} == {200}
    User.objects.filter(pk=ana.pk).update(taste_visibility=Visibility.ME)
    assert {other.get(f"{address}?member=ana").status_code for address in addresses} == {404}
    assert {visitor.get(f"{address}?member=ana").status_code for address in addresses} == {404}
    assert {own.get(f"{address}?member=ana").status_code for address in addresses} == {200}


@pytest.mark.parametrize("query", ["overview?window=soon", "trajectory?window=0w", "moods?artist=x", "moods?source=x",
                                   "radar?week=2025-W60", "radar?with=never", "mixtape?week=48"])  # fmt: skip
def test_what_is_wrong_is_said_in_words(rin: User, query: str) -> None:
    answer = client_of(rin).get(f"/api/v1/dashboard/{query}")
    assert answer.status_code == 400
    assert answer.json()["error"]["fields"]


def test_an_answer_costs_as_much_for_many_weeks_as_for_few() -> None:
    few, many = (client_of(a_year_of(handle, n)) for handle, n in (("ana", 6), ("bo", 30)))
    for name in NAMES:
        counts = []
        for client in (few, many):
            client.get(f"/api/v1/dashboard/{name}?window=52w")
            with CaptureQueriesContext(connection) as seen:
                assert client.get(f"/api/v1/dashboard/{name}?window=52w").status_code == 200
            counts.append(len(seen))
        assert counts[1] <= counts[0] + 1, (name, counts)


@pytest.mark.parametrize("name", ["radar", "mixtape"])
def test_who_has_no_week_is_told_of_the_one_where_they_live(rin: User, name: str) -> None:
    User.objects.filter(pk=rin.pk).update(timezone="Pacific/Auckland")
    rin.refresh_from_db()
    client = client_of(rin)
    with time_machine.travel(datetime(2025, 11, 23, 20, 0, tzinfo=UTC), tick=False):  # Monday morning there
        assert client.get(f"/api/v1/dashboard/{name}").json()["week"] == "2025-W48"
