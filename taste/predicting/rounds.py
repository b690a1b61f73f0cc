"""Predictions of the club's rounds: made while nominations and poll are open, frozen afterwards, held to the truth."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery

from club import revision
from club.models import Nomination, Phase, Rating, Week
from social.models import User
from taste.models import PredictedRating
from taste.predicting.foretelling import LEAST_RATINGS, Foretelling

BEFORE_THE_CLOSE = (Phase.NOMINATIONS, Phase.POLL)
LOOKED_BACK = timedelta(days=90)  # how long after a rating, or its settling, a change of it is still followed
FIELDS = ["stars", "low", "high", "n_ratings", "reason", "version", "computed_at"]


def predict_due(*, now: datetime) -> int:
    """Rows for every member with enough ratings and every nominee that they have not rated; how many were written.

    Made when an album is put up, made once more when the poll opens, and left alone from the poll's close on. Whoever
    has rated an album, in whatever week, gets none for it and keeps the one that they had.
    """
    due = list(_due(now))
    if not due:
        return 0
    members, albums = {member for member, _ in due}, {album for _, album in due}
    asked = Foretelling(members=members, albums=albums)
    rows = [asked.row(member, album, now=now) for member, album in sorted(due)]
    with transaction.atomic():
        locked = User.objects.select_for_update(no_key=True).filter(pk__in=members, is_active=True).order_by("pk")
        there = set(locked.values_list("pk", flat=True))  # whoever left meanwhile is told nothing more
        rated = set(Rating.objects.filter(user__in=members, album__in=albums).values_list("user", "album"))
        rows = [row for row in rows if row.user_id in there and (row.user_id, row.album_id) not in rated]
        PredictedRating.objects.bulk_create(
            rows, batch_size=500, update_conflicts=True, unique_fields=["user", "album"], update_fields=FIELDS
        )
    return len(rows)


def _due(now: datetime) -> Iterable[tuple[int, int]]:
    """(member, album) without a prediction, or with one of before the poll opened."""
    weeks = {week.pk: week for week in Week.objects.filter(phase__in=BEFORE_THE_CLOSE, poll_close_at__gt=now)}
    nominees = Nomination.objects.standing().filter(week__in=weeks, album__merged_into__isnull=True)
    fresh_from: dict[int, datetime | None] = {}
    for album, week_id in nominees.order_by().values_list("album", "week"):
        week = weeks[week_id]
        poll_at = week.nominations_close_at if week.phase == Phase.POLL else None
        known = [at for at in (fresh_from.get(album), poll_at) if at is not None]
        fresh_from[album] = max(known, default=None)
    if not fresh_from:
        return
    members = User.objects.filter(is_active=True, ratings__hidden_at__isnull=True)
    enough = members.annotate(n=Count("ratings__album", distinct=True)).filter(n__gte=LEAST_RATINGS)
    rated = set(Rating.objects.filter(album__in=fresh_from).order_by().values_list("user", "album"))
    kept = PredictedRating.objects.filter(album__in=fresh_from)
    computed = {(user, album): at for user, album, at in kept.values_list("user", "album", "computed_at")}
    for member in enough.order_by("pk").values_list("pk", flat=True):
        for album, since in fresh_from.items():
            at = computed.get((member, album))
            if (member, album) not in rated and (at is None or (since is not None and at < since)):
                yield member, album


def settle(*, now: datetime) -> int:
    """Write beside each prediction what its member rated; how many changed. A rating that is gone is taken out again.

    A rating counts that was given after its prediction; in a week before outside one, else the newest.
    """
    truth = Rating.objects.standing().filter(
        user=OuterRef("user"), album=OuterRef("album"), created_at__gt=OuterRef("computed_at")
    )
    lately = Rating.objects.filter(user=OuterRef("user"), album=OuterRef("album"), updated_at__gte=now - LOOKED_BACK)
    rows = PredictedRating.objects.filter(Exists(lately) | Q(settled_at__gte=now - LOOKED_BACK))
    best = truth.order_by(F("week").desc(nulls_last=True), "-updated_at").values("half_stars")[:1]
    changed = []
    for row in rows.annotate(truth=Subquery(best)).iterator():
        if row.half_stars != row.truth:
            row.half_stars, row.settled_at = row.truth, now if row.truth is not None else None
            changed.append(row)
    PredictedRating.objects.bulk_update(changed, ["half_stars", "settled_at"], batch_size=500)
    if changed:
        revision.bump()  # kept copies of week pages show what was predicted
    return len(changed)
