"""A week's mixtape."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from catalog.models import Track
from listening.models import Listener
from social.models import User
from taste.embeddings import main_model, vectors
from taste.iso_weeks import iso_week, monday_of
from taste.mapping.neighbours import nearest
from taste.mapping.reducing import Doubles, reduced_by
from taste.mixtapes.choosing import LEAST_S, MOST_S, Candidates, choose, likeness_of
from taste.mixtapes.clustering import dominant
from taste.mixtapes.material import energies_of, heard_in, lengths_of
from taste.mixtapes.ordering import smooth_order
from taste.mixtapes.telling import method, reason

TOO_LITTLE = "A mixtape wants an hour of analysed music that you played that week or shortly before; there is less."
LONGEST_S = 30 * 60.0  # what is longer is a set or a whole side, no track of a mixtape
MAX_CANDIDATES = 300
LEAST_OF_WEEK = 3  # analysed tracks below which a week has no sound of its own
N_NEAR = 5


@dataclass(frozen=True, slots=True)
class MixtapeTrack:
    """seconds: the track's length, or the documented default where `is_guessed`."""

    track: Track
    reason: str
    seconds: float
    is_guessed: bool


@dataclass(frozen=True, slots=True)
class Mixtape:
    """tracks: in playing order. minutes: their sum, 60 to 90. method: how it was made, for a person to read."""

    starts_on: date
    tracks: list[MixtapeTrack]
    minutes: float
    method: str

    @property
    def key(self) -> str:
        """2025-W48: what its playlist is kept under."""
        return iso_week(self.starts_on)


def mixtape_of(user: User, starts_on: date, *, now: datetime) -> Mixtape | None:
    """The mixtape of the member's week with that Monday; None: `TOO_LITTLE` says why.

    Made of the week's dominant cluster; where that is short of music, of the nearest other tracks of the week and of
    the 90 days before it. The same listens give the same tape. As many queries for any week.
    """
    starts_on = monday_of(starts_on)
    zone = ZoneInfo(Listener.objects.filter(pk=user.pk).values_list("zone", flat=True).first() or "UTC")
    heard = heard_in(user, starts_on, zone, now=now)
    ids, found = vectors(list(heard.n), main_model())
    tracks = Track.objects.current().select_related("artist", "album").in_bulk(ids.tolist())
    seconds = {track_id: said for track_id, said in lengths_of(tracks).items() if said[0] <= LONGEST_S}
    is_usable = np.isin(ids, list(seconds))
    ids, found = ids[is_usable], found[is_usable]
    plays = np.array([heard.n[int(track_id)] for track_id in ids], np.float64)
    of_week = np.flatnonzero(plays)
    if len(of_week) < LEAST_OF_WEEK:
        return None
    rows = reduced_by(found[of_week])(found)
    cluster = dominant(rows[of_week], plays[of_week])
    core = of_week[cluster.rows]
    lengths = np.array([seconds[int(track_id)][0] for track_id in ids])
    pool = _pool(rows, plays, lengths, core)
    all_ = Candidates(
        likeness=likeness_of(rows[pool]),
        worth=np.where(np.isin(pool, core), plays[pool], 0.0),
        seconds=lengths[pool],
        artists=np.array([tracks[int(track_id)].artist_id for track_id in ids[pool]]),
        albums=np.array([tracks[int(track_id)].album_id or 0 for track_id in ids[pool]]),
    )
    chosen = choose(all_)
    if not chosen:
        return None
    stands_for = _stands_for(all_, chosen)
    tape = []
    for at in smooth_order(rows[pool[chosen]], all_.artists[chosen], energies_of(ids[pool[chosen]])):
        track_id = int(ids[pool[chosen[at]]])
        why = reason(
            n_plays=heard.n[track_id],
            stands_for=stands_for[chosen[at]],
            last_on=heard.last_at[track_id].astimezone(zone).date(),
            is_core=bool(all_.worth[chosen[at]]),
        )
        tape.append(MixtapeTrack(tracks[track_id], why, *seconds[track_id]))
    about = method(
        cluster,
        n_tracks=len(of_week),
        share=float(plays[core].sum() / plays.sum()),
        n_chosen=len(tape),
        n_beside=int((all_.worth[chosen] == 0).sum()),
        n_guessed=sum(each.is_guessed for each in tape),
    )
    return Mixtape(starts_on, tape, sum(each.seconds for each in tape) / 60, about)


def _stands_for(all_: Candidates, chosen: list[int]) -> Counter[int]:
    """Of each chosen candidate, how many of the cluster's tracks are more like it than like the other chosen ones."""
    most_like = all_.likeness[:, chosen].argmax(axis=1)
    return Counter(chosen[each] for at, each in enumerate(most_like) if all_.worth[at])


def _pool(rows: Doubles, plays: Doubles, lengths: Doubles, core: NDArray[np.int64]) -> NDArray[np.int64]:
    """Indices to choose from, ascending: the cluster, and where it is short the tracks nearest to it.

    Twice the longest tape is enough of a choice; at most 300 of the cluster, the most played ones.
    """
    core = np.sort(core[np.lexsort((core, -plays[core]))][:MAX_CANDIDATES])
    pool = list(core)
    if lengths[core].sum() < 1.25 * LEAST_S:
        others = np.setdiff1d(np.arange(len(rows)), core)
        single = rows.astype(np.float32)
        near = nearest(single[others], single[core], min(N_NEAR, len(core)))[1].mean(axis=1)
        for at in np.lexsort((others, near)):
            if lengths[pool].sum() >= 2 * MOST_S:
                break
            pool.append(others[at])
    return np.sort(np.array(pool, np.int64))
