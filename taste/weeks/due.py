"""Whose weeks are due: all whose listens or sound have changed since, told by two numbers each."""

from __future__ import annotations

from datetime import datetime

from django.core.cache import cache
from django.db.models import Q
from django_q.tasks import async_task

from listening.models import Listener
from social.models import User
from taste.embeddings import main_model
from taste.models import TasteProfile
from taste.weeks import material
from taste.weeks.aggregating import is_current

A_TASK = "taste.weeks.tasks.aggregate_member"
WAITS, WAITS_S = "taste:weeks-wait:{}", 60  # seconds, where the worker does not share the cache


def due_members(*, now: datetime, everybody: bool = False) -> list[int]:
    """Ids of members who have listens, or weeks of listens that are gone, and are not up to date."""
    model = main_model()
    profiles = {row.pk: row for row in TasteProfile.objects.defer("embedding", "genre_histogram")}
    listeners = Listener.objects.filter(Q(n_listens__gt=0) | Q(pk__in=profiles)).select_related("user").order_by("pk")
    common = material.newest_common_sound(model)
    said = material.newest_labels()
    found = []
    for listener in listeners:
        known = profiles.get(listener.pk)
        sound_at = max((at for at in (common, said.get(listener.pk)) if at), default=None)
        if everybody or known is None or not is_current(known, listener, model, sound_at, now=now):
            found.append(listener.pk)
    return found


def queue_due(*, now: datetime) -> int:
    """One job for each member who is due; how many. Twice does no harm: the second finds nothing to do."""
    found = due_members(now=now)
    for user_id in found:
        async_task(A_TASK, user_id)
    return len(found)


def queue(user: User) -> None:
    """Have the member's weeks computed soon. Asked again while that job waits, it is queued once.

    So nobody fills the queue by asking; what changes after the job began is seen by the next one.
    """
    if cache.add(WAITS.format(user.pk), 1, timeout=WAITS_S):
        async_task(A_TASK, user.pk)


def begun(user_id: int) -> None:
    """The member's job waits no more: whoever asks from now on asks for another."""
    cache.delete(WAITS.format(user_id))
