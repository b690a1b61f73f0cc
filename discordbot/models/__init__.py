"""What the bot remembers: where its posts are, where it may post, and which process runs it."""

from discordbot.models.draft import Draft
from discordbot.models.lease import BotLease
from discordbot.models.pending import PendingAct
from discordbot.models.post import Post
from discordbot.models.settings import DiscordSettings
from discordbot.models.typed import TypedMessage

__all__ = ["BotLease", "DiscordSettings", "Draft", "PendingAct", "Post", "TypedMessage"]
