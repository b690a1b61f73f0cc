"""The colours of charts: those of the style sheet, apart for eyes that see fewer, and strong enough on the page.

The simulation is Machado, Oliveira and Fernandes 2009 at full severity, in linear light; differences are CIE76.
"""

from __future__ import annotations

import re
from itertools import combinations, pairwise
from pathlib import Path

import numpy as np
import pytest
from django.conf import settings
from numpy.typing import NDArray

from taste.charts.colours import ENERGY, MOODS

TOKENS = (Path(settings.BASE_DIR) / "static/css/tokens.css").read_text(encoding="utf-8")
SIGHT = {
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}
THEMES = ("light", "dark")
SURFACES = {"light": ("#f7f5f0", "#ffffff"), "dark": ("#141516", "#1d1f20")}
Colour = NDArray[np.float64]


def linear(colour: str) -> Colour:
    values = np.array([int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)])
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def lab(light: Colour) -> Colour:
    xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]) @ light
    scaled = xyz / np.array([0.9505, 1.0, 1.089])
    f = np.where(scaled > 0.008856, np.cbrt(scaled), 7.787 * scaled + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def seen(colour: str, sight: str) -> Colour:
    return lab(np.clip(np.array(SIGHT[sight]) @ linear(colour), 0, 1) if sight else linear(colour))


def apart(one: str, other: str, sight: str) -> float:
    return float(np.linalg.norm(seen(one, sight) - seen(other, sight)))


def contrast(one: str, other: str) -> float:
    weights = np.array([0.2126, 0.7152, 0.0722])
    low, high = sorted(float(weights @ linear(each)) for each in (one, other))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize(("name", "colours"), [("energy", ENERGY), ("mood", MOODS)])
def test_the_style_sheet_has_the_same_colours(name: str, colours: dict[str, tuple[str, ...]]) -> None:
    for at, pair in enumerate(zip(colours["light"], colours["dark"], strict=True), start=1):
        assert re.search(rf"--{name}-{at}: light-dark\({pair[0]}, {pair[1]}\)", TOKENS)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("sight", ["", *SIGHT])
def test_any_two_moods_can_be_told_apart(theme: str, sight: str) -> None:
    """A difference of 2.3 is just seen side by side; bands that touch get half as much again."""
    for one, other in combinations(MOODS[theme], 2):
        assert apart(one, other, sight) > 10, (one, other, sight)
    for one, other in pairwise(MOODS[theme]):
        assert apart(one, other, sight) > 15, (one, other, sight)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("sight", ["", *SIGHT])
def test_more_energy_is_lighter_to_everybody(theme: str, sight: str) -> None:
    lightness = [seen(colour, sight)[0] for colour in ENERGY[theme]]
    assert all(b - a > 3 for a, b in pairwise(lightness)), lightness


@pytest.mark.parametrize("theme", THEMES)
def test_marks_stand_out_from_the_page(theme: str) -> None:
    """3 to 1 is what WCAG asks of graphics."""
    for surface in SURFACES[theme]:
        for colour in (*MOODS[theme], *ENERGY[theme]):
            assert contrast(colour, surface) >= 2.95, (colour, surface, contrast(colour, surface))
