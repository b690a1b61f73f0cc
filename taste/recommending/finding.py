"""Members' candidates from each part: what plays, tags, sound, the club and the people they follow speak for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from django.db.models import QuerySet
from numpy.typing import NDArray

from social.models import User
from social.visibility import blocked_ids
from taste.models import TasteProfile
from taste.recommending import club, contents, known
from taste.recommending.listeners import Factors, Neighbours
from taste.recommending.shelf import Shelf, Sound, sound_of, tags_of

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

N_OF_A_PART = 200


@dataclass(frozen=True)
class Learned:
    """The shelf and what was learned from it; together and factors are None in a club too small for them."""

    shelf: Shelf
    tags: contents.Contents
    tag_names: dict[int, str]
    sound: Sound | None
    together: Neighbours | None
    factors: Factors | None
    picks: list[club.Pick]


@dataclass
class Candidates:
    """Of one member: places by part, the best first, and what each part knows for its reasons."""

    member: User
    row: csr_matrix
    parts: dict[str, list[int]] = field(default_factory=dict)
    tag_profile: NDArray[np.float32] | None = None
    praised: dict[int, club.Praised] = field(default_factory=dict)
    picks: dict[int, club.Pick] = field(default_factory=dict)


def learn(shelf: Shelf) -> Learned:
    tags, names = tags_of(shelf)
    return Learned(
        shelf=shelf,
        tags=tags,
        tag_names=names,
        sound=sound_of(shelf),
        together=Neighbours(shelf.learned) if shelf.has_company else None,
        factors=Factors(shelf.learned) if shelf.has_company else None,
        picks=club.picks(),
    )


def candidates_of(learned: Learned, members: Sequence[User]) -> Iterator[Candidates]:
    """For each member in turn; scores of all of them are worked out at once."""
    from scipy.sparse import vstack

    shelf = learned.shelf
    if not members:
        return
    rows = vstack([shelf.row_of(each.pk) for each in members], format="csr")
    seen = known.Known(shelf, [each.pk for each in members])
    scores = _scores(learned, members, rows)
    tag_profiles = learned.tags.profiles(rows)
    for at, member in enumerate(members):
        row = rows[at]
        is_new = ~seen.mask(member.pk)
        found = Candidates(member, row, tag_profile=tag_profiles[at])
        if row.nnz:
            others = shelf.known_to_others(member.pk, set(_hidden(member))) & is_new
            for part, of_all in scores.items():
                allowed = others if part in ("together", "factors") else is_new & shelf.may_stand
                found.parts[part] = _best(of_all[at], allowed)
        for praised in club.praised(member):
            place = shelf.place_of.get(praised.album_id)
            if place is not None and is_new[place]:
                found.praised[place] = praised
        for pick in learned.picks:
            place = shelf.place_of.get(pick.album_id)
            if place is not None and is_new[place]:
                found.picks[place] = pick
        found.parts |= {"friends": list(found.praised)[:N_OF_A_PART], "club": list(found.picks)[:N_OF_A_PART]}
        yield found


def _scores(learned: Learned, members: Sequence[User], rows: csr_matrix) -> dict[str, NDArray[np.float32]]:
    shelf = learned.shelf
    scores = {
        "tags": learned.tags.scores(rows),
        "artists": contents.by_artist(rows, shelf.artists, shelf.n_listeners),
    }
    if learned.together is not None and learned.factors is not None:
        scores |= {"together": learned.together.scores(rows), "factors": learned.factors.scores(rows)}
    if (sound := learned.sound) is not None:
        profiles = sound.contents.profiles(rows)
        kept = TasteProfile.objects.filter(user__in=members, model=sound.model, embedding__isnull=False)
        by_member = dict(kept.values_list("user", "embedding"))
        for at, member in enumerate(members):
            lately = np.frombuffer(by_member.get(member.pk, b""), "<f4")
            if lately.shape == sound.mean.shape:
                profiles[at] = contents.unit(((lately - sound.mean) / sound.sd)[None])[0]
        scores["sound"] = sound.contents.to_profiles(profiles)
    return scores


def _best(scores: NDArray[np.float32], allowed: NDArray[np.bool_]) -> list[int]:
    """Places of the best scores above 0, the best first, then in order of places."""
    places = np.flatnonzero(allowed & (scores > 1e-6))
    if len(places) > N_OF_A_PART:
        least = np.partition(scores[places], -N_OF_A_PART)[-N_OF_A_PART]
        places = places[scores[places] >= least]
    return [int(place) for place in places[np.argsort(-scores[places], kind="stable")][:N_OF_A_PART]]


def _hidden(member: User) -> QuerySet[Any, Any]:
    return blocked_ids(member).values_list("other", flat=True)
