"""What cards are made of: times, buttons, embeds. Every limit of Discord is kept here. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from discordbot.facts import AlbumFacts
from discordbot.posts import Json
from discordbot.routes import encode
from discordbot.safe_text import escaped, fitted, length, plain
from discordbot.texts import Words, say
from sidetrack.drawing.pictures import oklch

MAX_CONTENT, MAX_TITLE, MAX_DESCRIPTION, MAX_FIELD, MAX_FOOTER, MAX_EMBED = 2000, 256, 4096, 1024, 2048, 6000
MAX_MENTIONS = 60  # in one message: an id takes up to 24 characters of 2,000
GREEN, GREY = 0x0B625C, 0x8C877C
PRIMARY, SECONDARY, LINK = 1, 2, 5


def moment(at: datetime) -> str:
    """In each reader's own time: the date and hour, and how long until then."""
    seconds = int(at.timestamp())
    return f"<t:{seconds}:F> (<t:{seconds}:R>)"


def credit(album: AlbumFacts, limit: int = 90) -> str:
    """`Artist (Year)`, safe."""
    artist = escaped(album.artist, limit, one_line=True)
    return f"{artist} ({album.year})" if album.year else artist


def named(album: AlbumFacts, limit: int = 120) -> dict[str, str]:
    """The places `album` and `credit` of a sentence."""
    return {"album": escaped(album.title, limit, one_line=True), "credit": credit(album)}


def stars(half_stars: int) -> str:
    """`4.5`."""
    return f"{half_stars / 2:.1f}"


def star_row(mean: float) -> str:
    """`★★★★½`: the nearest half, an empty star for each that is missing."""
    halves = round(mean * 2)
    return "★" * (halves // 2) + "½" * (halves % 2) + "☆" * (5 - (halves + 1) // 2)


def colour(album: AlbumFacts | None) -> int:
    """The cover's own hue at a lightness that stands on Discord's dark and light ground."""
    if album is None:
        return GREEN
    if album.hue is None:
        return GREY
    return int(oklch(0.62, 0.12, album.hue * 15.0)[1:], 16)


# --- Buttons --------------------------------------------------------------------------------------------------------
def button(label: Words, verb: str, week: int, *, is_open: bool = True) -> Json:
    """A button that asks the bot for something; shut, it says why."""
    return {
        "type": 2,
        "style": PRIMARY if is_open else SECONDARY,
        "label": fitted(say(label), 80),
        "custom_id": encode(verb, week),
        "disabled": not is_open,
    }


def link(label: Words, address: str) -> Json:
    return {"type": 2, "style": LINK, "label": fitted(say(label), 80), "url": address}


def row(buttons: Sequence[Json]) -> Json:
    """At most five side by side."""
    return {"type": 1, "components": list(buttons[:5])}


# --- Embeds ---------------------------------------------------------------------------------------------------------
@dataclass
class Embed:
    """The card below the plain line. Texts are safe already; what is too long is cut here all the same."""

    title: str = ""
    url: str = ""
    lines: list[str] = field(default_factory=list)
    fields: list[tuple[str, str, bool]] = field(default_factory=list)
    footer: str = ""
    colour: int = GREEN
    thumbnail: tuple[str, str] | None = None  # address, text alternative
    image: tuple[str, str] | None = None

    def add(self, name: Words, value: str, *, inline: bool = False) -> None:
        """A field, unless it would be empty."""
        if value:
            self.fields.append((say(name), value, inline))

    def json(self) -> Json:
        fields: list[dict[str, Any]] = [
            {"name": fitted(name, 256), "value": fitted(value, MAX_FIELD), "inline": inline}
            for name, value, inline in self.fields[:25]
        ]
        title, footer = fitted(self.title, MAX_TITLE), plain(self.footer, MAX_FOOTER)
        used = length(title) + length(footer) + sum(length(f["name"]) + length(f["value"]) for f in fields)
        answer: dict[str, Any] = {"color": self.colour, "fields": fields}
        if description := fitted("\n".join(self.lines), min(MAX_DESCRIPTION, MAX_EMBED - used)):
            answer["description"] = description
        if title:
            answer["title"] = title
        if self.url:
            answer["url"] = self.url
        if footer:
            answer["footer"] = {"text": footer}
        for name, picture in (("thumbnail", self.thumbnail), ("image", self.image)):
            if picture and picture[0]:
                answer[name] = {"url": picture[0], "description": plain(picture[1], 1024)}
        return answer


def listed(lines: Iterable[str], *, limit: int, most: int, more: Words | None = None, **places: Any) -> str:
    """As many whole lines as fit, at most `most`, and how many are left out."""
    lines = list(lines)
    kept: list[str] = []
    room = limit - 120  # for the last line
    for line in lines[:most]:
        if (room := room - length(line) - 1) < 0:
            break
        kept.append(line)
    if more is not None and (left := len(lines) - len(kept)):
        kept.append(say(more, n=left, **places))
    return "\n".join(kept)


# --- Messages -------------------------------------------------------------------------------------------------------
def message(
    content: str, *, embed: Embed | None = None, rows: Sequence[Json] = (), mentions: Sequence[int] = ()
) -> Json:
    """The whole body. It pings exactly `mentions`, whatever its text says."""
    return {
        "content": fitted(content, MAX_CONTENT),
        "embeds": [embed.json()] if embed else [],
        "components": list(rows),
        "allowed_mentions": {"parse": [], "users": [str(snowflake) for snowflake in mentions]},
    }


def mentioned(snowflakes: Iterable[int]) -> str:
    return " ".join(f"<@{snowflake}>" for snowflake in snowflakes)
