"""A member is told, once each, that an account of theirs is no longer read, and that a permission is about to end."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from listening.models import Source, SyncState
from listening.spotify_endings import due_warnings, remember_warning
from social.kinds import register_kind
from social.models import LinkedAccount, Notification
from social.notifying import notify

ENDS, STOPPED = "permission_ends", "sync_stopped"


def register() -> None:
    """Called when the app is ready."""
    register_kind(
        ENDS,
        _("A permission ends"),
        _("One month and one week before Spotify ends the permission that you gave."),
    )
    register_kind(
        STOPPED,
        _("An account is no longer read"),
        _("When one of your services stops to let this site in, so that you can connect it again."),
    )


def tell_of_stop(state: SyncState, words: str, *, now: datetime) -> None:
    """Once a permission: whoever has it tried again in vain hears nothing new."""
    link = LinkedAccount.objects.filter(user=state.user_id, provider=state.source)
    since = link.values_list("authorised_at", "created_at").first()
    mark = f"{since[0] or since[1]:%Y-%m-%dT%H:%M:%S}" if since else "own"
    notify(user=state.user, kind=STOPPED, subject=f"{state.source} {mark}", text=words, address=_connections(), now=now)


def warn_of_endings(*, now: datetime) -> int:
    """Tell whoever is due, each in a transaction of their own; how many."""
    n_told = 0
    for ending in due_warnings(now=now):
        with transaction.atomic():
            if remember_warning(ending):
                subject = f"{Source.SPOTIFY} {ending.stage} {ending.ends_at:%Y-%m-%d}"
                notify(user=ending.user, kind=ENDS, subject=subject, text=ending.words, address=_connections(), now=now)
                n_told += 1
    return n_told


def settle(*, user_id: int, source: str, now: datetime) -> None:
    """What was told of the account's earlier permission concerns nobody any more."""
    told = Notification.objects.filter(user=user_id, kind__in=(ENDS, STOPPED), subject__startswith=f"{source} ")
    told.filter(read_at__isnull=True).update(read_at=now)
    told.filter(direct=Notification.Direct.DUE).update(direct=Notification.Direct.NONE)


def _connections() -> str:
    return reverse("listening:connections")
