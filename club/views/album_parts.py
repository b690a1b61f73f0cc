"""What the club adds to the page of an album: the verdict, its weeks, ratings outside weeks, reviews, the page's head.

Fillers of the slots `catalog:album_head`, `catalog:album_verdict` and `catalog:album`; the queries are made once a
request, whichever filler comes first.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string

from catalog.covers_shown import shown_cover
from catalog.models import Album
from club.models import ClubSettings, Nomination, Phase, Rating, Week
from club.models.week import N_BINS
from club.polls import may_see_poll, poll_results
from club.publishing import structured_data
from club.scoring import PollEntry
from club.views.shelf_parts import own_shelves
from club.views.week_parts import ReviewShown, genres_of
from social.text import plain_text
from social.visibility import Viewer, shown_ids

N_REVIEWS = 12
N_STRUCTURED = 10  # reviews in the data for search engines


@dataclass(frozen=True, slots=True)
class WeekOfAlbum:
    """One time that the album was nominated; entry is None while the poll is secret."""

    week: Week
    nomination: Nomination
    entry: PollEntry | None
    n_nominees: int
    is_winner: bool
    is_named: bool


@dataclass(frozen=True, slots=True)
class AlbumShown:
    weeks: list[WeekOfAlbum]
    counts: tuple[int, ...]  # every standing rating, in weeks and outside
    n_outside: int
    has_own: bool  # the viewer rated it outside the weeks
    mean: float | None  # None below the club's minimum
    minimum: int
    reviews: list[ReviewShown]
    n_reviews: int

    @property
    def n(self) -> int:
        return sum(self.counts)

    @property
    def won(self) -> Week | None:
        """The last week that it won."""
        return next((shown.week for shown in self.weeks if shown.is_winner), None)


def album_shown(request: HttpRequest, album: Album) -> AlbumShown:
    """Made once a request: three fillers of one page ask for it."""
    known: dict[int, AlbumShown] = request.__dict__.setdefault("_albums_shown", {})
    if album.pk not in known:
        known[album.pk] = _album_shown(album, getattr(request, "user", None))
    return known[album.pk]


def _album_shown(album: Album, viewer: Viewer) -> AlbumShown:
    minimum = ClubSettings.load().minimum_ratings
    rows = Rating.objects.standing().filter(album=album).order_by().values_list("half_stars", "week_id", "user_id")
    bins: Counter[int] = Counter()
    member_id = viewer.pk if viewer is not None and viewer.is_authenticated else None
    outside = []
    for half_stars, week_id, user_id in rows:
        bins[half_stars - 2] += 1
        if week_id is None:
            outside.append(user_id)
    counts = tuple(bins[place] for place in range(N_BINS))
    n = sum(counts)
    mean = sum(count * (place + 2) / 2 for place, count in enumerate(counts)) / n if n and n >= minimum else None
    written = Rating.objects.standing().filter(album=album).exclude(review="").visible_to(viewer)
    ratings = list(written.select_related("user", "album", "week", "track").order_by("-created_at", "-id"))
    return AlbumShown(
        weeks=_weeks_of(album, viewer),
        counts=counts,
        n_outside=len(outside),
        has_own=member_id in outside,
        mean=mean,
        minimum=minimum,
        reviews=[ReviewShown(each, each.user_id == member_id) for each in ratings[:N_REVIEWS]],
        n_reviews=len(ratings),
    )


def _weeks_of(album: Album, viewer: Viewer) -> list[WeekOfAlbum]:
    """Newest first; the polls of all of them in two queries."""
    nominations = list(
        album.nominations.standing()
        .exclude(week__phase__in=[Phase.SCHEDULED, Phase.CANCELLED])
        .select_related("week", "user")
        .order_by("-week__number")
    )
    named = shown_ids((nomination.user_id for nomination in nominations), viewer)
    results = poll_results([nomination.week for nomination in nominations]) if nominations else {}
    shown = []
    for nomination in nominations:
        result = results[nomination.week_id]
        entry = next((entry for entry in result.entries if entry.nomination_id == nomination.pk), None)
        shown.append(
            WeekOfAlbum(
                nomination.week,
                nomination,
                entry if may_see_poll(nomination.week, viewer) else None,
                len(result.entries),
                is_winner=nomination.week.winner_id == nomination.pk,
                is_named=nomination.user_id in named,
            )
        )
    return shown


def verdict(request: HttpRequest, album: Album) -> str:
    """In the hero: the mean, how many, and the week that it won."""
    own = own_shelves(album, getattr(request, "user", None))
    context = {"club": album_shown(request, album), "album": album, "own": own}
    return render_to_string("club/_album_verdict.html", context, request)


def panels(request: HttpRequest, album: Album) -> str:
    return render_to_string("club/_album_panels.html", {"club": album_shown(request, album), "album": album}, request)


def head(request: HttpRequest, album: Album) -> str:
    """Canonical address, picture and structured data, from what everybody may see."""
    shown = album_shown(request, album)
    year = f" ({album.release_year})" if album.release_year else ""
    score = f" {shown.mean:.2f} of 5 from {shown.n} ratings." if shown.mean is not None else ""
    weeks = (
        f" In the club in week {', '.join(str(each.week.number) for each in shown.weeks[:4])}." if shown.weeks else ""
    )
    context = {
        "title": f"{album.title} by {album.credit}",
        "description": f"{album.title} by {album.credit}{year}.{score}{weeks}",
        "album": album,
        "data": album_data(album, shown),
    }
    return render_to_string("club/_album_head.html", context, request)


def public_reviews(shown: list[ReviewShown]) -> list[structured_data.PublicReview]:
    """Those that anybody may read, without the folded ones; the page itself may show its reader more."""
    everybody = set(
        Rating.objects.filter(pk__in=[each.rating.pk for each in shown]).visible_to(None).values_list("pk", flat=True)
    )
    findable = [each.rating for each in shown if each.rating.pk in everybody and not each.rating.spoiler]
    return [
        structured_data.PublicReview(
            author=str(rating.user),
            author_url=settings.SITE_URL + rating.user.get_absolute_url() if rating.user.searchable else "",
            stars=rating.stars,
            text=plain_text(rating.review),
            written_on=rating.created_at.date(),
        )
        for rating in findable[:N_STRUCTURED]
    ]


def album_data(album: Album, shown: AlbumShown) -> dict[str, object]:
    return structured_data.music_album(
        title=album.title,
        artist=album.credit,
        url=settings.SITE_URL + album.get_absolute_url(),
        image=settings.SITE_URL + shown_cover(album, 600).address,
        released=album.first_release_date or str(album.release_year or ""),
        genres=genres_of(album),
        release_group_mbid=str(album.release_group_mbid or ""),
        rating=structured_data.rating_of(mean=shown.mean, count=shown.n, minimum=shown.minimum),
        reviews=public_reviews(shown.reviews),
    )
