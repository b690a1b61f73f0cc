"""What the club adds to the page of an artist: the weeks of each album, and the average over all of them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Count, Sum
from django.http import HttpRequest
from django.template.loader import render_to_string

from catalog.models import Album, Artist
from club.models import ClubSettings, Nomination, Phase, Rating


@dataclass(frozen=True, slots=True)
class AlbumInClub:
    album: Album
    numbers: list[int]  # weeks in which it was nominated
    won: int | None  # the last week that it won
    n: int
    mean: float | None  # None below the club's minimum


@dataclass(frozen=True, slots=True)
class ArtistInClub:
    """albums: those that were nominated or rated, most recent week first; mean over every rating of them."""

    albums: list[AlbumInClub]
    mean: float | None
    n: int
    n_weeks: int
    n_won: int


def artist_in_club(artist: Artist) -> ArtistInClub:
    """In four queries, however many albums there are."""
    minimum = ClubSettings.load().minimum_ratings
    totals: dict[int, tuple[int, int]] = {
        album_id: (n, half_stars)
        for album_id, n, half_stars in Rating.objects.standing()
        .filter(album__artist=artist)
        .order_by()
        .values_list("album_id")
        .annotate(n=Count("id"), half_stars=Sum("half_stars"))
    }
    numbers: dict[int, list[int]] = defaultdict(list)
    won: dict[int, int] = {}
    nominations = Nomination.objects.standing().filter(album__artist=artist)
    nominations = nominations.exclude(week__phase__in=[Phase.SCHEDULED, Phase.CANCELLED])
    rows = nominations.order_by("-week__number").values_list("id", "album_id", "week__number", "week__winner_id")
    for nomination_id, album_id, number, winner_id in rows:
        numbers[album_id].append(number)
        if winner_id == nomination_id:
            won.setdefault(album_id, number)
    albums = Album.objects.filter(pk__in={*totals, *numbers}, merged_into=None).select_related("artist")
    shown = [
        AlbumInClub(
            album,
            numbers[album.pk],
            won.get(album.pk),
            totals.get(album.pk, (0, 0))[0],
            _mean(*totals.get(album.pk, (0, 0)), minimum=minimum),
        )
        for album in albums
    ]
    shown.sort(key=lambda each: (-max(each.numbers, default=0), each.album.title_key))
    n, half_stars = sum(n for n, _ in totals.values()), sum(half for _, half in totals.values())
    return ArtistInClub(
        shown,
        _mean(n, half_stars, minimum=minimum),
        n,
        n_weeks=len({number for album_numbers in numbers.values() for number in album_numbers}),
        n_won=len(won),
    )


def _mean(n: int, half_stars: int, *, minimum: int) -> float | None:
    return half_stars / 2 / n if n and n >= minimum else None


def panels(request: HttpRequest, artist: Artist) -> str:
    return render_to_string("club/_artist_panels.html", {"club": artist_in_club(artist), "artist": artist}, request)


def head(request: HttpRequest, artist: Artist) -> str:
    return render_to_string("club/_artist_head.html", {"artist": artist}, request)
