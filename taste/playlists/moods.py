"""A list for a mood: a place on the plane of energy and valence, a length, the member's own tracks that lie there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.models import Track
from listening.models import TrackTotal
from social.errors import Refused
from social.models import User
from taste.axes.personal import features_for
from taste.axes.sounding import sureness
from taste.blends.material import plays_of
from taste.embeddings import main_model, vectors
from taste.mapping.reducing import reduced_by
from taste.mixtapes.making import LONGEST_S
from taste.mixtapes.material import lengths_of
from taste.mixtapes.ordering import smooth_order
from taste.models import Label, Playlist, TrackFeatures
from taste.playlists.writing import Line, save

SIDE = 5  # of the grid
MINUTES = (30, 45, 60, 90, 120)
N_TRACKS = 3_000  # of the member's, the most played
LEAST_SURE = 0.2  # below it a value is a guess that moves nothing
REACH = 0.25  # from the middle of a field, in either direction a field and a quarter
DOUBT_COSTS = 0.15  # of the plane, for a value that nobody is sure of
PER_ARTIST = 2
LEAST_TRACKS, LEAST_SHARE = 5, 0.6  # of the minutes that were asked for
OVER_S = 150  # by which a list may be longer
ENERGIES: Sequence[str | Promise] = (
    gettext_lazy("very calm"), gettext_lazy("calm"), gettext_lazy("moderate"), gettext_lazy("lively"),
    gettext_lazy("very lively"),
)  # fmt: skip
VALENCES: Sequence[str | Promise] = (
    gettext_lazy("dark"), gettext_lazy("rather dark"), gettext_lazy("in between"), gettext_lazy("rather bright"),
    gettext_lazy("bright"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Placed:
    """A track of the member's on the plane. confidence: of the weaker of the two values, 0 to 1."""

    track: int
    energy: float
    valence: float
    confidence: float
    n_plays: int

    def apart(self, energy: float, valence: float) -> float:
        """How far from that place: the larger of the two distances, as the grid is made of squares."""
        return max(abs(self.energy - energy), abs(self.valence - valence))

    def cost(self, energy: float, valence: float) -> float:
        """What is unsure counts as farther away."""
        return self.apart(energy, valence) + DOUBT_COSTS * (1 - self.confidence)


@dataclass(frozen=True, slots=True)
class Field:
    """One square of the grid; n: tracks that lie in it. level: 0 none, then 1 to 4, the fullest field being 4."""

    key: str
    label: str
    n: int
    level: int


def placed_of(user: User) -> tuple[list[Placed], int]:
    """The member's tracks with values that are no mere guess, and how many tracks were looked at."""
    rows = TrackTotal.objects.filter(user=user, n_listens__gt=0, track__merged_into__isnull=True)
    ids = list(rows.order_by("-n_listens", "track_id").values_list("track_id", flat=True)[:N_TRACKS])
    plays = plays_of(user, ids)
    heard = features_for(user, list(plays))
    said = dict(TrackFeatures.objects.filter(track__in=list(plays)).values_list("track_id", "confidence"))
    labels = Label.objects.filter(user=user, axis__in=["energy", "valence"], track__in=list(plays))
    own = set(labels.values_list("track_id", "axis"))
    found = []
    for pk in plays:
        values = heard.get(pk, {})
        if "energy" in values and "valence" in values:
            sure = min(1.0 if (pk, axis) in own else said.get(pk, {}).get(axis, 0.0) for axis in ("energy", "valence"))
            if sure >= LEAST_SURE:
                found.append(Placed(pk, values["energy"], values["valence"], sure, plays[pk]))
    return sorted(found, key=lambda each: each.track), len(plays)


