"""The panel of `/club settings`: its selects, its forms, and the check of permissions."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.conf import settings

from discordbot.answer import Answer
from discordbot.database import in_database
from discordbot.forms.parts import read
from discordbot.forms.settings import SENDS, values_of
from discordbot.handling import handles, submits
from discordbot.moderating import checking, panel, report
from discordbot.moderating.people import Asker
from discordbot.opening import in_time
from discordbot.replies import send
from discordbot.routes import Route
from discordbot.texts import trouble as texts
from discordbot.troubles import Trouble


async def show(answer: Answer) -> None:
    await answer.defer()
    await send(answer, await in_database(panel.shown, Asker.of(answer), now=answer.received_at))


@handles(panel.OPENS)
async def open_form(answer: Answer, route: Route) -> None:
    form = await in_time(in_database(panel.form, Asker.of(answer), route.arg, now=answer.received_at))
    if form is None:
        await answer.reply(texts.press_again())
    else:
        await answer.modal(form)


@submits(SENDS)
async def take_form(answer: Answer, route: Route) -> None:
    await answer.defer()
    name, _number = panel.split(route.arg)
    typed = values_of(name, read(answer.data))
    await send(answer, await in_database(panel.sent, Asker.of(answer), route.arg, typed, now=answer.received_at))


@handles(panel.DIGEST)
async def take_digest(answer: Answer, route: Route) -> None:
    await answer.defer()
    await send(answer, await in_database(panel.digest, Asker.of(answer), route.arg, now=answer.received_at))


@handles(panel.PLACE)
async def take_place(answer: Answer, route: Route) -> None:
    """The preview of another channel says at once what would be missing there."""
    await answer.defer()
    asker, now = Asker.of(answer), answer.received_at
    picker = await in_database(panel.picker, asker, route.arg, now=now)
    snowflake = next((int(value) for value in answer.values if value.isdigit()), None)
    found = await _looked_at(answer, picker, snowflake)
    notes = [str(line) for line in found.lines]
    await send(answer, await in_database(panel.placed, asker, picker, snowflake, found.kind, now=now, notes=notes))


@dataclass(frozen=True)
class Found:
    """kind: of the channel that was chosen. lines: what the bot may not do there."""

    kind: int | None = None
    lines: tuple[checking.Finding, ...] = ()


async def _looked_at(answer: Answer, picker: panel.Picker, snowflake: int | None) -> Found:
    if snowflake is None:
        return Found()
    client, now = answer.interaction.client, answer.received_at
    role, uses = (snowflake, []) if picker.use is None else (None, [(picker.use, snowflake)])
    try:
        found = await checking.survey(client, uses, role_id=role, now=now)
    except Trouble as trouble:  # it may still be chosen
        return Found(_told_kind(answer, snowflake), (checking.not_asked(trouble),))
    if not uses:
        return Found(lines=tuple(checking.of_role(found)))
    [looked] = found.looked
    kind = looked.place.kind if looked.place else _told_kind(answer, snowflake)
    if picker.use == "club" and kind == panel.FORUM:
        looked = replace(looked, use="forum")
    reads = settings.DISCORD_READ_MESSAGES
    return Found(kind, tuple(checking.of_channel(found, looked, reads_messages=reads)))


def _told_kind(answer: Answer, snowflake: int) -> int | None:
    """What Discord says of the channel with the choice itself, for one that we may not see."""
    channels = (answer.data.get("resolved") or {}).get("channels") or {}
    kind = (channels.get(str(snowflake)) or {}).get("type")
    return None if kind is None else int(kind)


@handles(panel.CHECKS)
async def press_check(answer: Answer, route: Route) -> None:
    await check(answer)


async def check(answer: Answer) -> None:
    await answer.defer()
    now = answer.received_at
    places = await in_database(report.begun, Asker.of(answer), now)
    role = places.moderator_role_snowflake
    found: checking.Survey | Trouble
    try:
        found = await checking.survey(answer.interaction.client, checking.chosen(places), role_id=role, now=now)
    except Trouble as silence:
        found = silence
    await send(answer, await in_database(report.written, found, now))
