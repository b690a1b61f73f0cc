"""Reads the environment without giving up at the first mistake.

An empty value counts as none. A malformed one takes its default and is remembered in `mistakes`; `sidetrack.checks`
reports all of them at once, as errors that stop every command before it does anything. Nothing here repeats a value:
it may be a secret.
"""

from __future__ import annotations

import math
import os
from collections.abc import Collection, Sequence
from pathlib import Path
from zoneinfo import available_timezones

YES = {"1", "true", "yes", "on", "y"}
NO = {"0", "false", "no", "off", "n"}


class Environment:
    """Typed values by name; every method takes the default that holds when the name is not set."""

    def __init__(self) -> None:
        self.mistakes: dict[str, str] = {}

    def text(self, name: str, default: str = "") -> str:
        return os.environ.get(name, "").strip() or default

    def words(self, name: str, default: Sequence[str] = ()) -> list[str]:
        """A comma-separated list."""
        return [word.strip() for word in self.text(name).split(",") if word.strip()] or list(default)

    def whole(self, name: str, default: int) -> int:
        try:
            return int(self.text(name) or default)
        except ValueError:
            self.mistakes[name] = f"{name} must be a whole number."
            return default

    def decimal(self, name: str, default: float) -> float:
        try:
            number = float(self.text(name) or default)
        except ValueError:
            number = math.nan
        if not math.isfinite(number):
            self.mistakes[name] = f"{name} must be a number."
            return default
        return number

    def switch(self, name: str, default: bool = False) -> bool:
        given = self.text(name).lower()
        if given and given not in YES | NO:
            self.mistakes[name] = f"{name} must be yes or no."
            return default
        return given in YES if given else default

    def choice(self, name: str, allowed: Collection[str], default: str) -> str:
        """One of `allowed`, whatever the case it is written in."""
        given = self.text(name)
        found = next((each for each in allowed if each.lower() == given.lower()), None)
        if given and found is None:
            self.mistakes[name] = f"{name} must be one of: {', '.join(allowed)}."
        return found or default

    def zone(self, *names: str, default: str = "UTC") -> str:
        """The first of `names` that is set, as a time zone of the tz database."""
        name = next((name for name in names if self.text(name)), "")
        if name and self.text(name) not in available_timezones():
            self.mistakes[name] = f"{name} must be a time zone such as Europe/Berlin."
            return default
        return self.text(name) if name else default

    def secret(self, name: str, default: str = "") -> str:
        """A secret from NAME, or from the file that NAME_FILE names."""
        if not (path := self.text(f"{name}_FILE")):
            return self.text(name, default)
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            self.mistakes[f"{name}_FILE"] = f"{name}_FILE names a file that cannot be read ({type(error).__name__})."
            return default
