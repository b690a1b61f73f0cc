"""The bot's part of a member's data: words that wait for another try, messages that were understood, previews."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from discordbot.models import Draft, PendingAct, Post, TypedMessage
from sidetrack import slots
from social.models import LinkedAccount, User
from social.own_data.forgetting import delete_rows
from social.own_data.parts import Part, Table, rows_of


def register() -> None:
    slots.register("export:parts", parts, order=60, name="discordbot")
    slots.register("account:forget", forget, order=10, name="discordbot")


def snowflakes(member: User) -> list[int]:
    ids = LinkedAccount.objects.filter(user=member, provider=LinkedAccount.Provider.DISCORD)
    return [int(each) for each in ids.values_list("provider_user_id", flat=True) if each.isdecimal()]


def parts(member: User) -> list[Part]:
    return [
        Table(
            "discord/drafts",
            _("Drafts"),
            _("Words typed in Discord that are kept for two days."),
            rows_of(Draft, member, "member"),
        ),
        Table(
            "discord/messages",
            _("Typed messages"),
            _("Messages of yours that the bot understood as nomination or rating."),
            rows_of(TypedMessage, member, "member"),
        ),
        Table(
            "discord/previews",
            _("Previewed acts"),
            _("What you asked the bot to do as a moderator."),
            PendingAct.objects.filter(asker_snowflake__in=snowflakes(member)),
        ),
    ]


def forget(member: User, *, keeps_ratings: bool, now: datetime) -> None:
    """Before the account itself is forgotten: the member's id in Discord is known by it alone.

    Posts that name the member are written anew by the next round: they show whom the archive shows.
    """
    ids = snowflakes(member)
    mine = Q(pk__in=[])
    for snowflake in ids:
        mine |= Q(key__endswith=f"-{snowflake}")
    delete_rows(Post.objects.filter(mine, kind="direct"))
    delete_rows(PendingAct.objects.filter(asker_snowflake__in=ids))
    for model in (Draft, TypedMessage):
        delete_rows(rows_of(model, member, "member"))
