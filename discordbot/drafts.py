"""Keeping typed words until they are used, or for two days."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from club.models import Week
from discordbot.members import Person
from discordbot.models import Draft
from discordbot.models.draft import KEPT
from social.models import User


def keep(*, member: User, week: Week, kind: Draft.Kind, payload: dict[str, Any], now: datetime) -> Draft:
    """The same words twice are one draft: a form that Discord delivers twice, or a second press."""
    for draft in Draft.objects.kept(now).filter(member=member, week=week, kind=kind)[:5]:
        if draft.payload == payload:
            return draft
    return Draft.objects.create(member=member, week=week, kind=kind, payload=payload, created_at=now)


def mine(*, person: Person, draft_id: int, kind: Draft.Kind, now: datetime) -> Draft | None:
    """One's own draft with its week, in one query; None where it is gone or somebody else's."""
    drafts = Draft.objects.kept(now).select_related("week", "member")
    return drafts.filter(person.is_owner("member__"), pk=draft_id, kind=kind).first()


def used(*, draft_id: int | None, person: Person) -> None:
    """What was taken by the club need not be kept."""
    if draft_id:
        ids = Draft.objects.filter(person.is_owner("member__"), pk=draft_id).values_list("pk", flat=True)
        Draft.objects.filter(pk__in=list(ids)).delete()


def forget(*, now: datetime) -> int:
    """Delete what is kept too long; how many."""
    n_deleted, _ = Draft.objects.filter(created_at__lte=now - KEPT).delete()
    return n_deleted
