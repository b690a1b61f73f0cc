"""Asking, accepting, declining, leaving. Each function may be called twice; the second call changes nothing."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django_q.tasks import async_task

from social.errors import NotAllowed, Refused
from social.models import User
from social.notifying import WHO, notify, untell
from social.standing import require_active
from taste.blends.standing import lists_of, may_blend, pair_of
from taste.models import Blend

MAX_WAITING = 20  # questions of one member that nobody answered
PAUSE = timedelta(minutes=10)  # between two lists that a button asks for
ASKED, ACCEPTED = "blend_asked", "blend_accepted"  # kinds of notifications


@transaction.atomic
def ask(*, by: User, whom: User, lean: str = Blend.Lean.EVEN, now: datetime) -> Blend:
    """Ask for a blend. Where the other has asked before, this says yes, whatever was said then."""
    require_active(by, now)
    if by == whom:
        raise Refused(_("A blend takes two."), code="oneself")
    if not may_blend(by, whom):
        raise Refused(_("You cannot blend with this member."), code="cannot_blend")
    lean = _lean(lean)
    row = pair_of(by, whom).select_for_update().first()
    if row is None:
        if Blend.objects.filter(asker=by, accepted_at=None).count() >= MAX_WAITING:
            raise Refused(_("Many of your questions wait for an answer: take one back first."), code="too_many")
        try:
            with transaction.atomic():
                row = Blend.objects.create(asker=by, asked=whom, lean=lean, created_at=now)
        except IntegrityError:  # both asked at once, or one button was pressed twice
            row = pair_of(by, whom).select_for_update().get()
        else:
            _tell(whom, ASKED, by, _("%(who)s asks you for a blend of your music."), now=now)
            return row
    if row.asked_id == by.pk:
        return _accept(row, by=by, now=now)
    return row


@transaction.atomic
def accept(*, by: User, blend: Blend, now: datetime) -> Blend:
    """Say yes: from now on both see what the other plays of the list's music, and a job makes it."""
    require_active(by, now)
    row = _locked(blend, by)
    if row.asked_id != by.pk:
        raise NotAllowed(_("Whoever was asked answers."), code="not_asked")
    return _accept(row, by=by, now=now)


@transaction.atomic
def decline(*, by: User, blend: Blend, now: datetime) -> bool:
    """Say no; the asker is not told. Whether there was a question."""
    row = Blend.objects.select_for_update().filter(pk=blend.pk, asked=by, accepted_at=None).first()
    if row is None:
        return False
    row.declined_at = row.declined_at or now
    row.save(update_fields=["declined_at"])
    return True


@transaction.atomic
def leave(*, by: User, blend: Blend) -> bool:
    """End a blend, or take a question back: it is gone for both, with both lists. Whether there was one."""
    row = Blend.objects.select_for_update().filter(pk=blend.pk).first()
    if row is None or by.pk not in (row.asker_id, row.asked_id):
        return False
    end(row)
    return True


def end(row: Blend) -> None:
    """What one member plays is told to the other no longer: both lists go along, and what was told of the blend."""
    lists_of(row).delete()
    untell(user=row.asked, kind=ASKED, subject=_subject(row.asker), actor=row.asker)
    untell(user=row.asker, kind=ACCEPTED, subject=_subject(row.asked), actor=row.asked)
    row.delete()


@transaction.atomic
def choose_lean(*, by: User, blend: Blend, lean: str, now: datetime) -> Blend:
    """Whose music is more of it. Either may choose; the list is made anew."""
    require_active(by, now)
    row = _locked(blend, by)
    if row.lean != _lean(lean):
        row.lean = _lean(lean)
        row.save(update_fields=["lean"])
        if row.accepted_at is not None:
            _want(row, now)
    return row


@transaction.atomic
def want_anew(*, by: User, blend: Blend, now: datetime) -> Blend:
    """Have the list made again before its week is over."""
    require_active(by, now)
    row = _locked(blend, by)
    if row.accepted_at is None:
        raise Refused(_("Both must accept first."), code="not_accepted")
    if row.wanted_at is not None and row.wanted_at > now - PAUSE:
        raise Refused(_("It was asked for a moment ago: wait ten minutes."), code="too_often")
    _want(row, now)
    return row


def _accept(row: Blend, *, by: User, now: datetime) -> Blend:
    if row.accepted_at is not None:
        return row
    if not may_blend(row.asker, row.asked):
        raise Refused(_("You cannot blend with this member."), code="cannot_blend")
    row.accepted_at, row.declined_at = now, None
    row.save(update_fields=["accepted_at", "declined_at"])
    _want(row, now)
    _tell(row.asker, ACCEPTED, by, _("%(who)s accepts: your blend is being made."), now=now)
    return row


def _want(row: Blend, now: datetime) -> None:
    row.wanted_at = now
    row.save(update_fields=["wanted_at"])
    transaction.on_commit(lambda: async_task("taste.blends.tasks.make", row.pk))


def _tell(reader: User, kind: str, actor: User, text: str, *, now: datetime) -> None:
    address = reverse("taste:blend", args=[actor.handle])
    notify(
        user=reader, kind=kind, subject=_subject(actor), text=text % {"who": WHO}, address=address, actor=actor,
        now=now,
    )  # fmt: skip


def _subject(actor: User) -> str:
    return f"blend:{actor.pk}"


def _lean(lean: str) -> str:
    if lean not in Blend.Lean.values:
        raise Refused(_("Choose whose music is more of it."), code="bad_lean")
    return lean


def _locked(blend: Blend, by: User) -> Blend:
    """The row, locked; refused to everybody but the two."""
    row = Blend.objects.select_for_update(of=("self",)).select_related("asker", "asked").filter(pk=blend.pk).first()
    if row is None or by.pk not in (row.asker_id, row.asked_id):
        raise NotAllowed(_("There is no such blend."), code="no_blend")
    return row
