"""What kinds of notifications there are: each app names its own, and a member switches them one by one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from django.utils.functional import Promise

Words: TypeAlias = "str | Promise"


@dataclass(frozen=True)
class Kind:
    """name: the key in rows. label: what the settings page calls it. text: one sentence on when it is told."""

    name: str
    label: Words
    text: Words


_kinds: dict[str, Kind] = {}


def register_kind(name: str, label: Words, text_for_settings: Words = "") -> None:
    """From AppConfig.ready; the same name twice replaces the first."""
    _kinds[name] = Kind(name, label, text_for_settings)


def kinds() -> list[Kind]:
    """All of them, as the settings page lists them: by their label."""
    return sorted(_kinds.values(), key=lambda kind: str(kind.label).casefold())


def label_of(name: str) -> str:
    """What a member reads of the kind; empty for one that no app names any more."""
    kind = _kinds.get(name)
    return str(kind.label) if kind else ""
