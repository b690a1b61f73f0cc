"""The admin of the bot: where it posts, what it posted and could not post, whether it runs."""

from discordbot.admin.lease import BotLeaseAdmin
from discordbot.admin.places import DiscordSettingsAdmin
from discordbot.admin.posts import PostAdmin

__all__ = ["BotLeaseAdmin", "DiscordSettingsAdmin", "PostAdmin"]
