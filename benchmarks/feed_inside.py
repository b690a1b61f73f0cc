"""What of the feed is measured inside the site's own process; each function prints JSON."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from statistics import median, quantiles
from typing import Any

from django.db import connection
from django.db.models import Model
from django.test import Client
from django.utils import timezone

from benchmarks.listening_inside import say
from catalog.models import Album, Artist
from club.models import DiaryEntry, Nomination, Phase, Rating, WantedAlbum, Week
from listening.models import AlbumSession, Milestone
from social.feed.asking import Cursor
from social.feed.reading import read_feed
from social.models import Follow, User

A_WRITE = 5_000
N_TURNS = 100
YEARS = timedelta(days=3 * 365)
# Of all items, by kind; what is left are ratings and albums heard whole, half and half.
SHARES = {"diary": 0.15, "wanted": 0.1, "milestone": 0.03, "nomination": 0.01, "follow": 0.02}
N_QUIET = 20  # members at the end of the list who did something only in their first year
N_WEEKS = 150


def fill(n_members: int, n_followed: int, n_items: int) -> None:
    """Members as busy as members are: the busiest do a hundred times as much as the median."""
    chance, now = random.Random(4), timezone.now()
    members = User.objects.bulk_create([User(handle=f"m{n}") for n in range(n_members)], batch_size=A_WRITE)
    readers = User.objects.bulk_create(
        [User(handle=handle) for handle in ("reader500", "reader1", "reader20", "quiet")]
    )
    artists = Artist.objects.bulk_create(
        [Artist(name=f"Artist {n}", name_key=f"artist {n}", slug=f"artist-{n}") for n in range(500)]
    )
    albums = Album.objects.bulk_create(
        [
            Album(title=f"Album {n}", title_key=f"album {n}", slug=f"album-{n}", artist=artists[n % 500])
            for n in range(5_000)
        ],
        batch_size=A_WRITE,
    )
    weights = [chance.paretovariate(1.1) for _ in members]

    def whens() -> Iterator[tuple[User, datetime]]:
        while True:
            for place in chance.choices(range(n_members), weights, k=10_000):
                ago = YEARS * chance.random()
                is_quiet = place >= n_members - N_QUIET
                yield members[place], now - (YEARS - ago * 0.3 if is_quiet else ago)

    moments = whens()

    def write(model: type[Model], rows: Iterator[Model]) -> None:
        while part := list(islice(rows, A_WRITE)):
            model._default_manager.bulk_create(part, ignore_conflicts=True)

    def some(kind: str) -> Iterator[tuple[User, datetime]]:
        return islice(moments, round(n_items * SHARES[kind]))

    def album() -> Album:
        return albums[int(len(albums) * chance.random() ** 2)]

    n_rest = round(n_items * (1 - sum(SHARES.values())) / 2)
    write(Rating, (
        Rating(user=by, album=album(), half_stars=chance.randint(2, 10), created_at=at, updated_at=at,
               review="It grows on me." if chance.random() < 0.2 else "")
        for by, at in islice(moments, n_rest)
    ))  # fmt: skip
    write(AlbumSession, (
        AlbumSession(user=by, album=album(), started_at=at, ended_at=at, n_tracks=9, n_tracks_of=10)
        for by, at in islice(moments, n_rest)
    ))  # fmt: skip
    write(DiaryEntry, (
        DiaryEntry(user=by, album=album(), listened_on=at.date(), created_at=at) for by, at in some("diary")
    ))  # fmt: skip
    write(WantedAlbum, (WantedAlbum(user=by, album=album(), created_at=at) for by, at in some("wanted")))
    write(Milestone, (
        Milestone(user=by, artist=chance.choice(artists), n_plays=chance.choice((100, 250, 500)), reached_at=at)
        for by, at in some("milestone")
    ))  # fmt: skip
    weeks = Week.objects.bulk_create([
        Week(number=n + 1, phase=Phase.CLOSED, **dict(zip(
            ("opens_at", "nominations_close_at", "poll_close_at", "discussion_at", "ratings_close_at"),
            (now - timedelta(days=7 * (N_WEEKS - n) + 20 - day) for day in (0, 3, 5, 14, 17)), strict=True,
        )))
        for n in range(N_WEEKS)
    ])  # fmt: skip
    write(Nomination, (
        Nomination(user=by, week=chance.choice(weeks), album=album(), created_at=at) for by, at in some("nomination")
    ))  # fmt: skip
    for week in weeks:
        week.winner = week.nominations.first()
    Week.objects.bulk_update(weeks, ["winner"])
    n_follows = round(n_items * SHARES["follow"])
    places = [(chance.randrange(n_members), chance.randrange(n_members)) for _ in range(n_follows)]
    pairs = {(one, other) for one, other in places if one != other}
    write(Follow, (Follow(follower=members[one], followed=members[other]) for one, other in sorted(pairs)))
    for reader, followed in zip(
        readers, (members[:n_followed], members[:1], members[1:21], members[-N_QUIET:]), strict=True
    ):
        Follow.objects.bulk_create(Follow(follower=reader, followed=each) for each in followed)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    kinds: tuple[type[Model], ...] = (
        Rating,
        AlbumSession,
        DiaryEntry,
        WantedAlbum,
        Milestone,
        Nomination,
        Follow,
        Week,
    )
    say({"items": sum(kind._default_manager.count() for kind in kinds)})


def timed(work: Callable[[], Any], *, n: int = N_TURNS) -> dict[str, float]:
    for _ in range(3):
        work()
    made: list[str] = []

    def note(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        made.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        work()
    took = []
    for _ in range(n):
        began = time.perf_counter()
        work()
        took.append(time.perf_counter() - began)
    return {"queries": len(made), "median": median(took), "p95": quantiles(took, n=20)[-1]}


def one_query() -> list[Any]:
    """The floor: the 31 newest ratings with all that a row of a page shows, by an index in their order."""
    return list(Rating.objects.select_related("user", "album__artist").order_by("-created_at", "-id")[:31])


def readings() -> None:
    now = timezone.now()
    readers = {
        user.handle: user for user in User.objects.filter(handle__in=["reader500", "reader1", "reader20", "quiet"])
    }
    year_ago = Cursor(now - timedelta(days=365), "rating", 1)

    def reading(handle: str, before: Cursor | None = None, *, of_everybody: bool = False) -> Callable[[], Any]:
        return lambda: read_feed(viewer=readers[handle], of_everybody=of_everybody, before=before, zone=UTC, now=now)

    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(readers["reader500"])
    say({
        "floor": timed(one_query),
        "500, first page": timed(reading("reader500")),
        "500, a year ago": timed(reading("reader500", year_ago)),
        "20, first page": timed(reading("reader20")),
        "1, first page": timed(reading("reader1")),
        f"{N_QUIET} who were quiet for two years": timed(reading("quiet")),
        "the whole club": timed(reading("reader500", of_everybody=True)),
        "whole page, signed in": timed(lambda: client.get("/feed/"), n=40),
    })  # fmt: skip
