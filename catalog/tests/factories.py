"""Artists, albums and tracks for tests: the names are made up, the keys are the real ones."""

from __future__ import annotations

from typing import Any

import factory

from catalog.models import Album, AlbumTrack, Artist, Track
from catalog.names import name_key, title_key
from catalog.naming import free_slug


class ArtistFactory(factory.django.DjangoModelFactory[Artist]):
    class Meta:
        model = Artist

    name = factory.Sequence(lambda n: f"Artist {n}")
    name_key = factory.LazyAttribute(lambda row: name_key(row.name))
    slug = factory.LazyAttribute(lambda row: free_slug(Artist, row.name))


class AlbumFactory(factory.django.DjangoModelFactory[Album]):
    """`AlbumFactory(title="Blue", artist__name="Joni Mitchell")`; `n_tracks=9` adds a track list."""

    class Meta:
        model = Album
        skip_postgeneration_save = True

    title = factory.Sequence(lambda n: f"Album {n}")
    title_key = factory.LazyAttribute(lambda row: title_key(row.title))
    artist = factory.SubFactory(ArtistFactory)
    slug = factory.LazyAttribute(lambda row: free_slug(Album, f"{row.artist.name} {row.title}"))
    release_year = factory.Sequence(lambda n: 1960 + n % 60)

    @factory.post_generation
    def n_tracks(self: Any, create: bool, extracted: int | None, **kwargs: Any) -> None:
        for position in range(1, (extracted or 0) + 1):
            track = TrackFactory(artist=self.artist, album=self)
            AlbumTrack.objects.create(album=self, track=track, disc=1, position=position)


class TrackFactory(factory.django.DjangoModelFactory[Track]):
    class Meta:
        model = Track

    title = factory.Sequence(lambda n: f"Track {n}")
    title_key = factory.LazyAttribute(lambda row: title_key(row.title))
    artist = factory.SubFactory(ArtistFactory)
    duration_ms = 200_000
