"""A whole week through REST alone: twelve members by Discord id, one program with the service token."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from club.lifecycle import advance_due_weeks
from social.models import LinkedAccount
from social.tests.callers import Caller

pytestmark = pytest.mark.django_db

MEMBERS = [(str(80351110224678912 + n), f"Member {n:02d}") for n in range(12)]
ALBUMS = [
    {"title": "Dummy", "artist": "Portishead", "year": 1994},
    {"title": "Homogenic", "artist": "Björk", "year": 1997},
    {"title": "Blue Lines", "artist": "Massive Attack", "year": 1991},
    {"title": "Maxinquaye", "artist": "Tricky", "year": 1995},
]
FIRSTS = [1, 2, 3, 0, 0, 0, 0, 0, 1, 1, 1, 2]  # the album that each member puts first
SECONDS = [2, 0, 0, 1, 1, 1, 2, 2, 3, 3, 0, 0]
STARS = [5.0, 4.5, 4.5, 4.0, 4.0, 3.5, 3.0, 2.5, 1.0, 5.0, 4.0, 3.5]


def who(n: int) -> dict[str, str]:
    return {"discord_id": MEMBERS[n][0], "display_name": MEMBERS[n][1]}


def nominate_all(service: Caller, path: str) -> list[int]:
    ids = []
    for n, album in enumerate(ALBUMS):
        response = service.post(f"{path}/nominations", {**who(n), "album": album, "pitch": f"Reason {n}"})
        assert response.status_code == 201, response.content
        ids.append(response.json()["id"])
    return ids


def vote_all(service: Caller, path: str, nominations: list[int]) -> None:
    for n, (first, second) in enumerate(zip(FIRSTS, SECONDS, strict=True)):
        for rank, choice in ((1, first), (2, second)):
            response = service.post(f"{path}/votes", {**who(n), "nomination": nominations[choice], "rank": rank})
            assert response.status_code == 200, response.content
        assert (response.json()["first"], response.json()["second"]) == (nominations[first], nominations[second])


def rate_all(service: Caller, path: str) -> None:
    for n, value in enumerate(STARS):
        body = {**who(n), "value": value, "favorite_track": "Roads", "review": f"Words of {n}"}
        assert service.post(f"{path}/ratings", body).status_code == 201
        assert service.post(f"{path}/ratings", body).status_code == 200


def check_result(caller: Caller, path: str, nominations: list[int]) -> dict[str, Any]:
    """Dummy has 5 first and 4 second choices: 14 points; the average of the stars is 3.71."""
    summary = caller.get(f"{path}/votes/summary").json()
    assert summary["results"][0] == {
        "nomination": nominations[0],
        "album": summary["results"][0]["album"],
        "points": 14,
        "firsts": 5,
        "seconds": 4,
        "place": 1,
    }
    assert sum(line["points"] for line in summary["results"]) == 12 * 3
    assert summary["voters"] == 12
    figures = caller.get(f"{path}/ratings/summary").json()
    assert (figures["average"], figures["count"]) == (3.71, 12)
    assert sum(figures["distribution"].values()) == 12
    week: dict[str, Any] = caller.get(path).json()
    assert week["winner"]["album"]["title"] == "Dummy"
    assert (week["winner"]["points"], week["winner"]["firsts"]) == (14, 5)
    assert week["winner"]["nominator"]["display_name"] == "Member 00"
    assert week["poll"] == summary
    assert week["ratings_summary"] == figures
    assert len(caller.get(f"{path}/ratings").json()["results"]) == 12
    return week


def check_page(caller: Caller, week: dict[str, Any]) -> None:
    """The week's page says the same as REST."""
    response = caller.client.get(f"/weeks/{week['number']}/")
    assert response.status_code == 200
    words = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))
    assert "Dummy" in words
    assert re.search(r"\b14\b points", words)
    assert re.search(r"\b3\.71?\b", words)
    assert "12 ratings" in words


def test_a_week_moved_by_hand(service: Caller, visitor: Caller, time_machine: Any) -> None:
    time_machine.move_to(datetime(2025, 11, 10, 9, 0, tzinfo=UTC))
    week = service.post("club/weeks", {"theme": "Bristol and beyond"}).json()
    path = f"club/weeks/{week['number']}"
    nominations = nominate_all(service, path)
    for step, act in (
        ("poll", lambda: vote_all(service, path, nominations)),
        ("listening", lambda: None),
        ("discussion", lambda: rate_all(service, path)),
        ("closed", lambda: None),
    ):
        assert service.patch(path, {"phase": step}).json()["phase"] == step
        act()
    check_page(visitor, check_result(visitor, path, nominations))
    assert LinkedAccount.objects.filter(provider="discord").count() == 12


def test_a_week_moved_by_time(service: Caller, visitor: Caller, time_machine: Any) -> None:
    monday = datetime(2025, 11, 10, 9, 0, tzinfo=UTC)
    time_machine.move_to(monday)
    number = service.post("club/weeks", {}).json()["number"]
    path = f"club/weeks/{number}"
    nominations = nominate_all(service, path)
    for days, phase, act in (
        (4, "poll", lambda: vote_all(service, path, nominations)),
        (6, "listening", lambda: None),
        (15, "discussion", lambda: rate_all(service, path)),
        (18, "closed", lambda: None),
    ):
        time_machine.move_to(monday + timedelta(days=days))
        advance_due_weeks(monday + timedelta(days=days))
        assert visitor.get(path).json()["phase"] == phase
        act()
    check_page(visitor, check_result(visitor, path, nominations))
