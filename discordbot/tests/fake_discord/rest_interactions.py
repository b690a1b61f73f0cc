"""REST: the answer to an interaction, its message, and what follows within its 15 minutes."""

from __future__ import annotations

from typing import Any

from . import acts, limits
from .payloads import message_json
from .refusals import Refusal
from .rest import Answer, Call, route
from .rest_messages import content_url, edit_problems, filenames, is_empty, kept_and_new, refuse_if_emptied
from .things import EPHEMERAL, LOADING, Channel, Interaction, InteractionType, Message, MessageType

PONG, MESSAGE, DEFER, DEFER_UPDATE, UPDATE, CHOICES, MODAL = 1, 4, 5, 6, 7, 8, 9
ALLOWED = {
    InteractionType.COMMAND: {MESSAGE, DEFER, MODAL, 10, 12},
    InteractionType.COMPONENT: {MESSAGE, DEFER, DEFER_UPDATE, UPDATE, MODAL, 10, 12},
    InteractionType.AUTOCOMPLETE: {CHOICES},
    InteractionType.MODAL: {MESSAGE, DEFER, DEFER_UPDATE, UPDATE, 10, 12},
}
SCHEMA = "POST /interactions/{interaction_id}/{interaction_token}/callback"


@route("POST", "/interactions/{interaction_id}/{interaction_token}/callback")
async def callback(call: Call) -> Answer:
    world = call.world
    interaction = world.interactions.get(call.id("interaction_id"))
    if interaction is None or interaction.token != call.ids["interaction_token"]:
        raise Refusal(10062)
    if interaction.answer_type is not None:
        raise Refusal(40060)
    if interaction.age > world.deadline_s:
        raise Refusal(10062, about=f"{interaction.age:.2f} s")
    call.check(SCHEMA, lambda: callback_problems(call, interaction))
    kind, data = call.body["type"], call.body.get("data") or {}
    if kind in {MESSAGE, UPDATE} and kind == MESSAGE and is_empty(data, call.files):
        raise Refusal(50006)
    act(call, interaction, kind, data)
    interaction.answer_type, interaction.answered_after = kind, interaction.age
    interaction.changed()
    if call.query.get("with_response", "").lower() not in {"1", "true"}:
        return 204, None
    return 200, outcome(call, interaction, kind)


def callback_problems(call: Call, interaction: Interaction) -> list[Any]:
    kind, data = call.body["type"], call.body.get("data") or {}
    allowed = ALLOWED[interaction.type] - (set() if interaction.source else {DEFER_UPDATE, UPDATE})
    if kind not in allowed:
        return [(("type",), "BASE_TYPE_CHOICES", f"Value must be one of {sorted(allowed)}.")]
    if kind == MODAL:
        return list(limits.modal_problems(data))
    if kind in {MESSAGE, UPDATE}:
        kept = (
            {row.filename for row in interaction.source.attachments} if kind == UPDATE and interaction.source else set()
        )
        return list(limits.message_problems(data, filenames=filenames(call, data) | kept, at=("data",)))
    if kind == CHOICES:
        return choice_problems(data.get("choices") or [], interaction)
    return []


def choice_problems(choices: list[Any], interaction: Interaction) -> list[Any]:
    """Names are shown, values come back: a text of 1 to 100 characters, or a number, as the option is."""
    found = []
    for n, choice in enumerate(choices):
        for key in ("name", "value"):
            value = choice[key]
            if isinstance(value, str) and not 1 <= len(value) <= 100:
                at = ("data", "choices", n, key)
                found.append((at, "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 100 in length."))
    return found


def act(call: Call, interaction: Interaction, kind: int, data: dict[str, Any]) -> None:
    world, source = call.world, interaction.source
    channel = world.find_channel(interaction.channel_id)
    if channel is None:
        raise Refusal(10003)
    match kind:
        case 4 | 5:
            flags = LOADING if kind == DEFER else 0
            interaction.original = say(call, channel, interaction, data, flags)
        case 6 | 7:
            interaction.original = source
            if kind == UPDATE and source:
                body = data
                attachments = kept_and_new(with_body(call, body), channel, source)
                refuse_if_emptied(source, body, attachments)
                rewrite(call, source, body, attachments)
        case 8:
            interaction.choices = data.get("choices") or []
        case 9:
            interaction.modal = data


def with_body(call: Call, body: dict[str, Any]) -> Call:
    return Call(call.world, call.ids, call.query, body, call.files, call.exchange)


