"""What Last.fm's listeners call the music that members play: a bounded number of questions each time.

Asked is about what is played most and was not asked about lately; an answer without a tag is an answer too.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from django.db.models import Model, Sum

from catalog.models import Album, Artist, CachedAnswer, Track
from catalog.tagging import tag_from_source
from listening.clients.lastfm import Lastfm
from listening.clients.lastfm_records import TopTag
from listening.models import AlbumTotal, ArtistTotal, Source, TrackTotal
from listening.models.totals import MusicTotal
from sidetrack import slots
from sidetrack.http import ExternalApiError, NotThere, OddReply
from social.models import User

logger = logging.getLogger(__name__)

N_OF_EACH: dict[type[Model], int] = {Artist: 40, Album: 30, Track: 20}  # 90 questions: three quarters of a minute
TOTALS: dict[type[Model], type[MusicTotal]] = {Artist: ArtistTotal, Album: AlbumTotal, Track: TrackTotal}
ASKED_AGAIN_AFTER = timedelta(days=90)
REMEMBERED_AS = "lastfm tags"
A_LOOK, LONGEST_LOOK = 500, 50_000  # rows; who plays more than that has the rest tagged some months later


@dataclass(frozen=True)
class TagsSynced:
    n_asked: int = 0
    n_tagged: int = 0
    problem: str = ""

    def __str__(self) -> str:
        return f"{self.n_asked} asked about, {self.n_tagged} tagged.{f' {self.problem}' if self.problem else ''}"


def sync_tags(*, now: datetime, user: User | None = None, since: datetime | None = None) -> TagsSynced:
    """Ask Last.fm about the most played music without recent tags of its.

    user: only of what this member plays. since: only of what was heard from there on.
    """
    n_asked = n_tagged = 0
    problem = ""
    try:
        lastfm = Lastfm()
        for model, n_rows in N_OF_EACH.items():
            for row in islice(unasked(model, now=now, user=user, since=since), n_rows):
                n_tagged += ask_about(lastfm, row)
                n_asked += 1
                remember(row, now=now)
    except ExternalApiError as error:  # not now, or not with our key: the next run goes on
        problem = str(error)
    if n_tagged:
        list(slots.call("catalog:changed"))
    return TagsSynced(n_asked, n_tagged, problem)


def ask_about(lastfm: Lastfm, row: Any) -> bool:
    """Ask about one row; whether its tags are others now. An answer that makes no sense changes nothing."""
    try:
        tags = ask(lastfm, row)
    except NotThere:
        tags = ()
    except OddReply as error:
        logger.info("No tags: %s", error)
        return False
    return tag_from_source(row=row, source=Source.LASTFM, tags=[(tag.name, tag.weight) for tag in tags]) > 0


def ask(lastfm: Lastfm, row: Any) -> tuple[TopTag, ...]:
    match row:
        case Artist():
            return lastfm.artist_tags(row.name)
        case Album():
            return lastfm.album_tags(row.artist.name, row.title)
        case _:
            return lastfm.track_tags(row.artist.name, row.title)


def unasked(
    model: type[Model], *, now: datetime, user: User | None = None, since: datetime | None = None
) -> Iterator[Any]:
    """Rows of real music, the most played first, that Last.fm was not asked about lately."""
    name = model._meta.model_name
    totals: Any = TOTALS[model]._default_manager.filter(**{f"{name}__is_demo": False, f"{name}__merged_into": None})
    totals = totals.filter(user=user) if user else totals.filter(user__is_active=True, user__is_demo=False)
    totals = totals.filter(last_at__gte=since) if since else totals
    ranked = totals.values_list(f"{name}_id").annotate(n=Sum("n_listens")).order_by("-n", f"{name}_id")
    ids = [pk for pk, _ in ranked[:LONGEST_LOOK]]
    manager: Any = model._default_manager
    rows = manager.all() if model is Artist else manager.select_related("artist")
    for start in range(0, len(ids), A_LOOK):
        keys = {key_of(name or "", pk): pk for pk in ids[start : start + A_LOOK]}
        asked = CachedAnswer.objects.filter(service=REMEMBERED_AS, request_key__in=keys, expires_at__gt=now)
        for key in asked.values_list("request_key", flat=True):
            del keys[key]
        found = rows.in_bulk(list(keys.values()))
        yield from (found[pk] for pk in keys.values() if pk in found)


def key_of(name: str, pk: int) -> str:
    return hashlib.sha256(f"{name}/{pk}".encode()).hexdigest()


def remember(row: Model, *, now: datetime) -> None:
    """That we asked about the row; forgotten with other old answers."""
    name = row._meta.model_name or ""
    CachedAnswer.objects.update_or_create(
        service=REMEMBERED_AS,
        request_key=key_of(name, row.pk),
        defaults={
            "address": f"tags of {name} {row.pk}",
            "status": 200,
            "body": None,
            "fetched_at": now,
            "expires_at": now + ASKED_AGAIN_AFTER,
        },
    )
