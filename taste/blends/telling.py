"""Why a track stands on a blend, and what the list is made of. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date

from taste.blends.choosing import Candidate

MAX_NAME = 40  # signs of a name in a sentence that has room for 200


def reason(track: Candidate, a: str, b: str, *, artist: str, plays_artist: str, sounds_like: str) -> str:
    """a, b: the members' names. artist: the track's. plays_artist: "a", "b", "ab" or "", who plays music by them.

    sounds_like: the title of the track of theirs that it sounds most like, for what neither plays; "" for none.
    """
    a, b, artist = short(a), short(b), short(artist)
    n_a, n_b = _plays(track.n_a), _plays(track.n_b)
    match track.origin:
        case "both":
            return f"Both of you play it: {a} {n_a}, {b} {n_b}."
        case "new":
            who = {
                "ab": f"{artist}, whom both of you play",
                "a": f"{artist}, whom {a} plays",
                "b": f"{artist}, whom {b} plays",
            }
            if plays_artist:
                return f"New to both: by {who[plays_artist]}."
            return f"New to both: sounds like “{short(sounds_like)}”." if sounds_like else "New to both."
        case "a":
            return _of_one(a, n_a, b, track.n_b, artist, knows_artist="b" in plays_artist)
    return _of_one(b, n_b, a, track.n_a, artist, knows_artist="a" in plays_artist)


def _of_one(who: str, plays: str, other: str, n_other: int, artist: str, *, knows_artist: bool) -> str:
    if n_other:
        return f"{who}: {plays}; {other} {_plays(n_other)}."
    if knows_artist:
        return f"{who}: {plays}. {other} plays {artist}, but not this one yet."
    return f"{who}: {plays}. New to {other}."


def note(chosen: Sequence[Candidate], a: str, b: str, *, lean: str, until: date) -> str:
    """lean: as a member reads it. What the list has of each, and up to when plays count."""
    n = Counter(each.origin for each in chosen)
    a, b = short(a), short(b)
    parts = [
        f"{n['both']} that both play" if n["both"] else "",
        f"{n['a']} of {a}" if n["a"] else "",
        f"{n['b']} of {b}" if n["b"] else "",
        f"{n['new']} new to both" if n["new"] else "",
    ]
    return f"{lean}: {', '.join(part for part in parts if part)}. From plays until {until.day} {until:%B %Y}."


def short(name: str) -> str:
    return name if len(name) <= MAX_NAME else f"{name[: MAX_NAME - 1]}…"


def _plays(n: int) -> str:
    return "1 play" if n == 1 else f"{n} plays"
