"""Everything that exists in this Discord, who the bot is, and what is found where. `acts` changes it."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from datetime import UTC, datetime
from typing import Any, Protocol

from .permissions import BOT_MAY, MEMBERS_MAY, bits, permissions_of
from .refusals import Refusal
from .things import (
    Account,
    Attachment,
    Channel,
    Guild,
    Interaction,
    Kind,
    Member,
    Message,
    Overwrite,
    Role,
)

DISCORD_EPOCH_MS = 1_420_070_400_000


class Listener(Protocol):
    """Who is told what happens: the gateway."""

    def tell(self, event: str, data: Any, *, guild_id: int | None = None, is_direct: bool = False) -> None: ...

    def tell_message(self, event: str, message: Message) -> None: ...


class World:
    """deadline_s, token_lifetime_s: how long an interaction may go unanswered, and be answered at all.

    nonce_memory_s: how long a nonce with `enforce_nonce` brings the first message back instead of a second one.
    remembers_deleted: whether that first message comes back even when it was deleted meanwhile. Discord does not say
    what it does then; True is the harder case: whoever makes a message anew needs a new nonce.
    privileged: the privileged intents switched on for the application ("members", "message_content", "presences").
    """

    def __init__(self) -> None:
        self.clock: Callable[[], datetime] = lambda: datetime.now(UTC)
        self.deadline_s = 3.0
        self.token_lifetime_s = 900.0
        self.nonce_memory_s = 300.0
        self.remembers_deleted = True
        self.max_pins = 250
        self.max_file_bytes = 10 * 1024 * 1024
        self.privileged: set[str] = set()
        self.address = ""
        self.accounts: dict[int, Account] = {}
        self.guilds: dict[int, Guild] = {}
        self.dms: dict[int, Channel] = {}
        self.interactions: dict[int, Interaction] = {}
        self.by_token: dict[str, Interaction] = {}
        self.ephemerals: dict[int, Message] = {}
        self.files: dict[int, Attachment] = {}
        self.nonces: dict[tuple[int, int, str], tuple[Message, float]] = {}
        self.global_commands: list[dict[str, Any]] = []
        self.deleted_messages: list[Message] = []
        self.listener: Listener | None = None
        self._last_id = 0
        self.bot = self.add_account("Sidetrack", is_bot=True)
        self.token = self.new_token()

    @contextmanager
    def for_nothing(self, *lasting: object) -> Iterator[None]:
        """What happens in this Discord meanwhile never happened; ids are not given out again.

        lasting: what somebody holds (a server, its channels) stays the same object, as accounts do, with what it held.
        """
        kept_as_they_are = {"clock", "listener", "_last_id"}
        held = [self, *self.accounts.values(), *lasting]
        memo = {id(each): each for each in held}
        before = [
            {name: deepcopy(value, memo) for name, value in vars(each).items() if name not in kept_as_they_are}
            for each in held
        ]
        try:
            yield
        finally:
            for each, values in zip(held, before, strict=True):
                vars(each).update(values)

    # --- Making ---
    def new_id(self) -> int:
        """A snowflake: says when it was made by `clock`, always grows, never twice the same."""
        wanted = (int(self.clock().timestamp() * 1000) - DISCORD_EPOCH_MS) << 22
        self._last_id = max(self._last_id + 1, wanted)
        return self._last_id

    def new_token(self) -> str:
        return f"{self.bot.id}.local.{secrets.token_urlsafe(20)}"

    def add_account(self, name: str, *, is_bot: bool = False) -> Account:
        account = Account(self.new_id(), name.lower().replace(" ", "_"), name, is_bot=is_bot)
        self.accounts[account.id] = account
        return account

    def add_guild(self, name: str, owner: Account, *, has_bot: bool = True, guild_id: int | None = None) -> Guild:
        """A server with the roles everyone, Moderator and (the bot's) Sidetrack; no channels yet."""
        guild = Guild(guild_id or self.new_id(), name, owner.id)
        guild.roles[guild.id] = Role(guild.id, "@everyone", MEMBERS_MAY)
        for position, (role_name, permissions) in enumerate(
            {"Moderator": bits("MANAGE_GUILD", "MANAGE_MESSAGES", "MANAGE_THREADS"), "Sidetrack": BOT_MAY}.items(), 1
        ):
            role = Role(self.new_id(), role_name, permissions, position)
            guild.roles[role.id] = role
        self.guilds[guild.id] = guild
        self.join(guild, owner)
        if has_bot:
            self.join(guild, self.bot, "Sidetrack")
        guild.has_bot = has_bot
        return guild

    def join(self, guild: Guild, account: Account, *roles: str) -> Member:
        ids = [role.id for role in guild.roles.values() if role.name in roles]
        member = Member(account, ids, self.clock())
        guild.members[account.id] = member
        return member

    def add_channel(self, guild: Guild, name: str, kind: Kind = Kind.TEXT, *, parent_id: int | None = None) -> Channel:
        channel = Channel(self.new_id(), guild.id, kind, name, parent_id, position=len(guild.channels))
        channel.created_at = self.clock()
        guild.channels[channel.id] = channel
        return channel

    # --- Finding ---
    def find_channel(self, channel_id: int) -> Channel | None:
        for guild in self.guilds.values():
            if channel_id in guild.channels:
                return guild.channels[channel_id]
        return self.dms.get(channel_id)

    def find_message(self, message_id: int) -> Message | None:
        """Wherever it stands, ephemeral ones too."""
        if message_id in self.ephemerals:
            return self.ephemerals[message_id]
        places = [*(row for guild in self.guilds.values() for row in guild.channels.values()), *self.dms.values()]
        return next((row.messages[message_id] for row in places if message_id in row.messages), None)

    def channel(self, channel_id: int) -> Channel:
        """For the bot: 10003 where there is none, 50001 where it may not look."""
        channel = self.find_channel(channel_id)
        if channel is None:
            raise Refusal(10003)
        if channel.guild_id and not self.bot_may(channel):
            raise Refusal(50001, about=f"#{channel.name} needs VIEW_CHANNEL")
        return channel

    def guild(self, guild_id: int) -> Guild:
        guild = self.guilds.get(guild_id)
        if guild is None:
            raise Refusal(10004)
        if not guild.has_bot:
            raise Refusal(50001, about="the bot is not in this server")
        return guild

    def message(self, channel: Channel, message_id: int) -> Message:
        message = channel.messages.get(message_id)
        if message is None:
            raise Refusal(10008)
        return message

    def starter_of(self, thread: Channel) -> Message | None:
        """The message from which a thread grew, in its parent channel or, in a forum, in itself."""
        parent = self.find_channel(thread.parent_id or 0)
        return (parent.messages.get(thread.id) if parent else None) or thread.messages.get(thread.id)

    def bot_may(self, channel: Channel | None, guild: Guild | None = None) -> int:
        """The bot's permissions there: 0 means that it does not even see the place."""
        if channel is not None and channel.guild_id is None:
            return bits("VIEW_CHANNEL", "SEND_MESSAGES", "EMBED_LINKS", "ATTACH_FILES", "ADD_REACTIONS", "PIN_MESSAGES")
        guild = guild or self.guilds[(channel.guild_id or 0) if channel else 0]
        member = guild.members.get(self.bot.id)
        return permissions_of(member, guild, channel) if member and guild.has_bot else 0

    def member_as_sent(self, guild: Guild, account: Account) -> Member:
        """The member, or for one who has just left what Discord's last message about them would say."""
        return guild.members.get(account.id) or Member(account, [], self.clock())

    def commands_in(self, guild: Guild) -> list[dict[str, Any]]:
        return [*guild.commands, *self.global_commands]

    # --- Permissions taken and given by hand ---
    def overwrite(self, channel: Channel, names: tuple[str, ...], *, denied: bool, subject: int | None = None) -> None:
        """Deny (or allow again) single permissions in one channel, to the bot itself unless `subject` says whom."""
        subject = subject or self.bot.id
        row = next((row for row in channel.overwrites if row.id == subject), None)
        if row is None:
            row = Overwrite(subject, is_member=subject in self.accounts)
            channel.overwrites.append(row)
        mask = bits(*names)
        row.deny = row.deny | mask if denied else row.deny & ~mask
