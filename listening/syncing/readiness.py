"""What `/ready` and `manage.py doctor` say about accounts elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from listening.models import SyncState
from listening.syncing.accounts import OWN_ACCOUNTS
from listening.syncing.registry import due
from listening.syncing.sources import SOURCES
from sidetrack.diagnosis import Finding
from social.models import User

LATE = timedelta(hours=2)  # past due: four times as long as an account may wait in the queue


def problems() -> list[str]:
    """Accounts that were to be read long ago: nobody reads them."""
    n_late = due(timezone.now() - LATE).count()
    if not n_late:
        return []
    hours = int(LATE.total_seconds() // 3600)
    words = "account has" if n_late == 1 else "accounts have"
    return [f"{n_late} {words} waited for more than {hours} hours to be read: is a worker running?"]


def lines() -> Iterator[Finding]:
    for source in SOURCES.values():
        variable = source.missing()
        yield Finding(f"Listens from {source.label}", not variable, _how(source.source, variable))
    if wanted := [setting for setting in OWN_ACCOUNTS.values() if getattr(settings, setting)]:
        owner = User.objects.by_handle(settings.DEFAULT_USER).first() if settings.DEFAULT_USER else None
        says = f"{', '.join(wanted)}: read for {owner.handle}" if owner else "Set DEFAULT_USER to a member's handle."
        yield Finding("The owner's own accounts", owner is not None, says)


def _how(source: str, variable: str) -> str:
    if variable:
        return f"Set {variable} to turn it on."
    states = SyncState.objects.filter(source=source)
    n_all = states.count()
    n_stopped = states.exclude(error="").exclude(status=SyncState.Status.OK).count()
    told = f"{n_all} account{'s' * (n_all != 1)}"
    return f"{told}, {n_stopped} with a problem" if n_stopped else told
