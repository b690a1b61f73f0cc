"""Eight processes read histories with the same names at once; each name becomes one row. Needs PostgreSQL."""

from __future__ import annotations

import random

import pytest

from catalog.bulk_naming import Heard, Known, Names
from catalog.models import Album, Artist, Track
from catalog.tests.test_races import at_once

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

SIGNS = ("!", "!!", "?", "+", "÷", "×", "=", "%")  # whose addresses would all be the same


def read(seed: int) -> dict[Heard, Known]:
    """A history in its own order and spelling, in three portions."""
    rng = random.Random(seed)
    heard = [Heard(f"Artist {n % 97}", f"Song {n}", f"Album {n % 211}") for n in range(600)]
    heard += [Heard(f"Artist {n}", sign, sign) for n in range(5) for sign in SIGNS] + [
        Heard(sign, "x") for sign in SIGNS
    ]
    rng.shuffle(heard)
    names = Names()
    known: dict[Heard, Known] = {}
    for start in range(0, len(heard), 230):
        known |= names.resolve(heard[start : start + 230])
    return known


def test_eight_processes_agree_and_none_fails() -> None:
    answers = at_once(*[lambda seed=seed: read(seed) for seed in range(8)])
    assert all(answer == answers[0] for answer in answers)
    assert len(answers[0]) == 600 + 48
    assert Track.objects.count() == 648
    assert Artist.objects.count() == 97 + 8
    assert Album.objects.count() == len({known.album_id for known in answers[0].values()} - {None})
