"""Telling a member something: one sentence a subject, in a list of their own and, where wanted, as a Discord message.

Where others did it, the sentence has a place for them, `{who}`. Who is named is decided when it is read: never somebody
whom the reader has blocked or muted, who blocked the reader, who shows themselves to nobody, or who left. Where nobody
is left to name, nothing is told.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Window
from django.db.models.functions import RowNumber
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from social.kinds import register_kind as register_kind
from social.models import LinkedAccount, Mute, Notification, NotificationSwitch, User

WHO = "{who}"
KEPT = timedelta(days=180)  # what was read longer ago than this is forgotten
LONGEST = Notification._meta.get_field("text").max_length
Direct = Notification.Direct


@transaction.atomic
def notify(
    *,
    user: User,
    kind: str,
    subject: str,
    text: str,
    address: str = "",
    actor: User | None = None,
    now: datetime,
) -> Notification | None:
    """Tell the member; the same words about the same subject again change nothing, other words make it unread again.

    kind: what a member may switch off: taste_change, … subject: what it is about, in the kind's own key.
    address: a path on this site. actor: who did it; `text` then says `{who}` where the name stands, and the next
    actor of the same subject joins the row: “Ana and 3 others …”. The same actor again changes nothing.
    None where nothing is told: switched off, a reader who left, an actor whom the reader does not hear of.
    """
    on_site, in_discord = switches_of(user, kind)
    if not user.is_active or not (on_site or in_discord) or (actor is not None and not _is_heard(actor, user, now)):
        return None
    direct = Direct.DUE if in_discord and _has_discord(user) else Direct.NONE
    told = {"text": text[:LONGEST], "address": address, "told_at": now, "read_at": None, "on_site": on_site}
    row, is_new = Notification.objects.get_or_create(
        user=user,
        kind=kind,
        subject=subject,
        defaults={**told, "has_actors": actor is not None, "direct": direct},
    )
    is_other = (row.text, row.address) != (told["text"], address)
    joins = actor is not None and _join(row, actor) and not is_new
    if not is_new and (is_other or joins):
        was_unread = row.read_at is None and row.on_site
        for name, value in told.items():
            setattr(row, name, value)
        if is_other or not was_unread:  # one more name on what still waits to be read is no second message
            row.direct = direct
        row.save(update_fields=[*told, "direct"])
    return row


@transaction.atomic
def untell(*, user: User, kind: str, subject: str, actor: User) -> bool:
    """Take back what the actor told the member, as if it had not been; whether anything was. The others' names stay."""
    row = Notification.objects.select_for_update().filter(user=user, kind=kind, subject=subject).first()
    if row is None:
        return False
    told = Notification.actors.through._default_manager.filter(notification=row)
    n, _by_model = told.filter(user=actor).delete()
    if n and not told.exists():
        row.delete()
    return bool(n)


def _join(row: Notification, actor: User) -> bool:
    """Whether the actor was not among the row's before."""
    return Notification.actors.through._default_manager.get_or_create(notification=row, user=actor)[1]


def _is_heard(actor: User, reader: User, now: datetime) -> bool:
    """Whether the reader is told of what the actor does."""
    if actor.pk == reader.pk or actor.is_suspended(now):
        return False
    return heard_by(reader).filter(pk=actor.pk).exists()


def _has_discord(user: User) -> bool:
    return LinkedAccount.objects.filter(user=user, provider=LinkedAccount.Provider.DISCORD).exists()


def switches_of(user: User, kind: str) -> tuple[bool, bool]:
    """Whether the member wants this kind on the site, and in Discord."""
    row = NotificationSwitch.objects.filter(user=user, kind=kind).values_list("on_site", "in_discord").first()
    return row or (True, False)


def heard_by(reader: User) -> QuerySet[User]:
    """Whom a notification may name to the reader now."""
    muted = Mute.objects.filter(muter=reader.pk).values("muted")
    there = User.objects.present().filter(deleted_at__isnull=True).exclude(pk__in=muted)
    heard: QuerySet[User] = there.meetable_by(reader)
    return heard


def may_be_read(user: User) -> QuerySet[Notification]:
    """What the member was told, on the site or elsewhere, without what names only whom they do not hear of any more."""
    named = Notification.actors.through._default_manager.filter(
        notification=OuterRef("pk"), user__in=heard_by(user).values("pk")
    )
    return Notification.objects.filter(Q(has_actors=False) | Exists(named), user=user)


def of_member(user: User) -> QuerySet[Notification]:
    """Everything that the member was told on the site and may still read, newest first."""
    return may_be_read(user).filter(on_site=True)


def unread(user: User) -> QuerySet[Notification]:
    return of_member(user).filter(read_at__isnull=True)


def n_unread(user: User) -> int:
    """How many the member has not read: one query, over the unread alone."""
    return unread(user).count()


def sentences(rows: Sequence[Notification], reader: User) -> list[str]:
    """The rows' sentences with names as the reader may see them now; one query for all of them."""
    with_actors = [row.pk for row in rows if row.has_actors]
    names: dict[int, tuple[str, int]] = {}
    if with_actors:
        through = Notification.actors.through._default_manager.filter(
            notification__in=with_actors, user__in=heard_by(reader).values("pk")
        )
        of_row = [F("notification")]
        ranked: Any = through.annotate(
            place=Window(RowNumber(), partition_by=of_row, order_by=F("pk").desc()),
            n=Window(Count("pk"), partition_by=of_row),
        )
        for each in ranked.filter(place__lte=2).order_by("notification", "place").select_related("user"):
            first = names.get(each.notification_id)
            if first is None:
                names[each.notification_id] = (_isolated(str(each.user)), each.n)
            elif each.n == 2:
                both = {"a": first[0], "b": _isolated(str(each.user))}
                names[each.notification_id] = (_("%(a)s and %(b)s") % both, 1)
    return [_sentence(row, names.get(row.pk)) for row in rows]


def _sentence(row: Notification, who: tuple[str, int] | None) -> str:
    if not row.has_actors:
        return row.text
    name, n = who or (_("A former member"), 1)
    if n > 1:
        others = ngettext("%(name)s and %(n)s other", "%(name)s and %(n)s others", n - 1)
        name = others % {"name": name, "n": n - 1}
    return row.text.replace(WHO, name, 1)


def _isolated(name: str) -> str:
    """A name that is read from right to left turns nothing around it (Unicode's isolates)."""
    is_turned = any(unicodedata.bidirectional(letter) in {"R", "AL"} for letter in name)
    return f"\u2068{name}\u2069" if is_turned else name


def mark_read(*, user: User, now: datetime, notification_id: int | None = None) -> int:
    """One of the member's own, or all of them; how many were unread."""
    rows = unread(user)
    if notification_id is not None:
        rows = rows.filter(pk=notification_id)
    return rows.update(read_at=now)


def forget_old(*, now: datetime) -> int:
    """Delete what was read long ago, and what was for Discord alone and is as old; how many."""
    old = Q(read_at__lt=now - KEPT) | Q(on_site=False, told_at__lt=now - KEPT)
    return _delete(Notification.objects.filter(old).values_list("pk", flat=True))


def _delete(ids: Iterable[int], at_once: int = 500) -> int:
    """In batches, so that no other writer waits long."""
    n, waiting = 0, list(ids)
    for start in range(0, len(waiting), at_once):
        batch = waiting[start : start + at_once]
        Notification.objects.filter(pk__in=batch).delete()
        n += len(batch)
    return n
