"""A week that listens to an album of five songs, and members who play some of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from catalog.models import Album
from catalog.tests.factories import AlbumFactory
from club.models import Phase, Vote, Week
from club.tests.factories import WeekFactory
from listening.ingest import ingest
from listening.plays import Play
from social.models import User
from social.tests.factories import UserFactory

N_SONGS = 5
DAY = timedelta(days=1)


def listening_week(phase: str = Phase.LISTENING, **said: Any) -> Week:
    album = AlbumFactory(title="Dummy", artist__name="Portishead", n_tracks=N_SONGS)
    week: Week = WeekFactory(phase=phase, winner__album=album, **said)
    return week


def album_of(week: Week) -> Album:
    assert week.winner is not None
    return week.winner.album


def songs(album: Album) -> list[str]:
    return [line.track.title for line in album.lines.select_related("track").order_by("position")]


def hears(
    member: User, album: Album, n: int = N_SONGS, *, at: datetime, titles: Sequence[str] = (), called: str = ""
) -> None:
    """The first `n` songs, or these; from the album itself, or from one that is called otherwise."""
    plays = [
        Play(at + timedelta(minutes=5 * place), album.artist.name, title, called or album.title, ms_played=200_000)
        for place, title in enumerate(titles or songs(album)[:n])
    ]
    ingest(user=member, source="lastfm", plays=plays, now=at + timedelta(hours=2))


def there(week: Week, handle: str, **said: Any) -> User:
    """A member who voted in the week and shows their progress unless `said` otherwise."""
    member: User = UserFactory(handle=handle, display_name=handle.title(), **{"shows_progress": True} | said)
    Vote.objects.create(week=week, user=member, nomination=week.winner, rank=1, cast_at=week.poll_close_at - DAY)
    return member
