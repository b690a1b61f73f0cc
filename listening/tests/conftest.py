"""Outside services as they answer on this machine."""

from __future__ import annotations

from catalog.tests.conftest import musicbrainz

__all__ = ["musicbrainz"]
