"""How the axes lie in music at large: one fixed table that ships with the code. Pure.

Values are laid on it and compared with it, never with the library at hand: a track that is added moves no other.

The numbers are the 0th, 5th, … 100th percentiles of Spotify's audio features over 9,306 different songs (artist and
title) of a public set made from some 300 of Spotify's playlists; songs without a tempo left out for tempo.
Mostly pop, rock, hip-hop and Latin with singing: "more than most songs" means those.
"""

from __future__ import annotations

import numpy as np

VERSION = "songs-1"
N_SONGS = 9_306
SHARES = np.linspace(0, 1, 21)
_ROWS = """
energy           0.002 0.212 0.316 0.393 0.451 0.494 0.533 0.57 0.603 0.638 0.669 0.699 0.726 0.756 0.786 0.817 0.844
                 0.876 0.91 0.947 0.999
valence          0 0.123 0.185 0.234 0.281 0.327 0.364 0.402 0.443 0.485 0.521 0.56 0.599 0.64 0.679 0.722 0.769 0.818
                 0.873 0.929 0.984
danceability     0 0.345 0.412 0.459 0.494 0.526 0.551 0.572 0.594 0.614 0.637 0.657 0.678 0.698 0.719 0.741 0.763
                 0.791 0.822 0.867 0.971
tempo            46.6 79.0 85.0 90.9 95.0 98.8 102.1 106.4 111.9 117.0 120.0 123.9 126.7 130.0 134.1 139.9 145.0 152.0
                 161.9 174.4 242.3
acousticness     0 0 0.003 0.007 0.014 0.024 0.037 0.056 0.079 0.11 0.144 0.188 0.24 0.302 0.378 0.469 0.569 0.68
                 0.797 0.896 0.996
instrumentalness 0 0 0 0 0 0 0 0 0 0 0 0 0 0.001 0.002 0.006 0.025 0.112 0.457 0.85 0.989
speechiness      0 0.029 0.031 0.033 0.035 0.037 0.04 0.043 0.046 0.05 0.054 0.061 0.068 0.078 0.093 0.114 0.146 0.192
                 0.258 0.334 0.941
liveness         0.011 0.058 0.07 0.079 0.087 0.093 0.099 0.104 0.109 0.114 0.121 0.129 0.141 0.16 0.186 0.219 0.262
                 0.31 0.355 0.474 0.984
loudness         -38.8 -15.0 -12.7 -11.2 -10.2 -9.4 -8.7 -8.1 -7.6 -7.2 -6.8 -6.4 -6.0 -5.7 -5.4 -5.0 -4.7 -4.2 -3.8
                 -3.2 1.6
"""


def _read(text: str) -> dict[str, tuple[float, ...]]:
    """Axis → its 21 numbers; a line that begins with a space goes on with the one above."""
    words: dict[str, list[float]] = {}
    axis = ""
    for word in text.split():
        if word[0].isalpha():
            axis = word
            words[axis] = []
        else:
            words[axis].append(float(word))
    return {axis: tuple(numbers) for axis, numbers in words.items()}


SONGS = _read(_ROWS)


def value_at(axis: str, share: float) -> float:
    """The value that this share of songs stays below, linear between the rows; share is taken as 0 to 1."""
    return float(np.interp(share, SHARES, SONGS[axis]))


def share_below(axis: str, value: float) -> float:
    """The share of songs that lie below the value, 0 to 1; where many songs share one value, half of them count."""
    places = SONGS[axis]
    low, high = np.searchsorted(places, value, "left"), np.searchsorted(places, value, "right")
    if high > low:
        return float((SHARES[low] + SHARES[high - 1]) / 2)
    return float(np.interp(value, places, SHARES))


def middle(axis: str) -> float:
    """The median song."""
    return SONGS[axis][len(SHARES) // 2]