def say(call: Call, channel: Channel, interaction: Interaction, data: dict[str, Any], flags: int = 0) -> Message:
    """A message that answers: for everybody in the channel, or kept for one person alone."""
    world = call.world
    uploads = call.uploads(data, content_url(call, channel))
    kind = MessageType.COMMAND_ANSWER if interaction.type is InteractionType.COMMAND else MessageType.PLAIN
    arguments: dict[str, Any] = {"attachments": uploads, "kind": kind, "flags": flags, "interaction": interaction}
    if (data.get("flags") or 0) & EPHEMERAL:
        message = acts.make_message(world, channel, world.bot, data, **arguments)
        message.visible_to = interaction.account.id
        world.ephemerals[message.id] = message
        return message
    return acts.post_message(world, channel, world.bot, body=data, **arguments)


def rewrite(call: Call, message: Message, body: dict[str, Any], attachments: list[Any]) -> None:
    """An edit by token: no longer "thinking"; whether it is ephemeral stays as it was."""
    flags = message.flags & ~LOADING
    acts.change_message(call.world, message, body, attachments)
    message.flags = flags | ((body.get("flags") or 0) & ~EPHEMERAL)
    if not message.is_ephemeral and call.world.listener:
        call.world.listener.tell_message("MESSAGE_UPDATE", message)


def outcome(call: Call, interaction: Interaction, kind: int) -> dict[str, Any]:
    answer: dict[str, Any] = {"interaction": {"id": str(interaction.id), "type": int(interaction.type)}}
    message = interaction.original
    if kind in {MESSAGE, DEFER, DEFER_UPDATE, UPDATE} and message:
        answer["interaction"] |= {
            "response_message_id": str(message.id),
            "response_message_loading": message.is_loading,
            "response_message_ephemeral": message.is_ephemeral,
        }
        if kind in {MESSAGE, DEFER, UPDATE}:
            answer["resource"] = {"type": kind, "message": message_json(message, call.world)}
    return answer


# --- By the token, for 15 minutes -----------------------------------------------------------------------------------
HOOK = "/webhooks/{webhook_id}/{webhook_token}"


def interaction_of(call: Call) -> Interaction:
    """10015 before the first answer, 50027 once the token has run out."""
    interaction = call.world.by_token.get(call.ids["webhook_token"])
    if interaction is None or call.id("webhook_id") != call.world.bot.id:
        raise Refusal(50027)
    if interaction.age > call.world.token_lifetime_s:
        raise Refusal(50027)
    if interaction.answer_type is None or interaction.answer_type in {CHOICES, PONG}:
        raise Refusal(10015)
    return interaction


def message_of(call: Call, interaction: Interaction) -> Message:
    world, wanted = call.world, call.ids.get("message_id", "@original")
    message = interaction.original if wanted == "@original" else None
    if wanted != "@original":
        rows = [*interaction.followups, *([interaction.original] if interaction.original else [])]
        message = next((row for row in rows if str(row.id) == wanted), None)
    channel = world.find_channel(interaction.channel_id)
    if message is None or not (message.id in world.ephemerals or (channel and message.id in channel.messages)):
        raise Refusal(10008)
    return message


@route("GET", HOOK + "/messages/@original", HOOK + "/messages/{message_id}")
async def read(call: Call) -> Answer:
    return 200, message_json(message_of(call, interaction_of(call)), call.world)


@route("PATCH", HOOK + "/messages/@original", HOOK + "/messages/{message_id}")
async def edit(call: Call) -> Answer:
    interaction = interaction_of(call)
    message = message_of(call, interaction)
    call.check("IncomingWebhookUpdateRequestPartial", lambda: edit_problems(call, message))
    channel = call.world.find_channel(message.channel_id)
    if channel is None:
        raise Refusal(10003)
    attachments = kept_and_new(call, channel, message)
    refuse_if_emptied(message, call.body, attachments)
    rewrite(call, message, call.body, attachments)
    interaction.changed()
    return 200, message_json(message, call.world)


@route("DELETE", HOOK + "/messages/@original", HOOK + "/messages/{message_id}")
async def delete(call: Call) -> Answer:
    interaction = interaction_of(call)
    message = message_of(call, interaction)
    channel = call.world.find_channel(message.channel_id)
    if call.world.ephemerals.pop(message.id, None) is None and channel:
        acts.delete_message(call.world, channel, message)
    interaction.changed()
    return 204, None


@route("POST", HOOK)
async def follow_up(call: Call) -> Answer:
    """The first one after "is thinking" takes its place; every other is a message of its own."""
    interaction, body = interaction_of(call), call.body
    call.check("IncomingWebhookRequestPartial", lambda: limits.message_problems(body, filenames=filenames(call, body)))
    if is_empty(body, call.files):
        raise Refusal(50006)
    channel = call.world.find_channel(interaction.channel_id)
    if channel is None:
        raise Refusal(10003)
    original = interaction.original
    if original and original.is_loading:
        rewrite(call, original, body, call.uploads(body, content_url(call, channel)))
        message = original
    else:
        message = say(call, channel, interaction, body)
        interaction.followups.append(message)
    interaction.changed()
    return 200, message_json(message, call.world)
