"""What a file's name and folders may say of artist and title: guesses, the likeliest first. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

_NUMBER = re.compile(
    r"^(?:\(\d{1,3}\)|\[\d{1,3}\]|(?:cd|disc)?\s?\d{1,2}[-.]\d{1,3}|\d{1,3}|[A-D]\d{1,2})(?:\s*[-–.)]+\s*|[\s_]+)", re.I
)
_JUST_NUMBER = re.compile(r"^(?:[A-D]?\d{1,3}|\d{1,2}[-.]\d{1,3})$", re.I)
_DISC = re.compile(r"^(?:cd|disc|disk|volume|vol\.?|side)\s*[-_.]?\s*(?:\d{1,2}|[a-d])(?:\b.*)?$", re.I)
_YEAR = re.compile(r"^[(\[]?(?:19|20)\d{2}[)\]]?$")
_DASH = re.compile(r"\s+[-–—]\s+")
N_GUESSES = 8


@dataclass(frozen=True, slots=True)
class Guess:
    artist: str
    title: str


def guesses(path: str) -> list[Guess]:
    """Who and what a path below the root may be, the likeliest first; at most N_GUESSES, empty where it says nothing.

    "Björk/1997 - Homogenic/03 Jóga.flac" → Björk, Jóga. "Nena - 99 Luftballons.mp3" → Nena, 99 Luftballons.
    """
    pure = PurePosixPath(path)
    stem = pure.stem if " " in pure.stem else pure.stem.replace("_", " ")
    folders = [name for name in pure.parts[:-1] if not _DISC.match(name)]
    found = dict.fromkeys(each for each in _guesses(stem, folders) if _says(each.artist) and _says(each.title))
    return list(found)[:N_GUESSES]


def _guesses(stem: str, folders: list[str]) -> Iterator[Guess]:
    parts = [part for part in _DASH.split(stem.strip()) if part]
    named = [part for part in parts if not _JUST_NUMBER.match(part)]
    if named:
        named[0] = _NUMBER.sub("", named[0]) or named[0]
    if len(named) >= 2:
        yield Guess(named[0], " - ".join(named[1:]))
        yield Guess(named[0], _NUMBER.sub("", named[-1]) or named[-1])
    for artist in _folder_artists(folders):
        yield Guess(artist, stem)  # "99 Luftballons": the number may be the title's own
        yield Guess(artist, " - ".join(named))
        if named:
            yield Guess(artist, named[-1])


def _folder_artists(folders: list[str]) -> Iterator[str]:
    """Artist/Album, Artist - Album, Artist - 1997 - Album, or Artist alone."""
    if folders:
        parts = [part for part in _DASH.split(folders[-1]) if not _YEAR.match(part)]
        if len(parts) >= 2:
            yield parts[0]
    if len(folders) >= 2:
        yield folders[-2]
    if folders:
        yield folders[-1]


def _says(name: str) -> bool:
    return any(character.isalnum() for character in name)
