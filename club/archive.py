"""The archive of decided weeks: searched, filtered and sorted in the database, one definition for page and REST."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import Case, ExpressionWrapper, F, FloatField, Q, Value, When

from catalog.countries import NAMES, country_name
from catalog.names import decade_of, words_key
from club.clock import club_zone
from club.figures.statistics import DIVIDED_AT_LEAST, usual
from club.models import ClubSettings, Week
from club.models.week import WeekQuerySet
from social.visibility import Viewer, visible_q

SORTS = ("newest", "score", "ratings", "divided", "closest")
MAX_WORDS = 8  # of a search; more would be a pasted text


@dataclass(frozen=True, slots=True)
class FacetRow:
    """What one decided week can be found by; "" where it is not known."""

    number: int
    genre: str
    decade: str
    country: str
    year: int
    nominator_id: int


def archive(
    *,
    q: str = "",
    genre: str = "",
    decade: str = "",
    country: str = "",
    nominator: str = "",
    year: str = "",
    sort: str = "newest",
    viewer: Viewer = None,
) -> WeekQuerySet:
    """Decided weeks by what their winner is; unknown values find nothing, an unknown sort is the newest first.

    q: every word must occur in title, artist or theme, or be the week's number. nominator: a handle, found only by
    those who may see whose nomination it was.
    """
    weeks = Week.objects.decided()
    for word in q.split()[:MAX_WORDS]:
        weeks = weeks.filter(_has_word(word))
    if genre:
        weeks = weeks.filter(winner__genre__iexact=genre)
    if decade:
        weeks = weeks.filter(_of_decade(decade))
    if country:
        weeks = weeks.filter(_of_country(country))
    if nominator:
        visible = visible_q(viewer, levels=["winner__user__club_visibility"], owner="winner__user")
        weeks = weeks.filter(visible, winner__user__handle__iexact=nominator)
    if year:
        weeks = weeks.filter(_of_year(year))
    return _sorted(weeks, sort)


def facet_rows() -> list[FacetRow]:
    """Genre, decade, country, year and nominator of every decided week, newest first, in one query."""
    zone = club_zone()
    rows = Week.objects.decided().values_list(
        "number", "winner__genre", "winner__decade", "winner__album__release_year", "winner__country",
        "winner__album__artist__country", "discussion_at", "winner__user_id",
    )  # fmt: skip
    return [
        FacetRow(
            number=number,
            genre=genre,
            decade=decade or decade_of(release_year),
            country=country_name(country or artist_country),
            year=discussion_at.astimezone(zone).year,
            nominator_id=nominator_id,
        )
        for number, genre, decade, release_year, country, artist_country, discussion_at, nominator_id in rows
    ]


def _has_word(word: str) -> Q:
    key = words_key(word)
    found = Q(theme__icontains=word) | Q(winner__album__artist_credit__icontains=word)
    if key:
        found |= Q(winner__album__title_key__icontains=key) | Q(winner__album__artist__name_key__icontains=key)
    if word.isascii() and word.isdigit() and len(word) < 10:
        found |= Q(number=int(word))
    if word.casefold() == "week":  # somebody writes “WEEK 012”
        found |= Q(number__gt=0)
    return found


def _of_decade(decade: str) -> Q:
    """As its nominator wrote it, else by the album's year."""
    said = Q(winner__decade__iexact=decade)
    start = decade.removesuffix("s")
    if len(start) == 4 and start.isascii() and start.isdigit():
        first = int(start)
        said |= Q(winner__decade="", winner__album__release_year__range=(first, first + 9))
    return said


def _of_country(country: str) -> Q:
    """As its nominator wrote it, name or code, else where the artist is from."""
    wanted = country.casefold()
    codes = [code for code, name in NAMES.items() if wanted in {name.casefold(), code.casefold()}]
    said = Q(winner__country__iexact=country) | Q(winner__country__in=[*codes, *(NAMES[code] for code in codes)])
    return said | Q(winner__country="", winner__album__artist__country__in=codes)


def _of_year(year: str) -> Q:
    """Discussed in that year, where the club lives."""
    if not (year.isascii() and year.isdigit() and 1 < int(year) < 9999):
        return Q(pk__in=[])
    start, end = (datetime(each, 1, 1, tzinfo=club_zone()).astimezone(UTC) for each in (int(year), int(year) + 1))
    return Q(discussion_at__gte=start, discussion_at__lt=end)


def _sorted(weeks: WeekQuerySet, sort: str) -> WeekQuerySet:
    """Weeks that a sort says nothing about come last, the newest first."""
    match sort:
        case "score":
            score = _score()
            return weeks.annotate(score=score).order_by(F("score").desc(nulls_last=True), "-number")
        case "ratings":
            return weeks.order_by("-rating_count", "-number")
        case "divided":
            spread = Case(When(rating_count__gte=DIVIDED_AT_LEAST, then=F("rating_sd")), output_field=FloatField())
            return weeks.annotate(spread=spread).order_by(F("spread").desc(nulls_last=True), "-number")
        case "closest":
            return weeks.order_by(F("poll_margin").asc(nulls_last=True), "-number")
        case _:
            return weeks.order_by("-number")


def _score() -> Case:
    """The shrunk mean of `club.figures.statistics.ranked`, in SQL; nothing below the club's minimum of ratings."""
    prior = usual(Week.objects.filter(rating_count__gt=0).order_by().values_list("rating_count", "rating_mean"))
    if prior is None:
        return Case(When(pk__isnull=True, then=0.0), output_field=FloatField())
    total = F("rating_count") * F("rating_mean") + Value(prior.weight * prior.mean)
    score = ExpressionWrapper(total / (F("rating_count") + Value(float(prior.weight))), output_field=FloatField())
    minimum = max(ClubSettings.load().minimum_ratings, 1)
    return Case(When(rating_count__gte=minimum, then=score), output_field=FloatField())
