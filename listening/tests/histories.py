"""Members with listens, for tests of what is made of them: rows as `ingest` leaves them, and totals counted anew."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from catalog.models import Album, Track
from catalog.tests.factories import AlbumFactory, ArtistFactory, TrackFactory
from listening.models import Listener, ListenEvent, Source
from listening.plays import msid_of
from listening.totals import recount
from social.models import User
from social.tests.factories import UserFactory
from social.visibility import Visibility

NOW = datetime(2025, 11, 20, 12, 0, tzinfo=UTC)  # a Thursday
SONG = timedelta(minutes=4)


def at(text: str) -> datetime:
    """`2025-11-20 09:00` in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def listener(handle: str = "ana", zone: str = "UTC", **fields: object) -> User:
    member: User = UserFactory(handle=handle, display_name=handle.title(), timezone=zone, **fields)
    return member


def track(title: str, artist: str = "Can", album: Album | None = None) -> Track:
    from catalog.models import Artist

    maker = album.artist if album else Artist.objects.filter(name=artist).first() or ArtistFactory(name=artist)
    found = Track.objects.filter(title=title, artist=maker).first()
    return found or TrackFactory(title=title, artist=maker, album=album)


def heard(
    member: User,
    what: Track,
    *when: str | datetime,
    album: Album | None = None,
    ms: int | None = 240_000,
    source: str = Source.LASTFM,
    duplicate_of: ListenEvent | None = None,
) -> list[ListenEvent]:
    """Plays of a track that began then; call `counted` when all are there."""
    rows = [
        ListenEvent(
            user=member,
            played_at=each if isinstance(each, datetime) else at(each),
            source=source,
            msid=msid_of(what.artist.name, what.title),
            track=what,
            artist=what.artist,
            album=album or what.album,
            ms_played=ms,
            duplicate_of=duplicate_of,
        )
        for each in when
    ]
    return ListenEvent.objects.bulk_create(rows)


def counted(*members: User, now: datetime = NOW) -> None:
    """Totals as they are after all that was heard."""
    for member in members:
        recount(user=member, now=now)


def evenings(member: User, n: int, *, until: datetime = NOW, n_artists: int = 12, a_day: int = 5) -> None:
    """`n` plays, a few every evening at 20:00 UTC up to `until`, of a few artists with an album each."""
    albums = list(Album.objects.filter(title__startswith="Evening ").order_by("pk"))
    albums += [AlbumFactory(title=f"Evening {each}", n_tracks=4) for each in range(len(albums), n_artists)]
    tracks = [list(album.home_tracks.order_by("pk")) for album in albums]
    first = until.replace(hour=20, minute=0) - timedelta(days=1)
    rows: list[ListenEvent] = []
    for place in range(n):
        chosen = (place * place) % n_artists  # squares leave some out and favour others
        song = tracks[chosen][place % 4]
        day, turn = divmod(place, a_day)
        rows.append(
            ListenEvent(
                user=member, played_at=first - timedelta(days=day) + turn * SONG, source=Source.LASTFM,
                msid=msid_of(song.artist.name, song.title), track=song, artist=song.artist, album=albums[chosen],
                ms_played=200_000,
            )
        )  # fmt: skip
    ListenEvent.objects.bulk_create(rows)
    counted(member, now=until)


def crowd(n: int, *, visibility: Visibility = Visibility.MEMBERS) -> list[User]:
    return [listener(f"crowd{place}", listens_visibility=visibility) for place in range(n)]


def together(members: Iterable[User], what: Track, *when: str) -> None:
    for member in members:
        heard(member, what, *when)
        counted(member)


def moved(member: User, zone: str) -> User:
    """The member lives elsewhere now, and the days have not been counted anew."""
    member.timezone = zone
    member.save()
    assert Listener.objects.get(pk=member.pk).zone != zone
    return member
