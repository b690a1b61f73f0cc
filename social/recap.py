"""A member's year in six cards, one idea each; upper apps fill in what they know.

    "social:recap_years" (member, viewer)                  → the years of which there is something to tell
    "social:recap" (member, viewer, year, now)             → cards

Both answer for one viewer: who may not read an area finds none of its cards. Where two apps have a card for one place,
the first that has enough to tell is taken.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from django.utils.functional import Promise
from django.utils.safestring import SafeString

from sidetrack import slots
from social.models import User
from social.visibility import Viewer

PLACES = ("plays", "artists", "albums", "club", "sound", "fact")
NO_SLEEVE = SafeString("")
FIRST_YEAR, LAST_YEAR = 1971, 2200


def no_picture() -> bytes:
    return b""


@dataclass(frozen=True, slots=True)
class Row:
    """sleeve: a small cover as HTML, decoration. address: where the name leads, empty for nowhere."""

    label: str
    value: str
    address: str = ""
    sleeve: SafeString = NO_SLEEVE


@dataclass(frozen=True, slots=True)
class Card:
    """place: one of PLACES. headline: the few large words; empty: too little to tell, and `under` says so.

    picture: makes a square PNG for the card's picture. more: where the page goes on, with words.
    """

    place: str
    title: str | Promise
    headline: str
    under: str
    rows: tuple[Row, ...] = ()
    note: str = ""
    address: str = ""
    more: tuple[str, str] | None = None
    picture: Callable[[], bytes] = no_picture
    hue: float | None = None

    @property
    def is_full(self) -> bool:
        return bool(self.headline)


def too_little(place: str, title: str | Promise, why: str) -> Card:
    return Card(place, title, "", why)


def years_of(member: User, viewer: Viewer) -> list[int]:
    """Oldest first."""
    found = set(chain.from_iterable(slots.call("social:recap_years", member, viewer)))
    return sorted(year for year in found if FIRST_YEAR <= year <= LAST_YEAR)


def cards_of(member: User, viewer: Viewer, year: int, *, now: datetime) -> list[Card]:
    """In the order of PLACES; a place of which the viewer may know nothing is left out."""
    chosen: dict[str, Card] = {}
    for card in chain.from_iterable(slots.call("social:recap", member, viewer, year, now)):
        if card.place not in chosen or (card.is_full and not chosen[card.place].is_full):
            chosen[card.place] = card
    return [chosen[place] for place in PLACES if place in chosen]
