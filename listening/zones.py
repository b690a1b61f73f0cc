"""A member who moves: a job reads their whole history in the new zone, counting days and hours anew."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F
from django_q.tasks import async_task

from listening.models import Listener


def moved_listeners() -> list[int]:
    """Members whose days and hours are still those of the zone they lived in before."""
    return list(Listener.objects.exclude(zone=F("user__timezone")).order_by("pk").values_list("pk", flat=True))


def queue_moved() -> int:
    """Have the history of each of them read anew; how many there are. Twice does no harm: the second finds it done."""
    found = moved_listeners()
    for user_id in found:
        async_task("listening.tasks.read_in_new_zone", user_id)
    return len(found)


def people_changed() -> None:
    """Somebody may have moved: fills the slot of that name. Looks once the change can be seen by a worker."""
    transaction.on_commit(queue_moved)
