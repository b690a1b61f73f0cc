"""The rating's button, its form, “try again” and “take it back”."""

from __future__ import annotations

from discordbot.answer import Answer
from discordbot.database import in_database
from discordbot.forms import rate as forms
from discordbot.forms.parts import read
from discordbot.handling import handles, submits
from discordbot.members import Person
from discordbot.opening import in_time
from discordbot.replies import send
from discordbot.routes import Route
from discordbot.serving import ratings
from discordbot.texts import members, say
from discordbot.words_kept import keeping_words


@handles("rate")
async def open_form(answer: Answer, route: Route) -> None:
    await open_rating(answer, number=route.week)


async def open_rating(answer: Answer, *, number: int | None) -> None:
    """With the present rating; blank where the database is slow, and then what is left empty stays as it is."""
    person = Person.of(answer.interaction.user)
    asked = in_database(ratings.opened, person=person, number=number, now=answer.received_at)
    await answer.modal(await in_time(asked) or ratings.blank(number))


@handles("rate.again")
async def open_draft(answer: Answer, route: Route) -> None:
    person, draft_id = Person.of(answer.interaction.user), next(iter(route.ids), 0)
    form = await in_time(in_database(ratings.reopened, person=person, draft_id=draft_id, now=answer.received_at))
    if form is None:
        await answer.reply(say(members.IN_A_MOMENT_DRAFT))
    else:
        await answer.modal(form)


@submits("rate.form")
async def submit(answer: Answer, route: Route) -> None:
    words = forms.words_of(read(answer.data), route.arg)
    async with keeping_words(answer, words.as_text()):
        reply = await in_database(
            ratings.submitted,
            person=Person.of(answer.interaction.user),
            number=route.week,
            words=words,
            draft_id=forms.draft_of(route.arg),
            now=answer.received_at,
        )
        await send(answer, reply)


@handles("rate.clear")
async def clear(answer: Answer, route: Route) -> None:
    person = Person.of(answer.interaction.user)
    reply = await in_database(ratings.cleared, person=person, number=route.week, now=answer.received_at)
    await send(answer, reply, update=True)
