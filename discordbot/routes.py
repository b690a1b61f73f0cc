"""What a button, a select or a form of ours says when it is used: `st:<verb>:<week>:<arg>:<salt>`, at most 100 long.

Everything needed to act stands in it, so that a press works after a restart, weeks later. The salt changes when a
form's prefilled values do: phones keep an old form under an old id (discord-api-docs #7554).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

PREFIX = "st"
MAX_LENGTH = 100
_VERB = re.compile(r"[a-z][a-z0-9_.-]*")
_PART = re.compile(r"[A-Za-z0-9_.,~=-]*")


@dataclass(frozen=True)
class Route:
    """verb: which handler. week: its number, or None. arg: what the handler makes of it (ids joined by commas)."""

    verb: str
    week: int | None = None
    arg: str = ""
    salt: str = ""

    @property
    def ids(self) -> tuple[int, ...]:
        """The whole numbers in `arg`; whatever else stands there is left out."""
        return tuple(int(part) for part in self.arg.split(",") if part.isascii() and part.isdigit())


def encode(verb: str, week: int | None = None, arg: object = "", salt: object = "") -> str:
    """The custom_id. ValueError where it could not be read back: a bug in whoever builds it, found by its test."""
    route = Route(verb, week, str(arg), str(salt))
    if not _VERB.fullmatch(verb) or not _PART.fullmatch(route.arg) or not _PART.fullmatch(route.salt):
        raise ValueError(f"{route} holds characters that a custom_id of ours may not.")
    text = f"{PREFIX}:{verb}:{'' if week is None else week}:{route.arg}:{route.salt}"
    if len(text) > MAX_LENGTH:
        raise ValueError(f"{text!r} has {len(text)} characters; Discord takes {MAX_LENGTH}.")
    return text


def decode(custom_id: str) -> Route | None:
    """None for whatever `encode` did not make: other bots' ids, ids of an older layout, nonsense."""
    parts = custom_id.split(":")
    if len(custom_id) > MAX_LENGTH or len(parts) != 5 or parts[0] != PREFIX:
        return None
    _, verb, week, arg, salt = parts
    if not _VERB.fullmatch(verb) or not _PART.fullmatch(arg) or not _PART.fullmatch(salt):
        return None
    if week and not (week.isascii() and week.isdigit() and len(week) < 10):
        return None
    return Route(verb, int(week) if week else None, arg, salt)
