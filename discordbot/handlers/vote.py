"""The poll's button, its form, its pages, and clearing one's ballot."""

from __future__ import annotations

from discordbot.answer import Answer
from discordbot.database import in_database
from discordbot.forms import vote as forms
from discordbot.forms.parts import read
from discordbot.handling import handles, submits
from discordbot.members import Person
from discordbot.opening import in_time
from discordbot.replies import Reply, send
from discordbot.routes import Route
from discordbot.serving import ballots

RANKS = {"vote.first": 1, "vote.second": 2}


@handles("vote")
async def open_form(answer: Answer, route: Route) -> None:
    await open_ballot(answer, number=route.week)


async def open_ballot(answer: Answer, *, number: int | None) -> None:
    """The form; for more albums than it holds, or where it could not come in time, the ballot as a message."""
    person, now = Person.of(answer.interaction.user), answer.received_at
    paper = await in_time(in_database(ballots.opened, person=person, number=number, now=now))
    if paper is None:
        await answer.defer()
        paper = await in_database(ballots.page, person=person, number=number, page=1, now=now)
    if isinstance(paper, Reply):
        await send(answer, paper)
    else:
        await answer.modal(paper)


@submits("vote.form")
async def submit(answer: Answer, route: Route) -> None:
    first, second = forms.choices_of(read(answer.data))
    reply = await in_database(
        ballots.cast,
        person=Person.of(answer.interaction.user),
        number=route.week,
        first=first,
        second=second,
        now=answer.received_at,
    )
    await send(answer, reply)


@handles("vote.first", "vote.second")
async def choose(answer: Answer, route: Route) -> None:
    """One choice of a page counts at once."""
    value = next(iter(answer.values), "")
    reply = await in_database(
        ballots.chosen,
        person=Person.of(answer.interaction.user),
        number=route.week or 0,
        rank=RANKS[route.verb],
        nomination_id=int(value) if value.isdigit() else 0,
        page_number=next(iter(route.ids), 1),
        now=answer.received_at,
    )
    await send(answer, reply, update=True)


@handles("vote.page")
async def turn(answer: Answer, route: Route) -> None:
    reply = await in_database(
        ballots.page,
        person=Person.of(answer.interaction.user),
        number=route.week,
        page=next(iter(route.ids), 1),
        now=answer.received_at,
    )
    await send(answer, reply, update=True)


@handles("vote.clear")
async def clear(answer: Answer, route: Route) -> None:
    person = Person.of(answer.interaction.user)
    reply = await in_database(ballots.cleared, person=person, number=route.week, now=answer.received_at)
    await send(answer, reply, update=True)
