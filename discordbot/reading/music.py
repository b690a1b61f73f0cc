"""Nominated albums with what was said about them, and what the club thought of the winner."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from django.conf import settings

from catalog.covers_shown import DRAWING_VERSION, shown_cover
from catalog.models import Album
from club.models import Nomination, Phase, Rating, Week
from discordbot import links
from discordbot.facts import AlbumFacts, NomineeFacts, Quote, RaterFacts, RatingsFacts
from discordbot.reading.people import READ_BY_MEMBERS, shown_name

N_FAVOURITES = 5
N_QUOTES = 3


def album_facts(album: Album) -> AlbumFacts:
    """A drawn sleeve has no address for Discord, which shows no SVG: it is drawn anew as PNG."""
    cover = shown_cover(album, 600)
    return AlbumFacts(
        title=album.title,
        artist=album.credit,
        year=album.release_year,
        cover="" if cover.is_drawn else links.on_site(settings.SITE_URL, cover.address),
        page=album.get_absolute_url(),
        hue=album.cover_hue,
        spotify_id=album.spotify_id or "",
        sleeve=(str(album.pk), DRAWING_VERSION) if cover.is_drawn else (),
    )


def nominee_facts(row: Nomination) -> NomineeFacts:
    """Without name and words where their owner keeps them from members."""
    name = shown_name(row.user)
    return NomineeFacts(
        nomination_id=row.pk,
        album=album_facts(row.album),
        nominator=name,
        pitch=row.pitch if name else "",
        pitch_track=row.pitch_track if name else "",
        pitch_track_url=row.pitch_track_url if name else "",
        genre=row.genre,
        decade=row.decade,
        country=row.country,
    )


def ratings_facts(week: Week, ratings: Sequence[Rating], earlier: Sequence[tuple[int, float, float]]) -> RatingsFacts:
    """Figures count every rating; names and words only of those who show them, and only once the week is over."""
    facts = RatingsFacts(week.rating_count, week.rating_mean, week.rating_sd, tuple(week.rating_histogram))
    if week.phase != Phase.CLOSED:
        return facts
    shown = [row for row in ratings if row.visibility in READ_BY_MEMBERS and shown_name(row.user)]
    return RatingsFacts(
        count=facts.count,
        mean=facts.mean,
        sd=facts.sd,
        histogram=facts.histogram,
        favourites=_favourites(ratings),
        named=tuple(RaterFacts(str(row.user), row.half_stars) for row in shown),
        quotes=_quotes(shown),
        earlier=tuple((mean, sd) for number, mean, sd in earlier if number < week.number),
    )


def _favourites(ratings: Sequence[Rating]) -> tuple[tuple[str, int], ...]:
    """The most named tracks, as on the week's page."""
    titles: dict[str, str] = {}
    named: Counter[str] = Counter()
    for row in ratings:
        if title := (row.track.title if row.track else row.favorite_track).strip():
            named[title.casefold()] += 1
            titles.setdefault(title.casefold(), title)
    return tuple((titles[key], n) for key, n in named.most_common(N_FAVOURITES))


def _quotes(ratings: Sequence[Rating]) -> tuple[Quote, ...]:
    """By consent only: the kindest, the hardest and one from the middle, so that no side speaks alone."""
    said = [row for row in ratings if row.review.strip() and row.user.allows_quotes]
    said.sort(key=lambda row: (-row.half_stars, row.created_at, row.pk))
    if len(said) > N_QUOTES:
        said = [said[0], said[len(said) // 2], said[-1]]
    return tuple(Quote(row.review, str(row.user), row.half_stars, row.spoiler) for row in said)
