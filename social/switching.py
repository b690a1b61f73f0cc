"""Which kinds of notifications a member wants, and where."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction

from social.kinds import Words, kinds
from social.models import LinkedAccount, Notification, NotificationSwitch, User


@dataclass(frozen=True)
class Choice:
    """One kind as a member has it."""

    name: str
    label: Words
    text: Words
    on_site: bool
    in_discord: bool


def choices_of(member: User) -> list[Choice]:
    """All kinds, with what the member chose; one query."""
    rows = NotificationSwitch.objects.filter(user=member).values_list("kind", "on_site", "in_discord")
    chosen = {kind: (on_site, in_discord) for kind, on_site, in_discord in rows}
    return [Choice(each.name, each.label, each.text, *chosen.get(each.name, (True, False))) for each in kinds()]


@transaction.atomic
def change_switches(*, member: User, on_site: Collection[str], in_discord: Collection[str]) -> None:
    """Of all kinds these are wanted on the site, and these in Discord. Kinds as they come by themselves have no row."""
    for kind in kinds():
        wanted = (kind.name in on_site, kind.name in in_discord)
        mine = NotificationSwitch.objects.filter(user=member, kind=kind.name)
        if wanted == (True, False):
            mine.delete()
        else:
            values = {"on_site": wanted[0], "in_discord": wanted[1]}
            NotificationSwitch.objects.update_or_create(user=member, kind=kind.name, defaults=values)
        if not wanted[1]:  # what waits to be sent is not wanted there any more
            waiting = Notification.objects.filter(user=member, kind=kind.name, direct=Notification.Direct.DUE)
            waiting.update(direct=Notification.Direct.NONE)


def has_discord(member: User) -> bool:
    return LinkedAccount.objects.filter(user=member, provider=LinkedAccount.Provider.DISCORD).exists()


def last_refused(member: User) -> Notification | None:
    """The newest message that Discord refused, unless a later one came through."""
    tried = Notification.objects.filter(user=member, direct__in=[Notification.Direct.SENT, Notification.Direct.FAILED])
    newest = tried.order_by("-told_at", "-pk").first()
    return newest if newest is not None and newest.direct == Notification.Direct.FAILED else None
