"""What members wrote, made safe to stand in a Discord message: it pings nobody, formats nothing, and fits. Pure.

`cleaned` takes away what cannot be seen, `escaped` also what Discord would understand as a command, `fitted` cuts text
that is ours. Lengths are UTF-16 units, the larger of the two ways in which Discord counts.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

ELLIPSIS = "…"
GAP = "\u200b"  # invisible, between “@” and what would make it a mention
MAX_MARKS = 6  # on one letter: scripts need fewer, towers of accents have more
JOINERS = "\u200c\u200d"
_ADDRESS = re.compile(r"https?://[^\s<>|`\\\"*~\[\]]+", re.IGNORECASE)
_SPECIAL = re.compile(r"[\\*_~`|\[\]<>]")
_STARTS_A_LINE = re.compile(r"(?:^|(?<=\n))(?P<space>[ ]*)(?P<mark>#|-|\+|(?P<digits>\d+)(?=[.)]))")
_MENTION = re.compile(r"@(?=everyone|here|[!&]?\d)", re.IGNORECASE)
_HIDDEN = {0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800, 0x3164, 0xFFA0, 0xFFFC}


def length(text: str) -> int:
    """In UTF-16 units."""
    return len(text) + sum(ord(letter) > 0xFFFF for letter in text)


def _is_hidden(letter: str) -> bool:
    """Draws nothing, or turns the direction of what follows: zero-width signs, controls, overrides, tags."""
    return letter not in JOINERS and (
        unicodedata.category(letter) in {"Cc", "Cf", "Cs", "Co", "Cn"} or ord(letter) in _HIDDEN
    )


def _joins(before: str, after: str) -> bool:
    """Whether a joiner means something between these two: parts of an emoji, or letters of a script that uses it."""
    if not before or not after:
        return False
    emoji = unicodedata.category(after) in {"So", "Sm"} and (
        unicodedata.category(before) in {"So", "Sk", "Sm"} or before == "\ufe0f"
    )
    return emoji or all(0x0600 <= ord(letter) <= 0x0DFF for letter in (before, after))


def cleaned(text: str, *, one_line: bool = False) -> str:
    """NFC, without what cannot be seen, without towers of accents, with at most one empty line in a row."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n"))
    text = text.replace("\u2029", "\n\n").replace("\t", " ")
    text = "".join(letter for letter in text if letter == "\n" or not _is_hidden(letter))
    kept: list[str] = []
    n_marks = 0
    for place, letter in enumerate(text):
        if letter in JOINERS and not _joins(kept[-1] if kept else "", text[place + 1 : place + 2]):
            continue
        n_marks = n_marks + 1 if unicodedata.combining(letter) else 0
        if n_marks <= MAX_MARKS:
            kept.append(letter)
    text = re.sub(r"[^\S\n]+", " ", "".join(kept))
    if one_line:
        return " ".join(text.split())
    return re.sub(r"\n{3,}", "\n\n", re.sub(r" *\n *", "\n", text)).strip()


def graphemes(text: str) -> Iterator[str]:
    """The signs as a reader counts them: a letter with its accents, an emoji with its skin tone, a flag."""
    current = ""
    for letter in text:
        if current and _belongs(current, letter):
            current += letter
        else:
            if current:
                yield current
            current = letter
    if current:
        yield current


def _belongs(current: str, letter: str) -> bool:
    if (
        unicodedata.category(letter) in {"Mn", "Mc", "Me"}
        or letter in JOINERS
        or "\U0001f3fb" <= letter <= "\U0001f3ff"
    ):
        return not current.endswith("\n")
    if current.endswith("\u200d"):
        return True
    is_flag = "\U0001f1e6" <= letter <= "\U0001f1ff"
    return is_flag and len(current) == 1 and "\U0001f1e6" <= current <= "\U0001f1ff"


def fitted(text: str, limit: int) -> str:
    """Cut between signs to `limit`, with an ellipsis; for text without markdown of its own."""
    return _within(list(graphemes(text)), limit)


def _within(units: list[str], limit: int) -> str:
    """As many whole units as fit, and an ellipsis where some do not."""
    if sum(map(length, units)) <= limit:
        return "".join(units)
    kept, room = [], limit - len(ELLIPSIS)
    for unit in units:
        if (room := room - length(unit)) < 0:
            break
        kept.append(unit)
    return ("".join(kept).rstrip() + ELLIPSIS) if limit > 0 else ""


def plain(text: str, limit: int) -> str:
    """One line for where Discord reads no markdown: names of threads and events, footers, labels, alt texts."""
    return fitted(cleaned(text, one_line=True), limit)


def escaped(text: str, limit: int, *, one_line: bool = False) -> str:
    """The text as its writer meant it, in at most `limit` UTF-16 units; addresses stay whole or are cut off whole."""
    return _within(list(_units(cleaned(text, one_line=one_line))), limit)


def _units(text: str) -> Iterator[str]:
    """Pieces that must not be cut: a sign with its backslash, an address."""
    place = 0
    for found in _ADDRESS.finditer(text):
        yield from _signs(text, place, found.start())
        address = found.group()
        yield _MENTION.sub(f"@{GAP}", address)
        place = found.end()
    yield from _signs(text, place, len(text))


def _signs(text: str, start: int, end: int) -> Iterator[str]:
    """Each sign between two places, escaped; what it means can depend on what stands around it."""
    marks = {found.start("mark") if not found["digits"] else found.end("mark") for found in
             _STARTS_A_LINE.finditer(text, 0, end)}  # fmt: skip
    place = start
    for sign in graphemes(text[start:end]):
        if _SPECIAL.match(sign) or place in marks:
            yield f"\\{sign}"
        elif _MENTION.match(text, place):
            yield f"@{GAP}"
        else:
            yield sign
        place += len(sign)
