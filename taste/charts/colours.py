"""The colours of charts, light and dark: names here, values for drawings that leave the site and for the tests.

Energy rises in lightness, so it also reads in grey. The moods were searched for so that any two lie at least ten apart
(CIE76) for full sight, protanopia, deuteranopia and tritanopia alike. No series is told by its colour alone: each also
has a label, a dash or a mark of its own.
"""

from __future__ import annotations

from collections.abc import Sequence

ENERGY = {
    "light": ("#2a2f7a", "#5a2d8a", "#93307a", "#be4a4e", "#b86e12"),
    "dark": ("#7466b7", "#9b6edc", "#c78ba7", "#e5a382", "#ffc861"),
}
MOODS = {
    "light": ("#15597b", "#0e937c", "#64833b", "#b8860b", "#a54612", "#d72b64", "#7146c1", "#53493c"),
    "dark": ("#90aeeb", "#2fdab4", "#b7d784", "#e8db57", "#e29f58", "#e67089", "#dccbed", "#b6a573"),
}
INK, MUTED, LINE, SURFACE, ACCENT, STAR = "#1c1b19", "#5c574d", "#d8d2c5", "#ffffff", "#0b625c", "#a64b00"


def var(name: str) -> str:
    """A colour by the name of its token; the page resolves it in its own theme."""
    return f"var(--{name})"


def mood(place: int) -> str:
    """The token of the mood at `place`, from 0; the eighth repeats for what comes after."""
    return f"mood-{min(place, len(MOODS['light']) - 1) + 1}"


def energy_step(value: float | None) -> int:
    """Which of the five steps an energy of 0 to 1 lies on, 1 to 5; 0 where nobody knows."""
    return 0 if value is None else min(max(int(value * 5), 0), 4) + 1


def energy(value: float | None) -> str:
    """The token of an energy of 0 to 1; muted where nobody knows."""
    step = energy_step(value)
    return f"energy-{step}" if step else "muted"


def light(tokens: Sequence[str], place: int) -> str:
    """The light value at `place`: what an SVG carries where no style sheet reaches it."""
    return tokens[min(place, len(tokens) - 1)]
