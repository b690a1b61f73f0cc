"""What the story and later apps' parts of the demo work with: the people and albums as rows, and the time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from catalog.models import Album
from sidetrack.demo.albums import DemoAlbum
from sidetrack.demo.members import Persona
from sidetrack.demo.words import Writer
from social.models import User


def silent(text: str) -> None:
    """Says nothing."""


@dataclass
class Stage:
    """now: the end of the story. users by handle of the persona (a taken handle gets a number), albums by name."""

    now: datetime
    writer: Writer
    personas: dict[str, Persona]
    users: dict[str, User]
    facts: dict[str, DemoAlbum]
    albums: dict[str, Album]
    names: dict[int, str] = field(default_factory=dict)  # of albums, by id
    say: Callable[[str], None] = silent

    def fact_of(self, album: Album) -> DemoAlbum:
        return self.facts[self.names[album.pk]]

    def moderator(self) -> User:
        """The first of the invented moderators."""
        return self.users[next(handle for handle, persona in self.personas.items() if persona.moderator)]
