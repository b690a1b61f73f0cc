"""A club to plan for, without a database: `a_week`, `a_state`, and the moments of its one week."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from club.models.week import Phase
from club.scoring import BallotLine, Nominee, tally
from discordbot.facts import AlbumFacts, ClubState, Member, NomineeFacts, Quote, RaterFacts, RatingsFacts, WeekFacts

OPENS = datetime(2025, 11, 10, 8, 0, tzinfo=UTC)
NOMINATIONS_CLOSE = OPENS + timedelta(days=3, hours=11)
POLL_CLOSES = OPENS + timedelta(days=5, hours=11)
DISCUSSION = OPENS + timedelta(days=14, hours=11)
RATINGS_CLOSE = OPENS + timedelta(days=17, hours=11)
DURING = {
    Phase.SCHEDULED: OPENS - timedelta(hours=1),
    Phase.NOMINATIONS: OPENS + timedelta(hours=3),
    Phase.POLL: NOMINATIONS_CLOSE + timedelta(minutes=5),
    Phase.LISTENING: POLL_CLOSES + timedelta(minutes=5),
    Phase.DISCUSSION: DISCUSSION + timedelta(minutes=5),
    Phase.CLOSED: RATINGS_CLOSE + timedelta(minutes=5),
    Phase.CANCELLED: NOMINATIONS_CLOSE + timedelta(minutes=5),
}
IN_ORDER = [Phase.NOMINATIONS, Phase.POLL, Phase.LISTENING, Phase.DISCUSSION, Phase.CLOSED]


def an_album(n: int = 1, **facts: Any) -> AlbumFacts:
    defaults = {"title": f"Album {n}", "artist": f"Artist {n}", "year": 1960 + n % 60, "page": f"/albums/album-{n}/"}
    return AlbumFacts(**defaults | {"cover": f"https://club.example/media/covers/{n}.webp", "hue": n % 24} | facts)


def a_nominee(n: int = 1, **facts: Any) -> NomineeFacts:
    defaults = {"nomination_id": n, "album": an_album(n), "nominator": f"Member {n}", "pitch": f"Because of {n}."}
    tags = {"pitch_track_url": f"https://example.org/track_{n}", "genre": "Jazz", "decade": "1960s", "country": "Mali"}
    return NomineeFacts(**defaults | tags | facts)


def a_week(phase: Phase = Phase.NOMINATIONS, *, n_nominees: int = 3, **facts: Any) -> WeekFacts:
    """Three albums; from listening on, album 1 has won with one ballot more than album 2; four ratings at the end."""
    nominees = facts.pop("nominees", tuple(a_nominee(n) for n in range(1, n_nominees + 1)))
    defaults: dict[str, Any] = {
        "number": 3, "phase": phase, "label": "WEEK 003 [2025-11-24]", "page": "/weeks/3/", "opens_at": OPENS,
        "nominations_close_at": NOMINATIONS_CLOSE, "poll_close_at": POLL_CLOSES, "discussion_at": DISCUSSION,
        "ratings_close_at": RATINGS_CLOSE, "nominees": nominees,
    }  # fmt: skip
    if phase in {Phase.LISTENING, Phase.DISCUSSION, Phase.CLOSED} and nominees:
        ids = [nominee.nomination_id for nominee in nominees]
        ballots = [BallotLine(voter, 1, ids[0]) for voter in (101, 102, 103)]
        ballots += [BallotLine(voter, 2, ids[1]) for voter in (101, 102)] if len(ids) > 1 else []
        lines = [Nominee(each.nomination_id, each.album.title, OPENS) for each in nominees]
        defaults |= {"winner_id": ids[0], "result": tally(ballots, lines), "n_voters": 3, "turnout": 0.6}
    if phase == Phase.CLOSED:
        defaults["ratings"] = some_ratings()
    return WeekFacts(**defaults | facts)


def some_ratings(**facts: Any) -> RatingsFacts:
    defaults: dict[str, Any] = {
        "count": 4, "mean": 3.75, "sd": 1.2, "histogram": (0, 0, 1, 0, 0, 0, 1, 1, 1),
        "favourites": (("Blue in Green", 3), ("So What", 1)),
        "named": (RaterFacts("Rin", 10), RaterFacts("Sol", 4), RaterFacts("Mod", 8)),
        "quotes": (Quote("Stayed with me all week.", "Rin", 10), Quote("The end gives it away.", "Sol", 4, True)),
    }  # fmt: skip
    return RatingsFacts(**defaults | facts)


def a_member(n: int = 1, **facts: Any) -> Member:
    return Member(**{"member_id": n, "snowflake": 10**17 + n} | facts)


def a_state(*weeks: WeekFacts, **facts: Any) -> ClubState:
    defaults: dict[str, Any] = {"name": "Sidetrack", "zone": ZoneInfo("Europe/Berlin"), "site": "https://club.example"}
    return ClubState(**defaults | {"weeks": weeks, "voice_channel": 555} | facts)


def with_week(state: ClubState, **facts: Any) -> ClubState:
    """The same club with its first week changed."""
    return replace(state, weeks=(replace(state.weeks[0], **facts), *state.weeks[1:]))
