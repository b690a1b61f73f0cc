"""What the invented members write: sentences of pitches.toml and reviews.toml, dealt so that no page reads alike. Pure.

Each list of sentences is a shuffled deck: a card goes to the bottom when it is played, and a page (a week) never sees
the same card twice. Runs the same way each time for the same seed and the same order of calls.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sidetrack.demo.albums import DemoAlbum
from sidetrack.demo.members import Persona, dice

HERE = Path(__file__).parent
CHOICE = re.compile(r"\[([^\[\]|]*(?:\|[^\[\]|]*)+)\]")
NEEDS = {"v: ": lambda album: album.voice != "none", "i: ": lambda album: album.voice == "none"}
NAMES_OF_PEOPLES = frozenset(["Afro", "Anatolian", "Arabic", "Hindustani", "Irish", "Persian"])
PLACES = {"US": "the States", "GB": "Britain", "CD": "the Congo", "NL": "the Netherlands", "PH": "the Philippines"}


class Writer:
    """Writes the texts of one play of the demo; `places` are the names of countries by their code."""

    def __init__(self, places: dict[str, str]) -> None:
        self.places = places | PLACES
        self.pitches: dict[str, Any] = tomllib.loads((HERE / "pitches.toml").read_text(encoding="utf-8"))
        self.reviews: dict[str, Any] = tomllib.loads((HERE / "reviews.toml").read_text(encoding="utf-8"))
        self.chance = dice("words")
        self.decks: dict[str, list[str]] = {}
        self.seen: dict[str, set[str]] = {}  # cards by page

    def pitch(self, persona: Persona, album: DemoAlbum, *, page: str) -> str:
        """Why the club should hear it."""
        track = self.chance.choice(album.tracks) if album.tracks else ""
        parts = [self.deal("openings", self.pitches["openings"], album, page=page)]
        if self.chance.random() < 0.7:
            parts.append(self.deal(f"pitch {album.family}", self.pitches[album.family], album, page=page))
        middles = 1 + (self.chance.random() < persona.words)
        parts += [self.deal("middles", self.pitches["middles"], album, page=page) for _ in range(middles)]
        if track and self.chance.random() < 0.5:
            parts.append(self.deal("closings", self.pitches["closings"], album, page=page, track=track))
        elif self.chance.random() < 0.6:
            parts.append(self.deal("endings", self.pitches["endings"], album, page=page))
        return styled(persona, [part for part in parts if part], may_list=False)

    def review(
        self, persona: Persona, album: DemoAlbum, half_stars: int, *, page: str, track: str = "", is_fold: bool = False
    ) -> str:
        """What they thought of it, at the length that is theirs."""
        band = "good" if half_stars >= 8 else "bad" if half_stars <= 4 else "fair"
        length = self.chance.gauss(persona.words, 0.25)
        parts = [self.remark("folds", band, album, page=page)] if is_fold else []
        if length > 0.35 and self.chance.random() < 0.6:
            parts.append(self.deal(f"moments {persona.handle}", persona.moments, album, page=page))
        if length > 0.15:
            home = album.family if self.chance.random() < 0.6 else "general"
            parts.append(self.remark(home, band, album, page=page) or self.remark("general", band, album, page=page))
        if length > 0.55:
            parts.append(self.remark("general", band, album, page=page))
        if length > 0.85:
            parts.append(self.remark("but", band, album, page=page))
        if track and self.chance.random() < 0.6:
            parts.append(self.remark("songs", band, album, page=page, track=track))
        stars = f"{half_stars / 2:.1f}"
        if not any(parts) or self.chance.random() < 0.7:
            parts.append(self.deal(f"verdict {stars}", self.reviews["verdicts"][stars], album, page=page))
        return styled(persona, [part for part in parts if part])

    def remark(self, pool: str, band: str, album: DemoAlbum, *, page: str, track: str = "") -> str:
        return self.deal(f"{pool} {band}", self.reviews[pool][band], album, page=page, track=track)

    def deal(self, name: str, cards: Sequence[str], album: DemoAlbum, *, page: str, track: str = "") -> str:
        """The next card that fits the album and was not on this page yet, filled in; "" when there is none."""
        if name not in self.decks:
            self.decks[name] = list(cards)
            self.chance.shuffle(self.decks[name])
        deck, seen = self.decks[name], self.seen.setdefault(page, set())
        for card in deck:
            if card in seen or not fits(card, album):
                continue
            deck.remove(card)
            deck.append(card)
            seen.add(card)
            return self.filled(card, album, track)
        return ""

    def filled(self, card: str, album: DemoAlbum, track: str) -> str:
        text = card[3:] if card[:3] in NEEDS else card
        text = CHOICE.sub(lambda match: self.chance.choice(match[1].split("|")), text)
        text = text.format(
            album=album.title,
            artist=album.artist,
            year=album.year,
            decade=album.decade,
            genre=in_a_sentence(album.genre),
            place=self.places.get(album.country, album.country),
            track=track,
        )
        return text[:1].upper() + text[1:]


def in_a_sentence(genre: str) -> str:
    """Small letters, but for names of peoples and for abbreviations."""
    is_name = genre.split("-")[0].split()[0] in NAMES_OF_PEOPLES or genre[:2].isupper() or genre[1:2] in "-&"
    return genre if is_name else genre.lower()


def fits(card: str, album: DemoAlbum) -> bool:
    """Nothing about singing for an album without it, and the other way round."""
    needed = NEEDS.get(card[:3])
    return needed is None or needed(album)


def styled(persona: Persona, parts: list[str], *, may_list: bool = True) -> str:
    """Sentences put together the way this member types; pitches are plain text and show no list."""
    if may_list and persona.style == "list" and len(parts) > 3:
        return "\n".join([parts[0], "", *(f"- {part}" for part in parts[1:-1]), "", parts[-1]])
    text = " ".join(parts)
    if len(parts) > 3:
        text = f"{' '.join(parts[:2])}\n\n{' '.join(parts[2:])}"
    if persona.style == "lower":
        text = text.lower().removesuffix(".")
    if persona.style == "bright":
        text = text.removesuffix(".") + "!" if text.endswith(".") else text
    return text
