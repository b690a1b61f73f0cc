"""Who acts on what: handlers name the verbs of the buttons and forms that are theirs.

    # discordbot/handlers/vote.py
    @handles("vote")
    async def open_ballot(answer: Answer, route: Route) -> None: ...

    @submits("vote")
    async def cast(answer: Answer, route: Route) -> None: ...

    @hears("message")
    async def read(client: SidetrackClient, message: discord.Message) -> None: ...

Every module of `discordbot.handlers` is imported when the bot starts; every module of `discordbot.commands` that has
`register(tree)` puts its slash commands into the tree, without naming a server.
"""

from __future__ import annotations

import importlib
import logging
import pkgutil
from collections.abc import Awaitable, Callable, Coroutine
from types import ModuleType
from typing import Any, Literal, TypeVar

import discord

from club.errors import ClubRuleBroken
from discordbot.answer import Answer, State
from discordbot.routes import Route, decode
from discordbot.texts import trouble

logger = logging.getLogger(__name__)
Handler = Callable[[Answer, Route], Awaitable[None]]
Listener = Callable[..., Coroutine[Any, Any, None]]
Event = Literal[
    "ready", "message", "raw_message_edit", "raw_message_delete", "raw_bulk_message_delete", "raw_member_remove"
]
H = TypeVar("H", bound=Handler)
L = TypeVar("L", bound=Listener)

_presses: dict[str, Handler] = {}
_forms: dict[str, Handler] = {}
_listeners: dict[str, list[Listener]] = {}


def handles(*verbs: str) -> Callable[[H], H]:
    """This function acts when a button is pressed or a select is used whose route has one of `verbs`."""
    return lambda handler: _put(_presses, verbs, handler)


def submits(*verbs: str) -> Callable[[H], H]:
    """This function reads the forms whose route has one of `verbs`."""
    return lambda handler: _put(_forms, verbs, handler)


def hears(event: Event) -> Callable[[L], L]:
    """This function is called with the client and discord.py's event; several may hear the same."""

    def put(listener: L) -> L:
        kept = [other for other in _listeners.get(event, []) if _name(other) != _name(listener)]
        _listeners[event] = [*kept, listener]
        return listener

    return put


def _put(registry: dict[str, Handler], verbs: tuple[str, ...], handler: H) -> H:
    for verb in verbs:
        if verb in registry and _name(registry[verb]) != _name(handler):
            raise ValueError(f"Both {_name(registry[verb])} and {_name(handler)} handle “{verb}”.")
        registry[verb] = handler
    return handler


def _name(function: Any) -> str:
    return f"{function.__module__}.{function.__qualname__}"


def listeners(event: Event) -> list[Listener]:
    return list(_listeners.get(event, []))


def modules_of(package: str) -> list[ModuleType]:
    """Every module of a package of ours, imported; none where there is no such package yet."""
    home = importlib.import_module(package)
    names = sorted(info.name for info in pkgutil.iter_modules(home.__path__) if not info.name.startswith("_"))
    return [importlib.import_module(f"{package}.{name}") for name in names]


async def act(answer: Answer) -> None:
    """Find who acts on a press or a form, and see to it that the member is answered."""
    interaction = answer.interaction
    registry = _forms if interaction.type is discord.InteractionType.modal_submit else _presses
    custom_id = str(answer.data.get("custom_id", ""))
    route = decode(custom_id)
    handler = registry.get(route.verb) if route else None
    if route is None or handler is None:
        logger.warning("Nothing acts on %r.", custom_id)
        await answer.reply(trouble.nothing_answers())
        return
    await answered(answer, handler(answer, route))


async def answered(answer: Answer, work: Awaitable[None]) -> None:
    """Do `work`, and answer in its place when it refuses, breaks, takes long, or says nothing."""
    answer.watch()
    try:
        await work
    except ClubRuleBroken as refusal:
        await answer.reply(refusal.message)
    except Exception as error:  # noqa: BLE001  (logged with an id that the member is told)
        await answer.failed(error)
    finally:
        answer.unwatch()
    if answer.state is State.NEW:
        await answer.acknowledge()
