"""People who use the server with Discord's client: commands, buttons, selects, forms, messages.

Every verb is a coroutine on the server's own loop. `Person`'s methods can be called from anywhere: in a plain test they
wait and give the result; where a loop runs they give something to await (see `bridge`).
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from . import acts
from .answers import Answer
from .bridge import anywhere
from .commands import Filled, fill_in
from .forms import CannotDo, Form
from .permissions import permissions_of, require
from .things import Account, Channel, Guild, Interaction, InteractionType, Kind, Member, Message

if TYPE_CHECKING:
    from .server import FakeDiscord

Json = dict[str, Any]


class Person:
    """A member (or somebody who was one). patience_s: how long to look at "is thinking"."""

    def __init__(self, fake: FakeDiscord, account: Account, guild: Guild, *, patience_s: float = 15.0) -> None:
        self.fake, self.account, self.guild = fake, account, guild
        self.patience_s = patience_s

    def __repr__(self) -> str:
        return f"<Person {self.account.display_name}>"

    @property
    def id(self) -> int:
        return self.account.id

    @property
    def member(self) -> Member:
        member = self.guild.members.get(self.id)
        if member is None:
            raise CannotDo(f"{self.account.display_name} is not in {self.guild.name}.")
        return member

    def place(self, channel: Channel | int | None) -> Channel:
        """Where the person is: given, or the server's first text channel."""
        if channel is None:
            return next(row for row in self.guild.channels.values() if row.type in {Kind.TEXT, Kind.FORUM})
        found = self.fake.world.find_channel(channel if isinstance(channel, int) else channel.id)
        if found is None:
            raise CannotDo("That channel or thread is gone.")
        return found

    # --- Interactions ---
    @anywhere
    async def slash(
        self, command: str, *, channel: Channel | int | None = None, force: bool = False, **options: Any
    ) -> Answer:
        """`slash("club close", reason="…")`. force: send it even if the client would not (permissions, choices)."""
        filled = self.command(command, options, force=force)
        return await self.act(InteractionType.COMMAND, filled.data, channel, name=f"/{command}")

    @anywhere
    async def autocomplete(
        self, command: str, option: str, typed: str, *, channel: Channel | int | None = None, **options: Any
    ) -> list[Json]:
        """What is offered while typing `typed` into `option`: [{"name", "value"}]."""
        filled = self.command(command, options | {option: typed}, focused=option)
        answer = await self.act(InteractionType.AUTOCOMPLETE, filled.data, channel, name=f"/{command} {option}:")
        return answer.choices

    def command(self, command: str, options: Json, *, focused: str = "", force: bool = False) -> Filled:
        allowed = permissions_of(self.member, self.guild)
        return fill_in(self.fake.world, self.guild, command, options, focused=focused, force=force, allowed=allowed)

    @anywhere
    async def press(self, message: Message | Answer | int, button: str, *, force: bool = False) -> Answer:
        """button: its custom_id or label, or the start of either. force: press it even if it is not there any more."""
        target = self.look_at(message)
        part = self.find_part(target.buttons, button)
        if part is None or part.get("disabled"):
            if not force:
                state = "is greyed out" if part else "is not there"
                shown = [f"{row.get('label')} ({row.get('custom_id') or row.get('url')})" for row in target.buttons]
                raise CannotDo(f"The button {button!r} {state}; there are: {', '.join(shown) or 'none'}")
            part = part or {"custom_id": button}
        if part.get("url"):
            raise CannotDo(f"The button {button!r} is a link to {part['url']}.")
        data = {"custom_id": part["custom_id"], "component_type": 2, "id": part.get("id", 1)}
        return await self.act(InteractionType.COMPONENT, data, target.channel_id, target, name=f"[{button}]")

    @anywhere
    async def choose(self, message: Message | Answer | int, select: str, values: str | Sequence[str]) -> Answer:
        """select: custom_id or placeholder, or "" where there is one only; values: by value or label."""
        from .forms import Field

        target = self.look_at(message)
        part = target.selects[0] if not select and len(target.selects) == 1 else self.find_part(target.selects, select)
        if part is None or part.get("disabled"):
            raise CannotDo(f"The select {select!r} is not there: {[row['custom_id'] for row in target.selects]}")
        chosen = Field(part.get("placeholder") or "", "", part).values(values)
        data = {
            "custom_id": part["custom_id"],
            "component_type": part["type"],
            "values": chosen,
            "id": part.get("id", 1),
        }
        return await self.act(InteractionType.COMPONENT, data, target.channel_id, target, name=f"[{select} {chosen}]")

    @anywhere
    async def submit(self, form: Form | Answer, answers: Mapping[str, Any] | None = None, **more: Any) -> Answer:
        """Send the form; questions by custom_id or label. What is not answered keeps what it was prefilled with."""
        source, channel = None, None
        if isinstance(form, Answer):
            source, channel = form.interaction.source, form.interaction.channel_id
            if form.form is None:
                raise CannotDo(f"No form was shown, but: {form}")
            form = form.form
        data = form.filled({**(answers or {}), **more})
        return await self.act(InteractionType.MODAL, data, channel, source, name=f"“{form.title}”")

    async def act(
        self,
        kind: InteractionType,
        data: Json,
        channel: Channel | int | None,
        source: Message | None = None,
        name: str = "",
    ) -> Answer:
        world = self.fake.world
        place = self.place(channel)
        guild_id = place.guild_id
        token = secrets.token_urlsafe(32)
        interaction = Interaction(world.new_id(), token, kind, self.account, guild_id, place.id, data, source, name)
        world.interactions[interaction.id] = interaction
        world.by_token[token] = interaction
        self.fake.gateway.tell_interaction(interaction)
        return await self.watch(interaction)

    async def watch(self, interaction: Interaction) -> Answer:
        """Look until Discord shows something final."""
        world = self.fake.world
        while interaction.answer_type is None:
            await interaction.next_change(world.deadline_s + 0.1 - interaction.age)
            if interaction.answer_type is None and interaction.age > world.deadline_s:
                return Answer("failed", interaction)
        match interaction.answer_type:
            case 9:
                return Answer("form", interaction, form=Form(interaction.modal or {}))
            case 8:
                return Answer("choices", interaction, choices=interaction.choices or [])
            case 4:
                return Answer("message", interaction, interaction.original)
            case 7:
                return Answer("updated", interaction, interaction.original)
            case 5:
                while interaction.original and interaction.original.is_loading:
                    if not await interaction.next_change(self.patience_s):
                        return Answer("stuck", interaction, interaction.original)
                return Answer("message", interaction, interaction.original)
            case _:
                if interaction.n_changes < 2:
                    await interaction.next_change(self.patience_s / 3)
                if interaction.followups:
                    return Answer("message", interaction, interaction.followups[-1])
                kind = "updated" if interaction.n_changes > 1 else "acknowledged"
                return Answer(kind, interaction, interaction.original)

    def look_at(self, message: Message | Answer | int) -> Message:
        """The message as it stands now; one that is gone, or another person's ephemeral one, cannot be used."""
        if isinstance(message, Answer):
            if message.message is None:
                raise CannotDo(f"No message was shown, but: {message}")
            message = message.message
        message_id = message if isinstance(message, int) else message.id
        found = self.fake.world.find_message(message_id)
        if found and found.visible_to in {None, self.id}:
            place = self.fake.world.find_channel(found.channel_id)
            if place and (place.recipient is self.account or (place.guild_id and self.may_see(place))):
                return found
        raise CannotDo(f"{self.account.display_name} sees no message {message_id}.")

    @staticmethod
    def find_part(parts: list[Json], wanted: str) -> Json | None:
        def names(part: Json) -> list[str]:
            emoji = (part.get("emoji") or {}).get("name")
            found = [part.get("custom_id"), part.get("label"), part.get("placeholder"), emoji]
            return [str(name) for name in found if name]

        for part in parts:
            if wanted in names(part):
                return part
        return next(
            (part for part in parts if any(name.lower().startswith(wanted.lower()) for name in names(part))), None
        )

    # --- Messages ---
    @anywhere
    async def type(self, channel: Channel | int, text: str, *, reply_to: Message | None = None) -> Message:
        place = self.place(channel)
        if place.guild_id:
            allowed = permissions_of(self.member, self.guild, place)
            require(allowed, "VIEW_CHANNEL", "SEND_MESSAGES_IN_THREADS" if place.is_thread else "SEND_MESSAGES")
            if place.locked:
                raise CannotDo("The thread is locked.")
        body: Json = {"content": text}
        if reply_to:
            body["message_reference"] = {"message_id": str(reply_to.id)}
        return acts.post_message(self.fake.world, place, self.account, body=body)

    @anywhere
    async def edit(self, message: Message, text: str) -> Message:
        if message.author is not self.account:
            raise CannotDo("Only one's own messages can be edited.")
        return acts.edit_message(self.fake.world, self.place(message.channel_id), message, {"content": text})

    @anywhere
    async def delete(self, message: Message) -> None:
        if message.author is not self.account:
            raise CannotDo("Only one's own messages can be deleted.")
        acts.delete_message(self.fake.world, self.place(message.channel_id), message)

    @anywhere
    async def react(self, message: Message, emoji: str, *, off: bool = False) -> None:
        acts.react(self.fake.world, self.place(message.channel_id), message, self.account, emoji, off=off)

    # --- What the person sees ---
    def sees(self, channel: Channel | int | None = None) -> list[Message]:
        """Every message this person can see, oldest first: ephemeral answers only their own; in one channel, or all."""
        world = self.fake.world
        places = [self.place(channel)] if channel is not None else [*self.guild.channels.values(), *self.own_dms()]
        ids = {row.id for row in places if row.guild_id is None or self.may_see(row)}
        public = [message for row in places if row.id in ids for message in list(row.messages.values())]
        mine = [row for row in list(world.ephemerals.values()) if row.visible_to == self.id and row.channel_id in ids]
        return sorted([*public, *mine], key=lambda row: row.id)

    def may_see(self, channel: Channel) -> bool:
        member = self.guild.members.get(self.id)
        return bool(member and permissions_of(member, self.guild, channel))

    def own_dms(self) -> list[Channel]:
        return [row for row in list(self.fake.world.dms.values()) if row.recipient is self.account]

    @property
    def ephemerals(self) -> list[Message]:
        return [row for row in self.sees() if row.visible_to == self.id]

    @property
    def dms(self) -> list[Message]:
        return [message for row in self.own_dms() for message in list(row.messages.values())]

    @property
    def pings(self) -> list[Message]:
        """Messages that notified this person."""
        return [
            row
            for row in self.sees()
            if row.author is not self.account and (self.id in row.pinged or row.pinged_everyone)
        ]
