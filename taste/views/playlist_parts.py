"""What the pages of lists show alike: the tracks, their files, and where else they stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from social.models import LinkedAccount, User
from social.visibility import Viewer, Visibility
from taste.models import Playlist, PlaylistExport
from taste.playlists import reading, services
from taste.playlists.exporting import FORMATS


@dataclass(frozen=True, slots=True)
class Place:
    """A service where the list may stand. export: None before it was first sent; is_linked: an account is there.

    is_wider: everybody may still see it there, though not here any more.
    """

    service: str
    label: str
    is_linked: bool
    export: PlaylistExport | None
    is_wider: bool = False

    @property
    def is_over(self) -> bool:
        return self.export is None or self.export.state in PlaylistExport.OVER


def list_context(row: Playlist, viewer: Viewer) -> dict[str, Any]:
    """row: with its lines, as `reading.with_lines` brings it."""
    is_own = viewer is not None and row.user_id is not None and row.user_id == viewer.pk
    lines = list(row.lines.all())
    is_public = is_own and reading.is_public(row)
    return {
        "playlist": row,
        "lines": lines,
        "is_own": is_own,
        "is_editable": is_own and row.kind == Playlist.Kind.MINE,
        "shows_reasons": reading.shows_reasons(row, viewer),
        "minutes": round(sum(line.track.duration_ms or 0 for line in lines) / 60_000),
        "n_unknown": sum(not line.track.duration_ms for line in lines),
        "levels": Visibility.choices,
        "formats": FORMATS.values(),
        "is_public": is_public,
        "places": _places(row, viewer, is_public=is_public) if is_own and isinstance(viewer, User) else [],
    }


def _places(row: Playlist, owner: User, *, is_public: bool) -> list[Place]:
    """Two queries. Services that are off on this site are not offered."""
    exports = {each.service: each for each in PlaylistExport.objects.filter(playlist=row)}
    links = LinkedAccount.objects.filter(user=owner, provider__in=PlaylistExport.Service.values)
    linked = {link.provider for link in links if link.access_token}
    wider = {each.service for each in exports.values() if each.is_public_there and not is_public}
    return [
        Place(service, str(label), service in linked, exports.get(service), is_wider=service in wider)
        for service, label in PlaylistExport.Service.choices
        if not services.missing(service)
    ]
