"""What is special about some of the demo's weeks: themes, and the accidents of a real club. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sidetrack.demo.albums import DemoAlbum

N_WEEKS = 60
SOUTH = frozenset(["AR", "AU", "BR", "CD", "CL", "ID", "NZ", "PE", "UY", "ZA", "ZW"])
MEDITERRANEAN = frozenset(["DZ", "EG", "ES", "FR", "GR", "IL", "IT", "LB", "SI", "SY", "TN", "TR"])
ENGLISH = frozenset(["US", "GB", "CA", "AU", "NZ", "IE", "JM"])


@dataclass(frozen=True, slots=True)
class Theme:
    text: str
    suits: Callable[[DemoAlbum], bool]


THEMES = {
    4: Theme("Nobody sings", lambda album: album.voice == "none"),
    8: Theme("South of the Equator", lambda album: album.country in SOUTH),
    13: Theme("Before there were synthesizers", lambda album: album.year < 1969),
    19: Theme(
        "In a language that you do not speak", lambda album: album.voice != "none" and album.country not in ENGLISH
    ),
    25: Theme("This century", lambda album: album.year > 2000),
    30: Theme("For the night shift", lambda album: album.family in {"quiet", "jazz", "dream", "electronic", "folk"}),
    36: Theme("Loud", lambda album: album.family in {"metal", "punk", "rock", "dream"}),
    44: Theme("Around the Mediterranean", lambda album: album.country in MEDITERRANEAN),
    50: Theme(
        "Dance first", lambda album: album.family in {"africa", "latin", "soul", "electronic", "reggae", "brazil"}
    ),
    56: Theme("1980 to 1989, and nothing else", lambda album: 1980 <= album.year < 1990),
}
SKIPPED = 17  # cancelled by a moderator after two nominations
SILENT = 23  # nobody nominates until the second-chance day
OVERRIDDEN = 31  # the winner is changed by a moderator
ALONE = 34  # one nomination, which wins without a poll
PROLONGED = 41  # the poll gets a day more
WITHDRAWN = 27  # a moderator takes a nomination out of the poll, which frees votes
SCANDAL = 47  # a review is reported and hidden
LAST = N_WEEKS
POLLING = N_WEEKS - 1  # its poll was prolonged and is open now


def theme_of(place: int) -> str:
    return THEMES[place].text if place in THEMES else ""
