"""What both members' ratings, tastes and first plays say, read for one viewer in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeAlias

from django.db.models import F, Min

from catalog.countries import country_name
from catalog.models import Artist
from catalog.names import decade_of
from club.models import ClubSettings, Nomination, Phase, Rating
from listening.models import ArtistTotal
from taste.comparing.reading import Pair, Voice
from taste.models import TasteProfile

N_RATINGS = 5_000  # of both together, the newest, are looked at
Ratings: TypeAlias = tuple[dict[int, int], dict[int, int], dict[int, dict[str, Any]]]
LEAST_PLAYS = 10  # of an artist by each, before it is told who played it first
N_FIRSTS = 200  # artists that are looked at for that


@dataclass(frozen=True, slots=True)
class Rated:
    """An album that both rated, in half stars. others: the mean of everybody else's stars in its week of the club."""

    album_id: int
    a: int
    b: int
    others: float | None = None
    genre: str = ""
    decade: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True)
class Picks:
    """How one member rated the winners that the other had nominated: stars."""

    n: int
    mean: float


@dataclass(frozen=True, slots=True)
class First:
    """Who played an artist first, and how long before the other, who was already being listened for."""

    artist: str
    a_was_first: bool
    days: int


@dataclass(frozen=True, slots=True)
class Taste:
    """genres: name → share of plays. hours: 24 shares of plays."""

    genres: Mapping[str, float] = field(default_factory=dict)
    hours: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Together:
    """a_picks: what b gave to a's winners. tastes is None where one of the two is not open."""

    a: Voice
    b: Voice
    both: Voice
    rated: tuple[Rated, ...] = ()
    a_picks: Picks | None = None
    b_picks: Picks | None = None
    tastes: tuple[Taste, Taste] | None = None
    firsts: tuple[First, ...] = ()


def read(pair: Pair, ratings: Ratings) -> Together:
    """ratings: of `half_stars`, all empty where the viewer may not read them. At most seven more queries."""
    picks = _picks(pair, ratings) if pair.reads_ratings else (None, None)
    return Together(
        a=pair.voice(pair.a),
        b=pair.voice(pair.b),
        both=pair.both,
        rated=rated_by_both(ratings),
        a_picks=picks[0],
        b_picks=picks[1],
        tastes=_tastes(pair),
        firsts=_firsts(pair) if pair.reads_listens else (),
    )


def half_stars(pair: Pair) -> Ratings:
    """Album → half stars of a and of b as the viewer may read them, and what the club knows of an album; two queries.

    Of several ratings of one album by one member the newest counts. The club's mean is that of a closed week in which
    both rated it, without the two.
    """
    minimum = ClubSettings.load().minimum_ratings
    rows = Rating.objects.standing().filter(user__in=pair.ids, album__merged_into__isnull=True).visible_to(pair.viewer)
    newest = rows.order_by("-updated_at", "-pk").values(
        "user_id", "album_id", "half_stars", "week_id", phase=F("week__phase"), n=F("week__rating_count"),
        mean=F("week__rating_mean"), genre=F("week__winner__genre"), decade=F("week__winner__decade"),
        country=F("week__winner__country"), year=F("album__release_year"), artist_country=F("album__artist__country"),
    )[:N_RATINGS]  # fmt: skip
    a: dict[int, int] = {}
    b: dict[int, int] = {}
    facts: dict[int, dict[str, Any]] = {}
    weeks: dict[int, int | None] = {}
    for row in newest:
        mine, theirs = (a, b) if row["user_id"] == pair.a.pk else (b, a)
        album = row["album_id"]
        if album in mine:
            continue
        mine[album] = row["half_stars"]
        in_one_week = album in theirs and row["week_id"] is not None and weeks[album] == row["week_id"]
        fact = facts.setdefault(album, {})
        weeks.setdefault(album, row["week_id"])
        fact["genre"] = fact.get("genre") or (row["genre"] or "").strip().lower()
        fact["decade"] = fact.get("decade") or row["decade"] or decade_of(row["year"])
        fact["country"] = fact.get("country") or country_name(row["country"] or row["artist_country"])
        n_others = (row["n"] or 0) - 2
        if in_one_week and row["phase"] == Phase.CLOSED and row["mean"] is not None and n_others >= minimum:
            fact["others"] = (row["mean"] * row["n"] - (a[album] + b[album]) / 2) / n_others
    return a, b, facts


def rated_by_both(ratings: Ratings) -> tuple[Rated, ...]:
    a, b, facts = ratings
    return tuple(Rated(album, a[album], b[album], **facts[album]) for album in sorted(a.keys() & b.keys()))


def _picks(pair: Pair, ratings: Ratings) -> tuple[Picks | None, Picks | None]:
    """What each gave to albums with which the other had won; one query."""
    a, b, _facts = ratings
    won = Nomination.objects.standing().filter(user__in=pair.ids, won_week__isnull=False)
    winners: dict[int, list[int]] = {each: [] for each in pair.ids}
    for user_id, album_id in won.order_by("pk").values_list("user_id", "album_id"):
        winners[user_id].append(album_id)
    return _picks_of(winners[pair.a.pk], b), _picks_of(winners[pair.b.pk], a)


def _picks_of(albums: list[int], given: dict[int, int]) -> Picks | None:
    stars = [given[album] / 2 for album in albums if album in given]
    return Picks(len(stars), sum(stars) / len(stars)) if stars else None


def _tastes(pair: Pair) -> tuple[Taste, Taste] | None:
    """One query."""
    rows = TasteProfile.objects.filter(user__in=pair.ids).visible_to(pair.viewer)
    found = {row.pk: Taste(row.genre_histogram, tuple(row.time_of_day_histogram)) for row in rows}
    return (found[pair.a.pk], found[pair.b.pk]) if len(found) == 2 else None


def _firsts(pair: Pair) -> tuple[First, ...]:
    """Artists whom both play, with who was first; only where the later one's listens reach back further; three queries.

    Whose history is here only from later on says nothing about what they heard before.
    """
    totals = ArtistTotal.objects.filter(user__in=pair.ids, n_listens__gt=0).order_by()
    since: dict[int, datetime] = dict(totals.values_list("user_id").annotate(Min("first_at")))
    if len(since) < 2:
        return ()
    of_b = totals.filter(user=pair.b.pk, n_listens__gte=LEAST_PLAYS).values("artist")
    of_a = totals.filter(user=pair.a.pk, n_listens__gte=LEAST_PLAYS, artist__in=of_b).order_by("-n_listens", "artist")
    first_of_a = dict(of_a.values_list("artist_id", "first_at")[:N_FIRSTS])
    first_of_b = dict(totals.filter(user=pair.b.pk, artist__in=list(first_of_a)).values_list("artist_id", "first_at"))
    found: list[tuple[int, bool, int]] = []
    for artist, at in first_of_a.items():
        other = first_of_b.get(artist)
        if other is None:
            continue
        a_was_first = at < other
        earlier, later_id = (at, pair.b.pk) if a_was_first else (other, pair.a.pk)
        if since[later_id] < earlier:
            found.append((abs((at - other).days), a_was_first, artist))
    widest = sorted(found, key=lambda each: (-each[0], each[2]))[:2]
    names = dict(Artist.objects.filter(pk__in=[each[2] for each in widest]).values_list("pk", "name"))
    return tuple(First(names[artist], a_was_first, days) for days, a_was_first, artist in widest if artist in names)
