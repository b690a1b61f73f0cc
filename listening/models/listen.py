"""One row a play: the hot table, lean on purpose, and what services said beside it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q, QuerySet

from catalog.models import Album, Artist, Track
from catalog.pointing import BY_SLOT
from listening.models.imports import ImportBatch
from social.visibility import VisibleQuerySet


class Source(models.TextChoices):
    """Where a play was recorded; the order is the one in which duplicates are believed until a member chooses."""

    MANUAL = "manual", "By hand"
    SPOTIFY = "spotify", "Spotify"
    LISTENBRAINZ = "listenbrainz", "ListenBrainz"
    LASTFM = "lastfm", "Last.fm"
    SCROBBLER = "scrobbler", "Scrobbler"  # sent to us by a program that speaks ListenBrainz, or by REST
    MALOJA = "maloja", "Maloja"
    KOITO = "koito", "Koito"
    LIBREFM = "librefm", "Libre.fm"
    PANO = "pano", "Pano Scrobbler"
    DEVICE = "device", "Player log"


def tracks_of(artist_ids: Iterable[int]) -> QuerySet[Track, Any]:
    """The ids of these artists' tracks, to be read first: a join may begin with all that a member ever heard."""
    return Track.objects.filter(artist__in=artist_ids).order_by().values("pk")


class ListenQuerySet(VisibleQuerySet):
    def counted(self) -> ListenQuerySet:
        """Each play once: without the rows that another source's row stands for."""
        return self.filter(duplicate_of__isnull=True)

    def of_artists(self, artist_ids: Iterable[int]) -> ListenQuerySet:
        """The plays of these artists' tracks: no index leads to them by `artist`."""
        return self.filter(track__in=tracks_of(artist_ids))

    def with_music(self) -> ListenQuerySet:
        """Ready for a list: track, artist and album come along."""
        return self.select_related("track", "artist", "album__artist")


class ListenEvent(models.Model):
    """One play of one track. Written by `listening.ingest` and `listening.bulk` alone, so that totals stay true.

    `msid` is made from artist and title as the source wrote them (`listening.plays.msid_of`): with member, source and
    second it recognises the play when it comes again, whatever its track is called by then.
    """

    VISIBILITY_LEVELS = ["user__visibility", "user__listens_visibility"]
    VISIBILITY_OWNER = "user"
    when_merged = BY_SLOT

    # Rows come in under the lock of their member's `Listener` and their import: both are there, nobody need ask again.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="listens", db_index=False, db_constraint=False
    )
    played_at = models.DateTimeField(help_text="When it began, to the second.")
    source = models.CharField(max_length=12, choices=Source)
    msid = models.UUIDField(editable=False)
    track = models.ForeignKey(Track, on_delete=models.PROTECT, related_name="listens", db_index=False)
    # Artists are kept by their tracks. Who looks for an artist's plays asks `of_artists`: an index less.
    artist = models.ForeignKey(
        Artist,
        on_delete=models.DO_NOTHING,
        related_name="listens",
        db_index=False,
        db_constraint=False,
        help_text="The track's artist, kept here because most lists are counted by it.",
    )
    album = models.ForeignKey(
        Album,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="listens",
        db_index=False,
        db_constraint=False,
        help_text="The album it was played from, where the source said so.",
    )
    ms_played = models.PositiveIntegerField(null=True, blank=True)
    duplicate_of = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="duplicates", db_index=False
    )
    is_kept_apart = models.BooleanField(default=False, help_text="The member says: this was a play of its own.")
    import_batch = models.ForeignKey(
        ImportBatch,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="listens",
        db_index=False,
        db_constraint=False,
    )

    objects: ClassVar[models.Manager[ListenEvent]] = ListenQuerySet.as_manager()

    class Meta:
        constraints = [
            # The member's plays by time are read by it too.
            models.UniqueConstraint(fields=["user", "played_at", "source", "msid"], name="listenevent_once_per_source"),
        ]
        indexes = [
            models.Index(fields=["track", "user", "played_at"], name="listen_of_track"),
            models.Index(
                fields=["album", "user", "played_at"], name="listen_of_album", condition=Q(album__isnull=False)
            ),
            # Without these two each delete would look through the whole table for children.
            models.Index(fields=["duplicate_of"], name="listen_duplicates", condition=Q(duplicate_of__isnull=False)),
            models.Index(fields=["import_batch"], name="listen_of_import", condition=Q(import_batch__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.track_id} at {self.played_at:%Y-%m-%d %H:%M:%S} ({self.source})"


class ListenPayload(models.Model):
    """What a service said about a play, word for word; deleted after LISTEN_PAYLOAD_DAYS."""

    listen = models.OneToOneField(ListenEvent, primary_key=True, on_delete=models.CASCADE, related_name="payload")
    body = models.JSONField()
    received_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"What was said of {self.listen_id}"
