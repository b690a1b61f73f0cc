"""Lists, and accounts to send them to, as the tests of sending use them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils.timezone import now as clock

from catalog.models import Track
from catalog.tests.factories import TrackFactory
from listening.clients.spotify_permission import SCOPES
from social.models import LinkedAccount, User
from taste.models import Playlist, PlaylistExport
from taste.playlists import services, writing

NOW = clock()
MINUTE = timedelta(minutes=1)
State = PlaylistExport.State


def linked(user: User, provider: str, **about: Any) -> LinkedAccount:
    said = {"access_token": "access-0" if provider == "spotify" else "lb-token", "provider_user_id": "rin_lb"}
    if provider == "spotify":
        said |= {"refresh_token": "refresh-0", "expires_at": NOW + timedelta(hours=1), "scopes": " ".join(SCOPES)}
    return LinkedAccount.objects.create(user=user, provider=provider, authorised_at=NOW, **(said | about))


def kept(user: User, tracks: list[Track], *, title: str = "For the train", visibility: str = "me") -> Playlist:
    row = writing.make(user=user, title=title, now=NOW)
    for track in tracks:
        writing.add_track(user=user, track=track, playlist=row, now=NOW)
    Playlist.objects.filter(pk=row.pk).update(visibility=visibility, note="Fifty minutes & more")
    return Playlist.objects.get(pk=row.pk)


def on_spotify(n: int) -> list[Track]:
    return [TrackFactory(spotify_id=f"track{at:03}") for at in range(n)]


def sent(row: Playlist, service: str, *, at: int = 0) -> PlaylistExport:
    """Asked for and done, some minutes later."""
    now = NOW + at * MINUTE
    export = services.ask(user=row.user, playlist=row, service=service, now=now)  # type: ignore[arg-type]
    services.send(export.pk, now=now)
    export.refresh_from_db()
    return export


def uris(*tracks: Track) -> list[str]:
    return [f"spotify:track:{track.spotify_id}" for track in tracks]
