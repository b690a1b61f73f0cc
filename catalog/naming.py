"""From a name that somebody typed to a row, at once and without asking anyone; ids come later, in a job."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar
from uuid import UUID

from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.text import slugify
from unidecode import unidecode

from catalog.models import Album, Alias, Artist, Track
from catalog.models.resolution import Resolution
from catalog.names import name_key, plain_name, tidy, title_key

Row = TypeVar("Row", Artist, Album, Track)

QUEUED_FOR = timedelta(minutes=30)  # so long the sweep leaves an album to the job that its naming queued
YEAR_SLACK = 1  # a release dated one year off is the same album: a late pressing, another country


def standing(row: Row) -> Row:
    """The row itself, or the one that it was merged into."""
    while row.merged_into is not None:
        row = row.merged_into
    return row


def free_slug(model: type[Artist | Album], *wanted: str) -> str:
    """The first of the wanted texts that is free as a slug, else the last one with a number behind it."""
    limit = model._meta.get_field("slug").max_length or 100
    slugs = [slugify(unidecode(text))[: limit - 8].strip("-") for text in wanted]
    slugs = [slug for slug in slugs if slug] or [model._meta.model_name or "row"]
    taken = set(model._default_manager.filter(slug__startswith=slugs[-1]).values_list("slug", flat=True))
    taken |= set(model._default_manager.filter(slug__in=slugs).values_list("slug", flat=True))
    for slug in slugs:
        if slug not in taken:
            return slug
    number = 2
    while f"{slugs[-1]}-{number}" in taken:
        number += 1
    return f"{slugs[-1]}-{number}"


def get_or_create_artist(
    *, name: str, mbid: UUID | str | None = None, country: str = "", is_demo: bool = False
) -> tuple[Artist, bool]:
    """The artist with this id, else of this name; made where nobody is."""
    name = tidy(name)[:300]
    if not name:
        raise ValueError("An artist needs a name.")
    mbid = _uuid(mbid)
    return _find_or_make(
        find=lambda: _find_artist(name=name, mbid=mbid, is_demo=is_demo),
        make=lambda: Artist.objects.create(
            name=plain_name(name),
            name_key=name_key(name),
            slug=free_slug(Artist, plain_name(name)),
            mbid=mbid,
            country=country.upper()[:2],
            is_demo=is_demo,
        ),
    )


def get_or_create_album(
    *,
    title: str,
    artist: str,
    year: int | None = None,
    release_group_mbid: UUID | str | None = None,
    is_demo: bool = False,
) -> tuple[Album, bool]:
    """The album with this id, else of this name and year; a new one is looked up in the background."""
    title, artist = tidy(title)[:500], tidy(artist)[:300]
    if not title:
        raise ValueError("An album needs a title.")
    if not artist:
        raise ValueError("An album needs an artist.")
    mbid = _uuid(release_group_mbid)

    def make() -> Album:
        maker, _ = get_or_create_artist(name=artist, is_demo=is_demo)
        album = Album.objects.create(
            title=title,
            title_key=title_key(title),
            artist=maker,
            slug=free_slug(Album, f"{maker.name} {title}", *([f"{maker.name} {title} {year}"] if year else [])),
            release_group_mbid=mbid,
            release_year=year,
            is_demo=is_demo,
        )
        if not is_demo:
            _look_up_later(album)
        return album

    album, is_new = _find_or_make(
        find=lambda: _find_album(title=title, artist=artist, year=year, mbid=mbid, is_demo=is_demo), make=make
    )
    if not is_new and not album.is_demo:
        _look_up_first(album)
    return album, is_new


def get_or_create_track(
    *,
    title: str,
    artist: str,
    album: Album | None = None,
    recording_mbid: UUID | str | None = None,
    duration_ms: int | None = None,
    is_demo: bool = False,
) -> tuple[Track, bool]:
    """The track of this recording, else of this name; one that stands on `album` is preferred."""
    title, artist = tidy(title)[:500], tidy(artist)[:300]
    if not title:
        raise ValueError("A track needs a title.")
    if not artist:
        raise ValueError("A track needs an artist.")
    mbid = _uuid(recording_mbid)

    def make() -> Track:
        maker, _ = get_or_create_artist(name=artist, is_demo=is_demo)
        return Track.objects.create(
            title=title,
            title_key=title_key(title),
            artist=maker,
            artist_credit=artist if plain_name(artist) != artist else "",
            album=album,
            recording_mbid=mbid,
            duration_ms=duration_ms,
            is_demo=is_demo,
        )

    return _find_or_make(
        find=lambda: _find_track(title=title, artist=artist, album=album, mbid=mbid, is_demo=is_demo), make=make
    )


def _empty_last(field: str) -> models.Case:
    """Orders rows by whether `field` is empty, and by nothing else."""
    return models.Case(models.When(**{f"{field}__isnull": True}, then=1), default=0)


def _uuid(value: UUID | str | None) -> UUID | None:
    return UUID(str(value)) if value else None


def _find_or_make(*, find: Callable[[], Row | None], make: Callable[[], Row]) -> tuple[Row, bool]:
    """Find, else make, else find again: another process may make the same row, or take its slug, in between."""
    for attempt in range(4):
        if (row := find()) is not None:
            return row, False
        try:
            with transaction.atomic():
                return make(), True
        except IntegrityError:
            if attempt == 3:
                raise
    raise AssertionError("unreachable")


def make_real(album: Album) -> Album:
    """An album of the demo that a person chose is an album like any other from now on, and is looked up as one."""
    return _adopt(album, is_demo=False)


def _look_up_first(album: Album) -> None:
    """An album that was only heard so far is wanted now: it need not wait for its place in the sweep."""
    if album.release_group_mbid or album.n_tries or album.next_try_at or album.resolution != Resolution.UNRESOLVED:
        return
    _look_up_later(album)


def _look_up_later(album: Album) -> None:
    """By a job; the sweep leaves the album to it for a while."""
    from django_q.tasks import async_task

    album.next_try_at = timezone.now() + QUEUED_FOR
    Album.objects.filter(pk=album.pk).update(next_try_at=album.next_try_at)
    transaction.on_commit(lambda: async_task("catalog.tasks.identify", album.pk))


def _adopt(row: Row, *, is_demo: bool, **found: object) -> Row:
    """Write what the caller knows and the row does not; a row of the demo that a person names becomes a real one.

    The demo itself writes nothing on a real row.
    """
    if is_demo and not row.is_demo:
        return row
    changes: dict[str, object] = {field: value for field, value in found.items() if value and not getattr(row, field)}
    if row.is_demo and not is_demo:
        changes["is_demo"] = False
    if changes:
        for field, value in changes.items():
            setattr(row, field, value)
        row.save(update_fields=[*changes, "updated_at"])
        if isinstance(row, Album) and changes.keys() & {"is_demo", "release_group_mbid"}:
            if row.artist.is_demo and not row.is_demo:
                _adopt(row.artist, is_demo=False)
            if not row.is_demo:
                _look_up_later(row)
    return row


def _by_alias(kind: str, artist_key: str, key: str = "") -> Alias | None:
    return Alias.objects.filter(kind=kind, artist_key=artist_key, title_key=key).first()


def _made_by(artist_key: str) -> models.Q:
    """By an artist of this name, or by one whom an alias calls so."""
    called = Alias.objects.filter(kind=Alias.Kind.ARTIST, artist_key=artist_key, title_key="").values("artist")
    return models.Q(artist__name_key=artist_key) | models.Q(artist__in=called)


def _find_artist(*, name: str, mbid: UUID | None, is_demo: bool) -> Artist | None:
    if mbid and (known := Artist.objects.filter(mbid=mbid).first()):
        return _adopt(standing(known), is_demo=is_demo)
    key = name_key(name)
    if not mbid and (alias := _by_alias(Alias.Kind.ARTIST, key)) and alias.artist:
        return _adopt(standing(alias.artist), is_demo=is_demo)
    namesakes = Artist.objects.current().filter(name_key=key)
    if mbid:  # a namesake with another id is somebody else
        namesakes = namesakes.filter(mbid__isnull=True)
    found = namesakes.order_by(_empty_last("mbid"), "id").first()
    return _adopt(found, is_demo=is_demo, mbid=mbid) if found else None


def _find_album(*, title: str, artist: str, year: int | None, mbid: UUID | None, is_demo: bool) -> Album | None:
    albums = Album.objects.select_related("artist", "merged_into")
    if mbid and (known := albums.filter(release_group_mbid=mbid).first()):
        return _adopt(standing(known), is_demo=is_demo)
    artist_key, key = name_key(artist), title_key(title)
    if not mbid and (alias := _by_alias(Alias.Kind.ALBUM, artist_key, key)) and alias.album:
        return _adopt(standing(alias.album), is_demo=is_demo)
    namesakes = albums.current().filter(_made_by(artist_key), title_key=key).order_by("id")
    if mbid:
        namesakes = namesakes.filter(release_group_mbid__isnull=True)
    found = _of_year(list(namesakes), year)
    return _adopt(found, is_demo=is_demo, release_group_mbid=mbid, release_year=year) if found else None


def _of_year(namesakes: list[Album], year: int | None) -> Album | None:
    """The namesake that is meant: an artist may have several albums of one title (“Weezer”), told apart by the year."""
    if year is None or not namesakes:
        return namesakes[0] if namesakes else None
    same = [album for album in namesakes if album.release_year == year]
    near = [album for album in namesakes if album.release_year and abs(album.release_year - year) <= YEAR_SLACK]
    open_ = [album for album in namesakes if album.release_year is None or album.release_group_mbid is None]
    return next(iter(same + near + open_), None)


def _find_track(*, title: str, artist: str, album: Album | None, mbid: UUID | None, is_demo: bool) -> Track | None:
    tracks = Track.objects.select_related("merged_into")
    if mbid and (known := tracks.current().filter(recording_mbid=mbid).first()):
        return _adopt(known, is_demo=is_demo)
    artist_key, key = name_key(artist), title_key(title)
    if not mbid and (alias := _by_alias(Alias.Kind.TRACK, artist_key, key)) and alias.track:
        return _adopt(standing(alias.track), is_demo=is_demo)
    namesakes = tracks.current().filter(_made_by(artist_key), title_key=key)
    if mbid:
        namesakes = namesakes.filter(recording_mbid__isnull=True)
    if album:
        on_album = namesakes.filter(models.Q(lines__album=album) | models.Q(album=album)).order_by("id").first()
        if on_album:
            return _adopt(on_album, is_demo=is_demo, recording_mbid=mbid)
        namesakes = namesakes.filter(album__isnull=True)
    found = namesakes.order_by(_empty_last("recording_mbid"), _empty_last("album").desc(), "id").first()
    return _adopt(found, is_demo=is_demo, recording_mbid=mbid) if found else None
