"""A member is told when a file of theirs is read, or why it was not: they need not watch."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from listening.models import ImportBatch
from social.kinds import register_kind
from social.notifying import notify

KIND = "import_done"
LONGEST_NAME = 80


def register() -> None:
    text = gettext_lazy("When a file that you brought is read, or could not be.")
    register_kind(KIND, gettext_lazy("My imports"), text)


def tell_done(batch: ImportBatch, *, now: datetime) -> None:
    said = ngettext("“%(name)s” is read: %(n)s new play.", "“%(name)s” is read: %(n)s new plays.", batch.n_new)
    _tell(batch, said % {"name": _name(batch), "n": f"{batch.n_new:,}"}, now=now)


def tell_failed(batch: ImportBatch, *, now: datetime) -> None:
    _tell(batch, _("“%(name)s” could not be read.") % {"name": _name(batch)}, now=now)


def _name(batch: ImportBatch) -> str:
    name = batch.file_name
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"


def _tell(batch: ImportBatch, text: str, *, now: datetime) -> None:
    address = reverse("listening:import", args=[batch.pk])
    notify(user=batch.user, kind=KIND, subject=str(batch.pk), text=text, address=address, now=now)
