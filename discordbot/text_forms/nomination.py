"""The nomination form: album line, why, pitch track, tags."""

from __future__ import annotations

import re
from dataclasses import dataclass

from discordbot.safe_text import escaped
from discordbot.text_forms.lines import DASH, Misread, label_pattern, split_parts
from discordbot.texts import say, typed

LABELS = {
    "track": label_pattern(r"pitch(?:ing)?[ -]?(?:track|song)|(?:track|song)(?: pick)?|key track|start with|listen to"),
    "pitch": label_pattern(r"why(?: this(?: album| one)?)?|pitch|reason|because"),
    "tags": label_pattern(r"tags?|genre\s*[/|,]\s*decade\s*[/|,]\s*country"),
    "genre": label_pattern(r"genres?|style"),
    "decade": label_pattern(r"decade|era"),
    "country": label_pattern(r"country|from"),
    "year": label_pattern(r"year|released?"),
    "artist": label_pattern(r"artist(?:_name| name)?|band"),
    "album": label_pattern(r"album(?:_name| name)?|nomination|nominee|nominating|pick|i nominate"),
}
_YEAR_IN_BRACKETS = re.compile(r"[(\[][^()\[\]]*?\b(1[89]\d\d|2[01]\d\d)\b[^()\[\]]*[)\]]?\s*$")
_YEAR_AT_END = re.compile(rf"(?:,|\s{DASH}|\s)\s*(1[89]\d\d|2[01]\d\d)\s*$")
_LONG_DASH = re.compile(r"\s*[—―]\s*|\s+–\s*|\s*–\s+")
_SHORT_DASH = re.compile(r"\s+[−‒-]+\s*|\s*[−‒-]+\s+")
_BY = re.compile(r"\s+by\s+", re.IGNORECASE)
_QUOTES = "\"'“”‘’«»„‹›「」『』 "
_ADDRESS = re.compile(r"^<?https?://\S+>?$", re.IGNORECASE)
_LINK = re.compile(r"\[([^\]]+)\]\(<?https?://[^)]*\)")
_DECADE = re.compile(
    r"^(?:the |early |mid |late |early-|mid-|late-)*['’]?(\d\d)?(\d)0['’]?\s?s$|^(\d{3})\d$", re.IGNORECASE
)
_SEPARATOR = re.compile(r"\s*[/|;·•,]\s*|\s+[—–-]\s+")
DECADES = {
    "twenties": 1920, "thirties": 1930, "forties": 1940, "fifties": 1950, "sixties": 1960, "seventies": 1970,
    "eighties": 1980, "nineties": 1990, "noughties": 2000, "aughts": 2000, "tens": 2010,
}  # fmt: skip


@dataclass(frozen=True)
class NominationText:
    """What a nomination needs, as typed. `decade` reads `1990s`, filled from the year where it was not written."""

    title: str
    artist: str
    year: int | None = None
    pitch: str = ""
    pitch_track: str = ""
    genre: str = ""
    decade: str = ""
    country: str = ""


def read_nomination(text: str) -> NominationText | Misread | None:
    """The nomination in `text`; what is wrong with it; or None where the message is no nomination at all.

    It is one when it has a “why”, a pitch track or tags, or when its only line reads `album — artist (year)`.
    """
    parts = split_parts(text, LABELS)
    is_labelled = bool({"track", "pitch", "tags", "album"} & parts.by_label.keys())
    line = parts.get("album").split("\n")[0] or (parts.head[-1] if parts.head else "")
    line = _LINK.sub(r"\1", line)
    title, artist, year = split_album_line(line)
    if not is_labelled and not (len(parts.head) == 1 and title and artist and year):
        return None
    artist = artist or parts.get("artist").strip(_QUOTES)
    year = year or _year_of(parts.get("year"))
    problems = []
    if not title:
        problems.append(say(typed.ALBUM_MISSING))
    elif _ADDRESS.match(line):
        problems.append(say(typed.LINK_ALONE))
    elif not artist:
        problems.append(say(typed.WHO_MADE_IT, title=escaped(title, 80, one_line=True)))
    if problems:
        return Misread(tuple(problems))
    genre, decade, country = split_tags(parts.get("tags").replace("\n", " / "))
    decade = decade_words(parts.get("decade")) or decade or (f"{year // 10 * 10}s" if year else "")
    return NominationText(
        title=title,
        artist=artist,
        year=year,
        pitch=parts.get("pitch"),
        pitch_track=parts.get("track").split("\n")[0].strip(),
        genre=parts.get("genre") or genre,
        decade=decade,
        country=parts.get("country") or country,
    )


def split_album_line(line: str) -> tuple[str, str, int | None]:
    """`Kid A — Radiohead (2000)` as title, artist, year; what is not there is empty or None.

    A long dash separates before a hyphen does, the last one before earlier ones (titles have subtitles, names of
    artists hardly ever a dash between spaces), and any dash before “by”. A hyphen inside a word never does.
    """
    rest, year = line.strip(), None
    if match := _YEAR_IN_BRACKETS.search(rest):
        rest, year = rest[: match.start()].strip(), int(match[1])
    for pattern in (_LONG_DASH, _SHORT_DASH, _BY):
        found = [match for match in pattern.finditer(rest) if rest[: match.start()].strip(_QUOTES)]
        found = [match for match in found if rest[match.end() :].strip(_QUOTES)]
        if found:
            title, artist = rest[: found[-1].start()], rest[found[-1].end() :]
            if year is None and (match := _YEAR_AT_END.search(artist)) and artist[: match.start()].strip(_QUOTES):
                artist, year = artist[: match.start()], int(match[1])
            elif re.fullmatch(r"1[89]\d\d|2[01]\d\d", artist.strip()) and len(found) > 1:
                title, artist, year = rest[: found[-2].start()], rest[found[-2].end() : found[-1].start()], int(artist)
            return title.strip(_QUOTES), artist.strip(_QUOTES), year
    return rest.strip(_QUOTES), "", year


def split_tags(text: str) -> tuple[str, str, str]:
    """`Art rock / 1990s / UK` as genre, decade, country. The decade may stand anywhere; more genres stay together."""
    pieces = [piece.strip() for piece in _SEPARATOR.split(text) if piece.strip()]
    at = next((index for index, piece in enumerate(pieces) if decade_words(piece)), None)
    if at is None:
        return (" / ".join(pieces[:-1]), "", pieces[-1]) if len(pieces) > 1 else (text.strip(), "", "")
    before, after = pieces[:at], pieces[at + 1 :]
    if not before and len(after) > 1:
        before, after = after[:-1], after[-1:]
    return " / ".join(before), decade_words(pieces[at]), " / ".join(after)


def decade_words(text: str) -> str:
    """`1990s` for 1990s, 90s, '90s, the nineties and 1994; empty for anything else. 00s to 20s are this century's."""
    text = text.strip().lower()
    if match := _DECADE.match(text):
        century, tens, year = match.groups()
        if year:
            return f"{year}0s"
        return f"{century or ('20' if int(tens) <= 2 else '19')}{tens}0s"
    word = text.removeprefix("the ").removeprefix("early ").removeprefix("mid ").removeprefix("late ")
    return f"{DECADES[word]}s" if word in DECADES else ""


def _year_of(text: str) -> int | None:
    match = re.search(r"\b(1[89]\d\d|2[01]\d\d)\b", text)
    return int(match[1]) if match else None
