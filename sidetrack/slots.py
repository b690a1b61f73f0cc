"""Slots: a lower app names a place, an upper app fills it, and neither imports the other.

    # club/views/fillers.py, called in ready()
    slots.register("social:profile", member_parts.overview, order=10)

    # templates/social/profile.html
    {% slot "social:profile" member viewer %}

    # social/own_data/exporting.py
    for part in slots.call("export:parts", member): ...

A filler is any callable; `name` is what a person reads where fillers are listed. Names of slots in use stand in README.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, order=True)
class Filler:
    order: int
    name: str
    call: Callable[..., Any]


_fillers: dict[str, list[Filler]] = {}


def register(slot: str, call: Callable[..., Any], *, order: int = 50, name: str = "") -> None:
    """Put `call` into `slot`; lower `order` comes first. Registering the same name twice replaces the first."""
    filler = Filler(order, name or f"{call.__module__}.{call.__qualname__}", call)
    kept = [other for other in _fillers.get(slot, []) if other.name != filler.name]
    _fillers[slot] = sorted([*kept, filler], key=lambda each: (each.order, each.name))


def fillers(slot: str) -> list[Filler]:
    """What is registered in `slot`, in order; empty when nobody fills it."""
    return list(_fillers.get(slot, []))


def call(slot: str, *args: Any, **kwargs: Any) -> Iterator[Any]:
    """The answer of each filler of `slot` in order, without the ones that answer None."""
    for filler in fillers(slot):
        if (answer := filler.call(*args, **kwargs)) is not None:
            yield answer
