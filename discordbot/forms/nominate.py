"""The form of a nomination: album line, why, pitch track, and one line of tags."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from typing import Any

from discordbot.forms.parts import Sent, labelled, modal, text_input
from discordbot.posts import Json
from discordbot.safe_text import cleaned
from discordbot.text_forms.nomination import decade_words, split_album_line, split_tags
from discordbot.texts import members, say

ALBUM, PITCH, TRACK, TAGS = "album", "pitch", "track", "tags"
EARLIEST, LATEST = 1860, 2200
_HOSTS = (
    r"(?:[a-z0-9-]+\.)*(?:spotify|apple|youtube|bandcamp|soundcloud|tidal|deezer|qobuz)\.(?:com|net)/|youtu\.be/|www\."
)
_ADDRESS = re.compile(rf"<?(?P<address>(?:https?://|{_HOSTS})[^\s<>]+)>?", re.IGNORECASE)
_LINK = re.compile(r"\[(?P<words>[^\]]*)\]\(<?(?P<address>https?://[^)>\s]+)>?\)")


@dataclass(frozen=True)
class NominationWords:
    """The four fields exactly as typed: what a draft keeps and what the form opens with."""

    album: str = ""
    pitch: str = ""
    track: str = ""
    tags: str = ""

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, kept: dict[str, Any]) -> NominationWords:
        return cls(**{name: str(kept.get(name, "")) for name in (ALBUM, PITCH, TRACK, TAGS)})

    def as_text(self) -> str:
        """As the text form that may also be typed into the thread."""
        lines = [self.album, f"Why?: {self.pitch}", f"Pitch track: {self.track}", f"Tags: {self.tags}"]
        return "\n".join(
            line for line, given in zip(lines, (self.album, self.pitch, self.track, self.tags), strict=True) if given
        )


@dataclass(frozen=True)
class AlbumLine:
    """What the album's line says. `problem` is a sentence for its writer, "" where it can be understood."""

    title: str
    artist: str = ""
    year: int | None = None
    problem: str = ""


def form(week: int | None, words: NominationWords, *, arg: str = "") -> Json:
    """arg: what the album's line was filled from (`a12` an album, `n12` a nomination, `d12` a draft)."""
    return modal(
        "nominate.form",
        week,
        say(members.NOMINATE_TITLE, number=week) if week is not None else say(members.NOMINATE_TITLE_ANY),
        [
            labelled(
                members.ALBUM_LABEL,
                text_input(ALBUM, value=words.album, placeholder=members.ALBUM_HINT, most=500, is_required=True),
            ),
            labelled(
                members.PITCH_LABEL,
                text_input(PITCH, value=words.pitch, placeholder=members.PITCH_HINT, most=2000, is_long=True),
            ),
            labelled(
                members.TRACK_LABEL, text_input(TRACK, value=words.track, placeholder=members.TRACK_HINT, most=700)
            ),
            labelled(members.TAGS_LABEL, text_input(TAGS, value=words.tags, placeholder=members.TAGS_HINT, most=200)),
        ],
        arg=arg,
    )


def words_of(sent: Sent) -> NominationWords:
    return NominationWords(album=sent[ALBUM], pitch=sent[PITCH], track=sent[TRACK], tags=sent[TAGS])


def album_line(title: str, artist: str, year: int | None) -> str:
    """`Kid A — Radiohead (2000)`."""
    return f"{title} — {artist} ({year})" if year else f"{title} — {artist}"


def read_line(line: str) -> AlbumLine:
    """The names in the album's line; the artist may be missing, the title may not."""
    line = cleaned(_LINK.sub(lambda link: link["words"], line), one_line=True)
    if re.fullmatch(r"<?https?://\S+>?", line, re.I):
        return AlbumLine("", problem=say(members.LINE_IS_LINK))
    title, artist, year = split_album_line(line)
    if not title:
        return AlbumLine("", problem=say(members.LINE_MISSING))
    if year is not None and not EARLIEST <= year <= LATEST:
        return AlbumLine(title, artist, problem=say(members.YEAR_ODD, year=year))
    return AlbumLine(title, artist, year)


def read_track(text: str) -> tuple[str, str]:
    """The pitch track's name and its address; either may be empty."""
    text = cleaned(text, one_line=True)
    found = _LINK.search(text) or _ADDRESS.search(text)
    if found is None:
        return text, ""
    address = found["address"]
    words = found.groupdict().get("words") or ""
    rest = f"{text[: found.start()]} {words} {text[found.end() :]}"
    name = " ".join(rest.split()).strip(" -–—:|<>()")
    return name, address if re.match(r"https?://", address, re.I) else f"https://{address}"


def texts_of(words: NominationWords) -> dict[str, str]:
    """The texts of a nomination as the club takes them."""
    track, address = read_track(words.track)
    genre, decade, country = read_tags(words.tags)
    return {
        "pitch": words.pitch,
        "pitch_track": track,
        "pitch_track_url": address,
        "genre": genre,
        "decade": decade,
        "country": country,
    }


def track_words(name: str, address: str) -> str:
    """The pitch track as one line, to be read again by `read_track`."""
    return " ".join(filter(None, [name, address]))


def read_tags(text: str) -> tuple[str, str, str]:
    """Genre, decade, country; where all three places stand between strokes, each is what stands in it."""
    text = cleaned(text, one_line=True)
    places = [place.strip(" –—-") for place in text.split("/")]
    if len(places) == 3 and (not places[1] or decade_words(places[1])):
        return places[0], decade_words(places[1]), places[2]
    return split_tags(text)


def tags_words(genre: str, decade: str, country: str) -> str:
    """The tags as one line, to be read again by `read_tags`."""
    return f"{genre} / {decade} / {country}".strip() if genre or decade or country else ""
