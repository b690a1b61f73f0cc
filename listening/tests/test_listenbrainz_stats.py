"""Top lists and activity in ListenBrainz's shapes, in the zone of whoever listened."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import pytest
import time_machine

from catalog.models import Artist, Track
from listening.tests.programs import Program, listen, program_of
from social.models import User

pytestmark = pytest.mark.django_db
NOW = datetime(2025, 11, 12, 12, 0, tzinfo=UTC)  # a Wednesday


@pytest.fixture(autouse=True)
def _on_wednesday() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def rins(rin: User) -> Program:
    return program_of(rin, NOW)


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


def payload(program: Program, what: str, **query: object) -> dict[str, Any]:
    answer = program.get(f"stats/user/rin/{what}", **query)
    assert answer.status_code == 200, answer.content
    said: dict[str, Any] = answer.json()["payload"]
    return said


@pytest.fixture
def week(rins: Program) -> Program:
    """Last week Blue twice and Carey once, this week Carey, and one play of 2019."""
    rins.submit(
        listen("Blue", at=at("2025-11-03T10:00"), album="Blue"),
        listen("Blue", at=at("2025-11-04T10:00"), album="Blue"),
        listen("Carey", at=at("2025-11-04T11:00"), album="Blue"),
        listen("Carey", at=at("2025-11-10T11:00"), album="Blue"),
        listen("Debaser", "Pixies", at=at("2019-06-01T11:00")),
        kind="import",
    )
    return rins


def test_artists_of_all_time(week: Program) -> None:
    mbid = "3ad754b9-1af2-4743-8ee5-d91ba4c82f0f"
    Artist.objects.filter(name="Pixies").update(mbid=mbid)
    assert payload(week, "artists") == {
        "user_id": "rin",
        "artists": [
            {"artist_name": "Joni Mitchell", "artist_mbid": None, "artist_mbids": [], "listen_count": 4},
            {"artist_name": "Pixies", "artist_mbid": mbid, "artist_mbids": [mbid], "listen_count": 1},
        ],
        "count": 2,
        "total_artist_count": 2,
        "offset": 0,
        "range": "all_time",
        "from_ts": at("2019-06-01T11:00"),
        "to_ts": int(NOW.timestamp()),
        "last_updated": int(NOW.timestamp()),
    }


def test_releases_and_recordings(week: Program) -> None:
    releases = payload(week, "releases")
    assert [(each["release_name"], each["artist_name"], each["listen_count"]) for each in releases["releases"]] == [
        ("Blue", "Joni Mitchell", 4)
    ]
    assert releases["total_release_count"] == 1
    mbid = "3ad754b9-1af2-4743-8ee5-d91ba4c82f0f"
    Track.objects.filter(title="Debaser").update(recording_mbid=mbid)
    recordings = payload(week, "recordings")
    assert [(each["track_name"], each["release_name"], each["listen_count"]) for each in recordings["recordings"]] == [
        ("Blue", "Blue", 2),
        ("Carey", "Blue", 2),
        ("Debaser", None, 1),
    ]
    assert recordings["recordings"][2]["recording_mbid"] == mbid


@pytest.mark.parametrize(
    ("span", "expected", "first", "end"),
    [
        ("this_week", {"Carey": 1}, "2025-11-10", "2025-11-12T12:00"),
        ("week", {"Blue": 2, "Carey": 1}, "2025-11-03", "2025-11-10"),
        ("this_month", {"Blue": 2, "Carey": 2}, "2025-11-01", "2025-11-12T12:00"),
        ("this_year", {"Blue": 2, "Carey": 2}, "2025-01-01", "2025-11-12T12:00"),
    ],
)
def test_ranges_are_the_last_whole_one_or_the_one_that_runs(
    week: Program, span: str, expected: dict[str, int], first: str, end: str
) -> None:
    said = payload(week, "recordings", range=span)
    assert {each["track_name"]: each["listen_count"] for each in said["recordings"]} == expected
    assert (said["from_ts"], said["to_ts"], said["range"]) == (at(first), at(end), span)


def test_a_page_of_a_list(week: Program) -> None:
    said = payload(week, "recordings", count=1, offset=2)
    assert [each["track_name"] for each in said["recordings"]] == ["Debaser"]
    assert (said["count"], said["offset"], said["total_recording_count"]) == (1, 2, 3)
    assert payload(week, "recordings", offset=10**30)["recordings"] == []


@pytest.mark.parametrize("what", ["artists", "releases", "recordings", "listening-activity"])
def test_where_nothing_was_heard_there_is_no_content(rins: Program, what: str) -> None:
    answer = rins.get(f"stats/user/rin/{what}")
    assert (answer.status_code, answer.content) == (204, b"")
    rins.submit(listen("Debaser", "Pixies", at=at("2019-06-01T11:00"), album="Doolittle"))
    assert rins.get(f"stats/user/rin/{what}", range="month").status_code == 204
    assert rins.get(f"stats/user/rin/{what}").status_code == 200


@pytest.mark.parametrize("what", ["artists", "listening-activity"])
def test_an_unknown_range_is_refused(rins: Program, what: str) -> None:
    answer = rins.get(f"stats/user/rin/{what}", range="fortnight")
    assert (answer.status_code, answer.json()["error"]) == (400, "Invalid range: fortnight")
    assert rins.get(f"stats/user/nobody/{what}").status_code == 404


def test_activity_of_a_week_by_day_with_the_week_before(week: Program) -> None:
    said = payload(week, "listening-activity", range="week")
    days = said["listening_activity"]
    assert len(days) == 14
    assert days[0]["time_range"] == "Monday 27 October 2025"
    assert days[8] == {
        "from_ts": at("2025-11-04"),
        "to_ts": at("2025-11-05") - 1,
        "time_range": "Tuesday 04 November 2025",
        "listen_count": 2,
    }
    assert sum(day["listen_count"] for day in days) == 3
    assert (said["from_ts"], said["to_ts"]) == (at("2025-10-27"), at("2025-11-10") - 1)


@pytest.mark.parametrize(
    ("span", "n", "first", "last"),
    [
        ("this_week", 10, "Monday 03 November 2025", "Wednesday 12 November 2025"),
        ("this_month", 43, "01 October 2025", "12 November 2025"),
        ("this_year", 23, "January 2024", "November 2025"),
        ("all_time", 2, "2019", "2025"),
    ],
)
def test_activity_ends_today_and_is_cut_by_day_month_or_year(
    week: Program, span: str, n: int, first: str, last: str
) -> None:
    stretches = payload(week, "listening-activity", range=span)["listening_activity"]
    assert (len(stretches), stretches[0]["time_range"], stretches[-1]["time_range"]) == (n, first, last)
    for one, following in pairwise(stretches):
        if span != "all_time":
            assert one["to_ts"] + 1 == following["from_ts"]


@pytest.mark.parametrize(
    ("now", "first", "end"),
    [
        ("2025-11-12", "2025-01-01", "2025-07-01"),
        ("2025-03-02", "2024-07-01", "2025-01-01"),
    ],
)
def test_half_a_year_is_the_last_whole_one(rin: User, now: str, first: str, end: str) -> None:
    with time_machine.travel(datetime.fromisoformat(now).replace(tzinfo=UTC), tick=False):
        program = program_of(rin, NOW)
        program.submit(listen(at=at(first)))
        said = payload(program, "artists", range="half_yearly")
        assert (said["from_ts"], said["to_ts"]) == (at(first), at(end))
        months = payload(program, "listening-activity", range="half_yearly")["listening_activity"]
    assert len(months) == 12
    assert months[6]["from_ts"] == at(first)


def test_days_are_the_listeners(rin: User) -> None:
    User.objects.filter(pk=rin.pk).update(timezone="America/New_York")
    rin.refresh_from_db()
    program = program_of(rin, NOW)
    program.submit(listen(at=at("2025-11-10T03:00")))  # Sunday evening in New York
    assert payload(program, "artists", range="week")["from_ts"] == at("2025-11-03T05:00")
    assert program.get("stats/user/rin/artists", range="this_week").status_code == 204
