"""The form of a rating: nine half-star steps, favourite track, thoughts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from rapidfuzz import fuzz

from catalog.names import title_key
from discordbot.cards.parts import star_row, stars
from discordbot.forms.parts import MAX_INPUT, MAX_OPTIONS, Option, Sent, labelled, modal, radio, select, text_input
from discordbot.posts import Json
from discordbot.safe_text import length
from discordbot.texts import members, say

STARS, LINE, TRACK, THOUGHTS = "stars", "line", "track", "thoughts"
AS_IT_IS = "same"  # the option that leaves a favourite as it is written
KNOWN, LONG = "known", "long"  # in the form's id: it opened with what was stored; its thoughts were too long for it
LIKE_ENOUGH = 86.0  # of 100; below it a typed title is kept as typed rather than taken for a track


@dataclass(frozen=True)
class TrackLine:
    """One track of the album."""

    track_id: int
    title: str


@dataclass(frozen=True)
class RatingPaper:
    """What the form opens with. is_known: read from the database, so that an emptied field means “take it away”."""

    week: int | None
    tracks: tuple[TrackLine, ...] = ()
    half_stars: int | None = None
    favourite_id: int | None = None
    favourite: str = ""
    thoughts: str = ""
    is_known: bool = False


@dataclass(frozen=True)
class RatingWords:
    """What was sent. None: leave it as it is. `track_id` and `favourite` exclude each other."""

    half_stars: int | None = None
    track_id: int | None = None
    favourite: str | None = None
    thoughts: str | None = None

    def as_dict(self) -> dict[str, Any]:
        return {
            "half_stars": self.half_stars,
            "track_id": self.track_id,
            "favourite": self.favourite,
            "thoughts": self.thoughts,
        }

    @classmethod
    def from_dict(cls, kept: dict[str, Any]) -> RatingWords:
        return cls(kept.get("half_stars"), kept.get("track_id"), kept.get("favourite"), kept.get("thoughts"))

    def as_text(self, track: str = "") -> str:
        """As the text form that may also be typed into the thread; `track`: the title of `track_id`."""
        favourite = track or self.favourite
        lines = [f"Rating: {stars(self.half_stars)}" if self.half_stars else ""]
        lines += [f"Favorite track: {favourite}" if favourite else ""]
        lines += [f"final thoughts: {self.thoughts}" if self.thoughts else ""]
        return "\n".join(filter(None, lines))


def form(paper: RatingPaper, *, draft: int | None = None) -> Json:
    is_long = length(paper.thoughts) > MAX_INPUT
    steps = [
        Option(str(half), f"{stars(half)} {star_row(half / 2)}", is_chosen=half == paper.half_stars)
        for half in range(10, 1, -1)
    ]
    said = [KNOWN] if paper.is_known else []
    said += [LONG] if is_long else []
    said += [f"d{draft}"] if draft else []
    thoughts = text_input(
        THOUGHTS,
        value="" if is_long else paper.thoughts,
        placeholder=members.THOUGHTS_KEPT if is_long else members.THOUGHTS_HINT,
        most=MAX_INPUT,
        is_long=True,
    )
    return modal(
        "rate.form",
        paper.week,
        say(members.RATE_TITLE, number=paper.week) if paper.week is not None else say(members.RATE_TITLE_ANY),
        [
            labelled(members.STARS_LABEL, radio(STARS, steps)),
            labelled(members.FAVOURITE_LABEL, _favourite(paper)),
            labelled(members.THOUGHTS_LABEL, thoughts),
        ],
        arg=",".join(said),
    )


def _favourite(paper: RatingPaper) -> Json:
    """The track list where a select holds it, else a line to write the title in."""
    options = list(_options(paper))
    if not paper.tracks or len(options) > MAX_OPTIONS:
        value = paper.favourite or next((t.title for t in paper.tracks if t.track_id == paper.favourite_id), "")
        return text_input(TRACK, value=value, placeholder=members.FAVOURITE_HINT, most=300)
    return select(LINE, options, placeholder=members.FAVOURITE_HINT)


def _options(paper: RatingPaper) -> Iterator[Option]:
    """What is written already but is no track of the list comes first: it must not get lost by opening the form."""
    known = {track.track_id for track in paper.tracks}
    if paper.favourite and paper.favourite_id not in known:
        yield Option(AS_IT_IS, say(members.AS_I_WROTE, track=paper.favourite), is_chosen=True)
    for track in paper.tracks:
        yield Option(str(track.track_id), track.title, is_chosen=track.track_id == paper.favourite_id)


def words_of(sent: Sent, arg: str) -> RatingWords:
    """What the form says; an empty field takes away what the form had opened with, and nothing else."""
    said = arg.split(",")
    emptied = "" if KNOWN in said else None
    half = sent[STARS]
    line, track, thoughts = sent[LINE], sent[TRACK], sent[THOUGHTS]
    return RatingWords(
        half_stars=int(half) if half in {str(step) for step in range(2, 11)} else None,
        track_id=int(line) if line.isascii() and line.isdigit() and len(line) < 19 else None,
        favourite=None if line else track or emptied,
        thoughts=thoughts or (None if LONG in said else emptied),
    )


def draft_of(arg: str) -> int | None:
    """The draft from which the form was opened."""
    found = next((part[1:] for part in arg.split(",") if part[:1] == "d" and part[1:].isdigit()), "")
    return int(found) if found and len(found) < 19 else None


def track_named(typed: str, tracks: Sequence[TrackLine]) -> TrackLine | None:
    """The track that is meant: by title, by number (“4”, “track 4”), by an unmistakable beginning, or nearly so."""
    key = title_key(typed)
    if not key:
        return None
    keys = [(title_key(track.title), track) for track in tracks]
    if same := [track for each, track in keys if each == key]:
        return same[0]
    number = key.removeprefix("track ").removeprefix("no ")
    if number.isascii() and number.isdigit() and 0 < int(number[:4]) <= len(tracks):
        return tracks[int(number[:4]) - 1]
    if len(key) > 3 and len(begun := [track for each, track in keys if each.startswith(key)]) == 1:
        return begun[0]
    scored = sorted(((fuzz.ratio(key, each), -place) for place, (each, _) in enumerate(keys)), reverse=True)
    if scored and scored[0][0] >= LIKE_ENOUGH and (len(scored) == 1 or scored[0][0] > scored[1][0]):
        return keys[-scored[0][1]][1]
    return None
