"""Confirm and Cancel below a moderator's preview."""

from __future__ import annotations

from discordbot.answer import Answer
from discordbot.database import in_database
from discordbot.handling import handles
from discordbot.moderating.confirming import CANCELS, CONFIRMS, cancel, confirm
from discordbot.moderating.people import Asker
from discordbot.replies import send
from discordbot.routes import Route


@handles(CONFIRMS)
async def do_it(answer: Answer, route: Route) -> None:
    await answer.defer_update()
    number = next(iter(route.ids), 0)
    reply = await in_database(confirm, Asker.of(answer), number, now=answer.received_at)
    await send(answer, reply, update=True)


@handles(CANCELS)
async def leave_it(answer: Answer, route: Route) -> None:
    reply = await in_database(cancel, Asker.of(answer), next(iter(route.ids), 0), now=answer.received_at)
    await send(answer, reply, update=True)
