"""Which genres were heard: a play counts for each genre of its artist."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass

from django.db.models import Q

from catalog.models import Tagging
from listening.figures.ranges import Range
from listening.figures.tops import counts
from social.models import User

N_ARTISTS = 500  # a member's most played artists of a range: behind them come a few per cent of the plays
N_GENRES_EACH = 5  # of one artist, the weightiest: long tails of tags say little


@dataclass(frozen=True, slots=True)
class GenrePlays:
    name: str
    n: int
    n_artists: int


def top_genres(member: User, span: Range, *, n: int = 10, plays: dict[int, int] | None = None) -> list[GenrePlays]:
    """The genres with most plays; three queries at most. An artist's genres are their own and those of their albums.

    plays: by artist, where the caller has counted the first `N_ARTISTS` already.
    """
    if plays is None:
        plays = dict(counts(member, "artist", span, n=N_ARTISTS))
    if not plays:
        return []
    rows = (
        Tagging.objects.filter(Q(artist__in=plays) | Q(album__artist__in=plays), tag__is_genre=True)
        .order_by("-weight", "tag__name_key")
        .values_list("artist_id", "album__artist_id", "tag__name")
    )
    of_artist: dict[int, list[str]] = defaultdict(list)
    for artist_id, through_album, name in rows:
        known = of_artist[artist_id or through_album]
        if name not in known and len(known) < N_GENRES_EACH:
            known.append(name)
    heard: Counter[str] = Counter()
    artists: Counter[str] = Counter()
    for artist_id, names in of_artist.items():
        for name in names:
            heard[name] += plays[artist_id]
            artists[name] += 1
    ranked = sorted(heard.items(), key=lambda pair: (-pair[1], pair[0]))[:n]
    return [GenrePlays(name, n_plays, artists[name]) for name, n_plays in ranked]
