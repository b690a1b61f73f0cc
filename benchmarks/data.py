"""A big club, written straight into the tables: rules are not what is measured. The same rows from the same seed."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from statistics import fmean, pstdev

from catalog.models import Album, Artist
from catalog.names import name_key, title_key
from club.models import Nomination, Rating, Vote, Week
from club.models.week import N_BINS, Phase
from social.models import User

N_WEEKS, N_MEMBERS, N_RATINGS = 520, 200, 20_000
N_ARTISTS, N_ALBUMS = 800, 2_400
N_NOMINEES, N_VOTERS = 8, 30
LATEST = datetime(2025, 11, 10, 9, 0, tzinfo=UTC)
GENRES = ("jazz", "ambient", "hip hop", "folk", "house", "post-punk", "soul", "dub", "noise", "chamber pop")
COUNTRIES = ("JP", "DE", "US", "BR", "NG", "GB", "FR", "SE", "ML", "KR")
VOCABULARY = (
    "river glass orange signal winter harbour paper engine violet garden static morning copper window thunder "
    "letter silver market empty station yellow shadow velvet circle northern bridge quiet electric hollow summer"
)
WORDS = VOCABULARY.split()


def fill(seed: int = 7) -> None:
    chance = random.Random(seed)
    members = User.objects.bulk_create(
        User(handle=f"member{n:03d}", display_name=words(chance, 2).title(), password="!") for n in range(N_MEMBERS)
    )
    albums = make_albums(chance)
    weeks = Week.objects.bulk_create(make_week(number) for number in range(1, N_WEEKS + 1))
    nominations = Nomination.objects.bulk_create(
        nomination for week in weeks for nomination in make_nominations(chance, week, members, albums)
    )
    by_week = [nominations[n : n + N_NOMINEES] for n in range(0, len(nominations), N_NOMINEES)]
    votes, ratings = [], []
    for number, (week, nominees) in enumerate(zip(weeks, by_week, strict=True)):
        if week.phase == Phase.NOMINATIONS:
            continue
        votes += make_votes(chance, week, nominees, members)
        week.winner = nominees[0]
        n_ratings = N_RATINGS * (number + 1) // (N_WEEKS - 1) - N_RATINGS * number // (N_WEEKS - 1)
        given = make_ratings(chance, week, members, n_ratings)
        ratings += given
        keep_figures(week, [rating.half_stars for rating in given])
    Vote.objects.bulk_create(votes, batch_size=2000)
    Rating.objects.bulk_create(ratings, batch_size=1000)
    Week.objects.bulk_update(
        weeks, ["winner", "rating_count", "rating_mean", "rating_sd", "rating_histogram"], batch_size=100
    )


def words(chance: random.Random, n: int) -> str:
    return " ".join(chance.choice(WORDS) for _ in range(n))


def make_albums(chance: random.Random) -> list[Album]:
    names = [f"{words(chance, 2).title()} {n}" for n in range(N_ARTISTS)]
    artists = Artist.objects.bulk_create(
        Artist(name=name, name_key=name_key(name), slug=f"artist-{n}", country=chance.choice(COUNTRIES))
        for n, name in enumerate(names)
    )
    titles = [f"{words(chance, chance.randint(1, 4)).capitalize()} {n}" for n in range(N_ALBUMS)]
    return Album.objects.bulk_create(
        Album(
            title=title,
            title_key=title_key(title),
            artist=chance.choice(artists),
            slug=f"album-{n}",
            release_year=chance.randint(1955, 2025),
            country=chance.choice(COUNTRIES),
            cover_hue=chance.randrange(24),
        )
        for n, title in enumerate(titles)
    )


def make_week(number: int) -> Week:
    opens_at = LATEST - timedelta(weeks=N_WEEKS - number)
    phase = {N_WEEKS: Phase.NOMINATIONS, N_WEEKS - 1: Phase.DISCUSSION}.get(number, Phase.CLOSED)
    return Week(
        number=number,
        phase=phase,
        opens_at=opens_at,
        nominations_close_at=opens_at + timedelta(days=3),
        poll_close_at=opens_at + timedelta(days=5),
        discussion_at=opens_at + timedelta(days=14),
        ratings_close_at=opens_at + timedelta(days=17),
    )


def make_nominations(chance: random.Random, week: Week, members: list[User], albums: list[Album]) -> list[Nomination]:
    return [
        Nomination(
            week=week,
            user=user,
            album=album,
            pitch=words(chance, 40).capitalize() + ".",
            genre=chance.choice(GENRES),
            decade=f"{album.decade}s",
            country=album.country,
            created_at=week.opens_at + timedelta(minutes=place),
        )
        for place, (user, album) in enumerate(
            zip(chance.sample(members, N_NOMINEES), chance.sample(albums, N_NOMINEES), strict=True)
        )
    ]


def make_votes(chance: random.Random, week: Week, nominees: list[Nomination], members: list[User]) -> list[Vote]:
    at = week.nominations_close_at + timedelta(hours=1)
    votes = []
    for voter in chance.sample(members, N_VOTERS):
        for rank, nominee in enumerate(chance.sample(nominees, 2), start=1):
            votes.append(Vote(week=week, user=voter, nomination=nominee, rank=rank, cast_at=at))
    return votes


def make_ratings(chance: random.Random, week: Week, members: list[User], n_ratings: int) -> list[Rating]:
    at = week.discussion_at + timedelta(hours=2)
    return [
        Rating(
            week=week,
            user=member,
            album=week.winner.album,
            half_stars=min(10, max(2, round(chance.gauss(7, 1.8)))),
            favorite_track=words(chance, 2).title(),
            review=words(chance, 60).capitalize() + "." if chance.random() < 0.4 else "",
            spoiler=chance.random() < 0.1,
            created_at=at,
            updated_at=at,
        )
        for member in chance.sample(members, n_ratings)
    ]


def keep_figures(week: Week, half_stars: list[int]) -> None:
    week.rating_count = len(half_stars)
    week.rating_mean = fmean(half_stars) / 2
    week.rating_sd = pstdev(half_stars) / 2
    week.rating_histogram = [half_stars.count(half) for half in range(2, 2 + N_BINS)]
