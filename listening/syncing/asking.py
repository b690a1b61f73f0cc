"""A member, or a program for them, wants their accounts read now."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django_q.tasks import async_task

from listening.models import SyncState
from listening.syncing.accounts import follow_accounts
from listening.syncing.pace import QUEUED_FOR
from listening.syncing.registry import ask_anew
from listening.syncing.sources import SOURCES
from social.models import User
from social.standing import require_active


@transaction.atomic
def ask_for_reading(*, user: User, now: datetime, since: datetime | None = None, source: str = "") -> list[SyncState]:
    """Queue a reading of the member's accounts, whatever kept them; the accounts, as they stand then.

    since: from there on, even what is held. source: only this one. A service that is off is not queued.
    """
    require_active(user, now)
    follow_accounts(now=now, user=user)
    states = SyncState.objects.filter(user=user, source__in=[source] if source else list(SOURCES)).order_by("source")
    for state in states:
        if SOURCES[state.source].missing():
            continue
        ask_anew(state, now=now, since=since)
        SyncState.objects.filter(pk=state.pk).update(due_at=now + QUEUED_FOR)  # the sweep leaves it to the job
        transaction.on_commit(lambda pk=state.pk: async_task("listening.syncing.tasks.sync", pk))  # type: ignore[misc]
    return list(states.all())


def read_again(*, user: User, source: str, since: datetime, now: datetime) -> int:
    """Rows from `since` on are gone by which we knew what the member's account tells too: read it again from there.

    An account that stopped stays so, and does it when it goes on. Returns how many accounts that are.
    """
    accounts = SyncState.objects.filter(user=user, source=source, last_ingested_at__gt=since)
    return accounts.update(last_ingested_at=since, due_at=now)
