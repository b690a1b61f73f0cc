"""A message as labelled parts: what stands before the first label, and what stands behind each."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

DASH = "[—–―‒−-]"
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad]")
_CODE_FENCE = re.compile(r"^\s*```\w*\s*$")
_EMPHASIS = re.compile(r"\*{1,3}|_{2,3}|`+|~~|\|\|")
_BULLET = re.compile(r"^\s*(?:>{1,3}\s*)?(?:[•·▪◦*+-]\s+|#{1,3}\s+|\d{1,2}[.)]\s+)?")


@dataclass(frozen=True)
class Misread:
    """It looks like the form, but something is missing or odd; each problem is a sentence for its writer."""

    problems: tuple[str, ...]


@dataclass
class Parts:
    """`head`: the lines before any label. `by_label`: what follows each label, its further lines included."""

    head: list[str] = field(default_factory=list)
    by_label: dict[str, str] = field(default_factory=dict)

    def get(self, label: str) -> str:
        return self.by_label.get(label, "").strip()


def plain_lines(text: str) -> list[str]:
    """The message's lines without invisible characters, quote marks, bullets, emphasis and code fences."""
    text = _INVISIBLE.sub("", unicodedata.normalize("NFC", text)).replace("\r\n", "\n").replace("\r", "\n")
    lines = text.replace("\u2028", "\n").replace("\u00a0", " ").split("\n")
    return [_EMPHASIS.sub("", _BULLET.sub("", line, count=1)).strip() for line in lines if not _CODE_FENCE.match(line)]


def label_pattern(words: str) -> re.Pattern[str]:
    """Matches a line that begins with this label: the words, an aside in brackets, then a colon, a dash or a “?”.

    The rest of the line is the group `rest`. A label alone on its line matches too.
    """
    return re.compile(
        rf"^(?:my\s+|the\s+)?(?:{words})\b\s*(?P<asks>\?)?\s*(?:[(\[][^)\]]*[)\]])?\s*\??\s*"
        rf"(?:(?:[:：=]|{DASH}+>?\s)\s*(?P<rest>.*)|(?(asks)(?P<asked>.*)|(?P<alone>$)))$",
        re.IGNORECASE,
    )


def split_parts(text: str, labels: Mapping[str, re.Pattern[str]]) -> Parts:
    """Find the labels. The first label that matches a line wins it; a label that comes twice continues its part."""
    parts = Parts()
    current: str | None = None
    for line in plain_lines(text):
        for label, pattern in labels.items():
            if match := pattern.match(line):
                current = label
                rest = match["rest"] or match["asked"] or ""
                parts.by_label[label] = "\n".join(filter(None, [parts.by_label.get(label, ""), rest.strip()]))
                break
        else:
            if current is not None:
                parts.by_label[current] = (
                    f"{parts.by_label[current]}\n{line}".strip("\n")
                    if line
                    else (f"{parts.by_label[current]}\n" if parts.by_label[current] else "")
                )
            elif line:
                parts.head.append(line)
    return parts
