"""Round numbers reached, kept as rows: plays in all (the numbers of `figures.arithmetic`), and plays of one artist."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F, Window
from django.db.models.functions import RowNumber

from catalog.bulk_rows import parts
from listening.figures.arithmetic import MILESTONES
from listening.figures.history import history_of
from listening.figures.milestones import milestones
from listening.models import ArtistTotal, Listener, ListenEvent, Milestone

OF_ARTIST = (100, 250, 500, 1_000)
A_READ = 200  # artists
Pair = tuple[int | None, int]  # artist, or None for all; the number


def make_true(listener: Listener, *, since: datetime, now: datetime) -> None:
    """Rows from `since` on, and whatever is missing or no longer so; the rest is not looked at."""
    rows = {(row.artist_id, row.n_plays): row for row in Milestone.objects.filter(user=listener.pk)}
    wanted: set[Pair] = {(None, number) for number in MILESTONES if number <= listener.n_listens}
    totals = ArtistTotal.objects.filter(user=listener.pk, n_listens__gte=OF_ARTIST[0])
    for artist_id, n in totals.values_list("artist", "n_listens"):
        wanted |= {(artist_id, number) for number in OF_ARTIST if number <= n}
    unsure = {pair for pair in wanted if pair not in rows or rows[pair].reached_at >= since}
    found: dict[Pair, datetime] = {}
    if any(artist_id is None for artist_id, _ in unsure):
        history = history_of(listener.user, now=now)
        found |= {(None, each.number): each.played_at for each in milestones(history, n=len(MILESTONES))}
    found |= _of_artists(listener.pk, sorted({artist_id for artist_id, _ in unsure if artist_id is not None}))
    gone = [row.pk for pair, row in rows.items() if pair not in wanted or (pair in unsure and pair not in found)]
    for part in parts(gone, A_READ):
        Milestone.objects.filter(pk__in=part).delete()
    moved = []
    for pair in unsure & found.keys() & rows.keys():
        if rows[pair].reached_at != found[pair]:
            rows[pair].reached_at = found[pair]
            moved.append(rows[pair])
    Milestone.objects.bulk_update(moved, ["reached_at"], batch_size=A_READ)
    Milestone.objects.bulk_create(
        (
            Milestone(user_id=listener.pk, artist_id=artist_id, n_plays=number, reached_at=found[artist_id, number])
            for artist_id, number in sorted(unsure - rows.keys(), key=lambda pair: (pair[0] or 0, pair[1]))
            if (artist_id, number) in found
        ),
        batch_size=A_READ,
        ignore_conflicts=True,
    )


def _of_artists(user_id: int, artist_ids: list[int]) -> dict[Pair, datetime]:
    """When each of the numbers was reached with these artists; one query for two hundred of them."""
    found: dict[Pair, datetime] = {}
    place = Window(RowNumber(), partition_by=F("artist"), order_by=[F("played_at"), F("id")])
    for part in parts(artist_ids, A_READ):
        plays = ListenEvent.objects.counted().of_artists(part).filter(user=user_id).annotate(place=place)
        for artist_id, number, played_at in plays.filter(place__in=OF_ARTIST).values_list(
            "artist", "place", "played_at"
        ):
            found[artist_id, number] = played_at
    return found
