"""The nomination's button, form, “which one?”, “try again” and “withdraw”."""

from __future__ import annotations

from discordbot.answer import Answer
from discordbot.database import in_database
from discordbot.forms import nominate as forms
from discordbot.forms.parts import read
from discordbot.handling import handles, submits
from discordbot.members import Person
from discordbot.opening import in_time
from discordbot.replies import send
from discordbot.routes import Route
from discordbot.serving import nominations
from discordbot.texts import members, say
from discordbot.words_kept import keeping_words


@handles("nominate")
async def open_form(answer: Answer, route: Route) -> None:
    await open_nomination(answer, number=route.week)


async def open_nomination(answer: Answer, *, number: int | None, album_id: int | None = None, line: str = "") -> None:
    """A form must be the first answer: where the database is slow it opens blank, and nothing is lost by that."""
    asked = in_database(
        nominations.opened,
        person=Person.of(answer.interaction.user),
        number=number,
        now=answer.received_at,
        album_id=album_id,
        line=line,
    )
    form = await in_time(asked) or nominations.blank(number, line)
    await answer.modal(form)


@handles("nominate.again")
async def open_draft(answer: Answer, route: Route) -> None:
    person, draft_id = Person.of(answer.interaction.user), next(iter(route.ids), 0)
    form = await in_time(in_database(nominations.reopened, person=person, draft_id=draft_id, now=answer.received_at))
    if form is None:
        await answer.reply(say(members.IN_A_MOMENT_DRAFT))
    else:
        await answer.modal(form)


@submits("nominate.form")
async def submit(answer: Answer, route: Route) -> None:
    words = forms.words_of(read(answer.data))
    async with keeping_words(answer, words.as_text()):
        person = Person.of(answer.interaction.user)
        reply = await in_database(
            nominations.submitted,
            person=person,
            number=route.week,
            words=words,
            arg=route.arg,
            now=answer.received_at,
        )
        await send(answer, reply)


@handles("nominate.pick")
async def pick(answer: Answer, route: Route) -> None:
    reply = await in_database(
        nominations.picked,
        person=Person.of(answer.interaction.user),
        draft_id=next(iter(route.ids), 0),
        value=next(iter(answer.values), ""),
        now=answer.received_at,
    )
    await send(answer, reply, update=True)


@handles("nominate.swap")
async def swap(answer: Answer, route: Route) -> None:
    reply = await in_database(
        nominations.swapped,
        person=Person.of(answer.interaction.user),
        draft_id=next(iter(route.ids), 0),
        now=answer.received_at,
    )
    await send(answer, reply, update=True)


@handles("nominate.withdraw")
async def withdraw(answer: Answer, route: Route) -> None:
    reply = await in_database(
        nominations.withdrawn,
        person=Person.of(answer.interaction.user),
        nomination_id=next(iter(route.ids), 0),
        now=answer.received_at,
    )
    await send(answer, reply, update=True)
