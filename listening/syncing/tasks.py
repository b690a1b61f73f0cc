"""Jobs of the syncs. Each takes ids, may run twice, and says in a line what it did."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F
from django.utils import timezone
from django_q.tasks import async_task

from listening.clients import lastfm
from listening.models import SyncState
from listening.syncing import tags
from listening.syncing.accounts import follow_accounts
from listening.syncing.pace import QUEUED_FOR
from listening.syncing.registry import due, sync_account
from social.models import User

TURN_S = 120.0  # then a long history lets others have the worker, and goes on in its next turn
N_AT_ONCE = 500


def sync_due() -> str:
    """Queue a reading of each account that is due."""
    now = timezone.now()
    follow_accounts(now=now)
    n_queued = 0
    for state in due(now)[:N_AT_ONCE]:
        # Only one of two sweeps moves the due time on, and so queues the account.
        if SyncState.objects.filter(pk=state.pk, due_at=state.due_at).update(due_at=now + QUEUED_FOR):
            async_task("listening.syncing.tasks.sync", state.pk)
            n_queued += 1
    return f"Queued {n_queued} account{'s' * (n_queued != 1)} to read."


def sync(state_id: int) -> str:
    """Read one account; a history that is too long for one turn is queued again at once."""
    synced = sync_account(state_id, now=timezone.now(), seconds=TURN_S)
    going_on = SyncState.objects.filter(pk=state_id, status=SyncState.Status.READING, lease_until__isnull=True).exclude(
        checkpoint={}
    )
    if going_on.update(due_at=F("due_at") + QUEUED_FOR):
        async_task("listening.syncing.tasks.sync", state_id)
    return f"Account {state_id}: {synced}"


def sync_tags(user_id: int | None = None, since: str | None = None) -> str:
    """Ask Last.fm what the music is called that this member plays; without a member, that anybody plays."""
    if variable := lastfm.missing():
        return f"Last.fm is off: set {variable}."
    user = User.objects.filter(pk=user_id).first() if user_id else None
    if user_id and user is None:
        return f"Member {user_id} is gone."
    heard_since = datetime.fromisoformat(since) if since else None
    synced = tags.sync_tags(now=timezone.now(), user=user, since=heard_since)
    return f"Tags of Last.fm: {synced}"
