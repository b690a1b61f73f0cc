"""Looking through histories that are marked: a piece a transaction, so that no member's listens wait long."""

from __future__ import annotations

import time
from datetime import datetime

from django.db import transaction

from listening.models import Listener
from listening.occasions import marking, reached, sessions
from social.models import User

BUDGET_S = 100.0  # of one run of the job: the rest has its turn in the next


@transaction.atomic
def go_on(*, user: User, now: datetime) -> bool:
    """Look through the next piece of the member's history; whether there is more. Twice at once does no harm."""
    listener = Listener.objects.select_for_update().filter(pk=user.pk).first()
    if listener is None or listener.occasions_from is None:  # without a row there are no listens: it is not made here
        return False
    since = listener.occasions_from
    reached.make_true(listener, since=since, now=now)
    listener.occasions_from = sessions.make_true(user.pk, since)
    listener.save(update_fields=["occasions_from"])
    return listener.occasions_from is not None


def find_all(*, user: User, now: datetime) -> None:
    """To the end of the member's history."""
    while go_on(user=user, now=now):
        pass


def look_again(*, user: User) -> None:
    """Have the member's whole history looked through by the next run."""
    first = Listener.objects.filter(pk=user.pk).values_list("first_at", flat=True).first()
    if first is not None:
        marking.mark({user.pk: first})


def find_marked(*, now: datetime, budget_s: float = BUDGET_S) -> tuple[int, int]:
    """Those whose listens changed, the longest unchanged first; how many were finished, and how many wait."""
    until = time.monotonic() + budget_s
    marked = Listener.objects.filter(occasions_from__isnull=False, user__is_active=True).order_by("changed_at", "pk")
    n_done = 0
    for listener in marked.select_related("user"):
        while (more := go_on(user=listener.user, now=now)) and time.monotonic() < until:
            pass
        n_done += not more
        if time.monotonic() >= until:
            break
    return n_done, marked.count()