def grid(placed: Sequence[Placed]) -> list[list[Field]]:
    """Rows from lively to calm, in each from dark to bright."""
    n = Counter((_place(each.energy), _place(each.valence)) for each in placed)
    return [
        [
            Field(
                f"{row}{column}",
                _("%(energy)s, %(valence)s") % {"energy": ENERGIES[row], "valence": VALENCES[column]},
                n[row, column],
                -(-4 * n[row, column] // max(n.values(), default=1)),
            )
            for column in range(SIDE)
        ]
        for row in reversed(range(SIDE))
    ]


def make(*, user: User, field: str, minutes: int, now: datetime) -> Playlist:
    """Make the list and keep it; the same field and length again bring it up to date. Refused where too little fits."""
    row, column = _parsed(field)
    if minutes not in MINUTES:
        raise Refused(_("Choose how long the list is."), code="bad_length")
    placed, n_looked_at = placed_of(user)
    energy, valence = _middle(row), _middle(column)
    near = sorted(
        (each for each in placed if each.apart(energy, valence) <= REACH),
        key=lambda each: (each.cost(energy, valence), -each.n_plays, each.track),
    )
    tracks = Track.objects.select_related("artist").in_bulk([each.track for each in near])
    lengths = lengths_of(tracks)
    chosen = _fill(near, tracks, {pk: seconds for pk, (seconds, _guessed) in lengths.items()}, minutes * 60)
    total_s = sum(lengths[each.track][0] for each in chosen)
    if len(chosen) < LEAST_TRACKS or total_s < LEAST_SHARE * minutes * 60:
        raise Refused(
            _(
                "Too little of yours lies there: %(n)d tracks whose values are sure enough, %(minutes)d of %(wanted)d "
                "minutes. Choose a field with more, or a shorter list."
            )
            % {"n": len(chosen), "minutes": round(total_s / 60), "wanted": minutes},
            code="too_little",
        )
    words = f"{ENERGIES[row]} and {VALENCES[column]}"
    return save(
        user=user,
        kind=Playlist.Kind.MOOD,
        key=f"{field}-{minutes}",
        title=f"{words[0].upper()}{words[1:]}, {minutes} minutes",
        note=f"From {len(placed)} of the {n_looked_at} tracks that were looked at: those with values sure enough. "
        "The nearest to the place are taken, the sure before the unsure; the order goes in small steps.",
        lines=[Line(tracks[each.track], _reason(each)) for each in _in_order(chosen, tracks)],
        now=now,
    )


def _fill(near: Sequence[Placed], tracks: dict[int, Track], seconds: dict[int, float], wanted_s: int) -> list[Placed]:
    """The nearest ones that fit into the time, an artist twice at most."""
    by_artist: Counter[int] = Counter()
    chosen: list[Placed] = []
    left = float(wanted_s)
    for each in near:
        track = tracks.get(each.track)
        if (
            track is None
            or seconds[each.track] > min(LONGEST_S, left + OVER_S)
            or by_artist[track.artist_id] >= PER_ARTIST
        ):
            continue
        chosen.append(each)
        by_artist[track.artist_id] += 1
        left -= seconds[each.track]
        if left < OVER_S / 2:
            break
    return chosen


def _in_order(chosen: Sequence[Placed], tracks: dict[int, Track]) -> list[Placed]:
    """In small steps of sound, where it is analysed; else of the two values."""
    rows = np.array([[each.energy, each.valence] for each in chosen])
    ids, found = vectors([each.track for each in chosen], main_model())
    if len(ids) == len(chosen):
        place = {int(pk): at for at, pk in enumerate(ids)}
        rows = reduced_by(found)(found)[[place[each.track] for each in chosen]]
    artists = np.array([tracks[each.track].artist_id for each in chosen])
    return [chosen[at] for at in smooth_order(rows, artists, np.array([each.energy for each in chosen]))]


def _reason(each: Placed) -> str:
    values = f"Energy {round(100 * each.energy)}, valence {round(100 * each.valence)} of 100"
    plays = "once" if each.n_plays == 1 else f"{each.n_plays} times"
    return f"{values} ({sureness(each.confidence)}); played {plays}."


def _place(value: float) -> int:
    return min(SIDE - 1, max(0, int(value * SIDE)))


def _middle(place: int) -> float:
    return (place + 0.5) / SIDE


def _parsed(field: Any) -> tuple[int, int]:
    text = str(field)
    if len(text) != 2 or not all(each in "01234" for each in text):
        raise Refused(_("Choose a field."), code="bad_field")
    return int(text[0]), int(text[1])
