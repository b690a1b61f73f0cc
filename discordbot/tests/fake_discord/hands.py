"""What moderators and members do by hand in Discord's client, behind the bot's back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import acts
from .payloads import channel_json, member_json, role_json, user_json
from .payloads_whole import guild_json
from .permissions import bits
from .things import Channel, Guild, Message, Role, ScheduledEvent

if TYPE_CHECKING:
    from .people import Person
    from .server import FakeDiscord


class Hands:
    """Every verb waits until it has happened. Permissions are named as in Discord's API: "PIN_MESSAGES"."""

    def __init__(self, fake: FakeDiscord) -> None:
        self.fake = fake

    def _do(self, function: Any, *args: Any, **kwargs: Any) -> Any:
        return self.fake.on_loop(function, *args, **kwargs)

    # --- Messages, threads, channels, events ---
    def delete(self, thing: Message | Channel | ScheduledEvent) -> None:
        world = self.fake.world
        match thing:
            case Message():
                channel = world.find_channel(thing.channel_id)
                if channel:
                    self._do(acts.delete_message, world, channel, thing)
            case Channel():
                self._do(acts.delete_channel, world, thing)
            case ScheduledEvent():
                world.guilds[thing.guild_id].events.pop(thing.id, None)
                self._do(acts.tell_event, world, "DELETE", thing)

    def change(self, thread: Channel, **changes: Any) -> None:
        """name, archived, locked."""
        self._do(acts.change_thread, self.fake.world, thread, **changes)

    def archive(self, thread: Channel, *, locked: bool = False) -> None:
        self.change(thread, archived=True, locked=locked)

    def unarchive(self, thread: Channel) -> None:
        self.change(thread, archived=False, locked=False)

    def lock(self, thread: Channel) -> None:
        self.change(thread, locked=True)

    def rename(self, channel: Channel, name: str) -> None:
        if channel.is_thread:
            self.change(channel, name=name)
        else:
            channel.name = name
            self._tell_channel(channel)

    def move(self, channel: Channel, parent_id: int | None) -> None:
        channel.parent_id = parent_id
        self._tell_channel(channel)

    def _tell_channel(self, channel: Channel) -> None:
        data = channel_json(channel, self.fake.world)
        self._do(acts.tell, self.fake.world, "CHANNEL_UPDATE", channel, data)

    def pin(self, message: Message) -> None:
        channel = self.fake.world.find_channel(message.channel_id)
        self._do(acts.pin, self.fake.world, channel, message, self.fake.owner)

    def unpin(self, message: Message) -> None:
        self._do(acts.unpin, self.fake.world, self.fake.world.find_channel(message.channel_id), message)

    # --- Permissions of the bot ---
    def take(self, *permissions: str, channel: Channel | None = None) -> None:
        """Take single permissions from the bot: in one channel, or its role's everywhere."""
        if channel:
            self.fake.world.overwrite(channel, permissions, denied=True)
            self._tell_channel(channel)
        else:
            role = self.role("Sidetrack")
            role.permissions &= ~bits(*permissions)
            everyone = self.fake.guild.roles[self.fake.guild.id]
            everyone.permissions &= ~bits(*permissions)
            self._tell_role(role)
            self._tell_role(everyone)

    def give(self, *permissions: str, channel: Channel | None = None) -> None:
        if channel:
            self.fake.world.overwrite(channel, permissions, denied=False)
            self._tell_channel(channel)
        else:
            role = self.role("Sidetrack")
            role.permissions |= bits(*permissions)
            self._tell_role(role)

    def role(self, name: str) -> Role:
        return next(row for row in self.fake.guild.roles.values() if row.name == name)

    def _tell_role(self, role: Role) -> None:
        self._do(acts.tell_guild, self.fake.world, "GUILD_ROLE_UPDATE", self.fake.guild, {"role": role_json(role)})

    # --- Members, the bot itself, its token ---
    def leave(self, person: Person) -> None:
        guild = person.guild
        guild.members.pop(person.id, None)
        self._do(acts.tell_guild, self.fake.world, "GUILD_MEMBER_REMOVE", guild, {"user": user_json(person.account)})

    def rejoin(self, person: Person) -> None:
        member = self.fake.world.join(person.guild, person.account)
        self._do(acts.tell_guild, self.fake.world, "GUILD_MEMBER_ADD", person.guild, member_json(member, person.guild))

    def rename_person(self, person: Person, display_name: str, *, nick: str | None = None) -> None:
        person.account.display_name, person.member.nick = display_name, nick
        data = member_json(person.member, person.guild)
        self._do(acts.tell_guild, self.fake.world, "GUILD_MEMBER_UPDATE", person.guild, data)

    def close_dms(self, person: Person) -> None:
        person.account.has_open_dms = False

    def remove_bot(self, guild: Guild | None = None) -> None:
        guild = guild or self.fake.guild
        guild.has_bot = False
        self._do(acts.tell_guild, self.fake.world, "GUILD_DELETE", guild, {"id": str(guild.id)})

    def invite_bot(self, guild: Guild | None = None) -> None:
        """Invited anew: Discord has forgotten its commands there."""
        guild = guild or self.fake.guild
        guild.has_bot, guild.commands = True, []
        if self.fake.world.bot.id not in guild.members:
            self.fake.world.join(guild, self.fake.world.bot, "Sidetrack")
        data = guild_json(guild, self.fake.world)
        del data["unavailable"]  # the sign by which clients tell a new server from one that is back
        self._do(acts.tell_guild, self.fake.world, "GUILD_CREATE", guild, data)

    def rotate_token(self) -> str:
        """The old token is worth nothing from now on, and its connections are closed (4004)."""
        self.fake.world.token = self.fake.world.new_token()
        self._do(self.fake.gateway.close, 4004)
        return self.fake.world.token
