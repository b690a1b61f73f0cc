"""A blend's list: chosen, put in order, and kept as a copy of each of the two."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import numpy as np
from django.db import transaction
from django.db.models import F, Q

from social.errors import Refused
from social.models import User
from taste.blends.asking import end
from taste.blends.choosing import Candidate, choose
from taste.blends.material import Material, material_of
from taste.blends.standing import key_of, leans_of, lists_of, may_stay
from taste.blends.telling import note, reason
from taste.embeddings import main_model, vectors
from taste.mapping.reducing import reduced_by
from taste.mixtapes.material import energies_of
from taste.mixtapes.ordering import smooth_order
from taste.models import Blend, Playlist, PlaylistTrack
from taste.playlists.writing import Line, save

A_WEEK = timedelta(days=7)
TOO_LITTLE = "There is too little music in common reach yet: a blend wants ten tracks that one of you plays."
Origin = PlaylistTrack.Origin
ORIGINS = {
    "both": (Origin.BOTH, Origin.BOTH),
    "new": (Origin.NEW, Origin.NEW),
    "a": (Origin.MINE, Origin.THEIRS),
    "b": (Origin.THEIRS, Origin.MINE),
}


def make(blend_id: int, *, now: datetime) -> int | None:
    """Make the list anew and keep it for both; how many tracks. None where there is no blend that stands.

    The same plays give the same list. Who left while it was made gets none.
    """
    blend = Blend.objects.select_related("asker", "asked").filter(pk=blend_id, accepted_at__isnull=False).first()
    if blend is None:
        return None
    if not may_stay(blend.asker, blend.asked):
        end(blend)
        return None
    if blend.asker.is_suspended(now) or blend.asked.is_suspended(now):  # it rests until then
        return None
    material = material_of(blend.asker, blend.asked)
    lean = {Blend.Lean.ASKER: "a", Blend.Lean.ASKED: "b"}.get(Blend.Lean(blend.lean), blend.lean)
    chosen = in_order(choose(material.candidates, lean))
    return _keep(blend, chosen, material, now=now)


def in_order(chosen: Sequence[Candidate]) -> list[Candidate]:
    """In small steps of sound, from calm to lively; what nobody has analysed stands where the sound is usual.

    Where hardly anything is analysed, the origins take turns.
    """
    if len(chosen) < 3:
        return list(chosen)
    ids, found = vectors([each.track for each in chosen], main_model())
    if len(ids) < len(chosen) / 2:
        return _in_turns(chosen)
    rows = reduced_by(found)(found)
    place = {int(track): at for at, track in enumerate(ids)}
    usual = rows.mean(axis=0)
    stacked = np.stack([rows[place[each.track]] if each.track in place else usual for each in chosen])
    artists = np.array([each.artist for each in chosen])
    energies = energies_of(np.array([each.track for each in chosen]))
    return [chosen[at] for at in smooth_order(stacked, artists, energies)]


def _in_turns(chosen: Sequence[Candidate]) -> list[Candidate]:
    """Spread evenly: the k-th of n of an origin stands at (k + ½) / n of the list."""
    by_origin: dict[str, list[Candidate]] = {}
    for each in chosen:
        by_origin.setdefault(each.origin, []).append(each)
    spread = [
        ((at + 0.5) / len(some), origin, each) for origin, some in by_origin.items() for at, each in enumerate(some)
    ]
    return [each for _, _, each in sorted(spread, key=lambda item: (item[0], item[1], item[2].track))]


@transaction.atomic
def _keep(blend: Blend, chosen: Sequence[Candidate], material: Material, *, now: datetime) -> int | None:
    row = Blend.objects.select_for_update().filter(pk=blend.pk, accepted_at__isnull=False).first()
    if row is None:
        return None
    a, b = blend.asker, blend.asked
    if chosen:
        about = note(chosen, str(a), str(b), lean=dict(leans_of(str(a), str(b)))[blend.lean], until=now.date())
        for place, (owner, other) in enumerate(((a, b), (b, a))):
            lines = [_line(each, material, a, b, place) for each in chosen]
            _keep_copy(owner, other, lines, about, now=now, is_demo=blend.is_demo)
    else:
        lists_of(row).delete()
    row.made_at, row.words = now, "" if chosen else TOO_LITTLE
    if row.wanted_at is not None and row.wanted_at > now:  # asked for again while it was made
        row.made_at = row.wanted_at - timedelta(microseconds=1)
    row.save(update_fields=["made_at", "words"])
    return len(chosen)


def _keep_copy(owner: User, other: User, lines: list[Line], about: str, *, now: datetime, is_demo: bool) -> None:
    try:
        row = save(
            user=owner, kind=Playlist.Kind.BLEND, key=key_of(other.pk), title=f"Blend with {other}", note=about,
            lines=lines, now=now,
        )  # fmt: skip
    except Refused:  # with all the lists that a member may have: the other's copy stays as good
        return
    if is_demo:
        Playlist.objects.filter(pk=row.pk).update(is_demo=True)


def _line(each: Candidate, material: Material, a: User, b: User, place: int) -> Line:
    track = material.tracks[each.track]
    knows = ("a" if each.artist in material.artists_a else "") + ("b" if each.artist in material.artists_b else "")
    likest = material.likest.get(each.track)
    why = reason(
        each,
        str(a),
        str(b),
        artist=track.artist.name,
        plays_artist=knows,
        sounds_like=material.tracks[likest].title if likest in material.tracks else "",
    )
    return Line(track, why, ORIGINS[each.origin][place])


def due(now: datetime) -> list[int]:
    """Blends whose list is a week old, or was asked for and not made."""
    rows = Blend.objects.filter(accepted_at__isnull=False).filter(
        Q(made_at__isnull=True) | Q(made_at__lt=now - A_WEEK) | Q(wanted_at__gt=F("made_at"))
    )
    return list(rows.order_by("pk").values_list("pk", flat=True))


def end_fallen(*, now: datetime) -> int:
    """Forget what stands between members who may no longer see each other, with its lists; how many."""
    n = 0
    for row in Blend.objects.select_related("asker", "asked").order_by("pk").iterator(chunk_size=500):
        if not may_stay(row.asker, row.asked):
            with transaction.atomic():
                end(row)
            n += 1
    return n
