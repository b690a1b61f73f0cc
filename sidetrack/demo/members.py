"""The invented members: who they are, what they like, what they would nominate, vote for and give. Pure."""

from __future__ import annotations

import math
import random
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from sidetrack.demo.albums import DemoAlbum

SEED = 1978
MIDDLE = 3.05  # what a member of no particular kindness gives an album of no particular quality
BONUS_FOR_OWN = 0.6


@dataclass(frozen=True, eq=False)
class Persona:
    """See members.toml for what each field means."""

    handle: str
    name: str
    timezone: str
    bio: str
    likes: dict[str, float]
    moments: tuple[str, ...]
    kindness: float = 0.0
    diligence: float = 0.7
    words: float = 0.5
    style: str = ""
    joins: int = 1
    leaves: int = 10_000
    moderator: bool = False
    shows_ballots: bool = False
    visibility: str = "public"

    def is_here(self, place: int) -> bool:
        """A member in the `place`th of the demo's weeks, counted from 1."""
        return self.joins <= place < self.leaves


@lru_cache(maxsize=1)
def personas() -> tuple[Persona, ...]:
    rows = tomllib.loads((Path(__file__).parent / "members.toml").read_text(encoding="utf-8"))["member"]
    return tuple(Persona(**row | {"moments": tuple(row["moments"])}) for row in rows)


def dice(*about: object) -> random.Random:
    """Chances that fall the same way each time for the same subject."""
    return random.Random(f"{SEED}/{'/'.join(str(each) for each in about)}")  # noqa: S311 (a story, no secret)


def quality(album: DemoAlbum) -> float:
    """How good this club finds it on the whole, in stars above or below the middle."""
    return dice("quality", album.name).gauss(0.1, 0.4)


def fondness(persona: Persona, album: DemoAlbum) -> float:
    """How much it is theirs: -1 to 1 or so, the same whenever it is asked."""
    return persona.likes.get(album.family, 0.0) + dice("fondness", persona.handle, album.name).gauss(0, 0.3)


def half_stars(persona: Persona, album: DemoAlbum, *, is_own: bool) -> int:
    """2 to 10: what they give it. Some albums divide the club more than others."""
    edge = dice("edge", album.name).uniform(0.5, 1.5)
    stars = MIDDLE + quality(album) + 0.9 * edge * fondness(persona, album) + persona.kindness
    stars += BONUS_FOR_OWN * is_own + dice("day", persona.handle, album.name).gauss(0, 0.5)
    return max(2, min(10, round(stars * 2)))


def pick(persona: Persona, albums: Sequence[DemoAlbum], *, tried: set[str], chance: random.Random) -> DemoAlbum | None:
    """What they would nominate now. tried: names of albums that had their turn; seldom, an old love comes back."""
    if not albums:
        return None
    weights = [math.exp(2.2 * fondness(persona, album)) * (0.04 if album.name in tried else 1.0) for album in albums]
    return chance.choices(albums, weights)[0]


def ballot(
    persona: Persona, nominees: Sequence[DemoAlbum], chance: random.Random
) -> tuple[DemoAlbum | None, DemoAlbum | None]:
    """First and second choice among what others nominated; now and then only one of the two."""
    ranked = sorted(
        nominees, key=lambda album: fondness(persona, album) + quality(album) + chance.gauss(0, 0.45), reverse=True
    )
    first, second = [*ranked, None, None][:2]
    whim = chance.random()
    if whim < 0.08:
        return first, None
    if whim < 0.1:
        return None, first
    return first, second
