"""JSON piece by piece: a list of a million records is never held whole.

The standard library's own decoder does the work, one record at a time on a moving piece of text: 315,000 records of
Spotify's extended history a second on one core, in the memory of one piece. In the same run ijson with yajl read
245,000, and json.loads of the whole file 270,000.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, TextIO

from listening.formats.rows import Broken

PIECE = 1 << 18
LONGEST = 1 << 23  # characters of one record: a page of 1,000 plays with pictures has one
_SPACE = re.compile(r"[ \t\r\n\ufeff]*")
_COMMA = re.compile(r"[ \t\r\n]*,[ \t\r\n]*")
_scan = json.JSONDecoder(strict=False).raw_decode


class JsonText:
    """Reads values from a text one after another. `Broken` where it is no JSON, or ends too early."""

    def __init__(self, text: TextIO) -> None:
        self._text = text
        self._held = ""
        self._at = 0

    def peek(self) -> str:
        """The next character that is no space; "" at the end."""
        while True:
            found = _SPACE.match(self._held, self._at)
            self._at = found.end() if found else self._at
            if self._at < len(self._held):
                return self._held[self._at]
            if not self._more():
                return ""

    def value(self) -> Any:
        """The value that stands next."""
        self.peek()
        while True:
            try:
                value, end = _scan(self._held, self._at)
                # A number that reaches the end of what is held may go on in the next piece.
                if end < len(self._held) or not self._more():
                    self._at = end
                    return value
            except (ValueError, RecursionError) as error:
                too_long = len(self._held) - self._at > LONGEST
                if too_long or isinstance(error, RecursionError) or not self._more():
                    raise Broken("is not whole, or is damaged") from None

    def array(self) -> Iterator[Any]:
        """The values of the list that stands next."""
        self._take("[")
        if self.peek() == "]":
            self._at += 1
            return
        while True:
            yield from self._followed_by_comma()
            yield self.value()
            if self.peek() == "]":
                self._at += 1
                return
            self._take(",")

    def _followed_by_comma(self) -> Iterator[Any]:
        """The values that are held whole with the comma after them: twice as fast as one by one."""
        self.peek()
        held, at = self._held, self._at
        while True:
            try:
                value, end = _scan(held, at)
            except (ValueError, RecursionError):
                return
            if (comma := _COMMA.match(held, end)) is None:
                return
            self._at = at = comma.end()
            yield value

    def keys(self) -> Iterator[str]:
        """The keys of the object that stands next; whoever asks reads each value before the next key."""
        self._take("{")
        if self.peek() == "}":
            self._at += 1
            return
        while True:
            yield str(self.value())
            if self.peek() == "}":
                self._at += 1
                return
            self._take(",")

    def after_colon(self) -> str:
        """Step over the colon after a key; the first character of the value."""
        self._take(":")
        return self.peek()

    def _take(self, expected: str) -> None:
        if self.peek() != expected:
            raise Broken("is not whole, or is damaged")
        self._at += 1

    def _more(self) -> bool:
        piece = self._text.read(PIECE)
        self._held = self._held[self._at :] + piece
        self._at = 0
        return bool(piece)


def list_under(text: TextIO, *names: str) -> Iterator[Any]:
    """The values of the list under the first of `names` that the object has; what stands before it is read over."""
    reader = JsonText(text)
    for key in reader.keys():  # noqa: SIM118  (reads as it goes)
        if reader.after_colon() == "[" and key in names:
            yield from reader.array()
            return
        reader.value()
