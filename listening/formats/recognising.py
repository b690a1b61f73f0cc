"""Which format a file is: by what stands in it, whatever it is called."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, TextIO

from listening.formats import (
    koito,
    lastfm_csv,
    lastfm_json,
    librefm,
    listenbrainz,
    maloja,
    pano,
    player_log,
    spinitron,
    spotify_extended,
    spotify_year,
    wrong_files,
)
from listening.formats.json_text import JsonText
from listening.formats.lines import json_lines, lines
from listening.formats.packages import Package, Part, Unusable, open_package, sound
from listening.formats.rows import Broken, Parser


@dataclass(frozen=True, slots=True)
class Format:
    """slug: as stored on the import. source: whose plays these are (`listening.models.Source`). unit: one record."""

    slug: str
    label: str
    source: str
    rows: Parser
    unit: str = "entry"


EXTENDED = Format("spotify-extended", "Spotify, extended streaming history", "spotify", spotify_extended.rows)
YEAR = Format("spotify-year", "Spotify, streaming history of a year", "spotify", spotify_year.rows)
LASTFM_CSV = Format("lastfm-csv", "Last.fm, CSV", "lastfm", lastfm_csv.rows, unit="line")
LASTFM_JSON = Format("lastfm-json", "Last.fm, JSON", "lastfm", lastfm_json.rows)
LASTFM_STATS = Format("lastfmstats-json", "Last.fm, JSON of lastfmstats.com", "lastfm", lastfm_json.lastfmstats_rows)
LISTENBRAINZ = Format("listenbrainz", "ListenBrainz", "listenbrainz", listenbrainz.rows, unit="line")
LISTENBRAINZ_LIST = Format("listenbrainz-list", "ListenBrainz, one list", "listenbrainz", listenbrainz.list_rows)
MALOJA = Format("maloja", "Maloja", "maloja", maloja.rows)
KOITO = Format("koito", "Koito", "koito", koito.rows)
LIBREFM = Format("librefm", "Libre.fm", "librefm", librefm.rows, unit="line")
PLAYER_LOG = Format("scrobbler-log", "Player log (.scrobbler.log)", "device", player_log.rows, unit="line")
PANO = Format("pano", "Pano Scrobbler", "pano", pano.rows, unit="line")
SPINITRON = Format("spinitron", "Spinitron playlist", "manual", spinitron.rows, unit="line")
# Where a zip holds several, the first of these that it holds is read: one play must not come twice from one file.
FORMATS = (
    EXTENDED, YEAR, LISTENBRAINZ, LISTENBRAINZ_LIST, LASTFM_JSON, LASTFM_STATS, LASTFM_CSV, MALOJA, KOITO, LIBREFM,
    PANO, PLAYER_LOG, SPINITRON,
)  # fmt: skip
BY_SLUG = {each.slug: each for each in FORMATS}

Fits = Callable[[Any], bool]
_LISTS: tuple[tuple[Fits, Format], ...] = (
    (spotify_extended.fits, EXTENDED),
    (spotify_year.fits, YEAR),
    (listenbrainz.fits, LISTENBRAINZ_LIST),
    (lastfm_json.fits, LASTFM_JSON),
)
_LISTS_UNDER: tuple[tuple[str, Fits, Format], ...] = (
    ("scrobbles", maloja.fits, MALOJA),
    ("list", maloja.fits, MALOJA),
    ("scrobbles", lastfm_json.fits_lastfmstats, LASTFM_STATS),
    ("listens", koito.fits, KOITO),
)
_LINES: tuple[tuple[Fits, Format], ...] = ((listenbrainz.fits, LISTENBRAINZ), (pano.fits, PANO))
_HEADS: tuple[tuple[Callable[[Sequence[str]], bool], Format], ...] = (
    (player_log.fits, PLAYER_LOG),
    (spinitron.fits, SPINITRON),
    (librefm.fits, LIBREFM),
    (lastfm_csv.fits, LASTFM_CSV),
)
N_LINES = 30


@dataclass(frozen=True, slots=True)
class Recognised:
    """A file that can be read: its format, the parts that hold plays in order, and what was left alone."""

    format: Format
    parts: tuple[Part, ...]
    left_alone: tuple[str, ...] = ()


def look_into(path: Path, name: str = "") -> Recognised:
    """What this file is. `Unusable` where it is no listening history, with words that say what to bring instead."""
    with open_package(path, name) as package:
        return recognise(package)


def recognise(package: Package) -> Recognised:
    found: dict[Format, list[Part]] = {}
    for part in package.parts:
        if part.n_bytes and (each := format_of(package, part)):
            found.setdefault(each, []).append(part)
    if not found:
        raise Unusable(wrong_files.what_to_bring(package))
    chosen = next(each for each in FORMATS if each in found)
    others = tuple(part.name for each, parts in found.items() if each is not chosen for part in parts)
    return Recognised(chosen, tuple(found[chosen]), others)


def format_of(package: Package, part: Part) -> Format | None:
    """The format of one part; None for anything but a listening history."""
    if wrong_files.is_binary(package.head(part)):
        return None
    start = ""
    try:
        with sound(), package.text(part) as (text, _):
            start = JsonText(text).peek()
        look = {"[": _of_list, "{": _of_object}.get(start, _of_text)
        with sound(), package.text(part) as (text, _):
            return look(text)
    except Broken:
        return _of_lines(package, part) if start == "{" else None


def _of_list(text: TextIO) -> Format | None:
    first = next(JsonText(text).array(), None)
    return next((each for fits, each in _LISTS if fits(first)), None)


def _of_object(text: TextIO) -> Format | None:
    """An object with the list inside, or the first of many objects, a line each."""
    reader = JsonText(text)
    held: dict[str, Any] = {}
    for key in reader.keys():  # noqa: SIM118  (reads as it goes)
        if reader.after_colon() == "[" and any(key == known for known, _, _ in _LISTS_UNDER):
            first = next(reader.array(), None)
            return next((each for known, fits, each in _LISTS_UNDER if key == known and fits(first)), None)
        held[key] = reader.value()
    if lastfm_json.fits(held):
        return LASTFM_JSON
    return next((each for fits, each in _LINES if fits(held)), None)


def _of_lines(package: Package, part: Part) -> Format | None:
    """Lines of which the first is damaged."""
    try:
        with sound(), package.text(part) as (text, _):
            for _, value in islice(json_lines(text), N_LINES):
                if found := next((each for fits, each in _LINES if fits(value)), None):
                    return found
    except Broken:
        return None
    return None


def _of_text(text: TextIO) -> Format | None:
    head = [line for _, line in islice(lines(text), N_LINES)]
    return next((each for fits, each in _HEADS if fits(head)), None)
