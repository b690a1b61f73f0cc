"""Albums that the club or a person brought, told from those that only stand in what members heard.

The catalogue holds an album of every name in a member's listens. Such rows stay out of the archive's lists and out of
the way of whoever waits for an album: upper apps say by slots which albums they need and which were heard.

    slots.register("catalog:wanted_albums", wanted)     # () -> Q on albums: nominated, rated
    slots.register("catalog:heard_albums", heard)       # () -> Q on albums: in somebody's listens
    slots.register("catalog:most_heard_albums", most)   # (albums, n) -> ids, the most played first
"""

from __future__ import annotations

from django.db.models import Q, QuerySet

from catalog.models import Album
from sidetrack import slots

NOTHING = Q(pk__in=())


def wanted() -> Q:
    """Albums that an upper app needs."""
    return _any("catalog:wanted_albums")


def only_heard() -> Q:
    """Albums that nobody brought: they came with members' listens."""
    return _any("catalog:heard_albums") & ~wanted()


def in_order_of_need(albums: QuerySet[Album], n: int, *, n_heard: int, order: tuple[str, ...]) -> list[int]:
    """The ids of at most `n` albums: the wanted ones, those that a person brought, then at most `n_heard` others."""
    ids = list(albums.filter(wanted()).order_by(*order).values_list("pk", flat=True)[:n])
    heard = _any("catalog:heard_albums")
    if len(ids) < n:
        others = albums.exclude(wanted()).exclude(heard).order_by(*order)
        ids += others.values_list("pk", flat=True)[: n - len(ids)]
    if n_left := min(n_heard, n - len(ids)):
        for most in slots.call("catalog:most_heard_albums", albums.exclude(wanted()), n_left):
            ids += most
    return ids[:n]


def _any(slot: str) -> Q:
    found = NOTHING
    for condition in slots.call(slot):
        found |= condition
    return found
