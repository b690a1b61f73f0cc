"""One pair of members, computed when somebody asks and kept until what it was made from changes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from listening.models import AlbumTotal
from social.errors import Refused
from social.models import User
from taste.matching.judging import Judged, judge
from taste.matching.tastes import Taste, fingerprints, rarities, scales, tastes_of
from taste.models import Compatibility

N_KEPT = 20  # shared artists and albums
N_ALBUMS = 200  # of each member, the most played, are looked at
UPDATED = ["score", "is_enough", "evidence", "shared_artists", "shared_albums", "reasons", "fingerprint", "computed_at"]


def compatibility(a: User, b: User, *, now: datetime) -> Compatibility:
    """How well two members match, whichever comes first; kept while neither plays nor rates anything new.

    Who may read it is not asked here: `taste.matching.showing`.
    """
    if a.pk == b.pk:
        raise Refused("Name two different members.", code="oneself")
    first, second = sorted((a.pk, b.pk))
    mark = mark_of(fingerprints([first, second]), first, second)
    kept = Compatibility.objects.filter(user_a=first, user_b=second).first()
    if kept is not None and kept.fingerprint == mark:
        return kept
    tastes = tastes_of([first, second])
    left, right = tastes[first], tastes[second]
    judged = judge(left, right, rarities(left.artists.keys() | right.artists.keys()), scales())
    write([row_of(left, right, judged, most_played_albums([first, second]), now=now)])
    return Compatibility.objects.get(user_a=first, user_b=second)


def mark_of(prints: dict[int, str], first: int, second: int) -> str:
    """Of what a pair is computed from."""
    return hashlib.blake2b(f"{prints[first]} {prints[second]}".encode(), digest_size=20).hexdigest()


def most_played_albums(member_ids: Iterable[int]) -> dict[int, dict[int, int]]:
    """Member → album → plays; one query by index for each."""
    rows = AlbumTotal.objects.filter(n_listens__gt=0).order_by("-n_listens", "album").values_list("album", "n_listens")
    return {each: dict(rows.filter(user=each)[:N_ALBUMS]) for each in member_ids}


def row_of(a: Taste, b: Taste, judged: Judged, albums: dict[int, dict[int, int]], *, now: datetime) -> Compatibility:
    """What is kept of a pair, `a` being the one with the lower id; names are looked up when it is read."""
    in_a, in_b = albums[a.member_id], albums[b.member_id]
    both = sorted(in_a.keys() & in_b.keys(), key=lambda album: (-min(in_a[album], in_b[album]), album))
    evidence: dict[str, Any] = {
        "n": judged.n_evidence,
        "genres": list(judged.genres[:N_KEPT]),
        "n_artists": len(judged.artists),
        "n_albums": len(both),
        "n_rated": judged.n_rated,
        "terms": {
            each.name: {
                "value": round(each.value, 4),
                "standing": round(each.standing, 4),
                "weight": each.weight,
                "n": each.n,
            }
            for each in judged.terms
        },
    }
    return Compatibility(
        user_a_id=a.member_id,
        user_b_id=b.member_id,
        score=judged.score,
        is_enough=judged.is_enough,
        evidence=evidence,
        shared_artists=list(judged.artists[:N_KEPT]),
        shared_albums=both[:N_KEPT],
        reasons=[{"term": name, "text": text} for name, text in judged.reasons],
        fingerprint=mark_of({a.member_id: a.fingerprint, b.member_id: b.fingerprint}, a.member_id, b.member_id),
        computed_at=now,
    )


def write(rows: list[Compatibility], *, also: tuple[str, ...] = ()) -> None:
    """Put pairs in place of what was kept of them. also: more fields to overwrite than those computed from the two."""
    Compatibility.objects.bulk_create(
        rows,
        batch_size=500,
        update_conflicts=True,
        unique_fields=["user_a", "user_b"],
        update_fields=[*UPDATED, *also],
    )
