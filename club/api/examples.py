"""One invented week, as the reference shows it."""

from __future__ import annotations

from typing import Any

SITE = "https://club.example"


def person(handle: str, display_name: str) -> dict[str, Any]:
    return {"handle": handle, "display_name": display_name, "url": f"{SITE}/@{handle}/"}


def album(pk: int, title: str, artist: str, year: int, slug: str) -> dict[str, Any]:
    return {
        "id": pk,
        "title": title,
        "artist": artist,
        "year": year,
        "cover_url": f"{SITE}/media/covers/{pk}-600.webp",
        "url": f"{SITE}/albums/{slug}/",
    }


ANA, BO = person("ana", "Ana"), person("bo", "Bo")
DUMMY = album(17, "Dummy", "Portishead", 1994, "portishead-dummy")
HOMOGENIC = album(23, "Homogenic", "Björk", 1997, "bjork-homogenic")
WINNER = {"nomination": 41, "album": DUMMY, "nominator": ANA, "points": 9, "firsts": 4}
WEEK = {
    "number": 12,
    "label": "WEEK 012 [2025-11-24]",
    "theme": "Debuts and departures",
    "phase": "discussion",
    "opens_at": "2025-11-10T09:00:00Z",
    "nominations_close_at": "2025-11-13T20:00:00Z",
    "poll_close_at": "2025-11-15T20:00:00Z",
    "discussion_at": "2025-11-24T20:00:00Z",
    "ratings_close_at": "2025-11-27T20:00:00Z",
    "winner": WINNER,
    "url": f"{SITE}/weeks/12/",
}


def nomination(pk: int, its_album: dict[str, Any], nominator: dict[str, Any] | None, pitch: str) -> dict[str, Any]:
    return {
        "id": pk,
        "week": 12,
        "album": its_album,
        "nominator": nominator,
        "pitch": pitch,
        "pitch_track": "",
        "pitch_track_url": "",
        "genre": "trip hop",
        "decade": "1990s",
        "country": "GB",
        "created_at": "2025-11-10T18:04:11Z",
    }


NOMINATION = nomination(41, DUMMY, ANA, "Best heard after midnight.")
NOMINATED = {**NOMINATION, "warnings": []}
POLL = {
    "results": [
        {"nomination": 41, "album": DUMMY, "points": 9, "firsts": 4, "seconds": 1, "place": 1},
        {"nomination": 42, "album": HOMOGENIC, "points": 9, "firsts": 3, "seconds": 3, "place": 2},
    ],
    "winner": WINNER,
    "tie_break": "“Dummy” and “Homogenic” both had 9 points; “Dummy” won with more first choices (4 to 3).",
    "voters": 7,
}
BALLOT = {"week": 12, "voter": BO, "first": 41, "second": 42}
RATING = {
    "id": 301,
    "member": BO,
    "value": 4.5,
    "favorite_track": "Roads",
    "review": "It gets under the skin.",
    "spoiler": False,
    "created_at": "2025-11-25T21:17:40Z",
}
SUMMARY = {
    "average": 4.06,
    "count": 8,
    "distribution": {"1.0": 0, "1.5": 0, "2.0": 0, "2.5": 0, "3.0": 1, "3.5": 1, "4.0": 3, "4.5": 2, "5.0": 1},
}
WEEK_DETAIL = {
    **WEEK,
    "nominations": [NOMINATION, nomination(42, HOMOGENIC, None, "")],
    "poll": POLL,
    "ratings_summary": SUMMARY,
}
