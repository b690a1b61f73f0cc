"""The buttons under /privacy."""

from __future__ import annotations

from discordbot.answer import Answer
from discordbot.database import in_database
from discordbot.forms.parts import read
from discordbot.handling import handles, submits
from discordbot.members import Person
from discordbot.opening import in_time
from discordbot.replies import send
from discordbot.routes import Route
from discordbot.serving import privacy


@handles("privacy.set")
async def switch(answer: Answer, route: Route) -> None:
    person = Person.of(answer.interaction.user)
    reply = await in_database(privacy.switched, person=person, arg=route.arg, now=answer.received_at)
    await send(answer, reply, update=True)


@handles("privacy.seen")
async def choose_level(answer: Answer, route: Route) -> None:
    person, level = Person.of(answer.interaction.user), next(iter(answer.values), "")
    reply = await in_database(privacy.seen_by, person=person, level=level, now=answer.received_at)
    await send(answer, reply, update=True)


@handles("privacy.quiet")
async def open_hours(answer: Answer, route: Route) -> None:
    form = await in_time(in_database(privacy.hours_form, person=Person.of(answer.interaction.user)))
    await answer.modal(form or privacy.blank_hours())


@submits("privacy.hours")
async def set_hours(answer: Answer, route: Route) -> None:
    person = Person.of(answer.interaction.user)
    reply = await in_database(privacy.hours_set, person=person, sent=read(answer.data), now=answer.received_at)
    await send(answer, reply, update=True)
