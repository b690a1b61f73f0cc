"""Names that nobody says any more: an import was taken back, a typing error was corrected.

A row that only ever was a name, and that nothing points at, goes. What MusicBrainz knows stays, and what the demo made.
A model whose rows keep nothing alive says so in its class:

    when_unused = GOES_ALONG    # what it says of a row is worth nothing without whoever needs that row
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models, transaction
from django.db.models import Exists, OuterRef, QuerySet

from catalog.models import Album, Artist, Track
from catalog.models.resolution import Resolution

GOES_ALONG = "goes along"
KEPT_FOR = timedelta(days=2)  # a name that a member typed waits for what they do with it
AT_ONCE = 500


def forget_unused_names(*, now: datetime) -> int:
    """Delete tracks, then albums, then artists that are names alone and unused for a while; how many rows that were."""
    resolved = [Resolution.MATCHED, Resolution.MANUAL]
    nameless: list[QuerySet[Track] | QuerySet[Album] | QuerySet[Artist]] = [
        Track.objects.filter(recording_mbid__isnull=True, spotify_id__isnull=True).exclude(resolution__in=resolved),
        Album.objects.filter(release_group_mbid__isnull=True, spotify_id__isnull=True).exclude(resolution__in=resolved),
        Artist.objects.filter(mbid__isnull=True),
    ]
    n_forgotten = 0
    for rows in nameless:
        old = rows.filter(merged_into__isnull=True, is_demo=False, created_at__lt=now - KEPT_FOR).order_by()
        n_forgotten += _delete_unused(old)
    return n_forgotten


def _delete_unused(rows: QuerySet[Track] | QuerySet[Album] | QuerySet[Artist]) -> int:
    unused = rows.exclude(_is_used(rows.model)).values_list("pk", flat=True)
    ids = list(unused)
    n_deleted = 0
    for start in range(0, len(ids), AT_ONCE):
        with transaction.atomic():
            part = rows.model._default_manager.filter(pk__in=ids[start : start + AT_ONCE])
            still_unused = list(part.exclude(_is_used(rows.model)).values_list("pk", flat=True))
            rows.model._default_manager.filter(pk__in=still_unused).delete()
            n_deleted += len(still_unused)
    return n_deleted


def _is_used(model: type[models.Model]) -> models.Q:
    """Any row of any app that points at it; those that record how things once were count too."""
    used = models.Q()
    for relation in model._meta.get_fields(include_hidden=True):
        if isinstance(relation, models.ManyToOneRel) and _keeps(relation):
            pointing = relation.related_model._base_manager.filter(**{relation.field.name: OuterRef("pk")})
            used |= models.Q(Exists(pointing))
    return used


def _keeps(relation: models.ManyToOneRel) -> bool:
    """Not where nothing is done when the row goes: that copies what another relation says, which keeps the row."""
    return relation.on_delete is not models.DO_NOTHING and (
        getattr(relation.related_model, "when_unused", "") != GOES_ALONG
    )
