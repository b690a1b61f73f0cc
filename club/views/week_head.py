"""What a week's page says to search engines and to whoever posts its address: only what everybody may see."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog.covers_shown import shown_cover
from catalog.models import Album
from club.models import ClubSettings, Week
from club.publishing import structured_data
from club.stages import Stage
from club.views.album_parts import public_reviews
from club.views.week_parts import RatingsShown


@dataclass(frozen=True, slots=True)
class Head:
    """data is made when a template asks: most pages have it kept already."""

    title: str
    description: str
    data: Callable[[], dict[str, Any] | None]


def head_of(week: Week, club: ClubSettings, stage: Stage, ratings: RatingsShown, genres: list[str]) -> Head:
    """Title, one sentence and, once there is a winner, a MusicAlbum with this week's ratings."""
    number = _("Week %(n)d") % {"n": week.number}
    if week.winner is None:
        return Head(number, f"{number}: {stage.wording.headline}.", lambda: None)
    album = week.winner.album
    has_score = week.rating_mean is not None and week.rating_count >= club.minimum_ratings
    said = _("%(album)s by %(artist)s was the club's album of week %(n)d.") % {
        "album": album.title,
        "artist": album.credit,
        "n": week.number,
    }
    if has_score:
        said += " " + ngettext(
            "%(mean).2f of 5 from %(n)d rating.", "%(mean).2f of 5 from %(n)d ratings.", week.rating_count
        ) % {"mean": week.rating_mean, "n": week.rating_count}
    return Head(
        f"{number}: {album.title} – {album.credit}", said, partial(_album_data, week, album, club, ratings, genres)
    )


def _album_data(
    week: Week, album: Album, club: ClubSettings, ratings: RatingsShown, genres: list[str]
) -> dict[str, Any]:
    return structured_data.music_album(
        title=album.title,
        artist=album.credit,
        url=settings.SITE_URL + week.get_absolute_url(),
        image=settings.SITE_URL + shown_cover(album, 600).address,
        released=album.first_release_date or str(album.release_year or ""),
        genres=genres,
        release_group_mbid=str(album.release_group_mbid or ""),
        rating=structured_data.rating_of(mean=week.rating_mean, count=week.rating_count, minimum=club.minimum_ratings),
        reviews=public_reviews(ratings.reviews),
    )
