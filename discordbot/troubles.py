"""What can go wrong between the bot and Discord, each kind meaning one way to go on."""

from __future__ import annotations

from typing import Literal

What = Literal["channel", "message", "event", "server"]


class Trouble(Exception):
    """Discord did not do what was asked. The text says why, for moderators and logs."""

    words: str
    was_looking = False  # it came while we looked whether something had been made already: nobody knows yet

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


class Gone(Trouble):
    """It was deleted: make it again, or forget it."""

    def __init__(self, what: What, words: str) -> None:
        super().__init__(words)
        self.what = what


class Archived(Trouble):
    """The thread sleeps: wake it, then try again."""


class ThreadExists(Trouble):
    """The message has a thread already: adopt it."""


class NoPermission(Trouble):
    """Somebody must allow it first. permissions: their names as Discord's settings show them."""

    def __init__(self, permissions: tuple[str, ...], words: str) -> None:
        super().__init__(words)
        self.permissions = permissions


class Busy(Trouble):
    """Asked to wait: this one thing later, everything else now."""

    def __init__(self, after_s: float, words: str) -> None:
        super().__init__(words)
        self.after_s = after_s


class Unreachable(Trouble):
    """Nobody knows whether it was done: look before doing it again."""


class Refused(Trouble):
    """The request itself is not acceptable; the same again will be refused again."""

    def __init__(self, code: int, words: str) -> None:
        super().__init__(words)
        self.code = code


class Broken(Trouble):
    """A defect of ours, or an answer that makes no sense: nobody knows what was done, and it needs a person."""


class NotActing(Trouble):
    """We are stopping, or another process is the bot now: touch nothing."""
