"""The artists whom both members play, side by side."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, F, FloatField, Q, Sum, Window
from django.db.models.functions import Cast, Least

from catalog.models import Artist
from listening.models import ArtistTotal, Listener
from taste.comparing.reading import Pair

N_BARS = 12
N_IN_TABLE = 40
N_IN_FILE = 1_000


@dataclass(frozen=True, slots=True)
class SharedArtist:
    """Plays of each, and the share of all their plays that these are."""

    artist: Artist
    n_a: int
    n_b: int
    share_a: float
    share_b: float


@dataclass(frozen=True, slots=True)
class Shared:
    """rows: the first of `n_all`."""

    rows: tuple[SharedArtist, ...] = ()
    n_all: int = 0

    @property
    def bars(self) -> tuple[SharedArtist, ...]:
        return self.rows[:N_BARS]

    @property
    def widest(self) -> float:
        """What a bar of full length stands for: the largest share of either among the bars."""
        return max((max(row.share_a, row.share_b) for row in self.bars), default=0.0)


def shared_artists(pair: Pair, *, n: int = N_IN_TABLE) -> Shared:
    """What both play most first: by the smaller of the two shares. Nothing where the viewer may not read both listens.

    Three queries, whatever both have heard.
    """
    if not pair.reads_listens:
        return Shared()
    plays = dict(Listener.objects.filter(pk__in=pair.ids).values_list("pk", "n_listens"))
    all_a, all_b = plays.get(pair.a.pk, 0), plays.get(pair.b.pk, 0)
    if not (all_a and all_b):
        return Shared()
    totals = ArtistTotal.objects.filter(user__in=pair.ids, n_listens__gt=0).order_by().values("artist_id")
    both = totals.annotate(
        n_members=Count("user_id"),
        n_a=Sum("n_listens", filter=Q(user=pair.a.pk)),
        n_b=Sum("n_listens", filter=Q(user=pair.b.pk)),
    ).filter(n_members=2)
    least = Least(Cast(F("n_a"), FloatField()) / all_a, Cast(F("n_b"), FloatField()) / all_b)
    ranked = both.annotate(least=least, n_all=Window(Count("*"))).order_by("-least", "artist_id")
    found = list(ranked.values_list("artist_id", "n_a", "n_b", "n_all")[:n])
    artists = Artist.objects.order_by().in_bulk([pk for pk, *_ in found])
    rows = tuple(
        SharedArtist(artists[pk], n_a, n_b, n_a / all_a, n_b / all_b) for pk, n_a, n_b, _ in found if pk in artists
    )
    return Shared(rows, found[0][3] if found else 0)
